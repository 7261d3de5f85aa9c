"""Slips that nobody waits for any more never come out: what may still be in the printer, and how it is emptied."""

from __future__ import annotations

from collections.abc import Callable

from devices.contract import PrinterCondition
from devices.printers.condition_watch import ConditionWatch
from devices.printers.jobs import KeptSlip, Phase, RunningJob
from devices.printers.line import PrinterLine

CLEAR_AGAIN_S = 5.0


class Expiry:
    """For the driver's thread. `torn_slip_hangs_out`: the next slip has to cut off first what is left of one before.
    `reconnect` opens a new connection in the place of the one that was dropped."""

    def __init__(
        self,
        line: PrinterLine,
        watch: ConditionWatch,
        *,
        max_job_age_s: float,
        clock_s: Callable[[], float],
        reconnect: Callable[[], None],
        died_in_a_slip: bool,
    ) -> None:
        self._line = line
        self._watch = watch
        self._max_job_age_s = max_job_age_s
        self._clock_s = clock_s
        self._reconnect = reconnect
        self.torn_slip_hangs_out = died_in_a_slip
        self._kept = KeptSlip(tag=b"", due_s=clock_s(), torn=True) if died_in_a_slip else None

    @property
    def keeps_nothing(self) -> bool:
        return self._kept is None

    @property
    def keeps_torn_slip(self) -> bool:
        return self._kept is not None and self._kept.torn

    @property
    def is_due(self) -> bool:
        """Something has lost its patient and is to be thrown away."""
        return self._kept is not None and self._clock_s() >= self._kept.due_s

    def connection_dropped(self) -> None:
        """What was left of a torn slip on this machine went with the connection."""
        if self._kept is not None and self._kept.torn:
            self._kept.due_s, self._kept.dropped = self._clock_s(), True

    def keep(self, running: RunningJob, *, works: bool) -> None:
        """`running` has ended unconfirmed; `works`: the printer is one that just never says more."""
        if running.end_came:  # it has worked off all it was given, whatever it made of it
            self.torn_slip_hangs_out = True
            self.forget()
            return
        torn = running.phase is Phase.SENDING or not works
        self.torn_slip_hangs_out = self.torn_slip_hangs_out or torn
        self._kept = KeptSlip(tag=running.tag, due_s=running.submitted_s + self._max_job_age_s, torn=torn)

    def came_out(self, running: RunningJob, *, whole: bool) -> None:
        """`running` has ended after all, long after somebody waited for it."""
        if self._kept is not None and self._kept.tag == running.tag:
            self.forget()
            self.torn_slip_hangs_out = not whole

    def forget(self) -> None:
        self._kept = None
        self._watch.holds_expired_slip = False

    def saw(self, told: PrinterCondition) -> None:
        """One that works again can be emptied now."""
        if self._kept is not None and self._watch.holds_expired_slip and told.answered and not told.said_blocking_code:
            self._kept.due_s = self._clock_s()

    def throw_away(self) -> None:
        """Nothing of an expired slip may come out any more: neither from here, nor from the kernel, nor the printer.

        Raises `DeviceLost`."""
        kept = self._kept
        if kept is None or (self._watch.has_answered and not kept.torn):
            self.forget()  # it works and was given all: the paper came out long ago
            return
        if kept.torn and not kept.dropped:
            self._line.disconnect(drop=True)
            kept.dropped = True
            self._reconnect()
            self.torn_slip_hangs_out = True
        _, questions = self._line.ends()
        if not self._watch.has_answered:
            self._watch.ask(questions)
        if self._line.clear() or not (kept.torn and self._watch.has_answered):
            self.forget()
            return
        if self._watch.ask(questions).said_blocking_code is None and self._watch.has_answered_here:
            self.forget()  # it works: what it kept has come out by now and staff know
            return
        kept.due_s = self._clock_s() + CLEAR_AGAIN_S
        self._watch.holds_expired_slip = True
        self._watch.ask(questions)
