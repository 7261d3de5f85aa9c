"""The station against the real hub over HTTP: numbers, insurance, help, and a network that goes and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from keeping_hub import OPTIONS, TODAY
from live_kiosk import LiveKiosk
from support.hub_thread import HubThread

from devices.emulators.network import TcpProxy
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import HelpState, Step
from kiosk.station.hub_client import HubClient

CARD = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường X, Hà Nội|15042021"


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
def kiosk(proxy: TcpProxy) -> Iterator[LiveKiosk]:
    with closing(HubClient(proxy.url)) as client, closing(LiveKiosk(client, OPTIONS, TODAY)) as built:
        yield built


def test_a_visit_leaves_with_the_number_the_hub_keeps(hub, kiosk):
    kiosk.present(CARD)
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


def test_how_many_tickets_are_left_stands_in_the_hubs_alerts_and_follows_the_roll(hub, kiosk):
    with closing(HubClient(hub.url)) as client:
        for left in (40, 20):
            kiosk.station.report_fault("printer.paper_low", {"left": left})
            kiosk.until(lambda visit, left=left: [alert.params for alert in client.alerts()] == [{"left": left}])


@pytest.mark.allowed_warnings("hub does not answer")
def test_a_silent_network_while_issuing_ends_with_one_number_and_no_touch(hub, proxy, kiosk):
    kiosk.present(CARD)
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
