"""Turns a rendered print document into ESC/POS bytes, with python-escpos as the encoder.

Only these commands are ever sent: ESC @, ESC a, ESC J, GS v 0, GS ( k, GS V, GS ( H, GS r. There is no text command,
so no name can hold one. Source: Epson ESC/POS command reference; python-escpos 3.1.
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
from devices.printers.options import ConfirmBy, PrinterOptions, QrForm
from devices.printers.raster import WHITE, Picture

BAND_ROWS = 480
"""Rows of one GS v 0: under python-escpos' own limit of 960, since many clones buffer less."""
RASTER_HEADER_BYTES = 8
REAL_TIME_START = re.compile(rb"\x10(?=[\x04\x05\x14])")
DEFUSED_DLE = b"\x18"
QR_QUIET_MODULES = 4
QR_LEVEL_M = 1
JOB_TAG_COMMAND = b"\x1d(H\x06\x00\x30\x30"
STATUS_REQUEST = b"\x1dr\x01"
PICKLE_VARIABLE = "ESCPOS_CAPABILITIES_PICKLE_DIR"


class EscPosEncoder:
    """Encodes rendered documents. Building one imports python-escpos, about half a second: do it on the device's
    thread, which alone may use it."""

    def __init__(self, options: PrinterOptions) -> None:
        self._width_px = int(options.paper_width)
        self._dummy = _dummy_printer(self._width_px)
        self._qr_form = options.qr_form
        self._confirm_by = options.confirm_by

    def encode(self, parts: tuple[Picture | Qr, ...], tag: bytes) -> bytes:
        """Bytes of one whole slip: reset, content, feed and cut, then what asks the printer to say when the printing
        has ended: the job tag (4 bytes of 0x20 to 0x7E; GS ( H, function 48) or a status request (GS r). ValueError:
        the tag is none."""
        if len(tag) != TAG_LENGTH or not all(0x20 <= byte <= 0x7E for byte in tag):
            raise ValueError("printer.tag_illegal")
        content = [self._qr(part) if isinstance(part, Qr) else self._picture(part) for part in parts]
        start = self._emit(lambda dummy: dummy.hw("INIT"))
        # GS V 66 0 feeds to the cutting position by itself
        end = self._emit(lambda dummy: dummy.cut(feed=False))
        ask = JOB_TAG_COMMAND + tag if self._confirm_by is ConfirmBy.JOB_TAG else STATUS_REQUEST
        return start + b"".join(content) + end + ask

    def _emit(self, command: Callable[[Any], object]) -> bytes:
        self._dummy.clear()
        command(self._dummy)
        return bytes(self._dummy.output)

    def _picture(self, picture: Picture) -> bytes:
        tops = range(0, picture.height, BAND_ROWS)
        bands = [picture.crop((0, top, picture.width, min(top + BAND_ROWS, picture.height))) for top in tops]
        return b"".join(self._band(band) for band in bands)

    def _band(self, band: Picture) -> bytes:
        raster = self._emit(lambda dummy: dummy.image(band, impl="bitImageRaster"))
        header, dots = raster[:RASTER_HEADER_BYTES], raster[RASTER_HEADER_BYTES:]
        return header + without_real_time_commands(dots)

    def _qr(self, qr: Qr) -> bytes:
        if self._qr_form is QrForm.RASTER:
            return self._picture(self._drawn_qr(qr))
        quiet = b"\x1bJ" + bytes([QR_QUIET_MODULES * qr.module_px])
        code = self._emit(lambda dummy: dummy.qr(qr.payload, ec=QR_LEVEL_M, size=qr.module_px, native=True))
        return quiet + b"\x1ba\x01" + code + b"\x1ba\x00" + quiet

    def _drawn_qr(self, qr: Qr) -> Picture:
        code = qr_picture(qr.payload, qr.module_px)
        centred = Image.new("1", (self._width_px, code.height), WHITE)
        centred.paste(code, ((self._width_px - code.width) // 2, 0))
        return centred


def qr_picture(payload: str, module_px: int) -> Picture:
    """A QR code of level M with its quiet zone, black on white, mode '1'."""
    barcode = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCodeModel2, ec_level="M")
    return Image.fromarray(barcode.to_image(scale=module_px, add_quiet_zones=True)).convert("1")


def without_real_time_commands(dots: bytes) -> bytes:
    """Raster data in which no printer sees DLE EOT, DLE ENQ or DLE DC4, which it would obey even inside a picture.

    One dot beside a black one turns black: invisible, and the size stays.
    """
    return REAL_TIME_START.sub(DEFUSED_DLE, dots)


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
