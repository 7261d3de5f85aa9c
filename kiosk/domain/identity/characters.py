"""Characters a code or a typed number must not hide: controls, zero-width and bidi marks, digits of other scripts."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_AIM_IDENTIFIER = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_SCAN_TERMINATORS = re.compile(r"[\r\n\t]+")
# What a decoder makes of UTF-8 Vietnamese when the QR has no ECI and it guesses Big5 or Shift-JIS.
_EAST_ASIAN = re.compile("[\u3000-\u9fff\uac00-\ud7af\uf900-\ufaff\uff61-\uff9f]")
_MISTAKEN_ENCODINGS = ("big5", "shift_jis", "cp932")


def is_hidden(char: str) -> bool:
    """True for a character nobody sees: control, format, surrogate, private use, unassigned, line separator."""
    return unicodedata.category(char) in _HIDDEN_CATEGORIES


def has_hidden(text: str) -> bool:
    return any(is_hidden(char) for char in text)


def without_hidden(text: str) -> str:
    return "".join(char for char in text if not is_hidden(char))


def has_foreign_digits(text: str) -> bool:
    """True where a digit is not ASCII: full-width, Arabic, superscript … look alike and are refused, not converted."""
    return any(not char.isascii() and (char.isdigit() or char.isdecimal()) for char in text)


def trimmed(text: str) -> str:
    """`text` without the scanner's AIM identifier (`]Q1`) and without spaces and hidden characters at its ends."""
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or is_hidden(text[start])):
        start += 1
    while end > start and (text[end - 1].isspace() or is_hidden(text[end - 1])):
        end -= 1
    return _AIM_IDENTIFIER.sub("", text[start:end])


def last_scan(text: str) -> str:
    """The last of several scans glued together with the scanner's terminator between them, trimmed."""
    scans = [scan for part in _SCAN_TERMINATORS.split(text) if (scan := trimmed(part))]
    return scans[-1] if scans else ""


def looks_mistaken(text: str) -> bool:
    """True where the text holds letters that a wrong guess of the encoding leaves in Vietnamese."""
    return _EAST_ASIAN.search(text) is not None


def repaired(text: str) -> str | None:
    """Text as it was before a decoder took its UTF-8 for Big5 or Shift-JIS; null when bytes were lost.

    Known of zbar/pyzbar (mchehab/zbar #212, NaturalHistoryMuseum/pyzbar #14).
    """
    for encoding in _MISTAKEN_ENCODINGS:
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None
