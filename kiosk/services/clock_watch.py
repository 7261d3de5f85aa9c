"""Watches the machine's clock for the hub: tells staff, takes the queue along when the clock steps, keeps the clock.

One row is written at the start, when the clock steps, and when it has drifted by a minute; none for a ticket.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.domain.alert import HUB, AlertKind
from kiosk.domain.clock import ClockCondition, ClockMark, ClockState, ClockStep, StepCause
from kiosk.services.alerts import raise_alert, settle_fault
from kiosk.services.clock_step import moment_params, settle_step
from kiosk.services.context import WriteContext
from kiosk.services.reception import Reception
from kiosk.services.steady_clock import DOUBTED, NOTICED, UNDONE_WITHIN, BeforeStep, SteadyClock
from kiosk.services.watch import Watch
from kiosk.storage.faults import StorageFault

log = logging.getLogger("tiepdon.clock")

CLOCK_AHEAD = "hub.clock_ahead"
CLOCK_WRONG = "hub.clock_wrong"
EVERY_S = 1.0
REFUSED_S = 15.0
WRITER_S = 5.0
START_WRITE_S = 60.0


class ClockWatch(Watch):
    """`begin()` and `look()` before anybody is served, then looks every `EVERY_S` from `start()` to `close()`; tests
    call `step()` themselves. `boot` names this run of the machine. `reception` runs by `clock`."""

    def __init__(self, reception: Reception, clock: SteadyClock, boot: str) -> None:
        super().__init__("clock-watch", EVERY_S)
        self._reception = reception
        self._clock = clock
        self._boot = boot
        self._told: ClockCondition | None = None
        self._kept: timedelta | None = None
        self._boot_seq = 0
        self._settling: Future[None] | None = None

    def begin(self) -> None:
        """Go on from what the last run of the program kept. Raises `StorageFault` or `TimeoutError`."""
        mark, newest, self._boot_seq = self._reception.read(
            lambda context: (
                context.tables.clock.mark(),
                context.records.newest_event_at(),
                context.records.last_seq(),
            )
        )
        if mark is not None and mark.boot == self._boot:
            self._clock.go_on_from(mark.offset)
            newest = None if newest is None or abs(newest - self._clock.reading) > DOUBTED else newest  # before a step
        elif mark is not None and newest is not None and _was_undone(mark, newest, self._clock()):
            step = ClockStep(before=newest, after=newest - mark.followed, cause=StepCause.RETURNED)
            mark = self._reception.write(lambda context: self._undone(context, step)).result(START_WRITE_S)
            newest = step.after
        if newest is not None:
            self._clock.not_before(newest)
        if mark is not None:
            self._clock.remember_followed(mark.followed, mark.followed_at)

    def look(self) -> float:
        """Where the disk refuses it is left to the next look, which comes later (the log and `/healthz` say it)."""
        try:
            self.step()
        except (StorageFault, TimeoutError):
            return REFUSED_S
        return EVERY_S

    def step(self) -> None:
        """One look. Raises `StorageFault` or `TimeoutError`: then the next look does it."""
        self._clock()
        if self._settling is not None and not self._settling.done():
            return  # the disk hangs over it
        if (due := self._clock.due) is not None:
            self._follow(due)
            self._clock()
        state = self._clock.state
        if state.condition is not self._told:
            self._tell(state)
        if self._kept is None or abs(self._clock.offset - self._kept) > NOTICED:
            self._kept = self._reception.write(self._keep).result(WRITER_S)

    def _mark(self, context: WriteContext) -> ClockMark:
        """What is kept, of this run of the machine."""
        mark = context.tables.clock.mark() or ClockMark(boot="", offset=timedelta(), boot_seq=0)
        if mark.boot == self._boot:
            return mark
        return replace(mark, boot=self._boot, boot_seq=self._boot_seq)

    def _keep(self, context: WriteContext) -> timedelta:
        offset = self._clock.offset
        context.tables.clock.keep(replace(self._mark(context), offset=offset))
        return offset

    def _undone(self, context: WriteContext, step: ClockStep) -> ClockMark:
        """Undone while the machine was off: by what was kept of its run before."""
        kept = context.tables.clock.mark()
        assert kept is not None, "there is something to undo"
        mark = settle_step(context, step, kept)
        context.tables.clock.keep(mark)
        return mark

    # -- steps ----------------------------------------------------------------------------------------------------

    def _follow(self, due: ClockStep) -> None:
        """The clock moves inside the writer's transaction that moves the queue: who comes after it finds both moved."""
        followed: list[BeforeStep] = []

        def change(context: WriteContext) -> None:
            context.tables.clock.keep(settle_step(context, due, self._mark(context)))
            followed.append(self._clock.follow(due))

        def undo(done: Future[None]) -> None:
            if done.exception() is not None and followed:
                self._clock.withdraw(due, followed.pop())

        self._settling = self._reception.write(change)
        self._settling.add_done_callback(undo)
        self._settling.result(WRITER_S)
        self._kept = None

    def _tell(self, state: ClockState) -> None:
        """A clock set back is left for staff to handle; one that ran ahead is settled when it does no more."""

        def change(context: WriteContext) -> None:
            if state.condition is ClockCondition.AHEAD:
                machine = context.now + timedelta(seconds=state.seconds)
                raise_alert(context, HUB, AlertKind.FAULT, CLOCK_AHEAD, moment_params(context.site, machine))
                return
            if state.condition is ClockCondition.BEHIND:
                raise_alert(context, HUB, AlertKind.FAULT, CLOCK_WRONG)
            settle_fault(context, HUB, CLOCK_AHEAD)

        self._reception.write(change).result(WRITER_S)
        if state.condition is not ClockCondition.AGREES:
            log.error("the machine's clock is %s by %d s", state.condition.value, state.seconds)
        self._told = state.condition


def _was_undone(mark: ClockMark, newest: datetime, wall: datetime) -> bool:
    """The machine was off, and came up with the clock as it was before the step."""
    if mark.followed <= DOUBTED or mark.followed_at is None or newest - mark.followed_at > UNDONE_WITHIN:
        return False
    return newest - mark.followed - DOUBTED <= wall < newest - NOTICED
