"""Where camera frames come from: a camera, a video file or a folder of pictures."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.contract import DeviceLost

Frame = NDArray[np.uint8]
"""One picture: height × width × 3, blue-green-red as OpenCV has it."""
Wait = Callable[[float], object]
"""Waits for so many seconds."""

_PICTURE_ENDINGS = {".png", ".jpg", ".jpeg", ".bmp"}
_SELECT_TIMEOUT_NAME = "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"


class FrameSource(Protocol):
    """Used by one thread. `read` takes at most a second and paces itself."""

    def open(self) -> None:
        """Raises `DeviceLost` with `camera.missing`."""

    def read(self) -> Frame | None:
        """The next frame, None when there is nothing to see at present. Raises `DeviceLost` with `camera.lost`."""

    def close(self) -> None:
        """Safe to call twice, but not during `read`."""


class DeviceFrames:
    """A V4L2 camera by index or by path (`/dev/v4l/by-id/…` survives replugging)."""

    def __init__(self, camera: int | str, *, width_px: int, height_px: int, frames_per_s: float) -> None:
        self._camera = camera
        self._frames_per_s = frames_per_s
        self._size_px = (width_px, height_px)
        self._capture: cv2.VideoCapture | None = None

    def open(self) -> None:
        # OpenCV waits 10 s for a stalled V4L2 camera otherwise; it reads this once, at the first capture
        os.environ.setdefault(_SELECT_TIMEOUT_NAME, "1")
        if isinstance(self._camera, str) and not Path(self._camera).exists():
            raise DeviceLost("camera.missing", "no such device")
        capture = cv2.VideoCapture(self._camera, cv2.CAP_V4L2)  # type: ignore[call-overload,unused-ignore]
        if not capture.isOpened():
            capture.release()
            raise DeviceLost("camera.missing", "cannot be opened")
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size_px[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size_px[1])
        capture.set(cv2.CAP_PROP_FPS, self._frames_per_s)  # a camera that cannot keeps its own rate
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # the newest frame, not the oldest
        self._capture = capture

    def read(self) -> Frame | None:
        if self._capture is None:
            raise DeviceLost("camera.lost", "closed")
        there, frame = self._capture.read()
        if not there:
            raise DeviceLost("camera.lost", "no frame")
        return np.asarray(frame, dtype=np.uint8)

    def close(self) -> None:
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()


class VideoFileFrames:
    """A video file at its own pace, over and over when `repeat` is set; afterwards nothing is to be seen."""

    def __init__(self, path: Path, *, repeat: bool = True, wait: Wait | None = None) -> None:
        self._path = path
        self._repeat = repeat
        self._wait = wait or threading.Event().wait
        self._capture: cv2.VideoCapture | None = None
        self._frame_s = 0.0

    def open(self) -> None:
        capture = cv2.VideoCapture(str(self._path)) if self._path.is_file() else None
        if capture is None or not capture.isOpened():
            raise DeviceLost("camera.missing", "no readable video file")
        self._capture = capture
        self._frame_s = 1.0 / max(1.0, capture.get(cv2.CAP_PROP_FPS))

    def read(self) -> Frame | None:
        if self._capture is None:
            raise DeviceLost("camera.lost", "closed")
        self._wait(self._frame_s)
        there, frame = self._capture.read()
        if not there and self._repeat:
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            there, frame = self._capture.read()
        return np.asarray(frame, dtype=np.uint8) if there else None

    def close(self) -> None:
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()


class FolderFrames:
    """Pictures of a folder in the order of their names, each held before the camera for some frames; pictures put
    there later are shown when they come, a picture written anew under its name is shown again."""

    def __init__(
        self, folder: Path, *, frames_per_picture: int = 12, frames_per_s: float = 15.0, wait: Wait | None = None
    ) -> None:
        self._folder = folder
        self._frames_per_picture = frames_per_picture
        self._frame_s = 1.0 / frames_per_s
        self._wait = wait or threading.Event().wait
        self._shown: set[tuple[str, int]] = set()
        self._picture: Frame | None = None
        self._frames_left = 0

    def open(self) -> None:
        if not self._folder.is_dir():
            raise DeviceLost("camera.missing", "no such folder")

    def read(self) -> Frame | None:
        self._wait(self._frame_s)
        if self._frames_left == 0:
            self._picture = self._next_picture()
            self._frames_left = self._frames_per_picture if self._picture is not None else 0
        if self._picture is not None:
            self._frames_left -= 1
        return self._picture

    def close(self) -> None:
        self._picture, self._frames_left = None, 0

    def _next_picture(self) -> Frame | None:
        try:
            files = sorted(file for file in self._folder.iterdir() if file.suffix.lower() in _PICTURE_ENDINGS)
            fresh = [(file, (file.name, file.stat().st_mtime_ns)) for file in files]
        except OSError as error:
            raise DeviceLost("camera.lost", f"errno {error.errno}") from error
        for file, key in fresh:
            if key not in self._shown:
                self._shown.add(key)
                picture = cv2.imread(str(file), cv2.IMREAD_COLOR)
                if picture is not None:
                    return np.asarray(picture, dtype=np.uint8)
        return None
