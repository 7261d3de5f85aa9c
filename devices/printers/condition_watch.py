"""What a printer says of itself, asked or unasked: remembered and told when it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from devices.contract import EventSink, PrinterCondition
from devices.printers.options import PrinterKind, PrinterOptions
from devices.printers.paper_meter import PaperMeter
from devices.printers.status import condition
from devices.printers.status_questions import StatusQuestions


class ConditionWatch:
    """For the driver's thread. `has_answered`: ever; `has_answered_here`: on this connection. `may_hold_slip` says
    whether an unconfirmed slip may explain a printer's silence; `holds_expired_slip` is told to staff."""

    def __init__(
        self,
        name: str,
        options: PrinterOptions,
        sink: EventSink,
        paper: PaperMeter,
        *,
        clock_s: Callable[[], float],
        may_hold_slip: Callable[[], bool],
    ) -> None:
        self._name = name
        self._options = options
        self._sink = sink
        self._paper = paper
        self._clock_s = clock_s
        self._may_hold_slip = may_hold_slip
        self._told: PrinterCondition | None = None
        self.has_answered = False
        self.has_answered_here = False
        self.holds_expired_slip = False
        self.poll_due_s = 0.0

    @property
    def answered_last(self) -> bool:
        """Whether it answered when it was last asked."""
        return self._told is not None and self._told.answered

    def reconnected(self) -> None:
        self._told = None
        self.has_answered_here = False
        self.poll_due_s = self._clock_s()

    def ask(self, questions: StatusQuestions, *, next_in_s: float | None = None) -> PrinterCondition:
        """Ask everything; again in `next_in_s`. Raises `DeviceLost`."""
        answers = questions.ask_all()
        if not answers and self.has_answered:
            answers = questions.ask_all()  # one late answer is not silence yet
        self.poll_due_s = self._clock_s() + (next_in_s or self._options.poll_every_s)
        return self.take(condition(self._name, answers), questions.misfits)

    def take(self, said: PrinterCondition, misfits: int = 0) -> PrinterCondition:
        """Remember and tell what the printer says; with what was found out about it besides."""
        self.has_answered = self.has_answered or said.answered
        self.has_answered_here = self.has_answered_here or said.answered
        unheard = self._options.kind is PrinterKind.TCP and not self.has_answered_here and not self._may_hold_slip()
        told = replace(
            said,
            garbled=not self.has_answered_here and misfits > 0,
            elsewhere=unheard,
            old_ticket_inside=self.holds_expired_slip,
        )
        if told != self._told:
            self._told = told
            self._paper.saw(told)
            self._sink(told)
        return told
