"""Cuts three found lines out of a picture as level strips at the reader's pitch, upright or upside down."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.mrz_picture.glyphs import PITCH_PX, WINDOW_PX
from devices.mrz_picture.line_finder import Band, Bands, Grey

_GLYPHS, _MARGIN = 30, 1.75
_BAND_GLYPHS = 29.45
"""From the left edge of the first glyph to the right edge of the last: glyphs do not fill their pitch."""
STRIP_WIDTH_PX = round((_GLYPHS + 2 * _MARGIN) * PITCH_PX)
_MOST_OVERSAMPLING = 4
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Cut:
    """How the strips are cut. `as_one`: all three in one perspective, got from the ends of the first and third line
    (for a card held askew); else each line by itself (for lines of which a part is covered)."""

    upside_down: bool
    as_one: bool


def cut_strip(grey: Grey, bands: Bands, row: int, cut: Cut) -> Grey:
    """Line `row` (0, 1, 2 as it is read): `STRIP_WIDTH_PX` wide and a window high."""
    if cut.upside_down:
        bands = (_reversed(bands[2]), _reversed(bands[1]), _reversed(bands[0]))
    placing = _in_perspective(bands, bands[row]) if cut.as_one else _sheared(bands, bands[row])
    oversampling = max(1, min(_MOST_OVERSAMPLING, round(bands[row].length / _BAND_GLYPHS / PITCH_PX)))
    size = (STRIP_WIDTH_PX * oversampling, WINDOW_PX[1] * oversampling)
    shift = 0.5 / oversampling - 0.5  # pixel centres
    finer = np.array([[1 / oversampling, 0, shift], [0, 1 / oversampling, shift], [0, 0, 1]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    strip = cv2.warpPerspective(grey, placing @ finer, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    if oversampling > 1:
        strip = cv2.resize(strip, (STRIP_WIDTH_PX, WINDOW_PX[1]), interpolation=cv2.INTER_AREA)
    return np.asarray(strip, dtype=np.uint8)


def _reversed(band: Band) -> Band:
    return Band(left=band.right, right=band.left)


def _in_perspective(bands: Bands, band: Band) -> Floats:
    """Strip to picture, 3 × 3, from the corners that the first and the third line make."""
    first, _, third = bands
    half = _BAND_GLYPHS * PITCH_PX / 2
    height = math.dist(first.middle, third.middle) / (first.length + third.length) * 2 * 2 * half
    level = np.array([[-half, 0], [half, 0], [half, height], [-half, height]], np.float32)
    seen = np.array([first.left, first.right, third.right, third.left], np.float32)
    to_picture = np.asarray(cv2.getPerspectiveTransform(level, seen), np.float64)
    ends = np.array([[band.left, band.right]], np.float32)
    left, right = cv2.perspectiveTransform(ends, np.linalg.inv(to_picture))[0]
    slope = (right[1] - left[1]) / max(1.0, right[0] - left[0])
    across, down = (STRIP_WIDTH_PX - 1) / 2, (WINDOW_PX[1] - 1) / 2
    middle_down = float(left[1] + right[1]) / 2 - slope * float(left[0] + right[0]) / 2
    into_place = np.array([[1, 0, -across], [slope, 1, middle_down - down - slope * across], [0, 0, 1]])
    return np.asarray(to_picture @ into_place, np.float64)


def _sheared(bands: Bands, band: Band) -> Floats:
    """Strip to picture, 3 × 3, from one line's own middle line; its stems point from the first line to the third."""
    along = np.subtract(band.right, band.left)
    along = along / max(1e-6, float(np.hypot(*along)))
    stem = np.subtract(bands[2].middle, bands[0].middle)
    stem = stem / max(1e-6, abs(float(along[0] * stem[1] - along[1] * stem[0])))
    step = band.length / _BAND_GLYPHS / PITCH_PX
    linear = np.column_stack([along, stem]) * step
    corner = np.array(band.middle) - linear @ np.array([(STRIP_WIDTH_PX - 1) / 2, (WINDOW_PX[1] - 1) / 2])
    return np.vstack([np.column_stack([linear, corner]), [0.0, 0.0, 1.0]])
