"""What the person should do with what is held before the camera. Pure; keeps no picture."""

from __future__ import annotations

import cv2
import numpy as np

from devices.cameras.preparation import Grey
from devices.contract import CameraHint

DARK_MEAN = 45.0
SMALL_CODE_SHARE = 0.28
"""A code whose longer side is less than this share of the frame's height is too far away."""
CARD_SHARES = (0.12, 0.9)
"""Of the frame's area."""
CARD_RATIO = 85.6 / 53.98
"""ISO/IEC 7810, ID-1."""
CARD_RATIO_SLACK = 0.3
STEADY_FOR_S = 0.7
"""A hint is told when it held for so long: advice that flickers helps nobody."""
CARD_FOR_S = 1.5
"""A card is turned over only when it was shown that long without a code."""


class HintGiver:
    """Told of every frame; `hint` is the advice now."""

    def __init__(self) -> None:
        self.hint = CameraHint.NONE
        self._wanted = CameraHint.NONE
        self._since_s = 0.0

    def look(
        self, grey: Grey, *, glimpsed_px: float | None, read: bool, now_s: float, back_wanted: bool = False
    ) -> CameraHint:
        """One frame. `glimpsed_px`: the longer side of a code that was found and not read, in pixels of this frame;
        `read`: a code was read; `back_wanted`: a card without a code is just what was asked for."""
        wanted = CameraHint.NONE if read else self._advice(grey, glimpsed_px)
        if wanted is CameraHint.TURN_OVER and back_wanted:
            wanted = CameraHint.NONE
        if wanted is not self._wanted:
            self._wanted, self._since_s = wanted, now_s
        steady_s = CARD_FOR_S if wanted is CameraHint.TURN_OVER else STEADY_FOR_S
        if now_s - self._since_s >= steady_s:
            self.hint = wanted
        return self.hint

    @staticmethod
    def _advice(grey: Grey, glimpsed_px: float | None) -> CameraHint:
        if float(grey.mean()) < DARK_MEAN:
            return CameraHint.TOO_DARK
        if glimpsed_px is not None:
            return CameraHint.CLOSER if glimpsed_px < SMALL_CODE_SHARE * grey.shape[0] else CameraHint.TILT
        return CameraHint.TURN_OVER if shows_card(grey) else CameraHint.NONE


def shows_card(grey: Grey) -> bool:
    """Whether something of a card's proportions stands out of the picture, large enough to be held up."""
    smooth = cv2.GaussianBlur(grey, (5, 5), 0)
    edges = cv2.dilate(cv2.Canny(smooth, 40, 120), np.ones((3, 3), np.uint8))
    outlines, _ = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    least, most = (share * grey.size for share in CARD_SHARES)
    return any(_is_card(outline, least, most) for outline in outlines)


def _is_card(outline: object, least_px: float, most_px: float) -> bool:
    (_, (width, height), _) = cv2.minAreaRect(outline)  # type: ignore[call-overload]
    if not least_px <= width * height <= most_px or min(width, height) == 0:
        return False
    filled = cv2.contourArea(outline) / (width * height)  # type: ignore[call-overload]
    ratio = max(width, height) / min(width, height)
    return bool(filled > 0.85 and abs(ratio - CARD_RATIO) <= CARD_RATIO_SLACK)
