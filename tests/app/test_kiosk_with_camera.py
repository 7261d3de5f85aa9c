"""A whole kiosk on a real hub whose camera is a folder of pictures: from the camera's thread to the window's pixels."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.hub_thread import HubThread
from support.quick_items import named

from config.catalogue import Catalogue, load_catalogue
from devices.cameras.camera_scanner import CameraKind, CameraScannerOptions
from devices.emulators.camera import CameraEmulator
from kiosk.app.kiosk import Kiosk
from kiosk.app.kiosk import named as with_names
from kiosk.app.kiosk_settings import KioskSettings
from kiosk.domain.localized import Language
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Step
from kiosk.station.hub_client import HubClient
from ui.application import create_application
from ui.kiosk.options import KioskOptions

RED, GREEN, BLUE = (200, 40, 30), (30, 190, 60), (30, 60, 200)
DEADLINE_MS = 15_000
NEAR = 4
"""A colour level that rounding of the camera's shrinking may move."""


@dataclass
class KioskBeforeCamera:
    """Shows pictures to the kiosk's camera and looks at the kiosk's window."""

    kiosk: Kiosk
    camera: CameraEmulator
    hub: str
    qtbot: QtBot
    texts: Catalogue

    def hold(self, colour: tuple[int, int, int]) -> None:
        """Before the camera, until something else is held there."""
        self.camera.show_frame(np.full((360, 640, 3), colour[::-1], dtype=np.uint8))

    def comes_to(self, step: Step) -> None:
        self.qtbot.waitUntil(lambda: self.kiosk.station.visit.step is step, timeout=DEADLINE_MS)

    def sees(self, colour: tuple[int, int, int]) -> None:
        """The window shows the colour within the deadline; held again and again, as a folder shows a picture once."""

        def shown() -> bool:
            self.hold(colour)
            return self.picture_is(colour)

        self.qtbot.waitUntil(shown, timeout=DEADLINE_MS)

    def picture_is(self, colour: tuple[int, int, int]) -> bool:
        surfaces = named(self.kiosk.window.view, "livePicture")
        if not surfaces:
            return False
        middle = surfaces[0].mapToScene(surfaces[0].boundingRect().center())
        seen = self.kiosk.window.view.grabWindow().pixelColor(middle.toPoint()).getRgb()[:3]
        return all(abs(one - other) <= NEAR for one, other in zip(seen, colour, strict=True))

    def says(self, key: str) -> None:
        sentence = self.texts.text(key, Language.VI)

        def said() -> bool:
            items = [*named(self.kiosk.window.view, "guidance"), *named(self.kiosk.window.view, "notice")]
            return sentence in [item.property("text") for item in items]

        self.qtbot.waitUntil(said, timeout=DEADLINE_MS)

    def staff_hear_of(self, code: str) -> None:
        client = HubClient(self.hub)
        try:
            self.qtbot.waitUntil(lambda: code in {alert.code for alert in client.alerts()}, timeout=DEADLINE_MS)
        finally:
            client.close()


@pytest.fixture
def before_camera(qtbot: QtBot, tmp_path: Path) -> Iterator[KioskBeforeCamera]:
    create_application(["tests"])
    hub = HubThread(tmp_path / "hub").start()
    camera = CameraEmulator(tmp_path / "camera")
    settings = with_names(
        KioskSettings(
            screen=KioskOptions(animations=False, fullscreen=False, tap_guard_s=0.0),
            camera=CameraScannerOptions(kind=CameraKind.FOLDER, place=str(camera.folder)),
        )
    )
    texts = load_catalogue()
    kiosk = Kiosk(hub.url, settings, texts)
    kiosk.start()
    before = KioskBeforeCamera(kiosk=kiosk, camera=camera, hub=hub.url, qtbot=qtbot, texts=texts)
    before.comes_to(Step.WELCOME)
    yield before
    kiosk.stop()
    hub.stop()
    QApplication.processEvents()
    gc.collect()


def start_visit(before: KioskBeforeCamera) -> None:
    before.qtbot.waitUntil(lambda: bool(before.kiosk.station.visit.services), timeout=DEADLINE_MS)
    before.kiosk.station.post(ev.Started())
    before.comes_to(Step.PRESENT)


def test_what_is_held_before_the_camera_is_on_the_window(before_camera: KioskBeforeCamera) -> None:
    start_visit(before_camera)
    before_camera.sees(RED)
    before_camera.sees(GREEN)


def test_a_lost_camera_is_said_to_patient_and_staff_and_its_picture_comes_back(
    before_camera: KioskBeforeCamera, allowed_warnings: list[str]
) -> None:
    allowed_warnings.append("tiepdon.devices: camera lost")
    start_visit(before_camera)
    before_camera.sees(RED)
    shutil.rmtree(before_camera.camera.folder)
    before_camera.says("kiosk.camera.away")
    before_camera.staff_hear_of("camera.lost")
    assert not named(before_camera.kiosk.window.view, "livePicture")
    before_camera.camera.folder.mkdir()
    before_camera.sees(BLUE)
    before_camera.says("kiosk.camera.none")


def test_after_the_visit_no_picture_is_left_and_the_camera_goes_on_reading(before_camera: KioskBeforeCamera) -> None:
    start_visit(before_camera)
    before_camera.sees(RED)
    before_camera.kiosk.station.post(ev.CancelTapped())
    before_camera.comes_to(Step.WELCOME)
    assert not named(before_camera.kiosk.window.view, "livePicture")
    before_camera.camera.show("001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường X, Hà Nội|15042021")
    before_camera.comes_to(Step.CONFIRM)
