"""Cleaning, measuring and wrapping text before it is drawn."""

from __future__ import annotations

import importlib.resources
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

from devices.printers.options import PrinterOptions

MAX_TEXT_CHARS = 600
SMALLEST_FONT_PX = 16
BALANCE_STEP_PX = 24
ELLIPSIS = "…"
FONT_PACKAGE = "fontpkg_be_vietnam_pro"

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True, kw_only=True)
class FontFiles:
    """TrueType files with all Vietnamese letters."""

    regular: Path
    bold: Path


def font_files(options: PrinterOptions) -> FontFiles:
    """The fonts of the settings, else Be Vietnam Pro from its package (OFL 1.1)."""
    if options.font_regular is not None and options.font_bold is not None:
        return FontFiles(regular=options.font_regular, bold=options.font_bold)
    folder = Path(str(importlib.resources.files(FONT_PACKAGE))) / "files"
    return FontFiles(regular=folder / "BeVietnamPro-Medium.ttf", bold=folder / "BeVietnamPro-Bold.ttf")


class FontBook:
    """Loads each font and size once. Not for several threads; raises OSError when a file is no font."""

    def __init__(self, files: FontFiles) -> None:
        self._files = files
        self._fonts: dict[tuple[bool, int], Font] = {}

    def font(self, size_px: int, *, bold: bool) -> Font:
        key = (bold, size_px)
        if key not in self._fonts:
            path = self._files.bold if bold else self._files.regular
            # the basic layout needs no raqm and Vietnamese in NFC needs no shaping
            self._fonts[key] = ImageFont.truetype(str(path), size_px, layout_engine=ImageFont.Layout.BASIC)
        return self._fonts[key]


def printable(text: str) -> str:
    """NFC in one line; control, bidirectional and zero-width characters are dropped, every kind of blank is a space.

    `str.isprintable` is false for C0, C1, U+202E, U+200B, U+2028 and BOM and true for every Vietnamese letter.
    """
    spaced = "".join(" " if char.isspace() else char for char in text[:MAX_TEXT_CHARS])
    kept = "".join(char for char in spaced if char.isprintable())
    return " ".join(unicodedata.normalize("NFC", kept).split())


def wrap(text: str, font: Font, width_px: int) -> list[str]:
    """Lines no wider than `width_px`, broken between words, inside a word only when it alone is too wide."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        candidate = f"{line} {word}" if line else word
        if font.getlength(candidate) <= width_px:
            line = candidate
            continue
        if line:
            lines.append(line)
        *full, line = _split_word(word, font, width_px)
        lines.extend(full)
    return [*lines, line]


def _split_word(word: str, font: Font, width_px: int) -> list[str]:
    parts, part = [], ""
    for char in word:
        if part and font.getlength(part + char) > width_px:
            parts.append(part)
            part = ""
        part += char
    return [*parts, part]


def fit(
    text: str, font_of: Callable[[int], Font], size_px: int, width_px: int, max_lines: int | None
) -> tuple[Font, list[str]]:
    """The largest font up to `size_px` at which no word is broken and `max_lines` holds, and the text's lines in it.
    At the smallest size words are broken and what is too much ends in an ellipsis."""
    smallest = min(SMALLEST_FONT_PX, size_px)
    for size in range(size_px, smallest - 1, -1):
        font = font_of(size)
        if max(font.getlength(word) for word in text.split(" ")) > width_px:
            continue
        lines = wrap(text, font, width_px)
        if max_lines is None or len(lines) <= max_lines:
            ends_short = len(lines) > 1 and font.getlength(lines[-1]) < width_px / 2
            return font, _balanced(lines, text, font, width_px) if ends_short else lines
    font = font_of(smallest)
    lines = wrap(text, font, width_px)
    return font, lines if max_lines is None else _cut_off(lines, font, width_px, max_lines)


def _balanced(lines: list[str], text: str, font: Font, width_px: int) -> list[str]:
    """The same number of lines, as even as can be: no lone word in the last one."""
    too_narrow_px = int(max(font.getlength(word) for word in text.split(" ")))
    while width_px - too_narrow_px > BALANCE_STEP_PX:
        middle_px = (width_px + too_narrow_px) // 2
        narrower = wrap(text, font, middle_px)
        if len(narrower) > len(lines):
            too_narrow_px = middle_px
        else:
            lines, width_px = narrower, middle_px
    return lines


def _cut_off(lines: list[str], font: Font, width_px: int, max_lines: int) -> list[str]:
    if len(lines) <= max_lines:
        return lines
    last = lines[max_lines - 1]
    while last and font.getlength(last + ELLIPSIS) > width_px:
        last = last[:-1]
    return [*lines[: max_lines - 1], last.rstrip() + ELLIPSIS]
