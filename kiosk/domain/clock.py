"""Steps of the machine's clock: what the hub makes of a clock that somebody or something set while it ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class StepCause(StrEnum):
    """Why the hub follows a step."""

    STARTED = "started"
    """The machine has just come up: what it had kept of the time is set right."""
    WAS_WRONG = "was_wrong"
    """The clock was known to be wrong, and is right again."""
    LASTED = "lasted"
    """It has stayed like that for long."""
    RETURNED = "returned"
    """A step that was followed is undone."""
    FAR_BACK = "far_back"
    """So far back that it was the time before that was wrong."""


SETTING_RIGHT = frozenset({StepCause.STARTED, StepCause.WAS_WRONG})
"""The hub's time before was wrong: what is from before the machine came up belongs to a day that is over."""


@dataclass(frozen=True, kw_only=True)
class ClockStep:
    """The hub's clock is to go on from `after` instead of `before` (UTC, the same moment by two clocks)."""

    before: datetime
    after: datetime
    cause: StepCause

    @property
    def by(self) -> timedelta:
        return self.after - self.before


class ClockCondition(StrEnum):
    AGREES = "agrees"
    AHEAD = "ahead"
    """The machine's clock is ahead of the hub's, which does not believe it yet."""
    BEHIND = "behind"
    """The machine's clock was set back; the hub's goes on, slower, until it is caught up with."""


@dataclass(frozen=True, kw_only=True)
class ClockState:
    """How far the machine's clock is from the hub's, and to which side."""

    condition: ClockCondition = ClockCondition.AGREES
    seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class ClockMark:
    """What the hub keeps of its clock over a restart. In the run `boot` of the machine the hub's time is `offset` after
    1970 plus the time since the machine came up; numbers given in that run come after event `boot_seq`.

    `followed` is by how much it went with a step at `followed_at` (by the clock after it) that may yet be undone.
    Tickets of `day` before event `day_seq` are of another time the same day was lived through (`day` is ISO, or empty).
    """

    boot: str
    offset: timedelta
    boot_seq: int
    followed: timedelta = timedelta()
    followed_at: datetime | None = None
    day: str = ""
    day_seq: int = 0
