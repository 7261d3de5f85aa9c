"""Ways to prepare a grey picture before codes are looked for, each with where a point of it lies in the picture given.

Which of them pay was measured with `tests/bench/decode.py`: contrast equalisation, median and plain strong blur hurt.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Placing = NDArray[np.float64]
"""2 × 3: maps a point of the given picture to the prepared one."""

OUTSIDE_GREY = 255


def in_place() -> Placing:
    """The placing of a picture that was neither moved nor scaled."""
    return np.eye(2, 3)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A picture made ready, and how to find the way back."""

    picture: Grey
    placing: Placing = field(default_factory=in_place)

    def in_given(self, x: float, y: float) -> tuple[int, int]:
        """A point of the prepared picture in the given one."""
        back = cv2.invertAffineTransform(self.placing)
        given_x, given_y = back @ np.array([x, y, 1.0])
        return round(float(given_x)), round(float(given_y))


def scaled(grey: Grey, factor: float, interpolation: int = cv2.INTER_CUBIC) -> Prepared:
    """Larger (or smaller) by `factor`."""
    picture = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=interpolation)
    return Prepared(picture=_bytes(picture), placing=in_place() * factor)


def sharpened(grey: Grey, *, sigma_px: float, amount: float) -> Grey:
    """Unsharp mask."""
    blurred = cv2.GaussianBlur(grey, (0, 0), sigma_px)
    return _bytes(cv2.addWeighted(grey, 1 + amount, blurred, -amount, 0))


def blurred(grey: Grey, *, sigma_px: float) -> Grey:
    """Against noise and the pixel grid of a phone's screen."""
    return _bytes(cv2.GaussianBlur(grey, (0, 0), sigma_px))


def smeared_down(grey: Grey, *, reach_px: int) -> Grey:
    """Averaged along upright bars: noise goes, their edges stay."""
    return _bytes(cv2.blur(grey, (1, reach_px)))


def locally_split(grey: Grey, *, window_px: int) -> Grey:
    """Black and white by the neighbourhood's mean: against glare and light from one side."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.5)
    return _bytes(cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, window_px, 3))


def refocused(grey: Grey, *, radius_px: float, noise: float = 0.03) -> Grey:
    """Wiener filter against a defocus disc of `radius_px`; `noise` is the assumed noise-to-signal power."""
    disc = _disc(radius_px)
    height, width = grey.shape
    kernel = np.zeros((height, width), np.float32)
    kernel[: disc.shape[0], : disc.shape[1]] = disc
    shift = (-(disc.shape[0] // 2), -(disc.shape[1] // 2))
    response = np.fft.rfft2(np.roll(kernel, shift, (0, 1)))
    inverse = np.conj(response) / (np.abs(response) ** 2 + noise)
    return _bytes(np.clip(np.fft.irfft2(inverse * np.fft.rfft2(grey), s=(height, width)), 0, 255))


def turned(grey: Grey, angle_deg: float) -> Prepared:
    """Turned about the middle; what comes from outside is white."""
    height, width = grey.shape
    placing = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1.0)
    picture = cv2.warpAffine(grey, placing, (width, height), borderValue=OUTSIDE_GREY)
    return Prepared(picture=_bytes(picture), placing=np.asarray(placing, dtype=np.float64))


def _disc(radius_px: float) -> NDArray[np.float32]:
    reach = math.ceil(radius_px)
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius_px + 0.5 - np.hypot(down, right), 0, 1).astype(np.float32)
    return np.asarray(disc / disc.sum(), dtype=np.float32)


def _bytes(picture: object) -> Grey:
    return np.asarray(picture, dtype=np.uint8)
