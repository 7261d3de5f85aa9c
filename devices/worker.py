"""The thread every driver runs in: open, step, and on loss reopen with capped back-off.

A driver is an object with `open()`, `step()` and `close()`; each call returns within one second or is unblocked by
`close()`. The same `step()` runs in tests without a thread.
"""

from __future__ import annotations

import logging
import threading
from typing import Protocol

from devices.contract import DeviceLost, DeviceState, DeviceStatus, EventSink

log = logging.getLogger("tiepdon.devices")

FIRST_RETRY_S = 0.25
LAST_RETRY_S = 5.0
STOP_TIMEOUT_S = 2.0


class Driver(Protocol):
    """A device as the worker drives it. `name` is unique in the process (`scanner`, `printer` …)."""

    name: str

    def open(self) -> None:
        """Connect. Raises `DeviceLost` when the device is not there."""

    def step(self) -> None:
        """Do one round of at most one second. Raises `DeviceLost` when the device went away."""

    def close(self) -> None:
        """Release everything; safe to call twice and from another thread (unblocks a waiting `step`)."""


class DeviceWorker:
    """Runs one driver in one named thread and reports its state: once when it goes, once when it is back."""

    def __init__(self, driver: Driver, sink: EventSink) -> None:
        self._driver = driver
        self._sink = sink
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"device-{driver.name}", daemon=True)
        self._last_code: str | None = None
        self._state = DeviceState.STOPPED

    @property
    def state(self) -> DeviceState:
        return self._state

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop the driver's thread; returns within `STOP_TIMEOUT_S`."""
        self._stopping.set()
        self._driver.close()
        if self._thread.is_alive():
            self._thread.join(STOP_TIMEOUT_S)
            self._driver.close()  # an `open` that was under way has connected after the first one
        self._report(DeviceState.STOPPED)

    def _run(self) -> None:
        retry_s = FIRST_RETRY_S
        self._report(DeviceState.CONNECTING)
        while not self._stopping.is_set():
            try:
                self._driver.open()
                self._report(DeviceState.READY)
                retry_s = FIRST_RETRY_S
                while not self._stopping.is_set():
                    self._driver.step()
            except DeviceLost as lost:
                self._leave(lost.code, lost.detail)
            except Exception:
                log.exception("driver of %s failed", self._driver.name)
                self._leave("device.driver_failed", "")
            if self._stopping.wait(retry_s):
                return
            retry_s = min(retry_s * 2, LAST_RETRY_S)

    def _leave(self, code: str, detail: str) -> None:
        self._driver.close()
        if not self._stopping.is_set():
            self._report(DeviceState.LOST, code, detail)

    def _report(self, state: DeviceState, code: str | None = None, detail: str = "") -> None:
        if (state, code) == (self._state, self._last_code):
            return
        if state is DeviceState.LOST:
            log.warning("%s lost: %s %s", self._driver.name, code, detail)
        elif state is DeviceState.READY:
            log.info("%s ready", self._driver.name)
        self._state, self._last_code = state, code
        self._sink(DeviceStatus(device=self._driver.name, state=state, code=code, detail=detail))
