"""From a document to the bytes of a slip for one printer model."""

from __future__ import annotations

from devices.contract import DeviceLost
from devices.printers.document import MIN_TEXT_PX, PrintDocument
from devices.printers.encoder import EscPosEncoder
from devices.printers.options import PrinterOptions
from devices.printers.raster import Rasterizer
from devices.printers.typesetting import FontBook, font_files


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

    def make(self, document: PrintDocument, tag: bytes, *, after_a_torn_slip: bool) -> tuple[memoryview, float]:
        """The slip's bytes, as `EscPosEncoder.encode` says, and how many millimetres of paper it takes."""
        parts = self._rasterizer.render(document)
        data = self._encoder.encode(parts, tag, after_a_torn_slip=after_a_torn_slip)
        return memoryview(data), self._model.paper_used_mm(self._encoder.height_px(parts))
