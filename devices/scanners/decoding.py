"""One frame of a scanner to text: removes the AIM symbology identifier and decodes the rest."""

from __future__ import annotations

import re

from devices.code_text import CodeText, decode_code

_AIM_IDENTIFIER = re.compile(rb"\A[\x00-\x20]*\]([A-Za-z])[0-9A-Za-z]")
"""`]Q1`, `]C0`, `]d2` …: flag, code letter and modifier of ISO/IEC 15424, sent first when the scanner is set so."""


def decode_frame(data: bytes) -> CodeText:
    """Decode the bytes of one frame (no terminator in it). Never raises; `text` is empty when nothing is printable."""
    return decode_code(_AIM_IDENTIFIER.sub(b"", data, count=1))


def has_aim_identifier(data: bytes) -> bool:
    """True where the scanner is set to send its symbology identifier before each code."""
    return _AIM_IDENTIFIER.match(data) is not None


def aim_letter(data: bytes) -> str:
    """The symbology's code letter (`Q` is QR) where the scanner sends one, else empty."""
    identifier = _AIM_IDENTIFIER.match(data)
    return identifier[1].decode("ascii") if identifier else ""
