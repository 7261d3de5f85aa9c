"""Draws a print document as pure black and white pictures, one dot of the picture being one dot on the paper."""

from __future__ import annotations

import math
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw

from devices.printers.document import (
    MIN_TEXT_PX,
    Align,
    Gap,
    PrintDocument,
    Qr,
    Rule,
    Text,
    TwoColumns,
)
from devices.printers.models import MM_PER_INCH
from devices.printers.typesetting import Font, FontBook, fit, printable

WHITE, BLACK = 255, 0
INK_THRESHOLD = 150  # a little over the middle: thin strokes survive, since heat spreads on thermal paper
LINE_SPACING = 0.95  # of ascent plus descent
CLEAR_PX = 2  # between the ink of two lines, and above the first
COLUMN_GUTTER_PX = 16
MAX_CAPTION_SHARE = 0.45
BAR_PADDING_PX = 10
TIGHT_PADDING_PX = 4
DASH_PX = 8
DESIGN_DPI = 203
NARROW_BELOW_MM = 60.0
NARROW_TEXT = 0.8

Picture = Image.Image


class Rasterizer:
    """Turns documents into pictures of mode '1' as wide as the paper. Owned by one thread (fonts are cached).

    Text has the same size in millimetres whatever the head's `dpi`; on narrow paper it is a little smaller, since
    shrunk with the width it could not be read at arm's length."""

    def __init__(self, fonts: FontBook, width_px: int, *, dpi: int = DESIGN_DPI) -> None:
        self._fonts = fonts
        self._width_px = int(width_px)
        narrow = width_px * MM_PER_INCH / dpi < NARROW_BELOW_MM
        self._scale = dpi / DESIGN_DPI * (NARROW_TEXT if narrow else 1.0)

    def render(self, document: PrintDocument) -> tuple[Picture | Qr, ...]:
        """Pictures and QR codes in print order; neighbouring blocks are joined into one picture."""
        parts: list[Picture | Qr] = []
        pending: list[Picture] = []
        for block in document.blocks:
            if isinstance(block, Qr):
                parts += [*_joined(pending), block]
                pending = []
            else:
                pending.append(self._draw(block))
        return (*parts, *_joined(pending))

    def _draw(self, block: Text | TwoColumns | Rule | Gap) -> Picture:
        match block:
            case Text():
                return self._text(block)
            case TwoColumns():
                return self._columns(block)
            case Rule():
                return self._rule(block)
            case Gap():
                return self._blank(self._width_px, block.height_px)

    def _size(self, height_px: int) -> int:
        return max(min(height_px, MIN_TEXT_PX), round(height_px * self._scale))

    def _text(self, block: Text) -> Picture:
        text = printable(block.text)
        if not text:
            return self._blank(self._width_px, 0)
        padding = BAR_PADDING_PX if block.inverted else 0
        font, lines = self._fit(text, block.height_px, block.bold, self._width_px - 2 * padding, block.max_lines)
        picture = _paragraph(lines, font, self._width_px - 2 * padding, block.align)
        if block.tight or block.inverted:
            picture = _trimmed(picture, BAR_PADDING_PX if block.inverted else TIGHT_PADDING_PX)
        if not block.inverted:
            return picture
        bar = self._blank(self._width_px, picture.height)
        bar.paste(picture, (padding, 0))
        return ImageChops.invert(bar)

    def _columns(self, block: TwoColumns) -> Picture:
        caption, value = printable(block.left), printable(block.right)
        caption_font, _ = self._fit(caption, block.height_px, False, self._width_px, 1)
        value_font, _ = self._fit(value, block.height_px, block.bold_right, self._width_px, 1)
        wanted_px = round(caption_font.getlength(caption)) + COLUMN_GUTTER_PX
        beside_value_px = self._width_px - math.ceil(value_font.getlength(value))
        left_px = min(wanted_px, max(round(self._width_px * MAX_CAPTION_SHARE), beside_value_px))
        left = self._cell(caption, block.height_px, False, left_px - COLUMN_GUTTER_PX, Align.LEFT)
        right = self._cell(value, block.height_px, block.bold_right, self._width_px - left_px, Align.RIGHT)
        picture = self._blank(self._width_px, max(left.height, right.height))
        picture.paste(left, (0, 0))
        picture.paste(right, (left_px, 0))
        return picture

    def _cell(self, text: str, height_px: int, bold: bool, width_px: int, align: Align) -> Picture:
        if not text:
            return self._blank(max(width_px, 1), 0)
        font, lines = self._fit(text, height_px, bold, width_px, None)
        return _paragraph(lines, font, width_px, align)

    def _fit(
        self, text: str, height_px: int, bold: bool, width_px: int, max_lines: int | None
    ) -> tuple[Font, list[str]]:
        return fit(text, lambda size: self._fonts.font(size, bold=bold), self._size(height_px), width_px, max_lines)

    def _rule(self, block: Rule) -> Picture:
        picture = self._blank(self._width_px, block.thickness_px)
        draw = ImageDraw.Draw(picture)
        step = 2 * DASH_PX if block.dashed else self._width_px
        length = DASH_PX if block.dashed else self._width_px
        for left in range(0, self._width_px, step):
            draw.rectangle((left, 0, left + length - 1, block.thickness_px - 1), fill=BLACK)
        return picture

    @staticmethod
    def _blank(width_px: int, height_px: int) -> Picture:
        return Image.new("L", (width_px, max(height_px, 0)), WHITE)


def _paragraph(lines: list[str], font: Font, width_px: int, align: Align) -> Picture:
    ascent, descent = font.getmetrics()
    inks = [font.getbbox(line) for line in lines]
    tops = _line_tops(inks, ascent + descent)
    height = tops[-1] + max(ascent + descent, math.ceil(inks[-1][3]))
    picture = Image.new("L", (width_px, height), WHITE)
    draw = ImageDraw.Draw(picture)
    for line, ink, top in zip(lines, inks, tops, strict=True):
        free_px = width_px - font.getlength(line)
        left = {Align.LEFT: 0.0, Align.CENTER: free_px / 2, Align.RIGHT: free_px}[align]
        # a letter may lean out of its own width: keep its ink on the paper
        left = max(min(left, width_px - ink[2]), -ink[0])
        draw.text((round(left), top), line, font=font, fill=BLACK)
    return picture


def _line_tops(inks: list[tuple[float, float, float, float]], line_px: int) -> list[int]:
    """Where each line's ascent begins. The two accents of a Vietnamese capital stand higher than the ascent of Be
    Vietnam Pro, a fifth of the font's size, so lines that have them move down until no ink touches."""
    tops = [max(0, math.ceil(CLEAR_PX - inks[0][1]))]
    for above, ink in pairwise(inks):
        step = max(round(line_px * LINE_SPACING), math.ceil(above[3] - ink[1]) + CLEAR_PX)
        tops.append(tops[-1] + step)
    return tops


def _trimmed(picture: Picture, padding_px: int) -> Picture:
    ink = ImageChops.invert(picture).getbbox()
    if ink is None:
        return picture
    _, top, _, bottom = ink
    trimmed = Image.new("L", (picture.width, bottom - top + 2 * padding_px), WHITE)
    trimmed.paste(picture.crop((0, top, picture.width, bottom)), (0, padding_px))
    return trimmed


def _joined(pictures: list[Picture]) -> list[Picture]:
    height_px = sum(picture.height for picture in pictures)
    if not height_px:
        return []
    whole = Image.new("L", (pictures[0].width, height_px), WHITE)
    top = 0
    for picture in pictures:
        whole.paste(picture, (0, top))
        top += picture.height
    ink = [WHITE if level >= INK_THRESHOLD else BLACK for level in range(256)]
    return [whole.point(ink, mode="1")]
