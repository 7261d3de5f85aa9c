"""A keyboard-wedge scanner on a named pipe: the kernel's own event records, but nothing there that could be grabbed.

A real one needs `/dev/uinput`, which kernels of containers lack. The driver opens the pipe as it would open
`/dev/input/eventN`, with a `take` that grabs nothing: the grab itself stays unproven.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from devices.emulators.scanner import ScannerUnplugged
from devices.scanners.input_events import EVENT_LAYOUT, PRESSED, RELEASED, SYNC_DROPPED, TYPE_KEY, TYPE_SYNC
from devices.scanners.us_keyboard import keys_for

LEFT_SHIFT = 42


class WedgeScannerEmulator:
    """Emulates a scanner at `path`. Use as a context manager; starts plugged in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._pipe: int | None = None
        self.replug()

    def __enter__(self) -> WedgeScannerEmulator:
        return self

    def __exit__(self, *exception: object) -> None:
        self.unplug()

    def scan(self, text: str, *, terminator: str = "\r") -> None:
        """Type one scan; characters that a US keyboard lacks are lost. Raises `ScannerUnplugged`."""
        for key, shifted in keys_for(text + terminator):
            if shifted:
                self.key(LEFT_SHIFT, PRESSED)
            self.tap(key)
            if shifted:
                self.key(LEFT_SHIFT, RELEASED)

    def tap(self, key: int) -> None:
        """Press and release one key."""
        self.key(key, PRESSED)
        self.key(key, RELEASED)

    def key(self, key: int, value: int) -> None:
        """Send one key event (value 1 pressed, 0 released, 2 repeated) and its report end."""
        self._write(EVENT_LAYOUT.pack(0, 0, TYPE_KEY, key, value) + EVENT_LAYOUT.pack(0, 0, TYPE_SYNC, 0, 0))

    def drop(self) -> None:
        """Say what the kernel says when its buffer ran over."""
        self._write(EVENT_LAYOUT.pack(0, 0, TYPE_SYNC, SYNC_DROPPED, 0))

    def unplug(self) -> None:
        """Pull the plug: the path vanishes, who reads gets the end of the file. Safe to call twice."""
        with self._lock:
            self.path.unlink(missing_ok=True)
            if self._pipe is not None:
                os.close(self._pipe)
            self._pipe = None

    def replug(self) -> None:
        """Plug in again. Does nothing when plugged in."""
        with self._lock:
            if self._pipe is None:
                os.mkfifo(self.path)
                self._pipe = os.open(self.path, os.O_RDWR)

    def _write(self, data: bytes) -> None:
        with self._lock:
            if self._pipe is None:
                raise ScannerUnplugged("not plugged in")
            os.write(self._pipe, data)
