"""Each scan is measured beside being delivered: its outcome and, where the scanner tells it, its format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.contract import DeviceState, ScanMeasured, Scanned, ScanOutcome
from devices.emulators.scanner import ScannerEmulator
from devices.emulators.wedge_scanner import WedgeScannerEmulator
from devices.scanners.framing import Terminator
from devices.scanners.input_events import GrabbedKeyboard, device_path
from devices.scanners.serial_scanner import SerialScanner, SerialScannerOptions
from devices.scanners.wedge_scanner import WedgeScanner, WedgeScannerOptions
from devices.worker import DeviceWorker

CARD = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường X, Quận Y, Hà Nội|15042021"


@pytest.fixture
def emulator(tmp_path: Path, inbox) -> Iterator[ScannerEmulator]:
    with ScannerEmulator(tmp_path / "scanner") as plugged:
        options = SerialScannerOptions(port=str(plugged.path), terminator=Terminator.LINE, torn_gap_s=0.1)
        worker = DeviceWorker(SerialScanner("scanner", options, inbox), inbox)
        worker.start()
        inbox.state(DeviceState.READY)
        yield plugged
        worker.stop()


def test_a_scan_is_delivered_first_and_measured_once(emulator: ScannerEmulator, inbox) -> None:
    emulator.scan(CARD)
    inbox.next(Scanned)
    assert inbox.next(ScanMeasured) == ScanMeasured(device="scanner", outcome=ScanOutcome.READ)
    emulator.scan(CARD)
    assert isinstance(inbox.events.get(timeout=10), Scanned)


@pytest.mark.parametrize(
    ("prefix", "format_name"),
    [
        (b"]Q1", "qr"),
        (b"]d2", "data_matrix"),
        (b"]L0", "pdf417"),
        (b"]C0", "code_128"),
        (b"]A0", "code_39"),
        (b"]E0", "ean"),
        (b"]X0", "unknown"),
    ],
)
def test_the_format_is_the_symbology_identifiers(
    emulator: ScannerEmulator, inbox, prefix: bytes, format_name: str
) -> None:
    emulator.scan("001090123456", prefix=prefix)
    assert inbox.next(ScanMeasured).format == format_name


@pytest.mark.parametrize(
    ("data", "terminator", "outcome"),
    [
        (b"Nguy\xea\xden V\xe3n An", b"\r", ScanOutcome.UNCERTAIN),
        (b"001090", b"", ScanOutcome.TORN),
        (b"\x1b\x1d\x07", b"\r", ScanOutcome.UNREADABLE),
        (b"x" * 20_000, b"\r", ScanOutcome.TOO_LONG),
    ],
)
def test_what_could_not_be_used_is_measured_too(
    emulator: ScannerEmulator, inbox, data: bytes, terminator: bytes, outcome: ScanOutcome
) -> None:
    emulator.scan(data, terminator=terminator)
    assert inbox.next(ScanMeasured) == ScanMeasured(device="scanner", outcome=outcome)


def test_a_keyboard_scanner_measures_too(tmp_path: Path, inbox) -> None:
    with WedgeScannerEmulator(tmp_path / "event7") as emulator:
        driver = WedgeScanner(
            "wedge_scanner",
            WedgeScannerOptions(device=str(emulator.path)),
            inbox,
            open_source=lambda options: GrabbedKeyboard(device_path(options.device), lambda _descriptor: None),
        )
        worker = DeviceWorker(driver, inbox)
        worker.start()
        inbox.state(DeviceState.READY)
        emulator.scan("001090123456")
        assert inbox.next(ScanMeasured) == ScanMeasured(device="wedge_scanner", outcome=ScanOutcome.READ)
        worker.stop()


def test_nothing_of_the_code_is_in_the_measure(emulator: ScannerEmulator, inbox) -> None:
    emulator.scan(CARD)
    told = repr(inbox.next(ScanMeasured))
    assert not any(part in told for part in CARD.split("|"))
