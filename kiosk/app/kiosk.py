"""`tiepdon kiosk`: the patient's touchscreen with its devices, talking to a hub."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime

from devices.printers.driver import PrinterDriver

from devices.cameras.camera_scanner import CameraScanner, make_frame_source
from devices.card_readers.pcsc_reader import PcscReader
from devices.contract import EventSink
from devices.scanners.serial_scanner import SerialScanner
from devices.worker import DeviceWorker, Driver
from kiosk.app.kiosk_settings import KioskSettings, load_kiosk_settings
from kiosk.app.start import load_texts, utc_now
from kiosk.app.watchdog import Watchdog
from kiosk.domain.faults import Refusal
from kiosk.domain.localized import LocalizedText, Texts
from kiosk.station.devices_bridge import DevicesBridge
from kiosk.station.hub_client import HubClient
from kiosk.station.hub_port import HubUnreachable
from kiosk.station.ids import StationIds
from kiosk.station.kiosk_station import KioskStation
from ui.application import create_application
from ui.bridge import Bridge
from ui.event_loop import run_event_loop
from ui.heartbeat import Heartbeat
from ui.kiosk.kiosk_window import KioskWindow, build_kiosk_window

HUB_CALL_THREADS = 4
QUESTION_THREADS = 2

MakeDriver = Callable[[EventSink], Driver]


def run(args: argparse.Namespace) -> int:
    """Show the kiosk until it is told to end. Raises `SettingsError` before anything is shown."""
    settings = load_kiosk_settings(args.settings)
    if args.windowed:
        settings = replace(settings, screen=replace(settings.screen, fullscreen=False, hide_cursor=False))
    application = create_application([sys.argv[0]])
    kiosk = Kiosk(args.hub, named_after_hospital(settings, args.hub), load_texts())
    kiosk.start()
    watchdog = Watchdog.from_environment()
    watchdog.ready()
    heartbeat = Heartbeat(watchdog.alive, watchdog.interval_s)
    try:
        return run_event_loop(application)
    finally:
        heartbeat.stop()
        kiosk.stop()


class Kiosk:
    """One kiosk: devices, station and window. Built, started and stopped on the Qt main thread.

    `more_drivers` adds drivers that no settings name (the demo's reader in this process).
    """

    def __init__(
        self, hub_url: str, settings: KioskSettings, texts: Texts, *, more_drivers: tuple[MakeDriver, ...] = ()
    ) -> None:
        self._settings = settings
        self._client = HubClient(hub_url)
        self._calls = ThreadPoolExecutor(HUB_CALL_THREADS, thread_name_prefix="kiosk-hub")
        self._questions = ThreadPoolExecutor(QUESTION_THREADS, thread_name_prefix="kiosk-insurance")
        self._bridge = Bridge()
        self._devices = DevicesBridge(
            post=lambda event: self.station.post(event),
            report_fault=lambda code: self.station.report_fault(code),
            texts=texts,
            time_zone=settings.kiosk.time_zone,
            today=self._today,
        )
        self.station = KioskStation(
            hub=self._client,
            print_slip=self._devices.print_slip,
            options=settings.visit,
            ids=StationIds(),
            clock_s=time.monotonic,
            today=self._today,
            calls=self._calls,
            questions=self._questions,
            wake=self._bridge.call,
        )
        self.workers = tuple(
            DeviceWorker(driver, self._devices.on_device_event) for driver in self._drivers(more_drivers)
        )
        self.window: KioskWindow = build_kiosk_window(
            self.station,
            texts=texts,
            options=settings.screen,
            bridge=self._bridge,
            clock_s=time.monotonic,
            local_now=self._local_now,
        )

    def start(self) -> None:
        """Open the window and the devices."""
        for worker in self.workers:
            worker.start()
        self.window.show(fullscreen=self._settings.screen.fullscreen)

    def stop(self) -> None:
        """Close everything; ends within a few seconds whatever the devices do."""
        self.station.stop()
        self.window.close()
        for worker in self.workers:
            worker.stop()
        # A question on its way ends by itself within the insurance budget; nobody waits for it.
        self._calls.shutdown(wait=False, cancel_futures=True)
        self._questions.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def _drivers(self, more: tuple[MakeDriver, ...]) -> list[Driver]:
        settings, sink = self._settings, self._devices.on_device_event
        drivers: list[Driver] = [make(sink) for make in more]
        if settings.printer is not None:
            printer = PrinterDriver("printer", settings.printer, sink)
            self._devices.use_printer(printer)
            drivers.append(printer)
        if settings.scanner is not None:
            drivers.append(SerialScanner("scanner", settings.scanner, sink))
        if settings.camera is not None:
            drivers.append(CameraScanner("camera", make_frame_source(settings.camera), sink, settings.camera))
        if settings.card_reader is not None:
            drivers.append(PcscReader("card_reader", settings.card_reader, sink))
        return drivers

    def _local_now(self) -> datetime:
        return utc_now().astimezone(self._settings.kiosk.time_zone)

    def _today(self) -> date:
        return self._local_now().date()


def named_after_hospital(settings: KioskSettings, hub_url: str) -> KioskSettings:
    """Settings whose screen and slip carry the kiosk's id and the hospital's name: from the file, else from the hub if
    it answers now, else the options' own default."""
    hospital = settings.kiosk.hospital or _hospital_of_hub(hub_url) or settings.screen.hospital
    return replace(
        settings,
        screen=replace(settings.screen, hospital=hospital),
        visit=replace(settings.visit, hospital=hospital, kiosk_id=settings.kiosk.id),
    )


def _hospital_of_hub(hub_url: str) -> LocalizedText | None:
    client = HubClient(hub_url)
    try:
        return client.site().hospital
    except (HubUnreachable, Refusal):
        return None
    finally:
        client.close()
