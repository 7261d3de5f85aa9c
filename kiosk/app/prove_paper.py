"""Reading a paper as a person would: which ticket its QR names, which number stands on it, whether it is marked a copy.

The emulated printer gives dots. A word is found by drawing it as the kiosk's printer does and looking for these rows of
dots, so a wrong or torn number is not taken for the right one.
"""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image, ImageChops

from devices.emulators.printer import PrintedTicket
from devices.printers.document import Align, PrintDocument, Text
from devices.printers.options import PrinterOptions
from devices.printers.raster import Rasterizer
from devices.printers.typesetting import FontBook, font_files
from kiosk.domain.localized import Language, Texts
from kiosk.domain.slip import TICKET_CODE_PREFIX
from kiosk.station.devices_bridge.slip_document import LABEL_HEIGHT_PX, MARK_HEIGHT_PX

CHANGED_DOTS = 40
"""Two numbers differ in hundreds of dots."""


def ref_of(ticket: PrintedTicket) -> str | None:
    """What the QR names; null where none can be read."""
    own = (code for code in ticket.codes if code.startswith(TICKET_CODE_PREFIX))
    code = next(own, None)
    return None if code is None else code.removeprefix(TICKET_CODE_PREFIX)


class PaperReader:
    """Reads papers of printers with these options. Used by one thread."""

    def __init__(self, options: PrinterOptions, texts: Texts) -> None:
        model = options.capabilities
        self._rasterizer = Rasterizer(FontBook(font_files(options)), model.width_px, dpi=model.dpi)
        self._known: dict[str, bytes] = {}
        self._marks = [
            self._rows(Text(text=words, height_px=MARK_HEIGHT_PX, bold=True, align=Align.CENTER, inverted=True))
            for words in {texts.text("ticket.slip.reprint", language) for language in Language}
        ]

    def labels_on(self, image: Image.Image, candidates: Iterable[str]) -> tuple[str, ...]:
        """Those of `candidates` that stand on the paper as its number."""
        dots = image.tobytes()
        return tuple(label for label in candidates if _has(dots, self._label(label), image.width))

    def is_marked(self, image: Image.Image) -> bool:
        """Whether the paper says that it is a copy."""
        dots = image.tobytes()
        return any(_has(dots, mark, image.width) for mark in self._marks)

    def _label(self, label: str) -> bytes:
        if label not in self._known:
            block = Text(text=label, height_px=LABEL_HEIGHT_PX, bold=True, align=Align.CENTER, max_lines=1, tight=True)
            self._known[label] = self._rows(block)
        return self._known[label]

    def _rows(self, block: Text) -> bytes:
        (picture,) = self._rasterizer.render(PrintDocument(blocks=(block,)))
        assert isinstance(picture, Image.Image)
        ink = ImageChops.invert(picture.convert("L")).getbbox()
        if ink is None:
            raise ValueError("nothing to look for")
        return picture.crop((0, ink[1], picture.width, ink[3])).tobytes()


def _has(dots: bytes, wanted: bytes, width_px: int) -> bool:
    """Whole rows of one picture in another of the same width, but for a few dots the driver changes for the printer's
    sake."""
    row_bytes = (width_px + 7) // 8
    rows = len(wanted) // row_bytes
    return any(_stands(dots, wanted, row_bytes, row_bytes * (rows * nth // 4)) for nth in (1, 2, 3))


def _stands(dots: bytes, wanted: bytes, row_bytes: int, anchor: int) -> bool:
    """Whether `wanted` is found by its row that begins at the byte `anchor`."""
    row = wanted[anchor : anchor + row_bytes]
    at = dots.find(row)
    while at >= 0:
        begin = at - anchor
        if (
            begin >= 0
            and begin % row_bytes == 0
            and _differing(dots[begin : begin + len(wanted)], wanted) <= CHANGED_DOTS
        ):
            return True
        at = dots.find(row, at + 1)
    return False


def _differing(some: bytes, others: bytes) -> int:
    return (int.from_bytes(some) ^ int.from_bytes(others)).bit_count() if len(some) == len(others) else len(others)
