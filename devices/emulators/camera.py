"""A camera to hold codes before: writes frames with a code as pictures into a folder, or as a video file.

The camera driver reads the folder (`FolderFrames`) or the file (`VideoFileFrames`) as it reads a camera.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
_DESK_GREY = 170
_PAPER_WHITE = 255
_HELD_FRAMES = 12


@dataclass(frozen=True, kw_only=True)
class View:
    """How a code is held before the camera. `module_px`: pixels per code module (the card's QR at a good distance has
    four or more); `blur_px`: sigma of the lens; `noise`: sigma of the sensor in grey levels, from a fixed `seed`."""

    width_px: int = 1280
    height_px: int = 720
    module_px: int = 4
    turn_deg: float = 0.0
    blur_px: float = 0.0
    noise: float = 0.0
    seed: int = 1


def draw_code(
    code: str | bytes,
    view: View | None = None,
    code_format: zxingcpp.BarcodeFormat = zxingcpp.BarcodeFormat.QRCodeModel2,
) -> Frame:
    """One frame (height × width × 3, blue-green-red) with the code in its middle. Text is written as UTF-8 without
    ECI, as on the citizen card. Raises ValueError when code or frame cannot be made."""
    view = view or View()
    content = code.encode() if isinstance(code, str) and code_format == zxingcpp.BarcodeFormat.QRCodeModel2 else code
    symbol = np.asarray(zxingcpp.create_barcode(content, code_format).to_image(scale=view.module_px), dtype=np.uint8)
    grey = np.full((view.height_px, view.width_px), _DESK_GREY, dtype=np.uint8)
    top_px, left_px = (view.height_px - symbol.shape[0]) // 2, (view.width_px - symbol.shape[1]) // 2
    if top_px < 0 or left_px < 0:
        raise ValueError(f"a code of {symbol.shape[1]}×{symbol.shape[0]} px does not fit the frame")
    grey[top_px : top_px + symbol.shape[0], left_px : left_px + symbol.shape[1]] = symbol
    return np.asarray(cv2.cvtColor(_seen_by_lens(grey, view), cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def write_video(path: Path, frames: Sequence[Frame], *, frames_per_s: float = 15.0) -> None:
    """A Motion-JPEG file (`.avi`) that holds each frame for a while. Raises OSError when it cannot be written."""
    height_px, width_px = frames[0].shape[:2]
    codec = cv2.VideoWriter.fourcc(*"MJPG")
    writer = cv2.VideoWriter(str(path), codec, frames_per_s, (width_px, height_px))
    if not writer.isOpened():
        raise OSError(f"cannot write video {path.name}")
    for frame in frames:
        for _ in range(_HELD_FRAMES):
            writer.write(frame)
    writer.release()


class CameraEmulator:
    """Shows codes to a driver that reads `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._shown = 0
        folder.mkdir(parents=True, exist_ok=True)

    def show(self, code: str | bytes, view: View | None = None) -> Path:
        """Hold a QR before the camera; answers the picture's path."""
        return self.show_frame(draw_code(code, view))

    def show_frame(self, frame: Frame) -> Path:
        """Put a frame into the folder, whole at once. Raises OSError."""
        self._shown += 1
        path = self.folder / f"frame-{self._shown:04d}.png"
        half_written = path.with_suffix(".part")
        half_written.write_bytes(cv2.imencode(".png", frame)[1].tobytes())
        half_written.replace(path)
        return path


def _seen_by_lens(grey: Frame, view: View) -> Frame:
    seen = grey
    if view.turn_deg:
        matrix = cv2.getRotationMatrix2D((view.width_px / 2, view.height_px / 2), view.turn_deg, 1.0)
        size = (view.width_px, view.height_px)
        seen = np.asarray(cv2.warpAffine(seen, matrix, size, borderValue=_DESK_GREY), dtype=np.uint8)
    if view.blur_px:
        seen = np.asarray(cv2.GaussianBlur(seen, (0, 0), view.blur_px), dtype=np.uint8)
    if view.noise:
        noise = np.random.default_rng(view.seed).normal(0.0, view.noise, seen.shape)
        seen = np.clip(seen + noise, 0, _PAPER_WHITE).astype(np.uint8)
    return seen
