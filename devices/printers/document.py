"""A print document: what stands on a slip of paper, from top to bottom, for any printer.

Heights are dots of a 203 dpi printer (8 dots = 1 mm) on 80 mm paper; other heads keep the millimetres, 58 mm paper
has text a fifth smaller, not below `MIN_TEXT_PX`. Text is plain: it is drawn as a picture and commands no printer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

MIN_TEXT_PX = 20
MAX_QR_CHARS = 300
MAX_QR_MODULE_PX = 16


class PaperWidth(IntEnum):
    """Printable width in dots at 203 dpi."""

    MM_58 = 384
    MM_80 = 576


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, kw_only=True)
class Text:
    """A paragraph, wrapped between words. `height_px` is the font's size; a single word wider than the paper is drawn
    smaller. `inverted` draws white on a black bar. `max_lines` shrinks the text until it fits into so many lines.
    `tight` leaves out the room for accents and tails around the ink: for numbers set very large."""

    text: str
    height_px: int = 28
    bold: bool = False
    align: Align = Align.LEFT
    inverted: bool = False
    max_lines: int | None = None
    tight: bool = False


@dataclass(frozen=True, kw_only=True)
class TwoColumns:
    """A caption at the left and its value at the right of one line; a long value wraps within its column."""

    left: str
    right: str
    height_px: int = 28
    bold_right: bool = True


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A horizontal line over the printable width; dashed for a tear-off or a lighter division."""

    thickness_px: int = 2
    dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Gap:
    height_px: int = 12


@dataclass(frozen=True, kw_only=True)
class Qr:
    """A centred QR code, level M. `payload` is printable ASCII of at most `MAX_QR_CHARS` characters (an opaque id,
    nothing personal); anything else raises ValueError. `module_px` 6 is 0.75 mm, easy for any scanner."""

    payload: str
    module_px: int = 6

    def __post_init__(self) -> None:
        if not self.payload or len(self.payload) > MAX_QR_CHARS:
            raise ValueError("printer.qr_length_illegal")
        if not (self.payload.isascii() and self.payload.isprintable()):
            raise ValueError("printer.qr_payload_illegal")
        if not 1 <= self.module_px <= MAX_QR_MODULE_PX:
            raise ValueError("printer.qr_module_illegal")


Block = Text | TwoColumns | Rule | Gap | Qr


@dataclass(frozen=True, kw_only=True)
class PrintDocument:
    """The blocks of one slip; the printer's driver knows the paper's width, feeds and cuts after it."""

    blocks: tuple[Block, ...]
