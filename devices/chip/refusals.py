"""Which statuses of a chip mean that the password was wrong (ISO/IEC 7816-4, 5.6; ICAO 9303-11, 4.3.4 and 4.4.4)."""

from __future__ import annotations

from devices.chip.apdu import Status

_WRONG_KEY = {
    Status.AUTHENTICATION_FAILED,
    Status.SECURITY_NOT_SATISFIED,
    Status.METHOD_BLOCKED,
    Status.CONDITIONS_NOT_SATISFIED,
    Status.WRONG_DATA,
}


def says_wrong_key(status: int) -> bool:
    """Whether a refusal of the step that proves the password means a wrong one; chips differ in how they say it."""
    return status in _WRONG_KEY or is_counter(status)


def tries_left(status: int) -> int | None:
    """How many tries the chip says are left: 63Cx, and none when blocked."""
    if is_counter(status):
        return status & 0x0F
    return 0 if status == Status.METHOD_BLOCKED else None


def is_counter(status: int) -> bool:
    """63Cx."""
    return status & 0xFFF0 == 0x63C0
