"""The station against the real hub over HTTP: numbers, insurance, help, and a network that goes and comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from keeping_hub import OPTIONS, TODAY
from support.hub_thread import HubThread
from support.keepings import keeping

from devices.emulators.network import TcpProxy
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.service import Availability
from kiosk.domain.slip import Slip
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import HelpState, Step, Visit
from kiosk.station.hub_client import HubClient
from kiosk.station.ids import StationIds
from kiosk.station.kiosk_station import KioskStation
from kiosk.station.station_loop import StationLoop

CARD = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường X, Hà Nội|15042021"
WITHIN_S = 15.0


class Kiosk:
    """A station with real threads over a hub address, run on the test's thread."""

    def __init__(self, hub: HubClient, calls: ThreadPoolExecutor, questions: ThreadPoolExecutor) -> None:
        self.loop = StationLoop()
        self.slips: list[Slip] = []
        self.station = KioskStation(
            hub=hub,
            print_slip=self.slips.append,
            keeping=keeping(),
            options=OPTIONS,
            ids=StationIds(),
            clock_s=time.monotonic,
            today=lambda: TODAY,
            calls=calls,
            questions=questions,
            wake=self.loop.wake,
        )

    def until(self, reached: Callable[[Visit], bool]) -> Visit:
        deadline_s = time.monotonic() + WITHIN_S
        self.loop.run(self.station, lambda: reached(self.station.visit) or time.monotonic() > deadline_s)
        assert reached(self.station.visit), f"still on {self.station.visit.step}"
        return self.station.visit

    def to_services(self) -> str:
        """A person by QR up to the choice; returns the first service that gives numbers now."""
        self.until(lambda visit: bool(visit.services))
        self.station.post(ev.CodeScanned(code=recognise(CARD, certain=True, today=TODAY)))
        self.until(lambda visit: visit.step is Step.CONFIRM)
        self.station.post(ev.Confirmed())
        visit = self.until(lambda visit: visit.step is Step.CHOOSE_SERVICE)
        return next(service.id for service in visit.services if service.availability is Availability.OPEN)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubThread]:
    thread = HubThread(tmp_path / "data").start()
    yield thread
    thread.stop()


@pytest.fixture
def proxy(hub: HubThread) -> Iterator[TcpProxy]:
    with closing(TcpProxy(int(hub.url.rpartition(":")[2]))) as network:
        yield network


@pytest.fixture
def kiosk(proxy: TcpProxy) -> Iterator[Kiosk]:
    with (
        closing(HubClient(proxy.url)) as client,
        ThreadPoolExecutor(2) as calls,
        ThreadPoolExecutor(1) as questions,
    ):
        built = Kiosk(client, calls, questions)
        yield built
        built.station.stop()


def test_a_visit_leaves_with_the_number_the_hub_keeps(hub, kiosk):
    service = kiosk.to_services()
    kiosk.station.post(ev.ServiceChosen(service=service))
    visit = kiosk.until(lambda visit: visit.step is Step.TICKET)
    assert visit.ticket is not None
    [slip] = kiosk.slips
    with closing(HubClient(hub.url)) as client:
        kept = client.ticket(visit.ticket.id)
    assert (kept.label, kept.service, kept.masked_name) == (slip.label, service, "N*** V** A*")
    assert kept.next_step == slip.next_step


def test_a_call_for_help_stands_in_the_hubs_alerts(hub, kiosk):
    kiosk.station.post(ev.HelpTapped())
    kiosk.until(lambda visit: visit.help is HelpState.COMING)
    with closing(HubClient(hub.url)) as client:
        assert [(alert.kiosk, alert.code) for alert in client.alerts()] == [("k1", "help.asked")]


@pytest.mark.allowed_warnings("hub does not answer")
def test_a_silent_network_while_issuing_ends_with_one_number_and_no_touch(hub, proxy, kiosk):
    service = kiosk.to_services()
    kiosk.until(lambda visit: visit.eligibility_deadline_s is None)
    proxy.silence()
    kiosk.station.post(ev.ServiceChosen(service=service))
    kiosk.until(lambda visit: visit.hub_away)
    assert kiosk.station.visit.step is Step.ISSUING
    proxy.speak()
    visit = kiosk.until(lambda visit: visit.step is Step.TICKET)
    assert visit.ticket is not None
    with closing(HubClient(hub.url)) as client:
        assert [ticket.id for ticket in client.tickets()] == [visit.ticket.id]
    kiosk.until(lambda visit: not visit.hub_away)
