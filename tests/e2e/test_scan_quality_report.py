"""From a scan on a real tty to IT's report: kiosk, driver, hub over HTTP, and nothing of any code on the way."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from support.hub_thread import HubThread

from config.catalogue import load_catalogue
from devices.contract import DeviceEvent, DeviceState, EventSink, ScanMeasured
from devices.emulators.network import TcpProxy
from devices.emulators.scanner import ScannerEmulator
from devices.scanners.framing import Terminator
from devices.scanners.serial_scanner import SerialScanner, SerialScannerOptions
from devices.worker import Driver
from kiosk.app.kiosk_core import KioskCore
from kiosk.app.kiosk_settings import KioskIdentity, KioskSettings
from kiosk.domain.scan_quality import Scan, ScanOutcome, ScanReportHour
from kiosk.station.hub_client import HubClient
from kiosk.station.scan_reporter import ScanReporter

CANARY = "001099345678"
CARD = f"{CANARY}|012345678|Nguyễn Văn Kanari|01011990|Nam|Số 1, Phường Hoàng Yến, Hà Nội|15042021"
WITHIN_S = 15.0


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubThread]:
    thread = HubThread(tmp_path / "data").start()
    yield thread
    thread.stop()


def rows_of(hub: HubThread) -> list[ScanReportHour]:
    """All hours of today and, around midnight, of the day the test began."""
    with closing(HubClient(hub.url)) as client:
        return list(client.scan_report().hours)


class Heard:
    """Device events as they pass on their way into the kiosk."""

    def __init__(self) -> None:
        self._events: queue.Queue[DeviceEvent] = queue.Queue()

    def __call__(self, event: DeviceEvent) -> None:
        self._events.put(event)

    def wait_for(self, kind: type[DeviceEvent]) -> None:
        while not isinstance(self._events.get(timeout=WITHIN_S), kind):
            pass


def listened_to(options: SerialScannerOptions, heard: Heard, sink: EventSink) -> Driver:
    """The real driver, its events passed on to the kiosk and then to the test."""

    def both(event: DeviceEvent) -> None:
        sink(event)
        heard(event)

    return SerialScanner("scanner", options, both)


@contextmanager
def started(core: KioskCore) -> Iterator[None]:
    """Runs the kiosk's devices, the scanner ready to read."""
    core.start()
    try:
        (worker,) = core.workers
        deadline_s = time.monotonic() + WITHIN_S
        while worker.state is not DeviceState.READY and time.monotonic() < deadline_s:
            threading.Event().wait(0.01)
        yield
    finally:
        core.stop()


def test_scans_on_a_tty_stand_in_the_report_and_nothing_of_the_codes_does(
    hub: HubThread, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with ScannerEmulator(tmp_path / "scanner") as scanner:
        options = SerialScannerOptions(port=str(scanner.path), terminator=Terminator.LINE, torn_gap_s=0.1)
        settings = KioskSettings(kiosk=KioskIdentity(id="K2"))
        heard = Heard()
        driver = partial(listened_to, options, heard)
        core = KioskCore(hub.url, settings, load_catalogue(), wake=lambda: None, more_drivers=(driver,))
        with started(core):
            for _ in range(3):
                scanner.scan(CARD, prefix=b"]Q1")
            scanner.scan(b"\x1b\x1d\x07")
            scanner.scan(CANARY, terminator=b"")
            for _ in range(5):
                heard.wait_for(ScanMeasured)
            core.station.tick()
    (row,) = rows_of(hub)
    assert (row.kiosk, row.device, row.scans, row.failed) == ("K2", "scanner", 5, 2)
    assert row.outcomes[ScanOutcome.READ] == 3
    assert row.outcomes[ScanOutcome.TORN] == row.outcomes[ScanOutcome.UNREADABLE] == 1
    assert row.formats == {"qr": 3}
    hub.stop()
    kept = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
    assert b"scan_hour" in kept
    for secret in (CANARY, "Kanari", "Hoàng Yến"):
        assert secret.encode() not in kept
        assert secret not in caplog.text


def test_what_was_measured_while_the_network_was_down_comes_once_it_is_back(hub: HubThread) -> None:
    with (
        closing(TcpProxy(int(hub.url.rpartition(":")[2]))) as network,
        closing(HubClient(network.url)) as client,
    ):
        tell = partial(client.tell_scan_quality, "K1", "run-1")
        reporter = ScanReporter(tell, lambda: datetime.now(UTC))
        scan = Scan(device="camera", outcome=ScanOutcome.READ, format="qr", decode_ms=40)
        reporter.measured(scan)
        reporter.step()
        network.silence()
        reporter.measured(scan)
        assert reporter.step() == 30.0
        reporter.measured(scan)
        network.speak()
        reporter.step()
    assert sum(row.scans for row in rows_of(hub)) == 3
