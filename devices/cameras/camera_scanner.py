"""A camera as a code scanner. No frame is kept; of a code only a digest, for as long as repeats are suppressed."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np

from devices.cameras.code_finder import CodeFinder, FoundCode
from devices.cameras.frames import DeviceFrames, FolderFrames, Frame, FrameSource, VideoFileFrames
from devices.cameras.mrz_watch import MrzWatch
from devices.cameras.picture_hint import HintGiver
from devices.cameras.picture_trouble import PictureWatch
from devices.cameras.scan_meter import ScanMeter
from devices.code_text import decode_code
from devices.contract import CameraGuidance, DeviceLost, DeviceState, DeviceStatus, EventSink, Scanned

_CLOSE_WAIT_S = 1.5
Preview = Callable[[Frame], None]
"""Gets a small red-green-blue frame on the camera's thread; must hand it over and return at once."""


WATCHED_WIDTH_PX = 320


class CameraKind(StrEnum):
    DEVICE = "device"
    VIDEO = "video"
    FOLDER = "folder"


@dataclass(frozen=True, kw_only=True)
class CameraScannerOptions:
    """`place`: camera index or path, video file, or folder of pictures. `repeat_after_s`: a code that stays in view is
    told once and again only after it was out of view for that long. `prepare_every`: see `CodeFinder`. `frames_per_s`
    is asked of a camera: at 15 looking for codes takes a third of a core and the screen keeps its 60 frames.
    `mrz_every`: each so many frames is searched for a machine-readable zone while that is asked for."""

    kind: CameraKind = CameraKind.DEVICE
    place: str = "0"
    width_px: int = 1280
    height_px: int = 720
    frames_per_s: float = 15.0
    repeat_after_s: float = 2.0
    prepare_every: int = 3
    mrz_every: int = 2
    preview_width_px: int = 480


def make_frame_source(options: CameraScannerOptions) -> FrameSource:
    """The source the options name."""
    match options.kind:
        case CameraKind.VIDEO:
            return VideoFileFrames(Path(options.place))
        case CameraKind.FOLDER:
            return FolderFrames(Path(options.place))
        case CameraKind.DEVICE:
            camera = int(options.place) if options.place.isdecimal() else options.place
            return DeviceFrames(
                camera, width_px=options.width_px, height_px=options.height_px, frames_per_s=options.frames_per_s
            )


class CameraScanner:
    """Driver for `DeviceWorker`; delivers `Scanned`, `ScanMeasured` and `CameraGuidance`, and a READY `DeviceStatus`
    with a code of `PictureTrouble` while its pictures are of no use (without one when they are again). `MrzSeen` only
    while it is to look for machine-readable zones.

    `DeviceLost` codes: `camera.missing`, `camera.lost`, `camera.closed`.
    """

    def __init__(
        self,
        name: str,
        source: FrameSource,
        sink: EventSink,
        options: CameraScannerOptions,
        *,
        preview: Preview | None = None,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._source = source
        self._sink = sink
        self._options = options
        self._preview = preview
        self._finder = CodeFinder(prepare_every=options.prepare_every)
        self._memory = _CodeMemory(options.repeat_after_s, clock_s)
        self._clock_s = clock_s
        self._meter = ScanMeter(name)
        self._watch, self._hints = PictureWatch(), HintGiver()
        self._mrz: MrzWatch | None = None
        self._in_use = threading.Lock()
        self._is_open = False

    def look_for_mrz(self, on: bool) -> None:
        """From any thread: begin or end looking for the back of a card; off at first, as it takes a fifth of a core.
        Each beginning forgets what was told before."""
        watch = MrzWatch(self.name, every=self._options.mrz_every, repeat_after_s=self._options.repeat_after_s)
        self._mrz = watch if on else None

    def open(self) -> None:
        """Raises `DeviceLost`."""
        with self._in_use:
            self._source.open()
            self._meter.reset()
            self._watch, self._hints = PictureWatch(), HintGiver()
            self._is_open = True

    def step(self) -> None:
        """Look at one frame. Raises `DeviceLost`."""
        with self._in_use:
            if not self._is_open:
                raise DeviceLost("camera.closed")
            frame = self._source.read()
        self._memory.forget_old()
        begun_s = self._clock_s()
        if frame is None:
            self._measure(begun_s, glimpsed=False)
            return
        if self._preview is not None:
            self._preview(_small(frame, self._options.preview_width_px))
        mrz = self._mrz
        seen = mrz.look(frame, begun_s) if mrz is not None else None
        if seen is not None and mrz is self._mrz:
            self._sink(seen)
        codes = self._finder.find(frame)
        self._measure(begun_s, glimpsed=self._finder.glimpsed)
        for code in codes:
            self._deliver(code)
        self._tell_of_picture(frame, read=bool(codes), now_s=begun_s)

    def close(self) -> None:
        """Release the source; a waiting `step` ends by itself within a second."""
        if not self._in_use.acquire(timeout=_CLOSE_WAIT_S):
            return
        try:
            self._is_open = False
            self._source.close()
        finally:
            self._in_use.release()

    def _measure(self, begun_s: float, *, glimpsed: bool) -> None:
        failure = self._meter.saw(begun_s, anything=glimpsed)
        if failure is not None:
            self._sink(failure)

    def _tell_of_picture(self, frame: Frame, *, read: bool, now_s: float) -> None:
        """Trouble and advice, told when they change; looked for in a small grey copy that is not kept."""
        grey, scale = _small_grey(frame)
        trouble, hint = self._watch.trouble, self._hints.hint
        if self._watch.look(grey, now_s) is not trouble:
            code = self._watch.trouble.value if self._watch.trouble else None
            self._sink(DeviceStatus(device=self.name, state=DeviceState.READY, code=code))
        glimpsed_px = self._finder.glimpsed_px
        on_copy_px = None if glimpsed_px is None else glimpsed_px * scale
        wanted = self._mrz is not None
        if self._hints.look(grey, glimpsed_px=on_copy_px, read=read, now_s=now_s, back_wanted=wanted) is not hint:
            self._sink(CameraGuidance(device=self.name, hint=self._hints.hint))

    def _deliver(self, code: FoundCode) -> None:
        decoded = decode_code(code.data)
        if decoded.text and self._memory.is_news(decoded.text, sightings_needed=2 if code.weak else 1):
            self._sink(Scanned(device=self.name, text=decoded.text, certain=decoded.certain))
            self._sink(self._meter.read(self._clock_s(), format_name=code.format, certain=decoded.certain))


class _CodeMemory:
    """Digests of the codes in view: how often they were seen, and when last."""

    def __init__(self, repeat_after_s: float, clock_s: Callable[[], float]) -> None:
        self._repeat_after_s = repeat_after_s
        self._clock_s = clock_s
        self._seen: dict[bytes, tuple[int, float]] = {}

    def is_news(self, text: str, *, sightings_needed: int) -> bool:
        """True exactly at the sighting that makes the code believable."""
        self.forget_old()
        digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
        sightings = self._seen.get(digest, (0, 0.0))[0] + 1
        self._seen[digest] = (sightings, self._clock_s())
        return sightings == sightings_needed

    def forget_old(self) -> None:
        """Forget the codes that have been out of view for long enough."""
        now_s = self._clock_s()
        self._seen = {code: seen for code, seen in self._seen.items() if now_s - seen[1] < self._repeat_after_s}


def _small(frame: Frame, width_px: int) -> Frame:
    height_px = max(1, round(frame.shape[0] * width_px / frame.shape[1]))
    small = cv2.resize(frame, (width_px, height_px), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(cv2.cvtColor(small, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _small_grey(frame: Frame) -> tuple[Frame, float]:
    """A grey copy `WATCHED_WIDTH_PX` wide, and its scale."""
    grey = frame if frame.ndim == 2 else cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, WATCHED_WIDTH_PX / grey.shape[1])
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), scale
