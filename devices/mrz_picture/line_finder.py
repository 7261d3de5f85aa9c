"""Finds the three lines of a machine-readable zone in a picture, by their shape alone: three long dark bands side by
side, of one length. Says where they are; what stands there is read elsewhere, and most candidates are something else.

Ink is told from paper by its share of the light around it, so that shade and lamps from one side matter little.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Floats = NDArray[np.float64]

LEAST_SIDE_PX = 24
_SCALES = (0.5, 1.0, 0.25)
"""Of a picture 1280 wide; at each of them lines with 7 to 18 px a glyph are seen."""
_CLOSING_PX = 13
_STROKE_PX = 9
_THRESHOLD_SHARES = (1.0, 0.55)
_BLACK = 8
_LEAST_INK = 0.07
_GLYPHS = 30
_LEAST_LENGTH_PX, _MOST_LENGTH_PX = 120, 640
_SLENDER = (11.0, 60.0)
_MOST_BANDS, _MOST_PLACES, _MOST_PAIRS = 60, 6, 3
"""A text page or a noisy picture has many; a card has few."""


@dataclass(frozen=True, kw_only=True)
class Band:
    """One long dark band: its middle line from `left` to `right` in the picture's pixels."""

    left: tuple[float, float]
    right: tuple[float, float]

    @property
    def length(self) -> float:
        return math.dist(self.left, self.right)

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left[0] + self.right[0]) / 2, (self.left[1] + self.right[1]) / 2

    @property
    def turn(self) -> float:
        """In radians, clockwise from level."""
        return math.atan2(self.right[1] - self.left[1], self.right[0] - self.left[0])


Bands = tuple[Band, Band, Band]
"""From top to bottom."""


def find_lines(grey: Grey) -> Iterator[Bands]:
    """Places where three lines may stand, likely ones first; often none. Turned by up to some 20 degrees. Where only
    two bands are seen (a thumb on the third line) the third is put where it would be."""
    if min(grey.shape) < LEAST_SIDE_PX:
        return
    told: list[Bands] = []
    pairs: list[Bands] = []
    for bands, scale in _bands_by_scale(grey):
        for found in _stacked(bands):
            place = _enlarged(found, 1 / scale)
            if len(told) < _MOST_PLACES and not any(_same_place(place, other) for other in told):
                told.append(place)
                yield place
        pairs += [_enlarged(found, 1 / scale) for found in _completed(bands)]
    yield from _unlike(pairs, told)[:_MOST_PAIRS]


def _bands_by_scale(grey: Grey) -> Iterator[tuple[list[Band], float]]:
    for scale in _SCALES:
        small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale != 1 else grey
        if min(small.shape) < LEAST_SIDE_PX:
            continue
        ink = _ink(np.asarray(small, dtype=np.uint8))
        for share in _THRESHOLD_SHARES:
            yield _bands(ink, share), scale


def _unlike(places: Sequence[Bands], known: Sequence[Bands]) -> list[Bands]:
    """Each place once, without those already known."""
    kept: list[Bands] = []
    for place in places:
        if not any(_same_place(place, other) for other in (*known, *kept)):
            kept.append(place)
    return kept


def _ink(grey: Grey) -> Grey:
    """How much darker than the paper around it each pixel is, as a share of 255."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (_STROKE_PX, _STROKE_PX))
    paper = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, kernel)
    return np.asarray(cv2.divide(cv2.subtract(paper, smooth), np.maximum(paper, _BLACK), scale=255), dtype=np.uint8)


def _bands(ink: Grey, threshold_share: float) -> list[Band]:
    split, _ = cv2.threshold(ink[ink > 255 * _LEAST_INK / 2].reshape(-1, 1), 0, 255, cv2.THRESH_OTSU)
    threshold = max(255 * _LEAST_INK, split * threshold_share)
    mask = (ink > threshold).astype(np.uint8)
    closing = cv2.getStructuringElement(cv2.MORPH_RECT, (_CLOSING_PX, 1))
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, closing)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8, ltype=cv2.CV_32S)
    bands = []
    for label in np.flatnonzero(_may_be_bands(np.asarray(stats[1:], np.int32)))[:_MOST_BANDS] + 1:
        left, top, width, height, _ = stats[label]
        window = (slice(top, top + height), slice(left, left + width))
        band = _band(mask[window] & (labels[window] == label), int(left), int(top))
        if band is not None:
            bands.append(band)
    return bands


def _may_be_bands(stats: NDArray[np.int32]) -> NDArray[np.bool_]:
    """By width and area alone, so that noise, which hangs together everywhere, costs nothing."""
    width, area = stats[:, cv2.CC_STAT_WIDTH].astype(np.int64), stats[:, cv2.CC_STAT_AREA]
    fits = (width >= _LEAST_LENGTH_PX * 0.9) & (width <= _MOST_LENGTH_PX)
    return np.asarray(fits & (area >= 5 * width) & (area <= width * width / _SLENDER[0]))


def _band(ink: NDArray[np.uint8], left: int, top: int) -> Band | None:
    down, across = np.nonzero(ink)
    if len(across) < _LEAST_LENGTH_PX:
        return None
    points = np.column_stack([across, down]).astype(np.float64)
    middle = points.mean(0)
    spread = np.cov((points - middle).T)
    values, axes = np.linalg.eigh(spread)
    axis = axes[:, 1] if axes[0, 1] > 0 else -axes[:, 1]
    along = (points - middle) @ axis
    begin, end = np.percentile(along, [0.3, 99.7])
    length, thickness = end - begin, 4 * math.sqrt(max(values[0], 0.05))
    if not (_LEAST_LENGTH_PX <= length <= _MOST_LENGTH_PX and _SLENDER[0] <= length / thickness <= _SLENDER[1]):
        return None
    first, last = middle + begin * axis, middle + end * axis
    return Band(left=(left + first[0], top + first[1]), right=(left + last[0], top + last[1]))


def _stacked(bands: Sequence[Band]) -> Iterator[Bands]:
    """Three bands of about one length and direction, one under the other at even distances."""
    ordered = sorted(bands, key=lambda band: band.middle[1])
    for first, third in permutations(ordered, 2):
        if first.middle[1] > third.middle[1] or not _alike(first, third, distances=(2.0, 7.5)):
            continue
        for second in ordered:
            if second is first or second is third or not _alike(first, second, distances=(1.0, 3.8)):
                continue
            share = _distance(first, second) / _distance(first, third)
            if 0.4 < share < 0.6:
                yield first, second, third


def _completed(bands: Sequence[Band]) -> Iterator[Bands]:
    """Two bands one under the other, with a third above or below as far away."""
    for upper, lower in permutations(bands, 2):
        if upper.middle[1] < lower.middle[1] and _alike(upper, lower, distances=(1.3, 3.2)):
            yield upper, lower, _beyond(upper, lower)
            yield _beyond(lower, upper), upper, lower


def _beyond(one: Band, other: Band) -> Band:
    """As far behind `other` as that is behind `one`."""
    return Band(
        left=(2 * other.left[0] - one.left[0], 2 * other.left[1] - one.left[1]),
        right=(2 * other.right[0] - one.right[0], 2 * other.right[1] - one.right[1]),
    )


def _alike(one: Band, other: Band, *, distances: tuple[float, float]) -> bool:
    """Side by side at a distance within `distances`, in glyphs."""
    pitch = (one.length + other.length) / 2 / _GLYPHS
    away = _distance(one, other) / pitch
    along = abs(
        (other.middle[0] - one.middle[0]) * math.cos(one.turn) + (other.middle[1] - one.middle[1]) * math.sin(one.turn)
    )
    return (
        distances[0] <= away <= distances[1]
        and abs(one.turn - other.turn) < 0.16
        and 0.8 < one.length / other.length < 1.25
        and along < 3.5 * pitch
    )


def _distance(one: Band, other: Band) -> float:
    """From one's middle line to the other's middle."""
    across, down = other.middle[0] - one.middle[0], other.middle[1] - one.middle[1]
    return abs(-across * math.sin(one.turn) + down * math.cos(one.turn))


def _enlarged(bands: Bands, factor: float) -> Bands:
    shift = (factor - 1) / 2  # pixel centres
    first, second, third = (
        Band(
            left=(band.left[0] * factor + shift, band.left[1] * factor + shift),
            right=(band.right[0] * factor + shift, band.right[1] * factor + shift),
        )
        for band in bands
    )
    return first, second, third


def _same_place(one: Bands, other: Bands) -> bool:
    reach = one[0].length / _GLYPHS
    return all(
        math.dist(a.left, b.left) < reach and math.dist(a.right, b.right) < reach
        for a, b in zip(one, other, strict=True)
    )
