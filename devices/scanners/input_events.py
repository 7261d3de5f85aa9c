"""A Linux input device (`/dev/input/eventN`) read directly and grabbed, so that its keys reach nobody else.

Without the python `evdev` package, which has no wheel: the part needed is one ioctl and one struct.
Sources: the kernel's `include/uapi/linux/input.h` (struct input_event, EVIOCGRAB), `Documentation/input/event-codes`.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devices.contract import DeviceLost
from devices.scanners.port_lost import port_lost

EVENT_LAYOUT = struct.Struct("@llHHi")
"""Seconds, microseconds, type, code, value: struct input_event of a machine's own word size."""

TYPE_SYNC, TYPE_KEY = 0, 1
SYNC_DROPPED = 3
"""The kernel's buffer ran over: what came before is incomplete."""
RELEASED, PRESSED = 0, 1
"""Values of a key; 2 is the keyboard's own repetition."""

BY_ID = Path("/dev/input/by-id")
_EVIOCGRAB = 0x40044590  # _IOW('E', 0x90, int)
_READ_BYTES = 64 * EVENT_LAYOUT.size


@dataclass(frozen=True, kw_only=True)
class InputEvent:
    """One event; `type`, `code` and `value` as the kernel names them."""

    type: int
    code: int
    value: int


def grab(descriptor: int) -> None:
    """Take the device for this process alone until it is closed. Raises `OSError` (EBUSY: another one has it)."""
    fcntl.ioctl(descriptor, _EVIOCGRAB, 1)


def device_path(device: str, folder: Path = BY_ID) -> Path:
    """Path of a device given as a path, or as part of a name in `/dev/input/by-id`. Raises `DeviceLost` where no or
    more than one keyboard there fits."""
    if "/" in device:
        return Path(device)
    found = sorted(path for path in folder.glob("*-event-kbd") if device.casefold() in path.name.casefold())
    if len(found) != 1:
        raise DeviceLost("scanner.port_missing", f"{len(found)} keyboards fit the name")
    return found[0]


class GrabbedKeyboard:
    """An opened and grabbed input device. `take` is `grab` but where the kernel has none to grab (tests)."""

    def __init__(self, path: Path, take: Callable[[int], None] = grab) -> None:
        """Open and grab. Raises `DeviceLost`; a device that cannot be grabbed is not read at all, because its keys
        would reach the screen too."""
        self._closing = threading.Lock()
        self._open = True
        self._wake_read, self._wake_write = os.pipe()
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            self._close_wakers()
            raise port_lost(error) from error
        try:
            take(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            self._close_wakers()
            raise port_lost(error) from error

    def read(self, timeout_s: float) -> list[InputEvent]:
        """Events that are there, waiting at most `timeout_s`. Raises `DeviceLost` when the device is unplugged."""
        try:
            ready, _, _ = select.select([self._descriptor, self._wake_read], [], [], timeout_s)
            if self._descriptor not in ready:
                return []
            data = os.read(self._descriptor, _READ_BYTES)
        except BlockingIOError:
            return []
        except OSError as error:
            raise port_lost(error) from error
        if not data:
            raise DeviceLost("scanner.port_missing", "end of file")
        whole = len(data) - len(data) % EVENT_LAYOUT.size
        return [
            InputEvent(type=kind, code=code, value=value)
            for _, _, kind, code, value in EVENT_LAYOUT.iter_unpack(data[:whole])
        ]

    def wake(self) -> None:
        """Make a waiting `read` return; from any thread, also while another closes."""
        with self._closing:
            if self._open:
                os.write(self._wake_write, b"x")

    def close(self) -> None:
        """Let the device go."""
        with self._closing:
            self._open = False
            os.close(self._descriptor)
            self._close_wakers()

    def _close_wakers(self) -> None:
        os.close(self._wake_read)
        os.close(self._wake_write)
