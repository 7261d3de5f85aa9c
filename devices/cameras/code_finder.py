"""Finds codes in frames with zxing-cpp: the citizen card's QR in every frame, other codes in turn.

Measured (1280×720, one thread): QR alone 3.4 ms, all formats 24 ms, so the others take turns on frames without a QR.
Preparation helps only when the plain try failed: 2× cubic, then unsharp; contrast equalisation and blurring hurt.
PDF417 misreads plausibly (right prefix, wrong digits), so like the one-dimensional codes it needs two sightings.
`QRCode` of zxing-cpp 3 includes Micro QR, as which blurred cards were "read"; `QRCodeModel2` does not. Code 128 and
Code 39 read up to ±10–15°, hence turned passes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, pairwise

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from devices.cameras.preparation import Grey, scaled, sharpened, turned

_Formats = list[zxingcpp.BarcodeFormat]

_QR: _Formats = [zxingcpp.BarcodeFormat.QRCodeModel2]
_DATA_MATRIX: _Formats = [zxingcpp.BarcodeFormat.DataMatrix]
_CODE_128: _Formats = [zxingcpp.BarcodeFormat.Code128]
_CODE_39: _Formats = [zxingcpp.BarcodeFormat.Code39]
_MICRO_QR: _Formats = [zxingcpp.BarcodeFormat.MicroQRCode]
_EAN: _Formats = [zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.EAN8]
_PDF417: _Formats = [zxingcpp.BarcodeFormat.PDF417]
_FORMAT_NAMES = {
    zxingcpp.BarcodeFormat.QRCode: "qr",
    zxingcpp.BarcodeFormat.DataMatrix: "data_matrix",
    zxingcpp.BarcodeFormat.PDF417: "pdf417",
    zxingcpp.BarcodeFormat.Code128: "code_128",
    zxingcpp.BarcodeFormat.Code39: "code_39",
    zxingcpp.BarcodeFormat.EANUPC: "ean",
}
"""By symbology, the same that a scanner's AIM identifier tells."""
_UNSHARP_SIGMA_PX = 1.5
_UNSHARP_AMOUNT = 1.5


@dataclass(frozen=True, kw_only=True)
class FoundCode:
    """Bytes of one code and its `format` as in `ScanMeasured`. `weak` codes (one-dimensional, stacked, Micro QR)
    misread too easily to be believed at the first sight."""

    data: bytes
    weak: bool
    format: str


@dataclass(frozen=True, kw_only=True)
class _Pass:
    formats: _Formats
    weak: bool
    turn_deg: int = 0


_OTHER_PASSES = (
    _Pass(formats=_DATA_MATRIX, weak=False),
    _Pass(formats=_MICRO_QR, weak=True),
    _Pass(formats=_CODE_128, weak=True),
    _Pass(formats=_CODE_39, weak=True),
    _Pass(formats=_EAN, weak=True),
    _Pass(formats=_PDF417, weak=True),
    *(_Pass(formats=[*_CODE_128, *_CODE_39], weak=True, turn_deg=turn_deg) for turn_deg in (22, 45, 68)),
)


class CodeFinder:
    """Looks at one frame after the other. `prepare_every`: each so many frames without a code are tried harder."""

    def __init__(self, *, prepare_every: int = 3) -> None:
        self._prepare_every = prepare_every
        self._misses = 0
        self._others = cycle(_OTHER_PASSES)
        self._glimpsed = False
        self._glimpsed_px: float | None = None

    @property
    def glimpsed(self) -> bool:
        """Whether the last frame held a code, read or not: a QR that was found but could not be decoded counts."""
        return self._glimpsed

    @property
    def glimpsed_px(self) -> float | None:
        """The longer side of a QR the last frame held and that was not read, in its pixels; null without one."""
        return self._glimpsed_px

    def find(self, frame: NDArray[np.uint8]) -> list[FoundCode]:
        """Codes in a grey or blue-green-red frame; often none."""
        grey = _grey(frame)
        seen = _look(grey, _QR, undecoded=True)
        found = _readable(seen, weak=False) or self._find_other(grey)
        if not found and self._misses % self._prepare_every == 0:
            found = next((codes for prepared in _prepared(grey) if (codes := _read(prepared, _QR, weak=False))), [])
        self._glimpsed = bool(seen or found)
        self._glimpsed_px = None if found else max(map(_longer_side_px, seen), default=None)
        self._misses = 0 if found else self._misses + 1
        return found

    def _find_other(self, grey: Grey) -> list[FoundCode]:
        other = next(self._others)
        seen = turned(grey, other.turn_deg).picture if other.turn_deg else grey
        return _read(seen, other.formats, weak=other.weak)


def _read(grey: Grey, formats: _Formats, *, weak: bool) -> list[FoundCode]:
    return _readable(_look(grey, formats), weak=weak)


def _look(grey: Grey, formats: _Formats, *, undecoded: bool = False) -> list[zxingcpp.Barcode]:
    """`undecoded`: also codes that were found and not decoded. For QR that costs no time and loses none (measured)."""
    return list(
        zxingcpp.read_barcodes(
            grey,
            formats=zxingcpp.BarcodeFormats(formats),
            text_mode=zxingcpp.TextMode.Plain,  # the text would be zxing's guess of the character set
            return_errors=undecoded,
        )
    )


def _readable(codes: list[zxingcpp.Barcode], *, weak: bool) -> list[FoundCode]:
    return [
        FoundCode(data=bytes(code.bytes), weak=weak, format=_FORMAT_NAMES.get(code.symbology, "unknown"))
        for code in codes
        if code.valid
    ]


def _prepared(grey: Grey) -> Iterator[Grey]:
    yield scaled(grey, 2).picture
    yield sharpened(grey, sigma_px=_UNSHARP_SIGMA_PX, amount=_UNSHARP_AMOUNT)


def _grey(frame: NDArray[np.uint8]) -> Grey:
    return frame if frame.ndim == 2 else np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _longer_side_px(code: zxingcpp.Barcode) -> float:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left, place.top_left)
    return max(math.dist((a.x, a.y), (b.x, b.y)) for a, b in pairwise(corners))
