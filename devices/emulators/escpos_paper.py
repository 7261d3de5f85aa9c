"""The paper of an emulated receipt printer: a strip of dots that grows downwards, and the line being composed on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageDraw, ImageFont

MAX_ROWS = 16_000  # 2 m at 8 dots/mm: what garbage may feed before the emulator stops drawing
_GROWTH_ROWS = 1_024
_CELL = (12, 24)  # font A of Epson's 80 mm printers
_SMALL_CELL = (9, 17)  # font B
_INK = 255


@dataclass(kw_only=True)
class TextStyle:
    """How the next character looks. `width_factor` and `height_factor` are 1 to 8."""

    bold: bool = False
    underlined: bool = False
    reversed: bool = False
    small: bool = False
    width_factor: int = 1
    height_factor: int = 1


class Paper:
    """Dots are drawn at the cursor row; what is fed stays white."""

    def __init__(self, width_dots: int) -> None:
        self.width_dots = width_dots
        self.rows = 0
        self._strip = Image.new("L", (width_dots, _GROWTH_ROWS))

    def feed(self, rows: int) -> None:
        self.rows = min(MAX_ROWS, self.rows + max(0, rows))
        if self.rows > self._strip.height:
            taller = Image.new("L", (self.width_dots, self.rows + _GROWTH_ROWS))
            taller.paste(self._strip, (0, 0))
            self._strip = taller

    def stamp(self, ink: Image.Image, left: int) -> None:
        """Print `ink` (mode "L", 255 is black) from the cursor row on and feed by its height; clipped to the paper."""
        top = self.rows
        self.feed(ink.height)
        box = (left, top, left + ink.width, top + ink.height)
        self._strip.paste(ImageChops.lighter(self._strip.crop(box), ink), (left, top))

    def cut(self) -> Image.Image:
        """What was printed since the last cut: mode "1", black on white, at least one row high."""
        piece = self._strip.crop((0, 0, self.width_dots, max(1, self.rows)))
        self.rows = 0
        self._strip = Image.new("L", (self.width_dots, _GROWTH_ROWS))
        return ImageChops.invert(piece).convert("1", dither=Image.Dither.NONE)


@dataclass(kw_only=True)
class Line:
    """The line under composition: pieces of ink beside each other, standing on a common base line."""

    pieces: list[tuple[int, Image.Image]] = field(default_factory=list)
    cursor: int = 0

    @property
    def height(self) -> int:
        return max((ink.height for _, ink in self.pieces), default=0)

    def add(self, ink: Image.Image) -> None:
        self.pieces.append((self.cursor, ink))
        self.cursor += ink.width

    def compose(self) -> Image.Image | None:
        """The line as one picture, or None when nothing stands on it."""
        if not self.pieces:
            return None
        height = self.height
        whole = Image.new("L", (max(left + ink.width for left, ink in self.pieces), height))
        for left, ink in self.pieces:
            whole.paste(ink, (left, height - ink.height))
        return whole


def ink_of_bits(data: bytes, width: int, height: int) -> Image.Image:
    """Packed rows (most significant bit left, 1 is black) as ink."""
    return Image.frombytes("1", (width, height), data).convert("L")


def scaled(ink: Image.Image, horizontal: int, vertical: int) -> Image.Image:
    if (horizontal, vertical) == (1, 1):
        return ink
    return ink.resize((ink.width * horizontal, ink.height * vertical), Image.Resampling.NEAREST)


class Typewriter:
    """Draws single characters into their cells with Pillow's own font: legible, not the printer's typeface."""

    def __init__(self) -> None:
        self._fonts = {cell: ImageFont.load_default(size=cell[1] * 0.75) for cell in (_CELL, _SMALL_CELL)}

    def cell_width(self, style: TextStyle) -> int:
        return (_SMALL_CELL if style.small else _CELL)[0] * style.width_factor

    def draw(self, character: str, style: TextStyle) -> Image.Image:
        cell = _SMALL_CELL if style.small else _CELL
        ink = self._glyph(character, cell)
        if style.bold:
            ink = ImageChops.lighter(ink, ImageChops.offset(ink, 1, 0))
        if style.underlined:
            ImageDraw.Draw(ink).line((0, cell[1] - 1, cell[0], cell[1] - 1), fill=_INK)
        if style.reversed:
            ink = ImageChops.invert(ink)
        return scaled(ink, style.width_factor, style.height_factor)

    def _glyph(self, character: str, cell: tuple[int, int]) -> Image.Image:
        font = self._fonts[cell]
        wide = Image.new("L", (max(cell[0], round(font.getlength(character)) + 1), cell[1]))
        ImageDraw.Draw(wide).text((0, 0), character, fill=_INK, font=font)
        return wide.resize(cell).point(lambda grey: _INK if grey > 100 else 0)
