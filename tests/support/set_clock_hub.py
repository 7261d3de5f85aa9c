"""`tiepdon` on a machine whose clock can be set: the file `CLOCK_FILE` says by how many seconds it is wrong, and how
many have passed beside those that really have."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import kiosk.app.hub
from kiosk.app.cli import main

UP_S = 86_400.0
"""The machine has been up for a day and more, however short that is in truth."""


def _said() -> tuple[float, float]:
    wrong_s, passed_s = Path(os.environ["CLOCK_FILE"]).read_text("ascii").split()
    return float(wrong_s), float(passed_s)


def utc_now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=sum(_said()))


def elapsed_s() -> float:
    return UP_S + time.clock_gettime(time.CLOCK_BOOTTIME) + _said()[1]


if __name__ == "__main__":
    kiosk.app.hub.utc_now, kiosk.app.hub.elapsed_s = utc_now, elapsed_s
    sys.exit(main())
