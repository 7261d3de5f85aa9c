"""The owner's loop of a kiosk station without a screen: for tests and measurements."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

TICK_S = 0.1


class Ticking(Protocol):
    def tick(self) -> None: ...


class StationLoop:
    """Ticks a station on the thread that calls `run`, at once when something was posted (`wake`) and every `TICK_S`."""

    def __init__(self) -> None:
        self._poked = threading.Event()
        self._stopping = threading.Event()

    def wake(self) -> None:
        """Thread-safe."""
        self._poked.set()

    def stop(self) -> None:
        """Ends `run`. Thread-safe."""
        self._stopping.set()
        self._poked.set()

    def run(self, station: Ticking, until: Callable[[], bool] = lambda: False) -> None:
        """Tick until `stop` is called or `until` says so."""
        while not self._stopping.is_set() and not until():
            self._poked.wait(TICK_S)
            self._poked.clear()
            station.tick()
