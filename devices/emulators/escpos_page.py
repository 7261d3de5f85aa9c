"""The state of standard mode: style, alignment, line spacing, code page, and the line being composed."""

from __future__ import annotations

import codecs

from PIL import Image

from devices.emulators.escpos_paper import Line, Paper, TextStyle, Typewriter

_DEFAULT_SPACING_DOTS = 30
_TAB_CHARACTERS = 8
_CODE_PAGES = {0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 16: "cp1252", 17: "cp866", 18: "cp852"} | {
    19: "cp858",
    52: "cp1258",
}
"""Epson's page numbers. Pages without a Python codec (30 and 31, TCVN-3) print every high byte as "?"."""


class Page:
    """What stands on the paper and how the next thing will be put there. Never raises."""

    def __init__(self, width_dots: int) -> None:
        self.width_dots = width_dots
        self._paper = Paper(width_dots)
        self._typewriter = Typewriter()
        self.reset()

    def reset(self) -> None:
        """ESC @: settings as after power-on; the line begun is lost, the paper stays."""
        self._line = Line()
        self._style = TextStyle()
        self._alignment = 0
        self._spacing = _DEFAULT_SPACING_DOTS
        self._codec: str | None = _CODE_PAGES[0]

    def cut(self) -> Image.Image:
        return self._paper.cut()

    def write(self, code: int) -> None:
        if self._line.cursor + self._typewriter.cell_width(self._style) > self.width_dots:
            self.end_line()
        self._line.add(self._typewriter.draw(self._character(code), self._style))

    def add(self, ink: Image.Image) -> None:
        """Put a column image into the line; what does not fit is lost."""
        if self._line.cursor < self.width_dots:
            self._line.add(ink.crop((0, 0, min(ink.width, self.width_dots - self._line.cursor), ink.height)))

    def end_line(self) -> None:
        """LF: print the line and feed by the line spacing, or by the line's height when that is more."""
        height = self._line.height
        self.finish_line()
        self._paper.feed(max(0, self._spacing - height))

    def finish_line(self) -> None:
        """Print the line begun, if any, and feed by its height only."""
        ink, self._line = self._line.compose(), Line()
        if ink is not None:
            self.stamp(ink)

    def stamp(self, ink: Image.Image) -> None:
        spare = self.width_dots - ink.width
        left = 0 if spare < 0 else (0, spare // 2, spare)[self._alignment]
        self._paper.stamp(ink.crop((0, 0, min(ink.width, self.width_dots), ink.height)), left)

    def tab(self) -> None:
        stop = _TAB_CHARACTERS * self._typewriter.cell_width(TextStyle())
        self.move_to((self._line.cursor // stop + 1) * stop)

    def move_to(self, dots: int) -> None:
        if dots < self.width_dots:
            self._line.cursor = dots

    def feed_blank(self, dots: int) -> None:
        self._paper.feed(dots)

    def feed_dots(self, dots: int) -> None:
        """ESC J: print the line and feed `dots`."""
        self.finish_line()
        self._paper.feed(dots)

    def feed_lines(self, lines: int) -> None:
        """ESC d: print the line and feed `lines` line spacings."""
        self.finish_line()
        self._paper.feed(lines * self._spacing)

    def set_print_mode(self, bits: int) -> None:
        self._style = TextStyle(
            small=bool(bits & 0x01),
            bold=bool(bits & 0x08),
            height_factor=2 if bits & 0x10 else 1,
            width_factor=2 if bits & 0x20 else 1,
            underlined=bool(bits & 0x80),
            reversed=self._style.reversed,
        )

    def set_size(self, bits: int) -> None:
        self._style.width_factor = (bits >> 4 & 7) + 1
        self._style.height_factor = (bits & 7) + 1

    def set_bold(self, value: int) -> None:
        self._style.bold = bool(value & 1)

    def set_underlined(self, value: int) -> None:
        self._style.underlined = value in (1, 2, 49, 50)

    def set_reversed(self, value: int) -> None:
        self._style.reversed = bool(value & 1)

    def set_font(self, value: int) -> None:
        self._style.small = value in (1, 49)

    def set_alignment(self, value: int) -> None:
        if value in (0, 1, 2, 48, 49, 50):
            self._alignment = value % 48

    def set_spacing(self, dots: int) -> None:
        self._spacing = dots

    def set_default_spacing(self) -> None:
        self._spacing = _DEFAULT_SPACING_DOTS

    def set_code_page(self, number: int) -> None:
        self._codec = _CODE_PAGES.get(number)

    def _character(self, code: int) -> str:
        if code < 0x80:
            return chr(code)
        if self._codec is None:
            return "?"
        return codecs.decode(bytes([code]), self._codec, "replace")
