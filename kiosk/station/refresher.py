"""Fetches something again whenever it is wanted, in one thread, wishes that come together as one fetch."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from kiosk.domain.faults import Fault, Refusal
from kiosk.station.hub_port import HubUnreachable

log = logging.getLogger("tiepdon.station")

T = TypeVar("T")

STOP_TIMEOUT_S = 5.0
"""A fetch waits for the hub for at most connect plus answer time (`kiosk.station.hub_client`)."""


class Refresher(Generic[T]):
    """Calls `fetch` after `want()`, at most once per `interval_s`, and hands the result to `deliver` (on this thread).

    A fetch that fails is repeated after `retry_s`, so a wish is never lost; one the hub refuses is told to `refused`
    and repeated after `refused_retry_s`. Without any wish it is fetched every `unasked_s`, because some things change
    by the clock alone (a new day, a service that opens).
    """

    def __init__(
        self,
        name: str,
        fetch: Callable[[], T],
        deliver: Callable[[T], None],
        *,
        refused: Callable[[Fault], None] = lambda _fault: None,
        interval_s: float = 0.1,
        retry_s: float = 0.5,
        refused_retry_s: float = 5.0,
        unasked_s: float = 60.0,
    ) -> None:
        self._fetch = fetch
        self._deliver = deliver
        self._refused = refused
        self._interval_s = interval_s
        self._retry_s = retry_s
        self._refused_retry_s = refused_retry_s
        self._unasked_s = unasked_s
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def want(self) -> None:
        """Ask for one more fetch. Thread-safe, returns at once."""
        self._wanted.set()

    def stop(self) -> None:
        """End the thread; returns when a running fetch has ended, at the latest after `STOP_TIMEOUT_S`."""
        self._stopping.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(STOP_TIMEOUT_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wanted.wait(self._unasked_s)
            if not self._stopping.is_set():
                self._stopping.wait(self.step())

    def step(self) -> float:
        """One fetch; how many seconds to leave the hub alone now."""
        self._wanted.clear()
        try:
            result = self._fetch()
        except HubUnreachable:
            self._wanted.set()
            return self._retry_s
        except Refusal as refusal:
            self._wanted.set()
            self._refused(refusal.fault)
            return self._refused_retry_s
        except Exception:
            log.exception("a refresh failed")
            return self._retry_s
        if not self._stopping.is_set():
            self._deliver(result)
        return self._interval_s
