"""Bytes of a scanned code to printable text, shared by scanners and cameras. Knows nothing of what the text means.

Order (measured on 4,937 Vietnamese names): strict UTF-8 first, because no CP1258 text is valid UTF-8 while 63 % of
UTF-8 texts decode "fine" as CP1258; then the likelier of CP1258 and TCVN3; then what can be saved with U+FFFD where
bytes were lost.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from devices.legacy_vietnamese import decode_legacy

UTF_8 = "utf-8"
DAMAGED = "damaged"
_DOUBLE_ENCODINGS = ("latin-1", "cp1252")
_FOREIGN_GUESSES = ("big5", "cp950", "shift_jis", "cp932")
_FOREIGN_LETTERS = re.compile("[\u3000-\u30ff\u3100-\u312f\u3400-\u9fff\uf900-\ufaff\uff61-\uff9f]")


@dataclass(frozen=True, kw_only=True)
class CodeText:
    """Printable NFC text of one code. `certain` is false when anything but plain UTF-8 had to be assumed. `encoding`
    is what its bytes were read as: `utf-8`, `cp1258`, `tcvn3`, the wrong guess of a scanner that was undone (`big5`,
    `shift_jis`, `latin-1` …), or `damaged` where bytes were lost."""

    text: str
    certain: bool
    encoding: str = UTF_8


def decode_code(data: bytes) -> CodeText:
    """Decode the bytes of one code. Never raises; the text may be empty and never holds a control character.

    A control character between printable ones becomes a space instead of vanishing, so that two numbers it stood
    between never melt into a third one.
    """
    decoded, encoding = _decode(data.replace(b"\0", b""))
    repaired, guess = _repair(decoded)
    framed = "".join(" " if unicodedata.category(character) == "Zs" else character for character in repaired)
    inner = _strip_ends(framed)
    return CodeText(
        text=_strip_ends(unicodedata.normalize("NFC", "".join(map(_visible, inner)))),
        certain=encoding == UTF_8 and guess is None and inner.isprintable(),
        encoding=guess or encoding,
    )


def _decode(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("utf-8-sig"), UTF_8
    except UnicodeDecodeError:
        pass
    if data.decode("utf-8", "ignore").isascii():  # no well-formed letter at all: not damaged UTF-8
        legacy = decode_legacy(data)
        if legacy is not None:
            return legacy.text, legacy.code_page
        return data.decode("ascii", "replace"), DAMAGED
    return data.decode("utf-8", "replace"), DAMAGED


def _repair(text: str) -> tuple[str, str | None]:
    """Undo a wrong guess made before us, when that loses nothing: UTF-8 read as Latin-1, Big5 or Shift-JIS. Answers
    the guess that was undone, or null."""
    if text.isascii():
        return text, None
    guesses = _FOREIGN_GUESSES if _FOREIGN_LETTERS.search(text) else _DOUBLE_ENCODINGS
    for guess in guesses:
        try:
            repaired = text.encode(guess).decode("utf-8")
        except UnicodeError:
            continue
        return (repaired, guess) if repaired != text else (text, None)
    return text, None


def _strip_ends(text: str) -> str:
    """Without blanks and controls at both ends (STX, ETX and the like frame a code, they are not in it)."""
    start, end = 0, len(text)
    while start < end and _is_margin(text[start]):
        start += 1
    while end > start and _is_margin(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_margin(character: str) -> bool:
    return character == " " or not character.isprintable()


def _visible(character: str) -> str:
    """Format characters (zero-width, direction marks) have no width; any other unprintable one separated something."""
    if character.isprintable():
        return character
    return "" if unicodedata.category(character) == "Cf" else " "
