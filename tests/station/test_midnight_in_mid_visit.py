"""Midnight comes while somebody stands at the kiosk and others wait: the real hub over HTTP, clocks moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from keeping_hub import OPTIONS
from live_kiosk import LiveKiosk
from support.hub_thread import HubThread
from support.keepings import SEALER
from support.receptions import Clock

import kiosk.app.hub
from devices.emulators.network import TcpProxy
from kiosk.domain.outbox import Instant
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Claim, PrintProgress, Step
from kiosk.station.hub_client import HubClient
from kiosk.station.keeping import Keeping
from kiosk.storage.outbox import Outbox
from kiosk.storage.outbox_file import FILE_NAME

BEFORE_MIDNIGHT = datetime(2026, 3, 2, 16, 58, tzinfo=UTC)
"""23:58 in Ho Chi Minh City."""
EVENING, NEXT_DAY = date(2026, 3, 2), date(2026, 3, 3)
SERVICE = "nhi"
COUNTER = "2"
pytestmark = pytest.mark.allowed_warnings("tiepdon.station: hub does not answer")


class Night:
    """A hub, the cable to it, and the kiosk `k1` with an outbox on disk, all by one clock."""

    def __init__(self, clock: Clock, cable: TcpProxy, kiosk: LiveKiosk, client: HubClient, kept: Keeping) -> None:
        self._clock, self.cable, self.kiosk, self.client, self._kept = clock, cable, kiosk, client, kept

    def midnight_passes(self) -> None:
        self._clock.advance(minutes=5)
        self.kiosk.today = NEXT_DAY

    def to_the_choice(self) -> None:
        """Somebody without insurance, as far as the services."""
        self.kiosk.until(lambda visit: visit.step is Step.WELCOME and bool(visit.services))
        for event in (ev.Started(), ev.NoDocumentChosen(), ev.ClaimMade(claim=Claim.WITHOUT_INSURANCE)):
            self.kiosk.station.post(event)
        self.kiosk.until(lambda visit: visit.step is Step.CHOOSE_SERVICE)

    def choose(self) -> None:
        self.kiosk.station.post(ev.ServiceChosen(service=SERVICE))

    def number(self) -> str:
        visit = self.kiosk.until(lambda visit: visit.step is Step.TICKET)
        assert visit.ticket is not None
        label = visit.ticket.label
        self.kiosk.station.post(
            ev.PrintChanged(ticket_id=visit.ticket.id, progress=PrintProgress.CONFIRMED, fault=None, copy=0)
        )
        self.kiosk.station.post(ev.DoneTapped())
        self.kiosk.until(lambda visit: visit.step is Step.WELCOME)
        return label

    def visit(self) -> str:
        self.to_the_choice()
        self.choose()
        return self.number()

    def all_told(self) -> None:
        self._kept.disk.submit(lambda: None).result()  # what was on its way to the disk is there
        self.kiosk.until(lambda _: not self.kiosk.station.open_calls and not self._kept.outbox.open_ids())

    def called(self) -> list[str]:
        """Everybody who waits, in the order in which the counter calls them."""
        labels = []
        while (ticket := self.client.call_next(COUNTER)) is not None:
            labels.append(ticket.label)
        return labels


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    clock = Clock(BEFORE_MIDNIGHT)
    monkeypatch.setattr(kiosk.app.hub, "utc_now", clock)
    hub = HubThread(tmp_path / "data").start()

    def instant() -> Instant:
        return Instant(at=clock(), boot="b1", since_boot=clock() - BEFORE_MIDNIGHT + timedelta(hours=9))

    try:
        with (
            closing(TcpProxy(int(hub.url.rpartition(":")[2]))) as cable,
            closing(HubClient(cable.url)) as client,
            closing(HubClient(hub.url)) as counter,
            ThreadPoolExecutor(1) as disk,
            closing(Outbox(tmp_path / FILE_NAME, SEALER, "K1")) as outbox,
            closing(
                LiveKiosk(client, OPTIONS, EVENING, kept := Keeping(outbox=outbox, disk=disk, instant=instant))
            ) as at_night,
        ):
            yield Night(clock, cable, at_night, counter, kept)
            disk.shutdown()
    finally:
        hub.stop()


def test_who_chose_before_midnight_and_tapped_after_it_comes_behind_those_who_wait_with_a_label_of_nobody(
    night: Night,
) -> None:
    waiting = [night.visit(), night.visit()]
    night.to_the_choice()
    night.midnight_passes()
    night.choose()
    after = night.number()
    night.all_told()
    assert after not in waiting
    assert night.called() == [*waiting, after]


def test_an_answer_lost_at_midnight_leaves_one_ticket(night: Night) -> None:
    waiting = night.visit()
    night.to_the_choice()
    night.cable.silence()
    night.choose()
    own = night.number()
    night.midnight_passes()
    night.cable.speak()
    night.all_told()
    assert own == "K1-001"
    assert night.called() == [waiting, own]


def test_numbers_given_without_the_hub_over_midnight_differ_and_are_called_in_the_order_of_arrival(
    night: Night,
) -> None:
    waiting = night.visit()
    night.to_the_choice()
    night.cable.silence()
    night.choose()
    own = [night.number()]
    night.to_the_choice()
    night.midnight_passes()
    night.choose()
    own.append(night.number())
    night.cable.speak()
    night.all_told()
    after = night.visit()
    night.all_told()
    assert own == ["K1-001", "K1-002"]
    assert after != waiting
    assert night.called() == [waiting, *own, after]
