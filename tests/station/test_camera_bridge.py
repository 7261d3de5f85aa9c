"""What a camera says reaches the screen as a value and staff as an alert."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date

import pytest
from keeping_hub import Bench

from config.catalogue import load_catalogue
from devices.contract import CameraGuidance, CameraHint, DeviceEvent, DeviceState, DeviceStatus
from kiosk.domain.localized import Language
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Step
from kiosk.station.camera_view import CameraState, CameraView, Guidance
from kiosk.station.devices_bridge.bridge import DevicesBridge

TEXTS = load_catalogue()
TROUBLES = ("camera.missing", "camera.lost", "camera.black_picture", "camera.frozen", "camera.exposure_hunts")
SEEING = CameraView(state=CameraState.SEEING)
BLIND = CameraView(state=CameraState.BLIND)


@dataclass
class CameraBridged:
    shown: list[CameraView] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)
    posted: list[ev.Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bridge = DevicesBridge(
            post=self.posted.append,
            report_fault=self.reported.append,
            texts=TEXTS,
            time_zone=UTC,
            today=lambda: date(2026, 11, 22),
        )
        self.bridge.use_camera("camera", self.shown.append)

    def on(self, *device_events: DeviceEvent) -> CameraBridged:
        for event in device_events:
            self.bridge.on_device_event(event)
        return self


def status(state: DeviceState, code: str | None = None, device: str = "camera") -> DeviceStatus:
    return DeviceStatus(device=device, state=state, code=code)


def advice(hint: CameraHint, device: str = "camera") -> CameraGuidance:
    return CameraGuidance(device=device, hint=hint)


READY = status(DeviceState.READY)


def test_every_hint_of_the_driver_is_a_guidance_of_the_screen() -> None:
    assert {hint.value for hint in CameraHint} == {guidance.value for guidance in Guidance}


def test_a_camera_that_opens_sees_and_one_that_goes_is_blind() -> None:
    lost = status(DeviceState.LOST, "camera.lost")
    bridged = CameraBridged().on(status(DeviceState.CONNECTING), READY, lost, READY)
    assert bridged.shown == [SEEING, BLIND, SEEING]
    assert bridged.reported == ["camera.lost"]


@pytest.mark.parametrize("code", ["camera.black_picture", "camera.frozen"])
def test_a_picture_not_worth_looking_at_makes_the_camera_blind_until_it_is_well(code: str) -> None:
    bridged = CameraBridged().on(READY, status(DeviceState.READY, code), READY)
    assert bridged.shown == [SEEING, BLIND, SEEING]
    assert bridged.reported == [code]


def test_exposure_that_hunts_is_for_staff_and_leaves_the_picture() -> None:
    bridged = CameraBridged().on(READY, status(DeviceState.READY, "camera.exposure_hunts"))
    assert bridged.shown == [SEEING]
    assert bridged.reported == ["camera.exposure_hunts"]


def test_advice_is_shown_once_and_gone_with_the_camera() -> None:
    closer = advice(CameraHint.CLOSER)
    bridged = CameraBridged().on(READY, closer, closer, status(DeviceState.LOST, "camera.lost"), READY)
    with_advice = CameraView(state=CameraState.SEEING, guidance=Guidance.CLOSER)
    assert bridged.shown == [SEEING, with_advice, BLIND, SEEING]


def test_another_devices_trouble_says_nothing_of_the_camera() -> None:
    bridged = CameraBridged().on(
        status(DeviceState.LOST, "scanner.port_missing", "scanner"), advice(CameraHint.TILT, "x")
    )
    assert bridged.shown == []


def test_nothing_a_camera_says_touches_the_visit() -> None:
    bridged = CameraBridged().on(READY, *(advice(hint) for hint in CameraHint), status(DeviceState.LOST, "camera.lost"))
    assert bridged.posted == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("code", TROUBLES)
def test_staff_are_told_every_trouble_in_words(code: str, language: Language) -> None:
    assert TEXTS.text(f"staff.{code}", language)


def test_traces_are_wiped_when_a_visit_is_given_up() -> None:
    wiped: list[Step] = []
    bench = Bench(wipe=lambda: wiped.append(bench.station.visit.step))
    bench.station.post(ev.Started())
    bench.station.process_pending()
    assert wiped == []
    bench.station.post(ev.CancelTapped())
    bench.station.process_pending()
    assert len(wiped) == 1
