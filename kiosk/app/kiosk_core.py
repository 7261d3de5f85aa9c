"""A kiosk without its screen: devices, bridge and station joined as the settings say."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Protocol

from devices.cameras.camera_scanner import CameraScanner, CameraScannerOptions, make_frame_source
from devices.cameras.frames import Frame
from devices.card_readers.channel import CardReader
from devices.chip.photo import PhotoDecoder
from devices.contract import EventSink
from devices.printers.driver import PrinterDriver
from devices.printers.group import PrinterGroup
from devices.printers.transports import TransportOpener, open_transport
from devices.scanners.serial_scanner import SerialScanner
from devices.scanners.wedge_scanner import WedgeScanner
from devices.worker import DeviceWorker, Driver
from kiosk.app.card_reader_settings import CardReaderSettings
from kiosk.app.chip_settings import PHOTO_SIZE, ChipSettings
from kiosk.app.kiosk_outbox import keeping_of, open_kiosk_outbox
from kiosk.app.kiosk_paper import printer_name, roll_file
from kiosk.app.kiosk_settings import KioskSettings
from kiosk.app.start import utc_now
from kiosk.domain.alert import NO_PARAMS, AlertParams
from kiosk.domain.localized import Texts
from kiosk.domain.visit.chip_values import ChipRules
from kiosk.station.camera_view import CameraView
from kiosk.station.devices_bridge.bridge import DevicesBridge
from kiosk.station.devices_bridge.card_places import CardPlaces
from kiosk.station.devices_bridge.chip_readings import ChipReadings, ReadCard
from kiosk.station.hub_client import HubClient
from kiosk.station.ids import StationIds
from kiosk.station.kiosk_station import KioskStation
from kiosk.station.mrz_look import MrzLook
from kiosk.station.scan_reporter import ScanReporter

HUB_CALL_THREADS = 4
QUESTION_THREADS = 2
CAMERA = "camera"
CARD_READER = "card_reader"

MakeDriver = Callable[[EventSink], Driver]
MakeCardReader = Callable[[EventSink], CardReader]


class CameraScreen(Protocol):
    """What shows the camera's picture. `give` and `tell` come on the camera's thread and return at once."""

    def give(self, frame: Frame) -> None:
        """A small frame, height × width × 3, red-green-blue."""
        ...

    def tell(self, view: CameraView) -> None:
        """How the camera does and what it advises."""
        ...

    def wipe(self) -> None:
        """Forget the picture. Owner's thread."""
        ...


class KioskCore:
    """`wake` is called from any thread when `station.process_pending` should run on the owner's. `more_drivers` and
    `more_card_readers` add what no settings name (the demo's reader of this process); `open_printer` opens the
    printer's connection. `camera` shows the picture of the camera the settings name."""

    def __init__(
        self,
        hub_url: str,
        settings: KioskSettings,
        texts: Texts,
        *,
        wake: Callable[[], None],
        more_drivers: tuple[MakeDriver, ...] = (),
        more_card_readers: tuple[MakeCardReader, ...] = (),
        open_printer: TransportOpener = open_transport,
        camera: CameraScreen | None = None,
    ) -> None:
        self._settings = settings
        self._open_printer = open_printer
        self._camera = camera
        self._client = HubClient(hub_url)
        self._calls = ThreadPoolExecutor(HUB_CALL_THREADS, thread_name_prefix="kiosk-hub")
        self._questions = ThreadPoolExecutor(QUESTION_THREADS, thread_name_prefix="kiosk-insurance")
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="kiosk-outbox")
        self._outbox = open_kiosk_outbox(settings.outbox, settings.kiosk.id, tell_staff=self._report_fault)
        ids = StationIds()
        tell_scans = partial(self._client.tell_scan_quality, settings.kiosk.id, ids.request_id())
        self._scan_reporter = ScanReporter(tell_scans, utc_now)
        self._cards = CardPlaces()
        self._chip_rules = _chip_rules(settings, has_reader=bool(settings.card_readers or more_card_readers))
        self._devices = DevicesBridge(
            post=lambda event: self.station.post(event),
            report_fault=self._report_fault,
            texts=texts,
            time_zone=settings.kiosk.time_zone,
            today=self._today,
            own_codes=settings.codes,
            measured=self._scan_reporter.measured,
            cards=self._cards,
        )
        self._chip = ChipReadings(
            post=lambda event: self.station.post(event),
            connect=self._cards.connect,
            make_read_card=partial(_make_read_card, settings.chip, self._today),
            photos=PhotoDecoder(PHOTO_SIZE) if settings.chip.photo else None,
            today=self._today,
        )
        self.station = KioskStation(
            hub=self._client,
            print_slip=self._devices.print_slip,
            options=settings.visit,
            ids=ids,
            clock_s=time.monotonic,
            today=self._today,
            calls=self._calls,
            questions=self._questions,
            wake=wake,
            wipe=camera.wipe if camera is not None else lambda: None,
            chip=self._chip_rules,
            read_chip=self._chip.read,
            stop_chip=self._chip.give_up,
            keeping=keeping_of(self._outbox, settings.outbox, self._disk),
        )
        sink = self._devices.on_device_event
        self.workers = tuple(
            DeviceWorker(driver, sink) for driver in self._drivers(sink, more_drivers, more_card_readers)
        )

    def start(self) -> None:
        """Start the devices."""
        self._scan_reporter.start()
        self._chip.start()
        if self._outbox.fault is not None:
            self.station.report_fault(self._outbox.fault)
        for worker in self.workers:
            worker.start()

    def stop(self) -> None:
        """Stop everything; ends within a few seconds whatever the devices do. Owner's thread."""
        self.station.stop()
        self._chip.stop()
        for worker in self.workers:
            worker.stop()
        self._scan_reporter.stop()
        # A question on its way ends by itself within the insurance budget; nobody waits for it.
        self._calls.shutdown(wait=False, cancel_futures=True)
        self._questions.shutdown(wait=False, cancel_futures=True)
        self._disk.shutdown(wait=True)  # what the printer said last is kept
        self._outbox.close()
        self._client.close()

    def _report_fault(self, code: str, params: AlertParams = NO_PARAMS) -> None:
        self.station.report_fault(code, params)

    def local_now(self) -> datetime:
        """The hospital's wall clock."""
        return utc_now().astimezone(self._settings.kiosk.time_zone)

    def _today(self) -> date:
        return self.local_now().date()

    def _drivers(
        self, sink: EventSink, more: tuple[MakeDriver, ...], more_readers: tuple[MakeCardReader, ...]
    ) -> list[Driver]:
        settings = self._settings
        drivers: list[Driver] = [make(sink) for make in more]
        for reader in [make(sink) for make in more_readers]:
            self._cards.add(reader)
            drivers.append(reader)
        drivers += self._printer_drivers(sink)
        if settings.scanner is not None:
            drivers.append(SerialScanner("scanner", settings.scanner, sink))
        if settings.wedge_scanner is not None:
            drivers.append(WedgeScanner("wedge_scanner", settings.wedge_scanner, sink))
        if settings.camera is not None:
            drivers.append(self._camera_driver(settings.camera, sink))
        drivers += [self._card_reader(number, reader, sink) for number, reader in enumerate(settings.card_readers, 1)]
        return drivers

    def _printer_drivers(self, sink: EventSink) -> list[Driver]:
        if not self._settings.printers:
            return []
        group = PrinterGroup(sink, max_job_age_s=self._settings.printers[0].max_job_age_s)
        drivers: list[Driver] = []
        for number, options in enumerate(self._settings.printers, 1):
            kept = replace(options, paper_file=roll_file(options, number, self._settings.outbox.folder))
            driver = PrinterDriver(
                printer_name(number), kept, group.on_device_event, open_connection=self._open_printer
            )
            group.add(driver)
            drivers.append(driver)
        self._devices.use_printer(group)
        return drivers

    def _card_reader(self, number: int, settings: CardReaderSettings, sink: EventSink) -> CardReader:
        reader = settings.driver(CARD_READER if number == 1 else f"{CARD_READER}_{number}", sink)
        self._cards.add(reader)
        return reader

    def _camera_driver(self, options: CameraScannerOptions, sink: EventSink) -> Driver:
        screen = self._camera
        if screen is not None:
            self._devices.use_camera(CAMERA, screen.tell)
        preview = screen.give if screen is not None else None
        camera = CameraScanner(CAMERA, make_frame_source(options), sink, options, preview=preview)
        if self._chip_rules.enabled and self._settings.chip.mrz_by_camera:
            self.station.subscribe(MrzLook(camera.look_for_mrz).on_visit)
        return camera


def _chip_rules(settings: KioskSettings, *, has_reader: bool) -> ChipRules:
    rules = settings.chip.rules()
    return replace(rules, enabled=rules.enabled and has_reader)


def _make_read_card(settings: ChipSettings, today: Callable[[], date]) -> ReadCard:
    # imported when the first chip is near: the cryptography would keep the first picture of the screen waiting
    from kiosk.app.chip_parts import make_read_card

    return make_read_card(settings, today)
