"""Hostile codes on their whole way: scanner on a tty, driver, bridge, visit machine, slip, print document.

Nothing happens but a sentence on the screen; where a code holds a card with a poisoned name, the visit goes on without
the poison. Nothing is opened, started or connected meanwhile: Python's own audit events are listened to.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC
from pathlib import Path

import pytest
from domain.visit.visit_walk import TODAY, Walk, verdict
from fuzz.hostile_codes import CODES, HOSTILE

from config.catalogue import load_catalogue
from devices.contract import DeviceEvent, ScanMeasured, Scanned
from devices.emulators.scanner import ScannerEmulator
from devices.printers.document import PrintDocument, Qr
from devices.scanners.serial_scanner import SerialScanner, SerialScannerOptions
from kiosk.domain.identity.values import masked_name
from kiosk.domain.localized import Language
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import AskEligibility, IssueTicket, LoadServices, PrintSlip
from kiosk.domain.visit.offers import text_key
from kiosk.domain.visit.state import Step
from kiosk.station.devices_bridge.bridge import DevicesBridge
from kiosk.station.devices_bridge.slip_document import slip_document
from kiosk.station.slip_text import slip_text

CATALOGUE = load_catalogue()
LAST = "TD:LASTONE"
STEPS_AT_MOST = 200
OUTSIDE = ("open", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "socket.", "webbrowser.", "ctypes.", "exec")
ASKING = {Step.PRESENT, Step.ENTER_BIRTH, Step.ENTER_NAME, Step.CONFIRM}


class Listener:
    """Collects audit events that reach outside, while `on`. A hook of Python cannot be taken off again."""

    def __init__(self) -> None:
        self.on = False
        self.heard: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, _: object) -> None:
        if self.on and event.startswith(OUTSIDE):
            self.heard.append(event)


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


class Line:
    """A scanner's line with its driver, stepped by hand, and the kiosk's bridge behind it."""

    def __init__(self, folder: Path) -> None:
        self.emulator = ScannerEmulator(folder / "scanner")
        self.seen: list[DeviceEvent] = []
        self.driver = SerialScanner(
            "scanner", SerialScannerOptions(port=str(self.emulator.path), poll_s=0.05), self.seen.append
        )
        self.driver.open()

    def events_of(self, code: bytes) -> list[DeviceEvent]:
        """What the driver makes of one code, up to a harmless one scanned after it."""
        self.seen.clear()
        self.emulator.scan(code)
        self.emulator.scan(LAST)
        for _ in range(STEPS_AT_MOST):
            for place, event in enumerate(self.seen):
                if isinstance(event, Scanned) and event.text.endswith(LAST):
                    return [earlier for earlier in self.seen[:place] if not isinstance(earlier, ScanMeasured)]
            self.driver.step()
        pytest.fail("the scan after the hostile one was lost")

    def close(self) -> None:
        self.driver.close()
        self.emulator.unplug()


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    line = Line(tmp_path_factory.mktemp("hostile"))
    yield line
    line.close()


def visit_events(happened: list[DeviceEvent]) -> list[ev.Event]:
    posted: list[ev.Event] = []
    bridge = DevicesBridge(
        post=posted.append, report_fault=lambda *_told: None, texts=CATALOGUE, time_zone=UTC, today=lambda: TODAY
    )
    for event in happened:
        bridge.on_device_event(event)
    return posted


def assert_said(walk: Walk) -> None:
    """The screen asks or tells something that both languages have, and knows nothing unprintable."""
    assert walk.visit.step in ASKING
    if walk.visit.notice is not None:
        for language in Language:
            assert CATALOGUE.text(text_key(walk.visit.notice), language).isprintable()
    if walk.visit.identity is None:
        assert walk.visit.notice is not None
        assert walk.visit.step is Step.PRESENT
    else:
        assert walk.visit.identity.number.isalnum()
        assert walk.visit.identity.number.isascii()
        assert walk.visit.identity.name is None or walk.visit.identity.name.isprintable()


def to_the_slip(walk: Walk) -> PrintDocument:
    """Go on with what the code gave, as a patient would, as far as the paper."""
    if walk.visit.step is Step.ENTER_BIRTH:
        walk.on(ev.BirthTyped(birth=None))
    if walk.visit.step is Step.ENTER_NAME:
        walk.on(ev.NameTyped(name=None))
    walk.answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service="noi")).issue()
    (printed,) = walk.said(PrintSlip)
    assert isinstance(printed, PrintSlip)
    return slip_document(slip_text(printed.slip, CATALOGUE, UTC))


def texts_of(document: PrintDocument) -> list[str]:
    values = [getattr(block, field.name) for block in document.blocks for field in fields(block)]
    return [value for value in values if isinstance(value, str)]


def test_the_table_has_three_hundred_different_codes() -> None:
    assert len({code for _, code in CODES}) >= 300
    assert len(HOSTILE) >= 20


@pytest.mark.parametrize(("aim", "code"), CODES, ids=[f"{number}" for number in range(len(CODES))])
def test_nothing_happens_but_a_sentence(aim: str, code: bytes, line: Line, listener: Listener) -> None:
    happened = line.events_of(code)
    for event in happened:
        assert not isinstance(event, Scanned) or event.text.isprintable(), aim
    walk = Walk()
    listener.heard.clear()
    listener.on = True
    events = visit_events(happened)
    walk.on(*events)
    listener.on = False
    assert listener.heard == [], aim
    if not events:  # nothing but terminators and NULs: no scan at all
        assert walk.visit.step is Step.WELCOME
        return
    assert_said(walk)
    allowed = (LoadServices, AskEligibility) if walk.visit.identity is not None else (LoadServices,)
    assert all(isinstance(effect, allowed) for effect in walk.effects), aim
    assert not walk.said(IssueTicket)
    if walk.visit.identity is not None:
        document = to_the_slip(walk)
        assert all(text.isprintable() for text in texts_of(document)), aim
        assert [block.payload.isascii() for block in document.blocks if isinstance(block, Qr)] == [True]


def test_a_poisoned_name_is_masked_without_its_poison(line: Line) -> None:
    (event,) = visit_events(line.events_of("001090123456||Nguyễn \x1b@\u202eAn|01011990|Nam|x|15042021".encode()))
    assert isinstance(event, ev.CodeScanned)
    assert event.code.identity is not None
    assert masked_name(event.code.identity.name or "") in ("N*** @*** A*", "N*** A*", "")
