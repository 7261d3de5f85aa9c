"""Files that no honest card holds, made of the right ones: what a parser must survive."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from devices.chip.tlv import encode, encode_length, parse_first

_DEPTH, _LONG_CHAIN, _MANY = 200, 4_000, 6_000
_CONSTRUCTED = 0x30


def _head(file: bytes) -> int:
    return parse_first(file).tag


def _tag_bytes(file: bytes) -> bytes:
    tag = _head(file)
    return tag.to_bytes((tag.bit_length() + 7) // 8, "big")


def _cut(file: bytes) -> bytes:
    """Its second half is missing, its announced length is not."""
    return file[: len(file) // 2]


def _cut_rightly(file: bytes) -> bytes:
    """Its second half is missing, and the outermost length is right again."""
    value = parse_first(file).value
    return encode(_head(file), value[: len(value) // 2])


def _deep(file: bytes) -> bytes:
    value = b""
    for _ in range(_DEPTH):
        value = encode(_CONSTRUCTED, value)
    return encode(_head(file), value)


def _very_deep(file: bytes) -> bytes:
    """Nested thousands of times, each with the length that all the rest has."""
    value = b""
    for _ in range(_LONG_CHAIN):
        value = encode(_CONSTRUCTED, value)
    return encode(_head(file), value)


def _many(file: bytes) -> bytes:
    return encode(_head(file), b"\x30\x00" * _MANY)


def _endless(file: bytes) -> bytes:
    """Indefinite length, and no end."""
    return _tag_bytes(file) + b"\x80" + parse_first(file).value


def _huge(file: bytes) -> bytes:
    """Announces two gigabytes."""
    return _tag_bytes(file) + b"\x84\x7f\xff\xff\xff" + parse_first(file).value


def _long_length(file: bytes) -> bytes:
    """A length of nine bytes."""
    return _tag_bytes(file) + b"\x89" + bytes(7) + len(file).to_bytes(2, "big") + parse_first(file).value


def _inner_overrun(file: bytes) -> bytes:
    """The first object inside announces more than the file has."""
    value = parse_first(file).value
    return encode(_head(file), value[:1] + b"\x82\xff\xff" + value[2:])


def _flipped(file: bytes) -> bytes:
    """Every byte of the value turned over."""
    return encode(_head(file), bytes(byte ^ 0xFF for byte in parse_first(file).value))


def _other_tag(file: bytes) -> bytes:
    return b"\x5a" + encode_length(len(file)) + file


_Change = Callable[[bytes], bytes]
HOSTILE: Mapping[str, _Change] = {
    "empty": lambda _file: b"",
    "one-byte": lambda file: file[:1],
    "no-value": lambda file: encode(_head(file), b""),
    "zeros": lambda file: bytes(len(file)),
    "ones": lambda file: b"\xff" * len(file),
    "other-tag": _other_tag,
    "cut": _cut,
    "cut-rightly": _cut_rightly,
    "flipped": _flipped,
    "deep": _deep,
    "very-deep": _very_deep,
    "many": _many,
    "endless": _endless,
    "huge": _huge,
    "long-length": _long_length,
    "inner-overrun": _inner_overrun,
}
"""What is made of a file, by name. Raises `MalformedData` for a file that is no data object itself."""
