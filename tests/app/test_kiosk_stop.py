"""A kiosk that is told to end while the hub's answer is on its way: it ends at once, in order, and the wish is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.hub_thread import HubThread

from config.catalogue import load_catalogue
from devices.emulators.network import TcpProxy
from kiosk.app.kiosk_core import KioskCore
from kiosk.app.kiosk_outbox import OutboxSettings
from kiosk.app.kiosk_settings import KioskIdentity, KioskSettings
from kiosk.domain.outbox import Stage
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Claim, Step, Visit
from kiosk.station.station_loop import StationLoop
from kiosk.storage.outbox import Outbox
from kiosk.storage.outbox_file import FILE_NAME
from kiosk.storage.sealing import Sealer

WITHIN_S = 15.0
STOP_S = 3.0


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[TcpProxy]:
    hub = HubThread(tmp_path / "hub").start()
    with closing(TcpProxy(int(hub.url.rpartition(":")[2]))) as cable:
        yield cable
    hub.stop()


class Running:
    """The kiosk K2 without devices, run on the test's thread."""

    def __init__(self, url: str, folder: Path) -> None:
        self._loop = StationLoop()
        settings = KioskSettings(kiosk=KioskIdentity(id="K2"), outbox=OutboxSettings(folder=folder))
        self.core = KioskCore(url, settings, load_catalogue(), wake=self._loop.wake)
        self.core.start()

    def until_step(self, step: Step) -> Visit:
        station, deadline_s = self.core.station, time.monotonic() + WITHIN_S
        self._loop.run(station, lambda: station.visit.step is step or time.monotonic() > deadline_s)
        assert station.visit.step is step
        return station.visit

    def until_services(self) -> None:
        station, deadline_s = self.core.station, time.monotonic() + WITHIN_S
        self._loop.run(station, lambda: bool(station.visit.services) or time.monotonic() > deadline_s)

    def until_asked(self) -> None:
        station, deadline_s = self.core.station, time.monotonic() + WITHIN_S
        self._loop.run(station, lambda: bool(station.open_calls) or time.monotonic() > deadline_s)
        assert station.open_calls


def test_an_answer_that_comes_after_the_end_meets_a_closed_outbox_without_a_fault(
    cable: TcpProxy, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kiosk = Running(cable.url, tmp_path / "kiosk")
    kiosk.until_services()
    for event in (ev.Started(), ev.NoDocumentChosen(), ev.ClaimMade(claim=Claim.WITHOUT_INSURANCE)):
        kiosk.core.station.post(event)
    kiosk.until_step(Step.CHOOSE_SERVICE)
    cable.silence()
    kiosk.core.station.post(ev.ServiceChosen(service="nhi"))
    kiosk.until_asked()
    began_s = time.monotonic()
    kiosk.core.stop()
    assert time.monotonic() - began_s < STOP_S
    waiting = [thread for thread in threading.enumerate() if thread.name.startswith("kiosk-hub")]
    assert waiting
    cable.speak()
    for thread in waiting:
        thread.join(WITHIN_S)
    assert "outbox" not in caplog.text
    with closing(Outbox(tmp_path / "kiosk" / FILE_NAME, Sealer(bytes(32)), "K2")) as outbox:
        [request_id] = outbox.open_ids()
        entry = outbox.entry(request_id)
        assert entry is not None
        assert entry.stage is Stage.ASKED, "the next start takes it up"
