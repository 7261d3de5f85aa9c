"""Reads the machine-readable zone of a TD1 card (ICAO 9303-5) from a picture; rather nothing than wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from devices.chip.mrz import Mrz, parse_mrz
from devices.mrz_picture.believing import Believed, Lines, believe
from devices.mrz_picture.glyphs import GlyphReader
from devices.mrz_picture.line_finder import LEAST_SIDE_PX, Band, Bands, Grey, find_lines
from devices.mrz_picture.line_reader import ReadLine, read_line
from devices.mrz_picture.strips import Cut, cut_strip

_WORK_SIDE_PX = 1280
_LEAST_SCORE, _HOPELESS_SCORE = -1.6, -2.4
"""Lines whose glyphs fit worse are something else, hopeless ones however they are cut; print that can be read has -0.7
and better."""


@dataclass(frozen=True, kw_only=True)
class MrzRead:
    """What stands in the zone: `lines`, three of 30, and their fields; dates are YYMMDD. `complete`: every check digit
    holds; otherwise only those of document number, birth and expiry do, to be believed when they are read twice."""

    lines: Lines = field(repr=False)
    complete: bool

    @property
    def zone(self) -> Mrz:
        """All the fields."""
        return parse_mrz(self.lines)

    @property
    def document_number(self) -> str:
        return self.zone.document_number

    @property
    def birth(self) -> str:
        return self.zone.birth

    @property
    def expiry(self) -> str:
        return self.zone.expiry

    @property
    def number(self) -> str | None:
        """The twelve digits of a Vietnamese card."""
        return self.zone.citizen_number


class MrzFinder:
    """Looks at pictures one by one; keeps nothing of them."""

    def __init__(self) -> None:
        self._glyphs = GlyphReader()

    def look(self, grey: Grey) -> MrzRead | None:
        """For a camera's frame (height × width): level within some 20 degrees, or upside down. Some 20 ms,
        more where a zone is seen and cannot be read."""
        if min(grey.shape) < LEAST_SIDE_PX:
            return None
        share = min(1.0, _WORK_SIDE_PX / max(grey.shape))
        small = _resized(grey, share) if share < 1 else grey
        partly = None
        for bands in find_lines(small):
            read = self._read_at(grey, _moved(bands, 1 / share))
            if read is not None and read.complete:
                return read
            partly = partly or read
        return partly

    def look_hard(self, grey: Grey) -> MrzRead | None:
        """For a still picture: any direction, small print in large pictures; takes up to a second or two."""
        if min(grey.shape) < LEAST_SIDE_PX:
            return None
        partly = None
        for prepared in _ways(grey):
            read = self.look(prepared)
            if read is not None and read.complete:
                return read
            partly = partly or read
        return partly

    def _read_at(self, grey: Grey, bands: Bands) -> MrzRead | None:
        second, cut = max(
            ((self._line(grey, bands, 1, cut), cut) for cut in (_cut(False), _cut(True))), key=lambda way: way[0].score
        )
        if second.score < _HOPELESS_SCORE:
            return None
        partly = None
        for way in (cut, Cut(upside_down=cut.upside_down, as_one=False)):
            if way is not cut:
                second = self._line(grey, bands, 1, way)
            if second.score < _LEAST_SCORE:
                continue
            lines = (self._line(grey, bands, 0, way), second, self._line(grey, bands, 2, way))
            believed = believe([line.log_shares for line in lines])
            if believed is not None and believed.complete:
                return _read(believed)
            partly = partly or believed
        return None if partly is None else _read(partly)

    def _line(self, grey: Grey, bands: Bands, row: int, cut: Cut) -> ReadLine:
        return read_line(cut_strip(grey, bands, row, cut), row, self._glyphs)


def read_mrz(grey: Grey) -> MrzRead | None:
    """The zone of one still grey picture (height × width), or None; only with every check digit right. Never raises for
    what a picture holds."""
    read = MrzFinder().look_hard(grey)
    return read if read is not None and read.complete else None


def _cut(upside_down: bool) -> Cut:
    return Cut(upside_down=upside_down, as_one=True)


def _read(believed: Believed) -> MrzRead:
    return MrzRead(lines=believed.lines, complete=believed.complete)


def _ways(grey: Grey) -> Iterator[Grey]:
    """As it is, lying on its side, larger, and turned in between."""
    share = min(1.0, 2 * _WORK_SIDE_PX / max(grey.shape))
    base = _resized(grey, share) if share < 1 else grey
    yield base
    yield np.ascontiguousarray(np.rot90(base))
    if max(base.shape) <= _WORK_SIDE_PX:
        yield _resized(base, 2.0)
    for angle_deg in (30.0, -30.0, 60.0, -60.0):
        yield _turned(base, angle_deg)


def _turned(grey: Grey, angle_deg: float) -> Grey:
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1.0)
    across, down = abs(turn[0, 0]), abs(turn[0, 1])
    size = (round(width * across + height * down), round(width * down + height * across))
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return np.asarray(cv2.warpAffine(grey, turn, size, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)


def _resized(grey: Grey, share: float) -> Grey:
    size = (max(1, round(grey.shape[1] * share)), max(1, round(grey.shape[0] * share)))
    way = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=way), dtype=np.uint8)


def _moved(bands: Bands, factor: float) -> Bands:
    """From the smaller picture to the given one."""
    shift = (factor - 1) / 2
    first, second, third = (
        Band(
            left=(band.left[0] * factor + shift, band.left[1] * factor + shift),
            right=(band.right[0] * factor + shift, band.right[1] * factor + shift),
        )
        for band in bands
    )
    return first, second, third
