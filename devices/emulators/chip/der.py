"""Writing DER (ITU-T X.690), as much as certificates and security objects need."""

from __future__ import annotations

from datetime import UTC, datetime

from devices.chip.tlv import encode

_SEQUENCE, _SET = 0x30, 0x31


def sequence(*parts: bytes) -> bytes:
    return encode(_SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """A SET OF, its elements sorted as DER wants it."""
    return encode(_SET, *sorted(parts))


def oid(dotted: str) -> bytes:
    return encode(0x06, oid_value(dotted))


def oid_value(dotted: str) -> bytes:
    """The content bytes of an object identifier, without tag and length."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    return b"".join(_base_128(number) for number in (40 * first + second, *rest))


def integer(number: int) -> bytes:
    return encode(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def boolean(value: bool) -> bytes:
    return encode(0x01, b"\xff" if value else b"\x00")


def null() -> bytes:
    return encode(0x05, b"")


def octets(value: bytes) -> bytes:
    return encode(0x04, value)


def bits(value: bytes, unused: int = 0) -> bytes:
    return encode(0x03, bytes([unused]), value)


def utf8(text: str) -> bytes:
    return encode(0x0C, text.encode())


def printable(text: str) -> bytes:
    return encode(0x13, text.encode("ascii"))


def time(moment: datetime) -> bytes:
    """UTCTime up to 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5)."""
    utc = moment.astimezone(UTC)
    if utc.year < 2050:
        return encode(0x17, f"{utc:%y%m%d%H%M%SZ}".encode())
    return encode(0x18, f"{utc:%Y%m%d%H%M%SZ}".encode())


def explicit(number: int, *parts: bytes) -> bytes:
    """[number] EXPLICIT, constructed."""
    return encode(0xA0 | number, *parts)


def implicit(number: int, value: bytes, *, constructed: bool = False) -> bytes:
    """[number] IMPLICIT over content bytes."""
    return encode((0xA0 if constructed else 0x80) | number, value)


def _base_128(number: int) -> bytes:
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))
