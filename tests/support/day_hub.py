"""`tiepdon` whose hub lives a day later after every SIGUSR1, as if the day had passed: for soaks over several days."""

from __future__ import annotations

import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import kiosk.app.hub
from kiosk.app.cli import main


class Days:
    def __init__(self) -> None:
        self._ahead = timedelta()
        signal.signal(signal.SIGUSR1, self._next)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def elapsed_s(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME) + self._ahead.total_seconds()

    def _next(self, *_: object) -> None:
        self._ahead += timedelta(days=1)


if __name__ == "__main__":
    days = Days()
    kiosk.app.hub.utc_now, kiosk.app.hub.elapsed_s = days.now, days.elapsed_s
    sys.exit(main())
