"""The answer to reset that a PC/SC reader makes up for a contactless card. Pure.

Source: PC/SC part 3, 3.1.3.2.3.1: `3B 8n 80 01`, the n historical bytes, a checksum. They are those of the ATS for
type A, and application data, protocol information and the MBLI of the ATTRIB answer for type B.
"""

from __future__ import annotations

_HEAD = 0x3B
_ONE_PROTOCOL_MORE, _T1 = 0x80, 0x01
_MOST_HISTORICAL = 15
_HAS_TA, _HAS_TB, _HAS_TC = 0x10, 0x20, 0x40


def atr_of_type_a(ats: bytes) -> bytes:
    """From an ATS as ISO/IEC 14443-4, 5.2 has it (its first byte counts itself); an empty one has no history."""
    return _atr(historical_bytes(ats))


def atr_of_type_b(atqb: bytes, attrib_answer: bytes) -> bytes:
    """From ATQB (ISO/IEC 14443-3, 7.9: `50`, PUPI, 4 + 3 bytes) and the answer to ATTRIB, whose upper half byte is the
    MBLI."""
    mbli = attrib_answer[0] & 0xF0 if attrib_answer else 0
    return _atr(atqb[5:12].ljust(7, b"\0") + bytes([mbli]))


def historical_bytes(ats: bytes) -> bytes:
    """What follows the interface bytes of an ATS; a cut one gives what is there."""
    if len(ats) < 2:
        return b""
    interface_bytes = sum(bool(ats[1] & flag) for flag in (_HAS_TA, _HAS_TB, _HAS_TC))
    return bytes(ats[2 + interface_bytes : ats[0]])[:_MOST_HISTORICAL]


def bit_rates_of(ats: bytes) -> int:
    """TA(1) of an ATS: which bit rates the card can take beside 106 kbit/s; 0 when it names none."""
    return ats[2] if len(ats) > 2 and ats[1] & _HAS_TA else 0


def _atr(historical: bytes) -> bytes:
    body = bytes([_ONE_PROTOCOL_MORE | len(historical), _ONE_PROTOCOL_MORE, _T1]) + historical
    checksum = 0
    for byte in body:
        checksum ^= byte
    return bytes([_HEAD]) + body + bytes([checksum])
