"""`tiepdon` whose hub lives a day later after every SIGUSR1: for soaks over several hospital days."""

from __future__ import annotations

import signal
import sys
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

    def _next(self, *_: object) -> None:
        self._ahead += timedelta(days=1)


if __name__ == "__main__":
    kiosk.app.hub.utc_now = Days().now
    sys.exit(main())
