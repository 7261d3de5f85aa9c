"""A whole kiosk with a printer, its hub killed in the middle of the morning: the patient gets a number on paper at
once, and when the hub is back that number is called like any other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.hub_process import HubProcess

from config.catalogue import load_catalogue
from devices.contract import DeviceState
from devices.emulators.network import TcpProxy
from devices.emulators.printer import PrinterEmulator
from devices.printers.options import PrinterKind, PrinterOptions
from kiosk.app.kiosk_core import KioskCore
from kiosk.app.kiosk_outbox import OutboxSettings
from kiosk.app.kiosk_settings import KioskIdentity, KioskSettings
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.service import Availability
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Claim, PrintProgress, Step, Visit
from kiosk.station.station_loop import StationLoop

WITHIN_S = 20.0
CARD = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường X, Hà Nội|15042021"
pytestmark = pytest.mark.allowed_warnings("hub does not answer", "hub is back")


class Lobby:
    """The kiosk K2 over a folder of its own, run on the test's thread."""

    def __init__(self, hub_url: str, printer_port: int, folder: Path) -> None:
        settings = KioskSettings(
            kiosk=KioskIdentity(id="K2"),
            printer=PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1", port=printer_port),
            outbox=OutboxSettings(folder=folder),
        )
        settings = replace(settings, visit=replace(settings.visit, kiosk_id="K2"))
        self._loop = StationLoop()
        self.core = KioskCore(hub_url, settings, load_catalogue(), wake=self._loop.wake)

    def until(self, reached: Callable[[Visit], object], within_s: float = WITHIN_S) -> Visit:
        station, deadline_s = self.core.station, time.monotonic() + within_s
        self._loop.run(station, lambda: bool(reached(station.visit)) or time.monotonic() > deadline_s)
        assert reached(station.visit), f"still on {station.visit.step}, {station.visit.print_progress}"
        return station.visit

    def to_the_choice(self) -> str:
        """Somebody without insurance, as far as the services; the first that is open."""
        self.until(lambda visit: visit.step is Step.WELCOME and visit.services)
        for event in (ev.Started(), ev.NoDocumentChosen(), ev.ClaimMade(claim=Claim.WITHOUT_INSURANCE)):
            self.core.station.post(event)
        visit = self.until(lambda visit: visit.step is Step.CHOOSE_SERVICE)
        return next(s.id for s in visit.services if s.availability is Availability.OPEN and s.for_uninsured)

    def take_number(self) -> Visit:
        service = self.to_the_choice()
        self.core.station.post(ev.ServiceChosen(service=service))
        return self.until(lambda visit: visit.step is Step.TICKET)

    def printed(self) -> Visit:
        return self.until(lambda visit: visit.print_progress is PrintProgress.CONFIRMED)

    def leave(self) -> None:
        self.core.station.post(ev.DoneTapped())
        self.until(lambda visit: visit.step is Step.WELCOME)


@contextmanager
def running(hub_url: str, printer_port: int, folder: Path) -> Iterator[Lobby]:
    lobby = Lobby(hub_url, printer_port, folder)
    lobby.core.start()
    try:
        lobby.until(lambda _: all(worker.state is DeviceState.READY for worker in lobby.core.workers))
        yield lobby
    finally:
        lobby.core.stop()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    process = HubProcess(tmp_path / "hub").start()
    yield process
    process.stop()


def tickets(hub: HubProcess) -> list[dict[str, Any]]:
    found: Any = hub.get("/v1/tickets")["tickets"]
    return list(found)


def test_a_number_printed_without_the_hub_is_called_like_any_other(hub: HubProcess, tmp_path: Path) -> None:
    with PrinterEmulator() as printer, running(hub.url, printer.serve_tcp(), tmp_path / "kiosk") as lobby:
        first = lobby.take_number()
        assert first.ticket is not None
        lobby.printed()
        lobby.leave()

        service = lobby.to_the_choice()
        hub.kill()
        began_s = time.monotonic()
        lobby.core.station.post(ev.ServiceChosen(service=service))
        shown = lobby.until(lambda visit: visit.step is Step.TICKET)
        assert time.monotonic() - began_s < 3.0
        assert shown.ticket is not None
        assert (shown.ticket.label, shown.own_number) == ("K2-001", True)
        lobby.printed()
        assert len(printer.tickets) == 2
        lobby.leave()

        hub.start()
        lobby.until(lambda _: [t["label"] for t in tickets(hub)] == [first.ticket and first.ticket.label, "K2-001"])
        lobby.until(lambda _: all(t["paper"] and t["paper"]["state"] == "confirmed" for t in tickets(hub)))
        lobby.until(lambda _: not lobby.core.station.open_calls)
        assert len(printer.tickets) == 2

    called = [hub.post("/v1/counters/2/call-next", None).json()["label"] for _ in range(2)]
    assert called == [first.ticket.label, "K2-001"]
    board: Any = hub.get("/v1/board")
    assert [call["label"] for call in board["now_called"]] == ["K2-001", first.ticket.label]


def test_a_kiosk_switched_off_before_the_hub_is_back_uploads_at_its_next_start(hub: HubProcess, tmp_path: Path) -> None:
    with PrinterEmulator() as printer:
        port = printer.serve_tcp()
        with running(hub.url, port, tmp_path / "kiosk") as lobby:
            lobby.until(lambda visit: visit.services)
            hub.kill()
            lobby.take_number()
            lobby.printed()
        with running(hub.url, port, tmp_path / "kiosk") as lobby:
            second = lobby.take_number()
            assert second.ticket is not None
            assert second.ticket.label == "K2-002"
            lobby.printed()
            hub.start()
            lobby.until(lambda _: [t["label"] for t in tickets(hub)] == ["K2-001", "K2-002"])
        assert len(printer.tickets) == 2


def test_a_cable_that_goes_silent_costs_a_patient_with_a_card_three_seconds_and_no_second_ticket(
    hub: HubProcess, tmp_path: Path
) -> None:
    """The worst case: nothing is refused, nothing is answered, and insurance is being asked."""
    with (
        closing(TcpProxy(hub.port)) as cable,
        PrinterEmulator() as printer,
        running(cable.url, printer.serve_tcp(), tmp_path / "kiosk") as lobby,
    ):
        lobby.until(lambda visit: visit.services)
        cable.silence()
        today = lobby.core.local_now().date()
        for event in (ev.CodeScanned(code=recognise(CARD, certain=True, today=today)), ev.Confirmed()):
            lobby.core.station.post(event)
        visit = lobby.until(lambda visit: visit.step is Step.CHOOSE_SERVICE)
        service = next(s.id for s in visit.services if s.availability is Availability.OPEN)
        began_s = time.monotonic()
        lobby.core.station.post(ev.ServiceChosen(service=service))
        lobby.until(lambda visit: visit.step is Step.TICKET)
        assert time.monotonic() - began_s < 3.0
        lobby.printed()
        cable.speak()
        lobby.until(lambda _: [t["label"] for t in tickets(hub)] == ["K2-001"])
        lobby.until(lambda _: not lobby.core.station.open_calls)
        assert [ticket["label"] for ticket in tickets(hub)] == ["K2-001"]
        assert len(printer.tickets) == 1
