"""The window on a station: posts come in, visits go out, time passes, and it ends."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import screen_samples
from kiosk_bench import item_named
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from config.catalogue import Catalogue
from kiosk.domain.eligibility import RepairField
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_values import ChipStage
from kiosk.domain.visit.state import Step, Visit
from kiosk.station.camera_view import Guidance
from ui.bridge import Bridge
from ui.kiosk.kiosk_window import MAIN, TICK_MS, KioskWindow, build_kiosk_window
from ui.kiosk.options import KioskOptions


@dataclass
class TwoStepStation:
    """Goes from the welcome to the next screen when started, back when cancelled; speaks the station's interface."""

    wake: Callable[[], None]
    visit: Visit = field(default_factory=Visit)
    inbox: list[ev.Event] = field(default_factory=list)
    ticks: int = 0
    subscribers: list[Callable[[Visit], None]] = field(default_factory=list)

    def post(self, event: ev.Event) -> None:
        self.inbox.append(event)
        self.wake()

    def subscribe(self, on_visit: Callable[[Visit], None]) -> None:
        self.subscribers.append(on_visit)
        on_visit(self.visit)

    def process_pending(self) -> None:
        while self.inbox:
            match self.inbox.pop(0):
                case ev.Started():
                    self.visit = replace(self.visit, step=Step.PRESENT, history=(Step.WELCOME,))
                case ev.CancelTapped():
                    self.visit = Visit()
        for on_visit in self.subscribers:
            on_visit(self.visit)

    def tick(self) -> None:
        self.ticks += 1


@pytest.fixture
def station() -> TwoStepStation:
    return TwoStepStation(wake=lambda: None)


@pytest.fixture
def window(qtbot: QtBot, texts: Catalogue, station: TwoStepStation) -> Iterator[KioskWindow]:
    bridge = Bridge()
    station.wake = bridge.call
    window = build_kiosk_window(
        station,
        texts=texts,
        options=screen_samples.options("portrait"),
        bridge=bridge,
        clock_s=lambda: screen_samples.NOW_S,
        local_now=lambda: screen_samples.WALL_CLOCK,
    )
    window.show(fullscreen=False)
    yield window
    window.close()


def test_an_event_from_a_device_thread_changes_the_screen(
    qtbot: QtBot, window: KioskWindow, station: TwoStepStation
) -> None:
    device = threading.Thread(target=station.post, args=(ev.Started(),))
    device.start()
    device.join()
    qtbot.waitUntil(lambda: window.view_model.property("step") == "present")


def test_the_station_is_ticked_while_the_window_is_open(
    qtbot: QtBot, window: KioskWindow, station: TwoStepStation
) -> None:
    qtbot.waitUntil(lambda: station.ticks >= 2, timeout=3000)
    window.close()
    ticks = station.ticks
    beats: list[int] = []
    metronome = QTimer()
    metronome.timeout.connect(lambda: beats.append(1))
    metronome.start(TICK_MS)
    qtbot.waitUntil(lambda: len(beats) == 2)
    metronome.stop()
    assert station.ticks == ticks


def test_a_screen_that_moves_in_comes_to_rest_in_its_place(
    qtbot: QtBot, texts: Catalogue, station: TwoStepStation
) -> None:
    window = build_kiosk_window(
        station,
        texts=texts,
        options=replace(screen_samples.options("portrait"), animations=True),
        bridge=Bridge(),
        clock_s=lambda: screen_samples.NOW_S,
        local_now=lambda: screen_samples.WALL_CLOCK,
    )
    window.show(fullscreen=False)
    station.post(ev.Started())
    station.process_pending()
    stage = item_named(window.view, "stage")
    moved: list[float] = []
    stage.xChanged.connect(lambda: moved.append(stage.x()))
    qtbot.waitUntil(lambda: len(moved) > 1 and stage.x() == 0 and stage.opacity() == 1, timeout=5000)
    window.close()


def test_closing_twice_is_harmless(window: KioskWindow) -> None:
    window.close()
    window.close()


def test_many_visits_leave_no_screen_behind(qtbot: QtBot, window: KioskWindow, station: TwoStepStation) -> None:
    for _ in range(20):
        station.post(ev.Started())
        station.process_pending()
        station.post(ev.CancelTapped())
        station.process_pending()
        qtbot.wait(1)  # deferred deletes need the event loop
    assert len(item_named(window.view, "stage").childItems()) == 1


def _keys_in_qml() -> set[str]:
    found: set[str] = set()
    for file in MAIN.parent.rglob("*.qml"):
        found |= set(re.findall(r'"(kiosk\.[a-z_.]+[a-z_])"', file.read_text(encoding="utf-8")))
    return found


def test_every_text_named_in_qml_is_in_the_catalogue_of_both_languages(texts: Catalogue) -> None:
    keys = _keys_in_qml()
    assert len(keys) > 50
    for language in ("vi", "en"):
        assert keys - texts.keys(language) == set()


def test_no_text_of_the_kiosk_is_unused(texts: Catalogue) -> None:
    sources = "\n".join(
        file.read_text(encoding="utf-8")
        for file in [*Path(MAIN).parent.rglob("*.qml"), *Path(MAIN).parent.rglob("*.py")]
    )
    kiosk_keys = {key for key in texts.keys("vi") if key.startswith("kiosk.")}
    made = {
        *(
            f"kiosk.no_document.{name}{end}"
            for name in ("no_card", "child", "without_insurance")
            for end in ("", "_hint")
        ),
        *(f"kiosk.ticket.print_{p}" for p in ("none", "queued", "sent", "confirmed", "unconfirmed", "failed")),
        *(f"kiosk.help.{state}{end}" for state in ("asked", "coming", "unreachable") for end in ("", "_title")),
        *(f"kiosk.camera.{guidance.value}" for guidance in Guidance),
        *(f"kiosk.read_chip.{stage.value}" for stage in ChipStage),
        *(f"kiosk.repair.{field.value}_{end}" for field in RepairField for end in ("title", "subtitle")),
        "kiosk.repair.birth_subtitle_year",
        "kiosk.confirm.insurance_counter",
        "kiosk.confirm.insurance_repair",
        "kiosk.ticket.priority",
        "kiosk.ticket.emergency",
    }
    assert {key for key in kiosk_keys - made if f'"{key}"' not in sources and f"'{key}'" not in sources} == set()


def test_a_kiosk_fills_its_screen_unless_told_otherwise(window: KioskWindow) -> None:
    assert KioskOptions().fullscreen
    window.show(fullscreen=True)
    assert window.view.geometry() == window.view.screen().geometry()
