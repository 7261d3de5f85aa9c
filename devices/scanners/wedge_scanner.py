"""Scanners that pose as a keyboard (keyboard wedge, USB-HID), read from the kernel's input device and grabbed.

Grabbed, nothing that a barcode types reaches a window, a console or the system's key bindings; key chords that a
hostile code holds are dropped here. Between plugging in and grabbing, others may hear its keys: a udev rule with
`ENV{LIBINPUT_IGNORE_DEVICE}="1"` keeps the screen from listening to it at all.

Prefer USB-CDC: a keyboard carries no Vietnamese letters.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from devices.contract import DeviceLost, EventSink
from devices.scanners.decoding import decode_frame
from devices.scanners.framing import Frame, Framed, Framer, Terminator
from devices.scanners.input_events import (
    PRESSED,
    RELEASED,
    SYNC_DROPPED,
    TYPE_KEY,
    TYPE_SYNC,
    GrabbedKeyboard,
    InputEvent,
    device_path,
)
from devices.scanners.observed import Observer
from devices.scanners.scan_teller import ScanTeller
from devices.scanners.us_keyboard import UsKeyboard

_CLOSE_WAIT_S = 1.0


@dataclass(frozen=True, kw_only=True)
class WedgeScannerOptions:
    """`device` is an input device (`/dev/input/by-id/…-event-kbd`) or a part of such a name.

    `idle_gap_s`: silence that ends a scan of a scanner without suffix. `torn_gap_s`: silence after which a scan whose
    suffix is missing is given up waiting for. `max_frame_bytes`: longer scans are dropped.
    """

    device: str
    terminator: Terminator = Terminator.ANY
    idle_gap_s: float = 0.15
    torn_gap_s: float = 0.5
    max_frame_bytes: int = 4096
    poll_s: float = 0.5

    def __post_init__(self) -> None:
        if not self.device.strip():
            raise ValueError("wedge_scanner.device_empty", "device", '"/dev/kiosk/scanner"')


class KeyboardSource(Protocol):
    """A grabbed keyboard, as `GrabbedKeyboard` is one."""

    def read(self, timeout_s: float) -> list[InputEvent]: ...

    def wake(self) -> None: ...

    def close(self) -> None: ...


SourceOpener = Callable[[WedgeScannerOptions], KeyboardSource]


def open_keyboard(options: WedgeScannerOptions) -> KeyboardSource:
    """Open and grab the device of the options. Raises `DeviceLost`."""
    return GrabbedKeyboard(device_path(options.device))


class WedgeScanner:
    """Driver of one scanner for `DeviceWorker`; delivers `Scanned`, never certain, `DeviceStatus` READY with the code
    `scanner.frame_too_long` or `scanner.unreadable` for scans that could not be used, and `ScanMeasured` for each.

    `DeviceLost` codes: `scanner.port_missing`, `scanner.port_denied`, `scanner.port_busy` (somebody else grabbed it),
    `scanner.closed`.
    """

    def __init__(
        self,
        name: str,
        options: WedgeScannerOptions,
        sink: EventSink,
        *,
        open_source: SourceOpener = open_keyboard,
        clock_s: Callable[[], float] = time.monotonic,
        observe: Observer | None = None,
    ) -> None:
        self.name = name
        self._options = options
        self._open_source = open_source
        self._clock_s = clock_s
        self._tell = ScanTeller(name, sink, observe)
        self._source: KeyboardSource | None = None
        self._in_use = threading.Lock()
        self._keyboard = UsKeyboard()
        self._framer = Framer.by(options)

    def open(self) -> None:
        """Open and grab the device. Raises `DeviceLost`."""
        with self._in_use:
            self._source = self._open_source(self._options)
            self._keyboard.reset()
            self._framer.reset()

    def step(self) -> None:
        """Read what is there, waiting at most `poll_s`, and deliver the scans that ended. Raises `DeviceLost`."""
        with self._in_use:
            if self._source is None:
                raise DeviceLost("scanner.closed")
            wait_s = self._options.idle_gap_s if self._framer.is_waiting else self._options.poll_s
            events = self._source.read(wait_s)
            now_s = self._clock_s()
            framed = self._framed(events, now_s) if events else self._framer.tick(now_s)
        for item in framed:
            self._deliver(item)

    def close(self) -> None:
        """Wake a waiting `step` and let the device go."""
        source = self._source
        if source is not None and self._in_use.locked():
            source.wake()
        if not self._in_use.acquire(timeout=_CLOSE_WAIT_S):
            return
        try:
            source, self._source = self._source, None
            if source is not None:
                source.close()
        finally:
            self._in_use.release()

    def _framed(self, events: list[InputEvent], now_s: float) -> list[Framed]:
        framed: list[Framed] = []
        for event in events:
            if event.type == TYPE_SYNC and event.code == SYNC_DROPPED:
                self._keyboard.reset()
                self._framer.reset()
                self._tell.unreadable("events were lost")
            elif event.type == TYPE_KEY and event.value == PRESSED:
                framed += self._framer.feed(self._keyboard.press(event.code), now_s)
            elif event.type == TYPE_KEY and event.value == RELEASED:
                self._keyboard.release(event.code)
        return framed

    def _deliver(self, item: Framed) -> None:
        if not isinstance(item, Frame):
            self._tell.too_long(item)
            return
        decoded = decode_frame(item.data)
        if decoded.text:
            self._tell.scanned(item, decoded, certain=False, baud=None)
