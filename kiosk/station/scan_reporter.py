"""Tells the hub how well this kiosk's devices read codes: totals per hour, every few minutes and when an hour ends.

Apart from the visit on purpose: nothing a patient does waits for it, and a hub that is away costs nothing but memory of
a bounded size. What a killed program had not told yet is lost.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from kiosk.domain.faults import Refusal
from kiosk.domain.scan_quality import KeptScans, Scan, ScanHour, hour_of
from kiosk.station.hub_port import HubUnreachable

log = logging.getLogger("tiepdon.station")

EVERY_S = 180.0
RETRY_S = 30.0
AT_ONCE = 48
"""Hours told in one call: the hub takes 64."""
STOP_TIMEOUT_S = 2.0

Tell = Callable[[tuple[ScanHour, ...]], int]
"""Tells the hub and answers how many hours it kept. Raises `HubUnreachable` and `Refusal`; blocks."""


class ScanReporter:
    """`measured` may be called from any thread. `now` is UTC."""

    def __init__(
        self, tell: Tell, now: Callable[[], datetime], *, every_s: float = EVERY_S, retry_s: float = RETRY_S
    ) -> None:
        self._tell = tell
        self._now = now
        self._every_s = every_s
        self._retry_s = retry_s
        self._lock = threading.Lock()
        self._kept = KeptScans()
        self._complained = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scan-reporter", daemon=True)

    def measured(self, scan: Scan) -> None:
        """Count one scan. Returns at once."""
        at = self._now()
        with self._lock:
            self._kept = self._kept.with_scan(scan, at)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Tell what is left if the hub answers at once, and end the thread; returns within `STOP_TIMEOUT_S`."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_TIMEOUT_S)

    def step(self) -> float:
        """Tell what is untold; how many seconds to wait before the next time."""
        while untold := self._untold():
            try:
                kept = self._tell(untold)
            except HubUnreachable:
                return self._retry_s
            except Refusal as refusal:
                self._complain(refusal.fault.code)
                return self._every_s
            if kept < len(untold):
                self._complain("clock_wrong")
            with self._lock:
                self._kept = self._kept.after_telling(untold, self._now())
        return min(self._every_s, self._hour_ends_in_s())

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._guarded_step())
        self._guarded_step()

    def _guarded_step(self) -> float:
        try:
            return self.step()
        except Exception:
            log.exception("telling the hub of the scan quality failed")
            return self._every_s

    def _untold(self) -> tuple[ScanHour, ...]:
        with self._lock:
            return self._kept.untold(AT_ONCE)

    def _hour_ends_in_s(self) -> float:
        now = self._now()
        return (hour_of(now) + timedelta(hours=1) - now).total_seconds() + 1.0

    def _complain(self, code: str) -> None:
        """Once: nobody at the kiosk can mend it, and nothing else suffers."""
        if not self._complained:
            self._complained = True
            log.warning("hub did not keep the scan quality: %s", code)
