"""Tells OCR-B glyphs apart: a two-layer network over small windows, in numpy.

Its weights (`glyphs.npz`) are trained by `packaging/mrz_glyphs/train.py` from a face in the public domain; nothing is
downloaded. One class stands for "no glyph in the middle of this window", with which a line's columns are found.
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
OFF = len(ALPHABET)
"""The class of windows that are not centred on a glyph."""
PITCH_PX = 16
WINDOW_PX = (20, 24)
"""Width and height; a capital is 15 px high at this pitch."""
Floats = NDArray[np.float32]
_LEAST_CONTRAST = 4.0


def normalised(windows: Floats) -> Floats:
    """Each row (one window) to mean 0 and spread 1; where there is almost nothing, noise is not made much of."""
    windows = windows - windows.mean(1, keepdims=True)
    return np.asarray(windows / (windows.std(1, keepdims=True) + _LEAST_CONTRAST), dtype=np.float32)


class GlyphReader:
    """Holds the weights; may be used by several threads."""

    def __init__(self) -> None:
        with (files("devices.mrz_picture") / "glyphs.npz").open("rb") as source, np.load(source) as weights:
            self._into, self._into_bias, self._out, self._out_bias = (
                weights[name].astype(np.float32) for name in ("into", "into_bias", "out", "out_bias")
            )

    def log_shares(self, strip: NDArray[np.uint8]) -> Floats:
        """How likely each glyph stands in the middle of each window of a strip `WINDOW_PX` high: natural logarithms,
        one row a window from left to right, one column a class."""
        width, height = WINDOW_PX
        windows = np.lib.stride_tricks.sliding_window_view(strip, (height, width))[0]
        rows = normalised(windows.reshape(len(windows), width * height).astype(np.float32))
        logits = np.maximum(rows @ self._into + self._into_bias, 0) @ self._out + self._out_bias
        logits -= logits.max(1, keepdims=True)
        return np.asarray(logits - np.log(np.exp(logits).sum(1, keepdims=True)), dtype=np.float32)
