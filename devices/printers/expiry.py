"""Slips that nobody waits for any more never come out: what may still be in the printer, and how it is emptied."""

from __future__ import annotations

from collections.abc import Callable

from devices.contract import PrinterCondition
from devices.printers.backlog import Backlog
from devices.printers.condition_watch import ConditionWatch
from devices.printers.jobs import KeptSlip, Phase, RunningJob
from devices.printers.line import PrinterLine

ASK_AGAIN_S = 1.0
ASK_AGAIN_AT_MOST_S = 60.0
CLEAR_AGAIN_S = 5.0


class Expiry:
    """For the driver's thread. `torn_slip_hangs_out`: the next slip has to cut off first what is left of one before.
    `reconnect` opens a new connection in the place of the one that was dropped.

    A printer that answers in order owes an answer for each slip. Until it has given it, to what stood in the slip or to
    a question asked behind it (`Backlog`), it gets no other: one slip at most is ever inside. What it says of its paper
    meanwhile is not believed."""

    def __init__(
        self,
        line: PrinterLine,
        watch: ConditionWatch,
        backlog: Backlog,
        *,
        max_job_age_s: float,
        clock_s: Callable[[], float],
        reconnect: Callable[[], None],
        died_in_a_slip: bool,
    ) -> None:
        self._line = line
        self._watch = watch
        self._backlog = backlog
        self._max_job_age_s = max_job_age_s
        self._clock_s = clock_s
        self._reconnect = reconnect
        self._works = False
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
        """Something is to be asked for, or has lost its patient and is to be thrown away."""
        kept = self._kept
        if kept is None:
            return False
        asks = kept.owed and (self._clock_s() >= kept.ask_s or self._backlog.is_worked_off)
        return asks or self._clock_s() >= kept.due_s

    def connection_dropped(self, *, is_in_order: bool) -> None:
        """What was left of a torn slip on this machine went with the connection. A printer that has never answered in
        order (`is_in_order`) owes nothing any more."""
        kept = self._kept
        if kept is None:
            return
        kept.owed, kept.ask_s = kept.owed and is_in_order, self._clock_s()
        if kept.torn:
            kept.due_s, kept.dropped = self._clock_s(), True

    def keep(self, running: RunningJob, *, works: bool, owed: bool) -> None:
        """`running` has ended unconfirmed; `works`: the printer is one that just never says more; `owed`: it is one
        that answers in order."""
        if running.end_came:  # it has worked off all it was given, whatever it made of it
            self.torn_slip_hangs_out = True
            self.forget()
            return
        cut_short = running.phase is Phase.SENDING
        torn = cut_short or not works
        self.torn_slip_hangs_out = self.torn_slip_hangs_out or torn
        due_s = running.submitted_s + self._max_job_age_s
        self._kept = KeptSlip(
            tag=running.tag, due_s=due_s, torn=torn, cut_short=cut_short, owed=owed, ask_s=self._clock_s()
        )

    def came_out(self, running: RunningJob, *, whole: bool) -> None:
        """`running` has ended after all, long after somebody waited for it."""
        if self._kept is not None and self._kept.tag == running.tag:
            self.forget()
            self.torn_slip_hangs_out = not whole

    def forget(self) -> None:
        self._kept = None
        self._watch.holds_expired_slip = False

    def saw(self, told: PrinterCondition) -> None:
        """One that works again can be emptied now, or asked."""
        worked, self._works = self._works, told.answered and not told.said_blocking_code
        kept = self._kept
        if kept is None or worked or not self._works:
            return
        kept.ask_s, kept.wait_s = self._clock_s(), ASK_AGAIN_S
        if self._watch.holds_expired_slip:
            kept.due_s = self._clock_s()

    def blocks(self) -> bool:
        """Whether the printer, asked just now, still owes a slip: then it gets no other. Raises `DeviceLost`."""
        kept = self._kept
        if kept is None or not kept.owed:
            return False
        if self._clock_s() >= kept.asked_s + ASK_AGAIN_S and self._lets_go(kept):
            self.forget()
            return False
        self._hold()
        return True

    def look_after(self) -> None:
        """Nothing of an expired slip may come out any more: neither from here, nor from the kernel, nor the printer;
        of one that is not expired the printer is asked. Raises `DeviceLost`."""
        kept = self._kept
        if kept is None:
            return
        if self._backlog.is_worked_off:
            self.forget()
        elif self._clock_s() >= kept.due_s:
            self._throw_away(kept)
        else:
            self._ask_for(kept)

    def _ask_for(self, kept: KeptSlip) -> None:
        if not self._says_it_works():
            kept.ask_s = self._clock_s() + CLEAR_AGAIN_S
        elif self._kept is kept:  # its word may have come while something else was asked
            if self._lets_go(kept):
                self.forget()
            elif self._kept is kept:
                self._hold()

    def _throw_away(self, kept: KeptSlip) -> None:
        if self._watch.has_answered and not kept.torn and not kept.owed:
            self.forget()  # it works, was given all, and answers nothing in order: no more can be known
            return
        if kept.torn and not kept.dropped:
            self._line.disconnect(drop=True)
            kept.dropped = True
            self._reconnect()
            self.torn_slip_hangs_out = True
        _, questions = self._line.ends()
        if not self._watch.has_answered:
            self._watch.ask(questions)
        if self._line.clear() or not (kept.owed or (kept.torn and self._watch.has_answered)):
            self.forget()
            return
        if self._says_it_works() and (not kept.owed or self._lets_go(kept)):
            self.forget()  # what it kept has come out by now and staff know
            return
        if self._kept is kept:
            kept.due_s = max(kept.ask_s, self._clock_s() + CLEAR_AGAIN_S)
            self._hold()

    def _says_it_works(self) -> bool:
        _, questions = self._line.ends()
        said = self._watch.ask(questions)
        self._works = said.answered and not said.said_blocking_code
        return said.said_blocking_code is None and self._watch.has_answered_here

    def _lets_go(self, kept: KeptSlip) -> bool:
        answered = self._backlog.ask(torn=kept.cut_short)
        kept.asked_s = self._clock_s()
        kept.ask_s, kept.wait_s = kept.asked_s + kept.wait_s, min(2 * kept.wait_s, ASK_AGAIN_AT_MOST_S)
        return answered

    def _hold(self) -> None:
        if not self._watch.holds_expired_slip:
            self._watch.holds_expired_slip = True
            self._watch.ask(self._line.ends()[1])
