"""Spoils one answer of a PACE run, for readers that must notice."""

from __future__ import annotations

from collections.abc import Callable

from devices.chip.groups import CurveGroup, Group
from devices.chip.tlv import Tlv, encode, find, parse_all
from devices.emulators.chip.protocol_faults import PaceFault

SpoilAnswer = Callable[[int, bytes, Tlv, Group], bytes]
"""Changes the data objects of an answer: its first tag (80, 82, 84, 86), the right objects, what the reader asked, and
the group the step is in."""


def leave_answer(tag: int, answer: bytes, asked: Tlv, group: Group) -> bytes:  # noqa: ARG001
    """An honest card."""
    return answer


def spoiler(fault: PaceFault | None) -> SpoilAnswer:
    """What spoils answers by `fault`."""
    if fault is None:
        return leave_answer

    def spoil(tag: int, answer: bytes, asked: Tlv, group: Group) -> bytes:
        if fault in _EVERYWHERE:
            return _EVERYWHERE[fault]
        where, change = _CHANGES[fault]
        return change(answer, asked, group) if tag == where else answer

    return spoil


def _value(answer: bytes) -> bytes:
    return parse_all(answer)[0].value


def _without_first(answer: bytes) -> bytes:
    return b"".join(each.encode() for each in parse_all(answer)[1:])


def _with_value(answer: bytes, value: bytes) -> bytes:
    first, *others = parse_all(answer)
    return encode(first.tag, value) + b"".join(each.encode() for each in others)


def _off_group(answer: bytes, asked: Tlv, group: Group) -> bytes:  # noqa: ARG001
    """Not an element: a point beside its curve, or the number of order two."""
    value = bytearray(_value(answer))
    if isinstance(group, CurveGroup):
        value[-1] ^= 1
        return _with_value(answer, bytes(value))
    return _with_value(answer, (group.field - 1).to_bytes(len(value), "big"))


def _neutral(answer: bytes, asked: Tlv, group: Group) -> bytes:  # noqa: ARG001
    if isinstance(group, CurveGroup):
        return _with_value(answer, b"\x04" + bytes(len(_value(answer)) - 1))
    return _with_value(answer, b"\x01".rjust(len(_value(answer)), b"\x00"))


def _compressed(answer: bytes, asked: Tlv, group: Group) -> bytes:  # noqa: ARG001
    value = _value(answer)
    return _with_value(answer, bytes([2 + (value[-1] & 1)]) + value[1 : 1 + len(value) // 2])


def _reflected(answer: bytes, asked: Tlv, group: Group) -> bytes:  # noqa: ARG001
    return _with_value(answer, parse_all(asked.value)[0].value)


def _short(answer: bytes, asked: Tlv, group: Group) -> bytes:  # noqa: ARG001
    return _with_value(answer, _value(answer)[:-1])


def _missing(answer: bytes, asked: Tlv, group: Group) -> bytes:  # noqa: ARG001
    return _without_first(answer)


def _other(answer: bytes, asked: Tlv, group: Group) -> bytes:  # noqa: ARG001
    return _with_value(answer, bytes(byte ^ 0x5A for byte in _value(answer)))


def _change_chip_data(answer: bytes, change: Callable[[bytes], bytes | None]) -> bytes:
    token, data = parse_all(answer)[0], find(parse_all(answer), 0x8A)
    changed = change(data.value) if data is not None else None
    return token.encode() + (encode(0x8A, changed) if changed is not None else b"")


_Change = Callable[[bytes, Tlv, Group], bytes]
_EVERYWHERE = {PaceFault.ANSWER_EMPTY: b"", PaceFault.ANSWER_GARBAGE: b"\x9f\xff\xff\xff\xff\x84\xff\xff"}
_CHANGES: dict[PaceFault, tuple[int, _Change]] = {
    PaceFault.NONCE_MISSING: (0x80, _missing),
    PaceFault.NONCE_NOT_BLOCKS: (0x80, _short),
    PaceFault.NONCE_OTHER: (0x80, _other),
    PaceFault.MAPPING_OFF_CURVE: (0x82, _off_group),
    PaceFault.MAPPING_NEUTRAL: (0x82, _neutral),
    PaceFault.MAPPING_SHORT: (0x82, _short),
    PaceFault.MAPPING_REFLECTED: (0x82, _reflected),
    PaceFault.KEY_OFF_CURVE: (0x84, _off_group),
    PaceFault.KEY_NEUTRAL: (0x84, _neutral),
    PaceFault.KEY_SHORT: (0x84, _short),
    PaceFault.KEY_COMPRESSED: (0x84, _compressed),
    PaceFault.KEY_REFLECTED: (0x84, _reflected),
    PaceFault.TOKEN_WRONG: (0x86, _other),
    PaceFault.TOKEN_MISSING: (0x86, _missing),
    PaceFault.TOKEN_REFLECTED: (0x86, _reflected),
    PaceFault.CAM_WRONG: (0x86, lambda answer, _asked, _group: _change_chip_data(answer, lambda d: d[::-1])),
    PaceFault.CAM_MISSING: (0x86, lambda answer, _asked, _group: _change_chip_data(answer, lambda _: None)),
    PaceFault.CAM_NOT_BLOCKS: (0x86, lambda answer, _asked, _group: _change_chip_data(answer, lambda d: d[:-1])),
}
