"""How long the APDUs are that a PC/SC reader carries, as it says itself (PC/SC part 10, GET_TLV_PROPERTIES).

Readers that exchange short APDUs only, such as the ACR122U, fail at the first long one with an error that looks like a
card taken away; so they are asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from devices.card_readers.channel import EXTENDED_LENGTH, SHORT_LENGTH, ChannelLimits

Control = Callable[[int, bytes], bytes | None]
"""Sends a control code with its data to the reader; None where the reader does not know it."""
GET_FEATURE_REQUEST = 0x42000000 + 3400
"""CM_IOCTL_GET_FEATURE_REQUEST as pcsc-lite numbers it."""
_FEATURE_TLV_PROPERTIES = 0x12
_MAX_APDU_DATA_SIZE = 0x0A
_LONGEST_SHORT_DATA = 256
_LONGEST_DATA = 65_536
_LONG_HEADER_AND_LE = 4 + 3 + 2
_STATUS_BYTES = 2


def carried_lengths(control: Control) -> ChannelLimits:
    """The longest APDUs that pass; every length where the reader does not say."""
    for tag, value in _objects(control(GET_FEATURE_REQUEST, b"") or b""):
        if tag == _FEATURE_TLV_PROPERTIES and len(value) == 4:
            return _limits_of(control(int.from_bytes(value, "big"), b"") or b"")
    return EXTENDED_LENGTH


def _limits_of(properties: bytes) -> ChannelLimits:
    for tag, value in _objects(properties):
        if tag == _MAX_APDU_DATA_SIZE:
            return _limits_for(int.from_bytes(value, "little"))
    return EXTENDED_LENGTH


def _limits_for(data_size: int) -> ChannelLimits:
    """Zero is a reader for short APDUs only."""
    if data_size <= _LONGEST_SHORT_DATA:
        return SHORT_LENGTH
    if data_size >= _LONGEST_DATA:
        return EXTENDED_LENGTH
    return ChannelLimits(max_command_bytes=data_size + _LONG_HEADER_AND_LE, max_answer_bytes=data_size + _STATUS_BYTES)


def _objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag, length and value of one byte, one byte and that many; what is cut short is left out."""
    at = 0
    while at + 2 <= len(data) and at + 2 + data[at + 1] <= len(data):
        yield data[at], data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]
