"""Circuit breaker: stops asking a source that keeps failing, and tries it now and then."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Breaker:
    """Opens after `failures_to_open` failures in a row; open, it permits one probe every `probe_every_s` seconds and
    closes with the first success. Times are seconds of the injected monotonic clock. Thread-safe."""

    def __init__(self, *, failures_to_open: int, probe_every_s: float, clock: Callable[[], float]) -> None:
        self._failures_to_open = failures_to_open
        self._probe_every_s = probe_every_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._probe_at_s: float | None = None

    @property
    def is_open(self) -> bool:
        return self._probe_at_s is not None

    def permits(self) -> bool:
        """Whether a question may go out now; while open, a yes is the probe of its period."""
        with self._lock:
            if self._probe_at_s is None:
                return True
            if self._clock() < self._probe_at_s:
                return False
            self._probe_at_s = self._clock() + self._probe_every_s
            return True

    def wait_s(self) -> float:
        """Seconds until the next question is permitted."""
        with self._lock:
            return 0.0 if self._probe_at_s is None else max(0.0, self._probe_at_s - self._clock())

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0
            self._probe_at_s = None

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= self._failures_to_open:
                self._probe_at_s = self._clock() + self._probe_every_s
