"""The hub's clock: the machine's, but evenly, whatever sets it (time service, a hand, a dead battery).

The hub counts on by itself from its last reading. Small differences to the machine's clock are taken over at once. Set
back, the clock goes on at half speed until the machine's has caught up; set ahead, it goes on evenly and doubts the
machine for `LASTING`. What is to be followed all the same is `due`, and nothing moves before `follow`: the queue must
be taken along first (`kiosk.services.clock_step`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kiosk.domain.clock import ClockCondition, ClockState, ClockStep, StepCause

log = logging.getLogger("tiepdon.clock")

NOTICED = timedelta(minutes=1)
"""Steps of a time service below this are nobody's concern."""
DOUBTED = timedelta(minutes=15)
"""A machine's clock that is further ahead was set, and not by a time service that keeps it."""
LASTING = timedelta(minutes=30)
"""Time enough for whoever mistyped the date to see it, or to be told."""
STARTING = timedelta(minutes=10)
"""So long after the machine came up a time service may set right what it had kept of the time."""
BELIEVED_BEYOND = timedelta(hours=26)
"""So far back it was the time before that was wrong."""
UNDONE_WITHIN = timedelta(days=7)
"""A wrong date is found within days; what comes later is a step of its own."""
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A machine that claims to be older than this program has a dead battery."""
START_OF_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class _Doubt:
    ahead: timedelta
    since: timedelta


@dataclass(frozen=True, kw_only=True)
class BeforeStep:
    """What a clock knew before it went with a step."""

    followed: timedelta
    followed_at: datetime | None
    doubt: _Doubt | None
    told: bool


class SteadyClock:
    """`wall` is the machine's UTC; `elapsed_s` counts seconds evenly since it came up, also while it sleeps."""

    def __init__(self, wall: Callable[[], datetime], elapsed_s: Callable[[], float]) -> None:
        self._wall = wall
        self._elapsed_s = elapsed_s
        self._lock = threading.Lock()
        self._last, self._last_at = wall(), timedelta(seconds=elapsed_s())
        self._stored: datetime | None = None
        self._told = False
        self._doubt: _Doubt | None = None
        self._followed = timedelta()
        self._followed_at: datetime | None = None
        self._due: ClockStep | None = None
        self._state = ClockState()

    def __call__(self) -> datetime:
        with self._lock:
            wall, at = self._wall(), timedelta(seconds=self._elapsed_s())
            passed, behind = at - self._last_at, self._last - wall
            self._due = self._judged(wall, self._last + passed, at)
            reading = self._reading(wall, passed)
            self._last, self._last_at = reading, at
            self._state = _state(wall - reading)
            tell = behind > NOTICED and not self._told and self._due is None
            self._told = behind > NOTICED and (self._told or tell)
        if tell:
            log.error("the clock went back by %s", behind)
        return reading

    @property
    def due(self) -> ClockStep | None:
        """The step the hub should go with, as of the last reading."""
        return self._due

    @property
    def state(self) -> ClockState:
        """How the machine's clock stood at the last reading."""
        return self._state

    @property
    def offset(self) -> timedelta:
        """The hub's time since 1970, less the time since the machine came up: the same as long as nothing steps."""
        with self._lock:
            return self._last - START_OF_TIME - self._last_at

    @property
    def reading(self) -> datetime:
        """The last one."""
        return self._last

    def not_before(self, moment: datetime) -> None:
        """What was stored is past, so it is later than that."""
        with self._lock:
            self._last = max(self._last, moment)
            self._stored = moment if self._stored is None else max(moment, self._stored)

    def go_on_from(self, offset: timedelta) -> None:
        """The program ran before in this run of the machine, and its clock had this `offset`."""
        with self._lock:
            self._last = START_OF_TIME + offset + self._last_at

    def remember_followed(self, by: timedelta, at: datetime | None) -> None:
        """A run of the program before this one went with a step that may yet be undone."""
        with self._lock:
            self._followed, self._followed_at = by, at

    def follow(self, step: ClockStep) -> BeforeStep:
        """Go on with `step`: whoever reads from here on is behind it. What was before is for `withdraw`."""
        with self._lock:
            before = BeforeStep(
                followed=self._followed, followed_at=self._followed_at, doubt=self._doubt, told=self._told
            )
            self._last += step.by
            self._followed = timedelta() if step.cause is StepCause.RETURNED else step.by
            self._followed_at = None if step.cause is StepCause.RETURNED else step.after
            self._due = self._doubt = None
            self._told = False
        log.error("the clock goes on from %s instead of %s (%s)", step.after, step.before, step.cause.value)
        return before

    def withdraw(self, step: ClockStep, before: BeforeStep) -> None:
        """`step` could not be stored: it is as if it had not been followed, and the next look finds it due again."""
        with self._lock:
            self._last -= step.by
            self._followed, self._followed_at = before.followed, before.followed_at
            self._doubt, self._told = before.doubt, before.told

    def _reading(self, wall: datetime, passed: timedelta) -> datetime:
        ahead = wall - (self._last + passed)
        if ahead > DOUBTED or wall < EARLIEST or self._due is not None:
            return self._last + passed
        return wall if wall >= self._last else max(wall, self._last + passed / 2)

    def _judged(self, wall: datetime, track: datetime, at: timedelta) -> ClockStep | None:
        ahead = wall - track
        if abs(ahead) <= DOUBTED or wall < EARLIEST:
            self._doubt = None
            return None
        if self._doubt is None or abs(self._doubt.ahead - ahead) > DOUBTED:
            self._doubt = _Doubt(ahead=ahead, since=at)
        cause = self._cause(wall, track, at, self._doubt)
        return None if cause is None else ClockStep(before=track, after=wall, cause=cause)

    def _cause(self, wall: datetime, track: datetime, at: timedelta, doubt: _Doubt) -> StepCause | None:
        ahead = wall - track
        if self._undoes(ahead, track):
            return StepCause.RETURNED
        if at < STARTING and (self._stored is None or wall >= self._stored):
            return StepCause.STARTED
        if ahead > DOUBTED and (self._told or track < EARLIEST):
            return StepCause.WAS_WRONG
        if ahead > DOUBTED and at - doubt.since >= LASTING:
            return StepCause.LASTED
        return StepCause.FAR_BACK if ahead < -BELIEVED_BEYOND else None

    def _undoes(self, ahead: timedelta, track: datetime) -> bool:
        recent = self._followed_at is not None and abs(track - self._followed_at) <= UNDONE_WITHIN
        return recent and abs(self._followed) > DOUBTED and abs(ahead + self._followed) <= DOUBTED


def _state(ahead: timedelta) -> ClockState:
    if ahead > NOTICED:
        return ClockState(condition=ClockCondition.AHEAD, seconds=round(ahead.total_seconds()))
    if ahead < -NOTICED:
        return ClockState(condition=ClockCondition.BEHIND, seconds=round(-ahead.total_seconds()))
    return ClockState()
