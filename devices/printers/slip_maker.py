"""From a document to the bytes of a slip for one printer model."""

from __future__ import annotations

import re
from dataclasses import dataclass

from devices.contract import DeviceLost
from devices.printers.document import MIN_TEXT_PX, PrintDocument
from devices.printers.encoder import STATUS_REQUEST, EscPosEncoder
from devices.printers.options import PrinterOptions
from devices.printers.raster import Rasterizer
from devices.printers.typesetting import FontBook, font_files


@dataclass(frozen=True, kw_only=True)
class MadeSlip:
    """`marks` is how many answers to GS r the slip's bytes lead to, `mark_ends` where in them each question ends,
    `paper_mm` how much of the roll it takes."""

    data: memoryview
    marks: int
    mark_ends: tuple[int, ...]
    paper_mm: float


class SlipMaker:
    """Owned by the printer's thread; building one loads fonts and python-escpos, about half a second. Raises
    `DeviceLost` (`printer.font_unreadable`)."""

    def __init__(self, options: PrinterOptions) -> None:
        fonts = FontBook(font_files(options))
        try:
            fonts.font(MIN_TEXT_PX, bold=False)
            fonts.font(MIN_TEXT_PX, bold=True)
        except OSError as error:
            raise DeviceLost("printer.font_unreadable", type(error).__name__) from error
        self._model = options.capabilities
        self._rasterizer = Rasterizer(fonts, self._model.width_px, dpi=self._model.dpi)
        self._encoder = EscPosEncoder(self._model)

    def make(
        self, document: PrintDocument, fence: bytes, tag: bytes, *, after_a_torn_slip: bool, has_tags: bool = True
    ) -> MadeSlip:
        """The slip's bytes are those of `EscPosEncoder.encode`."""
        parts = self._rasterizer.render(document)
        data = self._encoder.encode(parts, fence, tag, after_a_torn_slip=after_a_torn_slip, has_tags=has_tags)
        return MadeSlip(
            data=memoryview(data),
            marks=self._encoder.marks(parts),
            mark_ends=tuple(found.end() for found in re.finditer(re.escape(STATUS_REQUEST), data)),
            paper_mm=self._model.paper_used_mm(self._encoder.height_px(parts)),
        )
