"""Which numbers a series leaves out after its database came back from a copy, so that none is ever on two papers."""

from __future__ import annotations

from datetime import timedelta

PEAK_PER_MIN = 60
"""More than one service gives in a minute anywhere: a number a second, by twenty kiosks."""
PEAK = timedelta(minutes=5)
LONG_PER_MIN = 5
"""What a service gives over hours at most: 5,000 tickets in ten hours are 8 a minute for all services together."""
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
