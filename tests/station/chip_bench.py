"""A station with real card readers, real chip threads and emulated chips; only the hub and the screen are not there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from keeping_hub import OPTIONS, TODAY, InlineExecutor, KeepingHub
from support.keepings import keeping

from config.catalogue import load_catalogue
from devices.card_readers.apdu_reader import ApduReader, ApduReaderOptions
from devices.card_readers.virtual_reader import VirtualCard, VirtualReader
from devices.chip.photo import PhotoDecoder
from devices.contract import DeviceEvent
from devices.emulators.chip.application import EmulatedChip
from devices.emulators.chip.faults import FAULTS
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.personalisation import draft_card, image_of
from devices.emulators.chip.variants import PROFILES
from devices.worker import DeviceWorker
from kiosk.app.chip_parts import make_read_card
from kiosk.app.chip_settings import PHOTO_SIZE, ChipSettings
from kiosk.app.emulated_citizens import citizen_card_of
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Visit
from kiosk.station.devices_bridge.bridge import DevicesBridge
from kiosk.station.devices_bridge.card_places import CardPlaces
from kiosk.station.devices_bridge.chip_readings import ChipReadings
from kiosk.station.ids import StationIds
from kiosk.station.kiosk_station import KioskStation
from kiosk.station.station_loop import StationLoop

CODE = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường Mẫu, Hà Nội|15042021"
CAN = "123456"
WAIT_S = 15.0


def chip_of(person: int = 1, *faults: str, profile: str = "citizen") -> EmulatedChip:
    """The made-up person's card, with what is wrong with it."""
    kind = PROFILES[profile]
    wrong = [FAULTS[name] for name in faults]
    draft = draft_card(citizen_card_of(person), kind, Issuer(kind.signing), faults=wrong)
    return EmulatedChip(image_of(draft), draft.manners)


def scanned(code: str = CODE) -> ev.CodeScanned:
    return ev.CodeScanned(code=recognise(code, certain=True, today=TODAY))


class GateCard:
    """A card that stops before APDU number `at` until told to go on."""

    def __init__(self, card: VirtualCard, at: int) -> None:
        self._card, self._at = card, at
        self.apdus = 0
        self.reached, self.go = threading.Event(), threading.Event()

    @property
    def atr(self) -> bytes:
        return self._card.atr

    def reset(self) -> None:
        self._card.reset()

    def transmit(self, command: bytes) -> bytes:
        self.apdus += 1
        if self.apdus == self._at:
            self.reached.set()
            assert self.go.wait(WAIT_S)
        return self._card.transmit(command)


class ChipBench:
    """`readers` are the hands' side of each card reader, the first one first."""

    def __init__(self, settings: ChipSettings, readers: int = 1) -> None:
        self.hub = KeepingHub()
        self.loop = StationLoop()
        self.shown: list[Visit] = []
        self.heard: list[DeviceEvent] = []
        cards = CardPlaces()
        self.bridge = DevicesBridge(
            post=lambda event: self.station.post(event),
            report_fault=lambda *told: self.station.report_fault(*told),
            texts=load_catalogue(),
            time_zone=UTC,
            today=lambda: TODAY,
            cards=cards,
        )
        self.chip = ChipReadings(
            post=lambda event: self.station.post(event),
            connect=cards.connect,
            make_read_card=lambda: make_read_card(settings, lambda: TODAY),
            photos=PhotoDecoder(PHOTO_SIZE) if settings.photo else None,
            today=lambda: TODAY,
        )
        self.station = KioskStation(
            hub=self.hub,
            print_slip=lambda _slip: None,
            keeping=keeping(),
            options=OPTIONS,
            ids=StationIds(),
            clock_s=time.monotonic,
            today=lambda: TODAY,
            calls=InlineExecutor(),
            questions=InlineExecutor(),
            wake=self.loop.wake,
            chip=settings.rules(),
            read_chip=self.chip.read,
            stop_chip=self.chip.give_up,
        )
        self.station.subscribe(self.shown.append)
        self.readers = [VirtualReader() for _ in range(readers)]
        self.workers = [self._worker(f"card_reader_{n}", reader, cards) for n, reader in enumerate(self.readers)]

    def _worker(self, name: str, reader: VirtualReader, cards: CardPlaces) -> DeviceWorker:
        driver = ApduReader(name, reader, self._hear, ApduReaderOptions(poll_s=0.2))
        cards.add(driver)
        return DeviceWorker(driver, self._hear)

    def _hear(self, event: DeviceEvent) -> None:
        self.heard.append(event)
        self.bridge.on_device_event(event)

    @property
    def visit(self) -> Visit:
        return self.station.visit

    def lay(self, card: VirtualCard, reader: int = 0) -> None:
        self.readers[reader].lay(card)
        self.until(lambda: self.visit.card_on_reader)

    def post(self, *events: ev.Event) -> None:
        for event in events:
            self.station.post(event)
            self.station.process_pending()

    def until(self, answers: Callable[[], bool], within_s: float = WAIT_S) -> None:
        """Run the station until `answers`."""
        end_s = time.monotonic() + within_s
        self.loop.run(self.station, lambda: answers() or time.monotonic() > end_s)
        assert answers(), f"not within {within_s} s; on {self.visit.step}, chip {self.visit.chip.state}"


def trusting(folder: Path, **changes: object) -> ChipSettings:
    """Settings that trust the country of the emulated cards."""
    Issuer(PROFILES["citizen"].signing).write_trust_folder(folder)
    return replace(ChipSettings(country_certificates=folder), **changes)  # type: ignore[arg-type]


@contextmanager
def running(settings: ChipSettings, readers: int = 1):
    bench = ChipBench(settings, readers)
    parts: Sequence[DeviceWorker | ChipReadings] = (bench.chip, *bench.workers)
    for part in parts:
        part.start()
    try:
        bench.station.tick()
        yield bench
    finally:
        bench.station.stop()
        for part in parts:
            part.stop()
