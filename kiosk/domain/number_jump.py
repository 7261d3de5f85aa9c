"""Which numbers a series leaves out after its database came back from a copy, so that none is ever on two papers."""

from __future__ import annotations

from datetime import datetime, timedelta

PEAK_PER_MIN = 60
"""More than one service gives in a minute anywhere: a number a second, by twenty kiosks."""
PEAK = timedelta(minutes=5)
LONG_PER_MIN = 5
"""What a service gives over hours at most: 5,000 tickets in ten hours are 8 a minute for all services together."""
LONGEST_DAY = timedelta(hours=12)
LEAST = 100
STEP = 100


def next_after(last_number: int, missing: timedelta, jump: int | None = None) -> int:
    """The number after which a series goes on: `last_number` and what may have been given in the time the copy misses,
    up to a whole hundred, so that staff see the leap. `jump` instead of the estimate where somebody knows better."""
    if jump is None:
        minutes = max(missing, timedelta()) / timedelta(minutes=1)
        peak_minutes = min(minutes, PEAK / timedelta(minutes=1))
        jump = LEAST + round(peak_minutes * PEAK_PER_MIN + (minutes - peak_minutes) * LONG_PER_MIN)
    return -(-(last_number + jump) // STEP) * STEP


def jump_when_unsure(missing: timedelta) -> int:
    """How many to leave out where an earlier restore from the same copy may be known to nobody: as many as could be
    given at the fastest all the time, twice over, so that a restore two minutes later leaps beyond what followed."""
    minutes = min(max(missing, timedelta()), LONGEST_DAY) / timedelta(minutes=1)
    return LEAST + round(minutes * 2 * PEAK_PER_MIN)


def missing_on(day_begins: datetime, as_of: datetime, lost_at: datetime) -> timedelta:
    """How much of the time between a copy's last change and the restore lies on the day that begins at `day_begins`:
    its numbers began anew then. A restore before the copy's last change means a clock set back: then a whole day."""
    if lost_at < as_of:
        return timedelta(days=1)
    return min(max(lost_at - max(as_of, day_begins), timedelta()), timedelta(days=1))
