"""The hub's clock: the machine's, but never going back, whatever sets it (time service, a hand, a dead battery).

Set back while the hub runs, or behind what it stored before, the clock goes on from where it was at half speed until
the machine's clock has caught up; so no event comes before an earlier one and the hospital's day never goes back.
Numbers do not depend on it: each day's series goes on from what is stored.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

log = logging.getLogger("tiepdon.clock")

NOTICED = timedelta(minutes=1)
"""Steps of a time service below this are nobody's concern."""
BELIEVED_BEYOND = timedelta(hours=26)
"""So far back it was the time before that was wrong: the machine is believed, and the day may go back this once."""
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A machine that claims to be older than this program has a dead battery."""


class SteadyClock:
    """`wall` is the machine's UTC, `elapsed_s` counts seconds evenly, also while the machine sleeps. `on_set_back` is
    told once how far, each time the clock went back by more than `NOTICED`; it must not wait."""

    def __init__(
        self, wall: Callable[[], datetime], elapsed_s: Callable[[], float], on_set_back: Callable[[timedelta], None]
    ) -> None:
        self._wall = wall
        self._elapsed_s = elapsed_s
        self._on_set_back = on_set_back
        self._lock = threading.Lock()
        self._last, self._last_s = wall(), elapsed_s()
        self._told = False

    def __call__(self) -> datetime:
        with self._lock:
            wall, elapsed_s = self._wall(), self._elapsed_s()
            behind = self._last - wall
            reading = self._reading(wall, timedelta(seconds=elapsed_s - self._last_s))
            self._last, self._last_s = reading, elapsed_s
            tell = behind > NOTICED and not self._told
            self._told = behind > NOTICED
        if tell:
            log.error("the clock went back by %s", behind)
            self._on_set_back(behind)
        return reading

    def not_before(self, moment: datetime) -> None:
        """What was stored is past, so it is later than that."""
        with self._lock:
            self._last = max(self._last, moment)

    def _reading(self, wall: datetime, passed: timedelta) -> datetime:
        if wall >= self._last:
            return wall
        if wall < EARLIEST:
            return self._last + passed
        if self._last - wall > BELIEVED_BEYOND:
            return wall
        return max(wall, self._last + passed / 2)
