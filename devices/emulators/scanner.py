"""A serial scanner on a pseudo-terminal: what it "scans" arrives at the driver as bytes on a real tty.

The scanner's port is a symlink with a fixed path, as `/dev/serial/by-id/…` is: pulling and plugging changes the tty
behind it, never the path.
"""

from __future__ import annotations

import os
import pty
import select
import threading
import tty
from pathlib import Path

_WRITE_TIMEOUT_S = 5.0


class ScannerUnplugged(Exception):
    """A scan was asked of an emulator that is not plugged in, or nobody drained its line."""


class ScannerEmulator:
    """Emulates a scanner at `path`. Use as a context manager; starts plugged in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._master: int | None = None
        self._slave: int | None = None
        self.replug()

    def __enter__(self) -> ScannerEmulator:
        return self

    def __exit__(self, *exception: object) -> None:
        self.unplug()

    def scan(
        self,
        code: str | bytes,
        *,
        terminator: bytes = b"\r",
        prefix: bytes = b"",
        chunks: int = 1,
        delay_s: float = 0.0,
    ) -> None:
        """Send one scan (text as UTF-8), in `chunks` parts with `delay_s` between them.

        Raises `ScannerUnplugged`."""
        data = prefix + (code.encode() if isinstance(code, str) else code) + terminator
        size = max(1, -(-len(data) // max(1, chunks)))
        pause = threading.Event()
        for start in range(0, len(data), size):
            if start and delay_s:
                pause.wait(delay_s)
            self._write(data[start : start + size])

    def unplug(self) -> None:
        """Pull the plug: the path vanishes, who reads gets an input/output error. Safe to call twice."""
        with self._lock:
            self.path.unlink(missing_ok=True)
            for descriptor in (self._master, self._slave):
                if descriptor is not None:
                    os.close(descriptor)
            self._master = self._slave = None

    def replug(self) -> None:
        """Plug in again: another tty behind the same path. Does nothing when plugged in."""
        with self._lock:
            if self._master is not None:
                return
            self._master, self._slave = pty.openpty()
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            self._link(os.ttyname(self._slave))

    def _link(self, target: str) -> None:
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(self.path)

    def _write(self, data: bytes) -> None:
        with self._lock:
            if self._master is None:
                raise ScannerUnplugged("not plugged in")
            while data:
                _, ready, _ = select.select([], [self._master], [], _WRITE_TIMEOUT_S)
                if not ready:
                    raise ScannerUnplugged("nobody reads the line")
                data = data[os.write(self._master, data) :]
