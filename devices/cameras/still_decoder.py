"""Reads codes from one still picture, taking the time it needs: plain first, prepared pictures only when that failed.

Formats are those hospitals use. PDF417 misreads plausibly (right beginning, wrong digits), so it counts only when two
different passes read the same. The order of the passes and their worth: `tests/bench/decode.py`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import zxingcpp

from devices.cameras.preparation import (
    Grey,
    Prepared,
    blurred,
    locally_split,
    refocused,
    scaled,
    sharpened,
    smeared_down,
    turned,
)

Formats = zxingcpp.BarcodeFormat

# `QRCode` of zxing-cpp 3 includes Micro QR and rMQR, as which blurred cards were "read": name each one.
SQUARE = (Formats.QRCodeModel2, Formats.MicroQRCode, Formats.DataMatrix)
BARS = (Formats.Code128, Formats.Code39, Formats.EAN13, Formats.EAN8)
LINEAR = (*BARS, Formats.PDF417)
ALL_FORMATS = (*SQUARE, *LINEAR)
NAMES = {
    Formats.QRCode: "qr",  # what zxing-cpp calls a QR code it read, whichever model was asked for
    Formats.MicroQRCode: "micro_qr",
    Formats.DataMatrix: "data_matrix",
    Formats.PDF417: "pdf417",
    Formats.Code128: "code_128",
    Formats.Code39: "code_39",
    Formats.EAN13: "ean_13",
    Formats.EAN8: "ean_8",
}
"""By format, or by the family a format belongs to (Code 39 has several alphabets)."""
NEED_TWO_READS = frozenset({NAMES[Formats.PDF417]})
MAX_PREPARED_PX = 24_000_000
"""A pass that would make a larger picture than this is left out: big pictures need no enlarging."""
TURNS_DEG = tuple(range(15, 180, 15))
"""Until the bars stand upright: a bar code reads up to 10 degrees off, and smearing wants its bars along the smear."""
LARGE_PX = 12_000_000
"""Pictures beyond this are tried harder only after they were made smaller: a phone's 48 megapixels cost 13 s else."""
LEAST_SIDE_PX = 16
"""Smaller pictures are looked at as they are: there is nothing to prepare."""

Corner = tuple[int, int]
Box = tuple[Corner, Corner, Corner, Corner]


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """One code: its format's name, its bytes, and its corners in the picture, clockwise from its own top left."""

    format: str
    data: bytes
    box: Box


@dataclass(frozen=True, kw_only=True)
class _Pass:
    prepare: Callable[[Grey], Prepared]
    formats: tuple[zxingcpp.BarcodeFormat, ...]
    enlarges: float = 1.0
    quick: bool = False
    """Dark on light only, and not every angle: a quarter of the time where there is nothing to find."""


def _same(picture: Grey) -> Prepared:
    return Prepared(picture=picture)


def _enlarged(factor: float, *, sigma_px: float, amount: float, interpolation: int) -> Callable[[Grey], Prepared]:
    def prepare(grey: Grey) -> Prepared:
        large = scaled(grey, factor, interpolation)
        return Prepared(picture=sharpened(large.picture, sigma_px=sigma_px, amount=amount), placing=large.placing)

    return prepare


def _split(grey: Grey) -> Prepared:
    large = scaled(grey, 2)
    return Prepared(picture=locally_split(large.picture, window_px=61), placing=large.placing)


def _refocused(radius_px: float) -> Callable[[Grey], Prepared]:
    return lambda grey: scaled(refocused(grey, radius_px=radius_px), 2)


def _bars_turned(angle_deg: float) -> Callable[[Grey], Prepared]:
    def prepare(grey: Grey) -> Prepared:
        seen = turned(grey, angle_deg)
        return Prepared(picture=smeared_down(seen.picture, reach_px=7), placing=seen.placing)

    return prepare


_QR = _Pass(prepare=_same, formats=(Formats.QRCodeModel2,))
_BESIDE_A_QR = (
    _Pass(prepare=_same, formats=BARS),
    _Pass(prepare=_same, formats=(Formats.DataMatrix,), quick=True),
)
"""Labels bear both. Within a camera frame's 33 ms; all formats would take 50 ms on a noisy picture."""
_NO_QR = _Pass(prepare=_same, formats=(Formats.MicroQRCode, Formats.DataMatrix, *LINEAR))
_HARDER = (
    _Pass(prepare=lambda grey: scaled(grey, 2), formats=ALL_FORMATS, enlarges=2),
    _Pass(prepare=lambda grey: _same(smeared_down(grey, reach_px=9)), formats=LINEAR),
    _Pass(prepare=_enlarged(2, sigma_px=4, amount=2, interpolation=cv2.INTER_CUBIC), formats=SQUARE, enlarges=2),
    _Pass(prepare=lambda grey: _same(blurred(grey, sigma_px=1.0)), formats=ALL_FORMATS),
    _Pass(prepare=_split, formats=(*SQUARE, Formats.PDF417), enlarges=2),
    *(_Pass(prepare=_bars_turned(angle_deg), formats=LINEAR) for angle_deg in TURNS_DEG),
    _Pass(prepare=lambda grey: turned(grey, 30.0), formats=SQUARE),
    _Pass(
        prepare=_enlarged(3, sigma_px=4, amount=2, interpolation=cv2.INTER_LANCZOS4),
        formats=(Formats.QRCodeModel2, Formats.Code128),
        enlarges=3,
    ),
    _Pass(prepare=_refocused(2.0), formats=SQUARE, enlarges=2),
    _Pass(prepare=_refocused(4.0), formats=SQUARE, enlarges=2),
)


class StillDecoder:
    """Decodes pictures one by one; keeps nothing of them."""

    def decode(self, grey: Grey) -> tuple[Symbol, ...]:
        """All codes of a grey picture (height × width), in the order found; often none."""
        reads = _Reads()
        reads.add(_read(grey, _QR))
        for one in _BESIDE_A_QR if reads.believed else (_NO_QR,):
            reads.add(_read(grey, one))
        if not reads.believed or reads.doubted:
            _try_harder(grey, reads)
        return tuple(symbol for symbols in reads.believed.values() for symbol in symbols)


class _Reads:
    """What the passes over one picture read, and which of it is believed."""

    def __init__(self) -> None:
        self.believed: dict[tuple[str, bytes], list[Symbol]] = {}
        self._passes: Counter[tuple[str, bytes]] = Counter()

    @property
    def doubted(self) -> bool:
        """Whether something was read that is not believed yet."""
        return len(self._passes) > len(self.believed)

    def add(self, read: Iterator[Symbol]) -> None:
        """What one pass read; the same code at several places in one pass is several symbols."""
        fresh: dict[tuple[str, bytes], list[Symbol]] = {}
        for symbol in read:
            fresh.setdefault((symbol.format, symbol.data), []).append(symbol)
        for key, symbols in fresh.items():
            self._passes[key] += 1
            if symbols[0].format not in NEED_TWO_READS or self._passes[key] > 1:
                self.believed.setdefault(key, symbols)


def _try_harder(grey: Grey, reads: _Reads) -> None:
    """Until something is believed; at least one pass, which settles what was only half believed."""
    if min(grey.shape) < LEAST_SIDE_PX:
        return
    whole = scaled(grey, min(1.0, math.sqrt(LARGE_PX / grey.size)), cv2.INTER_AREA)
    for harder in _HARDER:
        reads.add(
            replace(symbol, box=_corners(whole.in_given(*corner) for corner in symbol.box))
            for symbol in _read(whole.picture, harder)
        )
        if reads.believed:
            return


def _read(grey: Grey, one: _Pass) -> Iterator[Symbol]:
    if one.enlarges > 1 and grey.size * one.enlarges**2 > MAX_PREPARED_PX:
        return
    prepared = one.prepare(grey)
    formats = zxingcpp.BarcodeFormats(list(one.formats))
    codes = zxingcpp.read_barcodes(
        prepared.picture,
        formats=formats,
        try_rotate=not one.quick,
        try_invert=not one.quick,
        text_mode=zxingcpp.TextMode.Plain,  # bytes, not text: the text would be zxing's guess of the character set
    )
    for code in codes:
        name = NAMES.get(code.format) or NAMES.get(code.symbology)
        if code.valid and name is not None:
            yield Symbol(format=name, data=bytes(code.bytes), box=_box(code, prepared))


def _box(code: zxingcpp.Barcode, prepared: Prepared) -> Box:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return _corners(prepared.in_given(corner.x, corner.y) for corner in corners)


def _corners(corners: Iterable[Corner]) -> Box:
    first, second, third, fourth = corners
    return first, second, third, fourth
