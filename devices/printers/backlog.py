"""Asks a printer, behind all it was given, whether that is worked off: only an answer in its turn proves it."""

from __future__ import annotations

from collections.abc import Callable

from devices.printers.encoder import JOB_TAG_COMMAND, RESET, STATUS_REQUEST, TELL_CHANGES, white_band
from devices.printers.jobs import Phase, RunningJob
from devices.printers.line import LISTEN_S, PrinterLine
from devices.printers.options import PrinterOptions
from devices.printers.slip_answers import SlipAnswers


class Backlog:
    """For the driver's thread. DLE EOT is answered at once, with a bad sensor by "fine", whatever is kept."""

    def __init__(
        self,
        line: PrinterLine,
        answers: SlipAnswers,
        options: PrinterOptions,
        *,
        clock_s: Callable[[], float],
        take_tag: Callable[[], bytes],
    ) -> None:
        self._line = line
        self._answers = answers
        self._model = options.capabilities
        self._timeout_s = options.status_timeout_s
        self._clock_s = clock_s
        self._take_tag = take_tag

    @property
    def is_worked_off(self) -> bool:
        """Whether a question asked before has been answered meanwhile."""
        return self._answers.backlog_is_worked_off

    def ask(self, *, torn: bool) -> bool:
        """Whether the printer has worked off all it was given. `torn`: it may be in the middle of a picture, which is
        filled up first; so is one that does not answer. Raises `DeviceLost`."""
        worked_off = not torn and self._ask()
        if not worked_off and self._line.fill(white_band(self._model.width_px) + self._reset()):
            worked_off = self._ask()
            self._listen(lambda: not worked_off)  # both may be answered: no answer is left for a later slip
        if worked_off:
            self._answers.nothing_is_owed()
        return worked_off

    def _ask(self) -> bool:
        by_tag, by_mark = self._answers.has_tags, not self._answers.surely_tells_tags
        tag = self._take_tag()
        # one that does not know the tag takes it for text, which the reset wipes
        # the mark first: its answer may not be left over for a later slip, a tag's bears its name
        question = STATUS_REQUEST if by_mark else b""
        question += JOB_TAG_COMMAND + tag + self._reset() if by_tag else b""
        if not self._line.ask_in_passing(question):
            return False
        now_s = self._clock_s()
        self._answers.begin_backlog(
            RunningJob(
                job_id="",
                fence=tag,
                tag=tag,
                submitted_s=now_s,
                moved_s=now_s,
                phase=Phase.AWAITING,
                marks_asked=int(by_mark),
            )
        )
        self._listen(lambda: self._answers.backlog_is_worked_off)
        self._answers.end_backlog_wait()
        return self._answers.backlog_is_worked_off

    def _listen(self, is_enough: Callable[[], bool]) -> None:
        _, questions = self._line.ends()
        end_s = self._clock_s() + self._timeout_s
        while not is_enough() and self._clock_s() < end_s:
            self._line.check()
            questions.listen(LISTEN_S)

    def _reset(self) -> bytes:
        return RESET + TELL_CHANGES if self._model.automatic_status else RESET
