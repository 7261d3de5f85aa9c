"""Turns a rendered print document into ESC/POS bytes, with python-escpos as the encoder.

Only these commands are ever sent: ESC @, ESC a, ESC J, GS a, GS v 0, GS ( k, GS V, GS ( H, GS r. There is no text
command, so no name can hold one. Source: Epson ESC/POS command reference; python-escpos 3.1.
"""

from __future__ import annotations

import importlib
import logging
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import zxingcpp
from PIL import Image

from devices.printers.document import Qr
from devices.printers.jobs import TAG_LENGTH
from devices.printers.models import ConfirmBy, PrinterModel, QrForm
from devices.printers.raster import WHITE, Picture

RESET = b"\x1b@"
BAND_ROWS = 128
"""Rows of one GS v 0: many clones buffer little, and what ends a picture torn in the middle stays short."""
RASTER_HEADER_BYTES = 8
QUESTION_START = re.compile(rb"\x10(?=[\x04\x05\x14])|\x1b(?=[uv])|\x1d(?=[Ir])")
DEFUSED = {b"\x10": b"\x18", b"\x1b": b"\x5b", b"\x1d": b"\x5d"}
SWALLOWS_ONE_BYTE = b"\x1b "
"""ESC SP n, without its n. The last dots of every picture: five of them, at the right edge."""
QR_QUIET_MODULES = 4
QR_LEVEL_M = 1
JOB_TAG_COMMAND = b"\x1d(H\x06\x00\x30\x30"
STATUS_REQUEST = b"\x1dr\x01"
"""GS r: answered when all that was sent before is worked off. It stands behind every part of a slip, as a mark."""
TELL_CHANGES = b"\x1da\x0e"
"""GS a: tell by yourself when on-line, error or roll paper changes; ESC @ switches it off again."""
CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4, function 8: throw away what is kept and not printed; obeyed at once, also off-line."""
TEAR_OFF_FEED = b"\x1bJ\xa0"
PICKLE_VARIABLE = "ESCPOS_CAPABILITIES_PICKLE_DIR"


class EscPosEncoder:
    """Encodes rendered documents. Building one imports python-escpos, about half a second: do it on the device's
    thread, which alone may use it."""

    def __init__(self, model: PrinterModel) -> None:
        self._model = model
        self._width_px = model.width_px
        self._dummy = _dummy_printer(self._width_px)

    def encode(
        self,
        parts: tuple[Picture | Qr, ...],
        fence: bytes,
        tag: bytes,
        *,
        after_a_torn_slip: bool = False,
        has_tags: bool = True,
    ) -> bytes:
        """Bytes of one whole slip: reset, content with its marks, feed and cut, then what asks the printer to say when
        the printing has ended: a last mark (GS r) and, where the model and this one (`has_tags`) may know it, the job
        tag (4 bytes of 0x20 to 0x7E; GS ( H, function 48). A slip that ends with a tag also begins with one, `fence`.
        ValueError: a tag is none.

        `after_a_torn_slip`: whatever command the printer may be in the middle of is ended, and what hangs out of it of
        the slip before is cut off first, so that no paper bears two numbers."""
        if not _is_tag(fence) or not _is_tag(tag):
            raise ValueError("printer.tag_illegal")
        content = [self._qr(part) if isinstance(part, Qr) else self._picture(part) for part in parts]
        start, end = self._start(), self._end()
        has_tags = has_tags and self._model.confirm_by is ConfirmBy.JOB_TAG
        before = white_band(self._width_px) + start + end if after_a_torn_slip else b""
        # a printer that does not know the fence takes it for text, which the reset behind it wipes
        begin = JOB_TAG_COMMAND + fence + start if has_tags else start
        asked = STATUS_REQUEST + JOB_TAG_COMMAND + tag if has_tags else STATUS_REQUEST
        return before + begin + b"".join(content) + end + asked

    def marks(self, parts: tuple[Picture | Qr, ...]) -> int:
        """How many answers to GS r such a slip leads to."""
        return sum(self._marks_of(part) for part in parts) + 1

    def height_px(self, parts: tuple[Picture | Qr, ...]) -> int:
        """Dot rows of a slip before it is fed to the cutter."""
        return sum(part.height if isinstance(part, Image.Image) else self._qr_height_px(part) for part in parts)

    def _start(self) -> bytes:
        reset = self._emit(lambda dummy: dummy.hw("INIT"))
        return reset + TELL_CHANGES if self._model.automatic_status else reset

    def _end(self) -> bytes:
        # GS V 66 0 feeds to the cutting position by itself
        return self._emit(lambda dummy: dummy.cut(feed=False)) if self._model.cutter else TEAR_OFF_FEED

    def _marks_of(self, part: Picture | Qr) -> int:
        if not isinstance(part, Qr):
            return -(-part.height // BAND_ROWS)
        return 1 if self._model.qr is QrForm.NATIVE else self._marks_of(self._drawn_qr(part))

    @staticmethod
    def _qr_height_px(qr: Qr) -> int:
        return qr_picture(qr.payload, qr.module_px).height

    def _emit(self, command: Callable[[Any], object]) -> bytes:
        self._dummy.clear()
        command(self._dummy)
        return bytes(self._dummy.output)

    def _picture(self, picture: Picture) -> bytes:
        tops = range(0, picture.height, BAND_ROWS)
        bands = [picture.crop((0, top, picture.width, min(top + BAND_ROWS, picture.height))) for top in tops]
        return b"".join(self._band(band) for band in bands)

    def _band(self, band: Picture) -> bytes:
        """A picture and its mark. A printer that lost power and is back in the middle of it takes the rest of the dots
        for commands: the last one swallows the beginning of the mark, whose answer then stays away."""
        raster = self._emit(lambda dummy: dummy.image(band, impl="bitImageRaster"))
        header, dots = raster[:RASTER_HEADER_BYTES], raster[RASTER_HEADER_BYTES:]
        shown = without_questions(dots[: -len(SWALLOWS_ONE_BYTE)] + SWALLOWS_ONE_BYTE)
        return header + shown + STATUS_REQUEST

    def _qr(self, qr: Qr) -> bytes:
        if self._model.qr is QrForm.RASTER:
            return self._picture(self._drawn_qr(qr))
        quiet = b"\x1bJ" + bytes([QR_QUIET_MODULES * qr.module_px])
        code = self._emit(lambda dummy: dummy.qr(qr.payload, ec=QR_LEVEL_M, size=qr.module_px, native=True))
        return quiet + b"\x1ba\x01" + code + b"\x1ba\x00" + quiet + STATUS_REQUEST

    def _drawn_qr(self, qr: Qr) -> Picture:
        code = qr_picture(qr.payload, qr.module_px)
        centred = Image.new("1", (self._width_px, code.height), WHITE)
        centred.paste(code, ((self._width_px - code.width) // 2, 0))
        return centred


def qr_picture(payload: str, module_px: int) -> Picture:
    """A QR code of level M with its quiet zone, black on white, mode '1'."""
    barcode = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCodeModel2, ec_level="M")
    return Image.fromarray(barcode.to_image(scale=module_px, add_quiet_zones=True)).convert("1")


def white_band(width_px: int) -> bytes:
    """As many zeros as the longest command has bytes: white dots to a torn picture, nothing to anything else."""
    return bytes(RASTER_HEADER_BYTES + BAND_ROWS * -(-width_px // 8))


def without_questions(dots: bytes) -> bytes:
    """Raster data in which no printer sees DLE EOT, DLE ENQ or DLE DC4, which it would obey even inside a picture, nor
    one that lost power in the middle GS r, GS I, ESC u or ESC v, whose answer would pass for a mark's.

    One dot beside a black one turns black: invisible, and the size stays.
    """
    return QUESTION_START.sub(lambda found: DEFUSED[found[0]], dots)


def _is_tag(tag: bytes) -> bool:
    return len(tag) == TAG_LENGTH and all(0x20 <= byte <= 0x7E for byte in tag)


def _dummy_printer(width_px: int) -> Any:
    with _without_traces_of_the_import():
        dummy = importlib.import_module("escpos.printer").Dummy()
    # the default profile has no width, and python-escpos says so on standard output at every picture
    media = {"width": {"mm": "Unknown", "pixels": width_px}}
    dummy.profile.profile_data = {**dummy.profile.profile_data, "media": media}
    return dummy


@contextmanager
def _without_traces_of_the_import() -> Iterator[None]:
    """python-escpos 3.1 calls logging.basicConfig() and leaves a temporary pickle folder behind at every import.

    Without the environment variable that folder is a fresh private one (mkdtemp) whose name the module keeps, so it
    can be removed; with it, an empty second one would stay.
    """
    root = logging.getLogger()
    handlers = list(root.handlers)
    asked_for = os.environ.pop(PICKLE_VARIABLE, None)
    first_time = "escpos.capabilities" not in sys.modules
    try:
        yield
        if first_time:
            capabilities = importlib.import_module("escpos.capabilities")
            shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    finally:
        for handler in set(root.handlers) - set(handlers):
            root.removeHandler(handler)
        if asked_for is not None:
            os.environ[PICKLE_VARIABLE] = asked_for
