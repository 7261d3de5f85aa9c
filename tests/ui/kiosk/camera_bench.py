"""The kiosk's window with a camera whose frames and words come from the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import cv2
import numpy as np
import screen_samples
from kiosk_bench import KioskOnBench, item_named, make_bench
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QImage

from kiosk.domain.localized import Language, Texts
from kiosk.domain.visit.state import Visit
from kiosk.station.camera_view import CameraState, CameraView, Guidance
from ui.kiosk.camera_model import CameraModel

SEEING = CameraView(state=CameraState.SEEING)
BLIND = CameraView(state=CameraState.BLIND)


@dataclass
class Clock:
    now_s: float = 100.0


@dataclass
class CameraOnBench:
    """A window with a camera; what is given or told is on the screen when the call returns."""

    bench: KioskOnBench
    camera: CameraModel
    clock: Clock

    def show(self, visit: Visit) -> None:
        self.camera.show(visit)
        self.bench.show(visit)

    def show_sample(self, name: str, language: Language = Language.VI) -> None:
        self.show(replace(screen_samples.SAMPLES[name], language=language))

    def tell(self, view: CameraView, *, after_s: float = 10.0) -> None:
        self.clock.now_s += after_s
        self.camera.tell(view)
        run_slots()

    def advise(self, guidance: Guidance, *, after_s: float = 10.0) -> None:
        self.tell(replace(SEEING, guidance=guidance), after_s=after_s)

    def give(self, frame: NDArray[np.uint8]) -> None:
        self.camera.give(frame)
        run_slots()

    @property
    def guidance(self) -> str:
        return str(item_named(self.bench.view, "guidance").property("text"))

    def colour_at(self, across: float, down: float) -> QColor:
        """Of the live picture as the window shows it; 0, 0 is its upper left corner, 1, 1 the lower right one."""
        picture: QImage = self.bench.picture()
        surface = item_named(self.bench.view, "livePicture")
        corner = surface.mapToScene(surface.boundingRect().topLeft())
        x = corner.x() + across * surface.width()
        y = corner.y() + down * surface.height()
        return picture.pixelColor(round(x), round(y))


@contextmanager
def camera_on_bench(
    orientation: str, texts: Texts, *, only_reader: bool = True, mirrored: bool = False
) -> Iterator[CameraOnBench]:
    clock = Clock()
    camera = CameraModel(only_reader=only_reader, mirrored=mirrored, clock_s=lambda: clock.now_s)
    bench = make_bench(screen_samples.options(orientation), texts, camera)
    yield CameraOnBench(bench=bench, camera=camera, clock=clock)
    camera.close()
    bench.view.close()
    bench.view.setSource("")


def run_slots() -> None:
    """What a foreign thread handed over reaches the main thread."""
    QCoreApplication.processEvents()


def plain_frame(colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    return np.full((270, 480, 3), colour, dtype=np.uint8)


def card_frame() -> NDArray[np.uint8]:
    """A card with a code on it, held before a plain background; the same every time."""
    frame = plain_frame((98, 128, 138))
    cv2.rectangle(frame, (140, 70), (340, 196), (226, 238, 240), -1)
    modules = (np.random.default_rng(3).random((21, 21)) > 0.5).astype(np.uint8) * 255
    frame[84:147, 262:325] = np.kron(modules, np.ones((3, 3), dtype=np.uint8))[..., None]
    return np.ascontiguousarray(frame)
