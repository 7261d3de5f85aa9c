"""BER-TLV data objects as chips use them (ISO/IEC 7816-4, 5.2.2; ISO/IEC 8825-1), with caps against hostile input."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from devices.chip.errors import MalformedData

MAX_SIZE = 1 << 20
"""Longest input looked at, in bytes: a face picture of 100 kB and a master list of 700 kB fit."""
MAX_DEPTH = 16
MAX_OBJECTS = 4096
"""Most data objects of one level."""
_MAX_TAG_BYTES = 3
_MAX_LENGTH_BYTES = 4
_CONSTRUCTED = 0x20


@dataclass(frozen=True, kw_only=True)
class Header:
    """Tag and length of a data object: `size` bytes announce `length` bytes of value."""

    tag: int
    length: int
    size: int


@dataclass(frozen=True, kw_only=True)
class Tlv:
    """One data object; `tag` with all its bytes as one number (`0x7F61`)."""

    tag: int
    value: bytes

    @property
    def constructed(self) -> bool:
        """Whether the tag says that the value is made of data objects."""
        first = self.tag
        while first > 0xFF:
            first >>= 8
        return bool(first & _CONSTRUCTED)

    def children(self) -> tuple[Tlv, ...]:
        """The data objects inside. Raises `MalformedData`."""
        return parse_all(self.value)

    def child(self, tag: int) -> Tlv:
        """The first data object with `tag` inside. Raises `MalformedData` when there is none."""
        return require(self.children(), tag)

    def encode(self) -> bytes:
        return encode(self.tag, self.value)


def read_header(data: bytes, start: int = 0) -> Header:
    """Tag and length at `start`; the value need not be there (a file's first bytes). Raises `MalformedData`."""
    tag, at = _read_tag(data, start)
    if at >= len(data):
        raise MalformedData("tlv: no length")
    first, at = data[at], at + 1
    if first < 0x80:
        return Header(tag=tag, length=first, size=at - start)
    count = first & 0x7F
    if not 1 <= count <= _MAX_LENGTH_BYTES or at + count > len(data):
        raise MalformedData("tlv: length of a kind not allowed here")
    length = int.from_bytes(data[at : at + count], "big")
    if length > MAX_SIZE:
        raise MalformedData("tlv: length beyond the cap")
    return Header(tag=tag, length=length, size=at + count - start)


def parse(data: bytes) -> Tlv:
    """The one data object that `data` is; trailing bytes are an error. Raises `MalformedData`."""
    objects = parse_all(data)
    if len(objects) != 1:
        raise MalformedData(f"tlv: {len(objects)} objects instead of one")
    return objects[0]


def parse_first(data: bytes) -> Tlv:
    """The data object `data` starts with; what follows is not looked at (files end in padding). Raises
    `MalformedData`."""
    return _object(data, 0)[0]


def parse_all(data: bytes) -> tuple[Tlv, ...]:
    """All data objects of one level, in order. Raises `MalformedData`."""
    if len(data) > MAX_SIZE:
        raise MalformedData("tlv: input beyond the cap")
    objects: list[Tlv] = []
    at = 0
    while at < len(data):
        if len(objects) == MAX_OBJECTS:
            raise MalformedData("tlv: too many objects")
        found, at = _object(data, at)
        objects.append(found)
    return tuple(objects)


def find(objects: Iterable[Tlv], tag: int) -> Tlv | None:
    """The first of `objects` with `tag`."""
    return next((each for each in objects if each.tag == tag), None)


def require(objects: Iterable[Tlv], tag: int) -> Tlv:
    """Like `find`, but raises `MalformedData` when there is none."""
    found = find(objects, tag)
    if found is None:
        raise MalformedData(f"tlv: no {tag:X}")
    return found


def encode(tag: int, *values: bytes) -> bytes:
    """A data object of `values` put together, its length in the shortest form (DER)."""
    value = b"".join(values)
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big") + encode_length(len(value)) + value


def encode_length(length: int) -> bytes:
    """A length in the shortest form (DER)."""
    if length < 0x80:
        return bytes([length])
    size = (length.bit_length() + 7) // 8
    return bytes([0x80 | size]) + length.to_bytes(size, "big")


def check_depth(data: bytes) -> None:
    """Raises `MalformedData` where constructed objects nest deeper than `MAX_DEPTH` or number more than the cap:
    a guard before decoders that recurse. Not for anything that is not BER throughout."""
    level = [data]
    seen = 0
    for _ in range(MAX_DEPTH):
        deeper: list[bytes] = []
        for part in level:
            objects = parse_all(part)
            seen += len(objects)
            deeper.extend(each.value for each in objects if each.constructed and each.value)
        if seen > 16 * MAX_OBJECTS:
            raise MalformedData("tlv: too many objects")
        if not deeper:
            return
        level = deeper
    raise MalformedData("tlv: nested too deep")


def _object(data: bytes, start: int) -> tuple[Tlv, int]:
    header = read_header(data, start)
    begin = start + header.size
    end = begin + header.length
    if end > len(data):
        raise MalformedData("tlv: cut short")
    return Tlv(tag=header.tag, value=data[begin:end]), end


def _read_tag(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise MalformedData("tlv: no tag")
    tag, at = data[at], at + 1
    if tag & 0x1F != 0x1F:
        return tag, at
    for _ in range(_MAX_TAG_BYTES):
        if at >= len(data):
            raise MalformedData("tlv: tag cut short")
        tag, at = tag << 8 | data[at], at + 1
        if not data[at - 1] & 0x80:
            return tag, at
    raise MalformedData("tlv: tag too long")
