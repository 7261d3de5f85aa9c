"""What is wrong with a camera's pictures as such: black, frozen, or an exposure that never settles.

Pure; keeps numbers of the last seconds, no picture.
"""

from __future__ import annotations

import hashlib
from collections import deque
from enum import StrEnum

import numpy as np

from devices.cameras.preparation import Grey

BLACK_MEAN = 14.0
BLACK_SPREAD = 6.0
BLACK_FOR_S = 2.0
"""A card held on the lens is black for a moment only."""
FROZEN_FOR_S = 4.0
"""No sensor gives the same noise twice: equal frames come from a hung camera."""
HUNTS_WITHIN_S = 4.0
HUNT_SWING = 30.0
"""Grey levels between a bright and a dark moment that count as a swing."""
HUNT_SWINGS = 6
SETTLED_FOR_S = 2.0
"""A trouble is over after so long without it."""


class PictureTrouble(StrEnum):
    """Codes of `DeviceStatus` for a camera that delivers pictures nobody can use."""

    BLACK = "camera.black_picture"
    FROZEN = "camera.frozen"
    EXPOSURE_HUNTS = "camera.exposure_hunts"


class PictureWatch:
    """Told of every frame; `trouble` is what is wrong with the pictures now, if anything."""

    def __init__(self) -> None:
        self.trouble: PictureTrouble | None = None
        self._brightness: deque[tuple[float, float]] = deque()
        self._digest = b""
        self._black_since_s: float | None = None
        self._same_since_s: float | None = None
        self._last_bad_s = 0.0

    def look(self, grey: Grey, now_s: float) -> PictureTrouble | None:
        """One frame (grey, any size) at `now_s` of a steady clock; the trouble now."""
        found = self._found(grey, now_s)
        if found is not None:
            self.trouble, self._last_bad_s = found, now_s
        elif self.trouble is not None and now_s - self._last_bad_s >= SETTLED_FOR_S:
            self.trouble = None
        return self.trouble

    def _found(self, grey: Grey, now_s: float) -> PictureTrouble | None:
        mean = float(grey.mean())
        dark = mean < BLACK_MEAN and float(grey.std()) < BLACK_SPREAD
        self._black_since_s = (self._black_since_s if self._black_since_s is not None else now_s) if dark else None
        frozen = self._is_frozen(grey, now_s)
        hunts = self._hunts(mean, now_s)
        if self._black_since_s is not None and now_s - self._black_since_s >= BLACK_FOR_S:
            return PictureTrouble.BLACK
        if frozen:
            return PictureTrouble.FROZEN
        return PictureTrouble.EXPOSURE_HUNTS if hunts else None

    def _is_frozen(self, grey: Grey, now_s: float) -> bool:
        digest = hashlib.blake2b(np.ascontiguousarray(grey).tobytes(), digest_size=16).digest()
        if digest != self._digest or self._same_since_s is None:
            self._digest, self._same_since_s = digest, now_s
        return now_s - self._same_since_s >= FROZEN_FOR_S

    def _hunts(self, mean: float, now_s: float) -> bool:
        self._brightness.append((now_s, mean))
        while now_s - self._brightness[0][0] > HUNTS_WITHIN_S:
            self._brightness.popleft()
        return _swings([level for _, level in self._brightness]) >= HUNT_SWINGS


def _swings(levels: list[float]) -> int:
    """How often brightness turned round after having moved by `HUNT_SWING`."""
    swings, low, high, rising = 0, levels[0], levels[0], 0
    for level in levels:
        low, high = min(low, level), max(high, level)
        if rising <= 0 and level - low >= HUNT_SWING:
            swings, rising, high = swings + 1, 1, level
        elif rising >= 0 and high - level >= HUNT_SWING:
            swings, rising, low = swings + 1, -1, level
    return swings
