"""Waiting in tests: for something that is to come true, never for time to pass."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


def wait_until(holds: Callable[[], object], what: str = "did not come true in time", within_s: float = 10.0) -> None:
    """Returns once `holds()` is true; fails the test with `what` after `within_s`."""
    end_s, pause = time.monotonic() + within_s, threading.Event()
    while not holds():
        assert time.monotonic() < end_s, what
        pause.wait(0.01)
