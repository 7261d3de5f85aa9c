"""A kiosk that reads the back of a card with its camera and then the chip, without any code."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from support.hub_thread import HubThread

from config.catalogue import load_catalogue
from devices.cameras.camera_scanner import CameraKind, CameraScannerOptions
from devices.card_readers.apdu_reader import ApduReader, ApduReaderOptions
from devices.card_readers.virtual_reader import VirtualReader
from devices.emulators.camera import CameraEmulator
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.personalisation import issue_card
from devices.emulators.chip.variants import PROFILES
from kiosk.app.chip_settings import ChipSettings
from kiosk.app.emulate_camera import back_of
from kiosk.app.emulated_citizens import citizen_card_of
from kiosk.app.kiosk_core import KioskCore
from kiosk.app.kiosk_settings import KioskSettings
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_values import ChipState
from kiosk.domain.visit.state import Step
from kiosk.station.station_loop import StationLoop

WITHIN_S = 20.0


def test_the_back_shown_to_the_camera_and_the_card_laid_down_tell_who_it_is(tmp_path: Path):
    hub = HubThread(tmp_path / "hub").start()
    camera, reader, loop = CameraEmulator(tmp_path / "camera"), VirtualReader(), StationLoop()
    settings = KioskSettings(
        camera=CameraScannerOptions(kind=CameraKind.FOLDER, place=str(camera.folder)), chip=ChipSettings(photo=False)
    )
    core = KioskCore(
        hub.url,
        settings,
        load_catalogue(),
        wake=loop.wake,
        more_card_readers=(lambda sink: ApduReader("card_reader", reader, sink, ApduReaderOptions(poll_s=0.2)),),
    )

    def until(answers: Callable[[], bool]) -> None:
        end_s = time.monotonic() + WITHIN_S
        loop.run(core.station, lambda: answers() or time.monotonic() > end_s)
        assert answers(), f"on {core.station.visit.step}, chip {core.station.visit.chip.state}"

    core.start()
    try:
        core.station.post(ev.Started())
        until(lambda: core.station.visit.step is Step.PRESENT)
        camera.show_frame(back_of("1"))
        until(lambda: core.station.visit.chip.state is ChipState.CARD_WANTED)
        reader.lay(issue_card(citizen_card_of(1), PROFILES["bac"], Issuer()))
        until(lambda: core.station.visit.step is Step.CONFIRM)
        assert core.station.visit.identity is not None
        assert core.station.visit.identity.number == "001090123456"
    finally:
        core.stop()
        hub.stop()
