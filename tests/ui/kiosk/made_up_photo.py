"""A photo as the chip of a made-up person might hold it: drawn, not taken."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH_PX, HEIGHT_PX = 360, 480
BACKGROUND = (226, 236, 244)
SKIN, SKIN_SHADE, HAIR, COAT, SHIRT, INK = (
    (232, 190, 158), (214, 166, 134), (176, 178, 182), (92, 74, 118), (244, 240, 232), (74, 52, 44)
)  # fmt: skip


def made_up_photo() -> bytes:
    """PNG of an old lady with grey hair, the same every time."""
    face = np.full((HEIGHT_PX, WIDTH_PX, 3), BACKGROUND, dtype=np.uint8)
    _oval(face, (180, 205), (122, 140), HAIR)
    _oval(face, (180, 500), (168, 130), COAT)
    cv2.fillPoly(face, [np.array([[140, 372], [220, 372], [180, 452]])], SHIRT, cv2.LINE_AA)
    cv2.rectangle(face, (148, 300), (212, 382), SKIN_SHADE, -1)
    _oval(face, (180, 232), (92, 116), SKIN)
    cv2.ellipse(face, (180, 150), (100, 58), 0, 180, 360, HAIR, -1, cv2.LINE_AA)
    for x in (144, 216):
        _oval(face, (x, 228), (8, 8), INK)
        cv2.ellipse(face, (x, 212), (20, 9), 0, 200, 340, INK, 4, cv2.LINE_AA)
        cv2.circle(face, (x, 229), 27, (120, 104, 96), 3, cv2.LINE_AA)
    cv2.line(face, (171, 229), (189, 229), (120, 104, 96), 3, cv2.LINE_AA)
    cv2.ellipse(face, (180, 262), (12, 8), 0, 20, 160, SKIN_SHADE, 4, cv2.LINE_AA)
    cv2.ellipse(face, (180, 292), (32, 16), 0, 15, 165, (178, 92, 88), 5, cv2.LINE_AA)
    return png_of(face)


def plain_photo(colour: tuple[int, int, int], width_px: int = 30, height_px: int = 40) -> bytes:
    """PNG of one colour."""
    return png_of(np.full((height_px, width_px, 3), colour, dtype=np.uint8))


def png_of(rgb: NDArray[np.uint8]) -> bytes:
    done, data = cv2.imencode(".png", np.ascontiguousarray(rgb[:, :, ::-1]))
    assert done
    return data.tobytes()


def _oval(face: NDArray[np.uint8], centre: tuple[int, int], half: tuple[int, int], colour: tuple[int, ...]) -> None:
    cv2.ellipse(face, centre, half, 0, 0, 360, colour, -1, cv2.LINE_AA)
