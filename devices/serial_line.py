"""What the drivers on serial lines need of pyserial.

Quirks met (pyserial 3.5): an unplugged port raises any of `GONE`, depending on the call, and its `is_open` stays true.
"""

from __future__ import annotations

import termios
from collections.abc import Callable
from typing import Protocol

import serial

GONE = (serial.SerialException, OSError, termios.error, TypeError)


class SerialPort(Protocol):
    """The part of `serial.Serial` that is used."""

    timeout: float | None
    baudrate: int

    @property
    def in_waiting(self) -> int: ...

    def read(self, size: int = 1, /) -> bytes: ...

    def write(self, data: bytes, /) -> int | None: ...

    def cancel_read(self) -> None: ...

    def close(self) -> None: ...


def quietly(release: Callable[[], None]) -> None:
    """Release something of a port that may be gone already: then nothing is left to release."""
    try:
        release()
    except GONE:
        return
