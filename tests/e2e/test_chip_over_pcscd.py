"""A kiosk with a PC/SC reader over the real pcscd: chips are read, and a daemon that dies is waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.hub_thread import HubThread
from support.pcscd import VPCD_PORT, card_present, wait_until

from config.catalogue import load_catalogue
from devices.emulators.card_vpcd import VpcdCard
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.personalisation import issue_card
from devices.emulators.chip.variants import PROFILES
from kiosk.app.card_reader_settings import CardReaderSettings
from kiosk.app.chip_settings import ChipSettings
from kiosk.app.emulated_citizens import citizen_card_of
from kiosk.app.kiosk_core import KioskCore
from kiosk.app.kiosk_settings import KioskSettings
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_values import ChipState, ChipVerdict
from kiosk.domain.visit.state import Step
from kiosk.station.station_loop import StationLoop

CODE = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường Mẫu, Hà Nội|15042021"
WITHIN_S = 30.0

pytestmark = [pytest.mark.pcscd, pytest.mark.allowed_warnings("tiepdon.devices: .*")]


class Kiosk:
    """A kiosk core and the owner's loop, with a card to be laid."""

    def __init__(self, hub_url: str, country: Path) -> None:
        issuer = Issuer(PROFILES["citizen"].signing)
        country.mkdir()
        issuer.write_trust_folder(country)
        self._chip = issue_card(citizen_card_of(1), PROFILES["citizen"], issuer)
        self._laid: VpcdCard | None = None
        self._loop = StationLoop()
        settings = KioskSettings(
            card_reader=CardReaderSettings(reader_contains="tiep don", poll_s=0.2),
            chip=ChipSettings(country_certificates=country),
        )
        self.core = KioskCore(hub_url, settings, load_catalogue(), wake=self._loop.wake)

    @property
    def visit(self):
        return self.core.station.visit

    def until(self, answers: Callable[[], bool], within_s: float = WITHIN_S) -> None:
        end_s = time.monotonic() + within_s
        self._loop.run(self.core.station, lambda: answers() or time.monotonic() > end_s)
        assert answers(), f"on {self.visit.step}, chip {self.visit.chip.state}, card {self.visit.card_on_reader}"

    def post(self, *events: ev.Event) -> None:
        for event in events:
            self.core.station.post(event)
            self.core.station.process_pending()

    def show_code(self) -> None:
        today = self.core.local_now().date()
        self.post(ev.CodeScanned(code=recognise(CODE, certain=True, today=today)))

    def lay(self) -> None:
        self._laid = VpcdCard(self._chip, port=VPCD_PORT)
        self._laid.lay()

    def take(self) -> None:
        if self._laid is not None:
            self._laid.take()
            self._laid = None


@contextmanager
def running(hub: HubThread, country: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(hub.url, country)
    kiosk.core.start()
    try:
        yield kiosk
    finally:
        kiosk.core.stop()
        kiosk.take()
        assert wait_until(lambda: not card_present())


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubThread]:
    thread = HubThread(tmp_path / "data").start()
    yield thread
    thread.stop()


def test_a_visit_with_a_card_on_a_real_reader_service(pcscd, hub, tmp_path):
    with running(hub, tmp_path / "country") as kiosk:
        kiosk.lay()
        kiosk.until(lambda: kiosk.visit.chip.state is ChipState.KEY_WANTED)
        kiosk.show_code()
        kiosk.until(lambda: kiosk.visit.chip.photo is not None)
        assert kiosk.visit.step is Step.CONFIRM
        assert kiosk.visit.chip.verdict is ChipVerdict.AUTHENTIC


def test_a_killed_pcscd_is_waited_for_and_the_next_card_reads_without_a_restart(pcscd, hub, tmp_path):
    with running(hub, tmp_path / "country") as kiosk:
        kiosk.lay()
        kiosk.until(lambda: kiosk.visit.card_on_reader)
        pcscd.kill()
        kiosk.until(lambda: not kiosk.visit.card_on_reader)
        kiosk.take()
        pcscd.start()
        kiosk.lay()
        kiosk.until(lambda: kiosk.visit.card_on_reader)
        kiosk.show_code()
        kiosk.until(lambda: kiosk.visit.chip.verdict is ChipVerdict.AUTHENTIC)


def test_a_card_taken_from_the_real_reader_is_noticed_and_laid_again_it_reads(pcscd, hub, tmp_path):
    with running(hub, tmp_path / "country") as kiosk:
        kiosk.lay()
        kiosk.until(lambda: kiosk.visit.card_on_reader)
        kiosk.take()
        kiosk.until(lambda: not kiosk.visit.card_on_reader)
        kiosk.show_code()
        kiosk.lay()
        kiosk.until(lambda: kiosk.visit.chip.verdict is ChipVerdict.AUTHENTIC)
