"""The newest camera picture on its way from the camera's thread to the screen. Never more than one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Frame = NDArray[np.uint8]


class LatestFrame:
    """A slot for one picture. `put` belongs to the camera's thread, everything else to the main thread.

    A picture the screen has not fetched when the next one comes is dropped: a busy screen gets fewer pictures, not
    later ones. While the slot is closed nothing is taken in.
    """

    def __init__(self, *, mirrored: bool) -> None:
        self._mirrored = mirrored
        self._lock = threading.Lock()
        self._open = False
        self._waiting: QImage | None = None
        self.dropped = 0

    def is_open(self) -> bool:
        return self._open

    def put(self, frame: Frame) -> bool:
        """Take in a frame (height × width × 3, red-green-blue); whether the screen should be woken for it."""
        if not self.is_open():
            return False
        picture = picture_of(frame, mirrored=self._mirrored)
        with self._lock:
            if not self.is_open():  # closed while the picture was made: the next patient must not see it
                return False
            is_first = self._waiting is None
            self.dropped += not is_first
            self._waiting = picture
        return is_first

    def take(self) -> QImage | None:
        """The newest picture, out of the slot."""
        with self._lock:
            picture, self._waiting = self._waiting, None
        return picture

    def open(self) -> None:
        with self._lock:
            self._open = True

    def close(self) -> None:
        """From now on nothing is taken in, and what was waiting is gone."""
        with self._lock:
            self._open = False
            self._waiting = None


def picture_of(frame: Frame, *, mirrored: bool) -> QImage:
    """A picture that owns its pixels; the driver may use its frame again at once."""
    height_px, width_px = frame.shape[:2]
    pixels = (frame[:, ::-1] if mirrored else frame).tobytes()
    borrowed = QImage(pixels, width_px, height_px, 3 * width_px, QImage.Format.Format_RGB888)
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)
