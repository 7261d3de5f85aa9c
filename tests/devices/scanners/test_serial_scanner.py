import os
import pty
import threading
import time

import pytest

from devices.contract import DeviceLost, DeviceState, Scanned
from devices.emulators.scanner import ScannerEmulator, ScannerUnplugged
from devices.scanners.framing import Terminator
from devices.scanners.serial_scanner import SerialScanner, SerialScannerOptions
from devices.worker import DeviceWorker

CARD = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường X, Quận Y, Hà Nội|15042021"


@pytest.fixture
def emulator(tmp_path):
    with ScannerEmulator(tmp_path / "scanner") as plugged:
        yield plugged


@pytest.fixture
def start(emulator, inbox):
    workers = []

    def run(**options):
        driver = SerialScanner("scanner", SerialScannerOptions(port=str(emulator.path), **options), inbox)
        workers.append(DeviceWorker(driver, inbox))
        workers[-1].start()
        inbox.state(DeviceState.READY)
        return workers[-1]

    yield run
    for worker in workers:
        worker.stop()


def test_a_citizen_card_arrives_exactly(start, emulator, inbox):
    start()
    emulator.scan(CARD)
    assert inbox.next(Scanned) == Scanned(device="scanner", text=CARD, certain=True)


@pytest.mark.parametrize("terminator", [b"\r", b"\n", b"\r\n", b"\t", b""])
def test_every_suffix_setting_works_without_configuration(start, emulator, inbox, terminator):
    start()
    for number in range(3):
        emulator.scan(f"code {number}", terminator=terminator)
        assert inbox.text() == f"code {number}"


def test_a_scan_torn_into_late_parts_is_one_scan(start, emulator, inbox):
    start(terminator=Terminator.LINE)
    emulator.scan(CARD, chunks=4, delay_s=0.1)
    assert inbox.next(Scanned) == Scanned(device="scanner", text=CARD, certain=True)


def test_a_scan_that_lost_its_end_is_marked(start, emulator, inbox):
    start(terminator=Terminator.LINE, torn_gap_s=0.1)
    emulator.scan("001090", terminator=b"")
    assert inbox.next(Scanned) == Scanned(device="scanner", text="001090", certain=False)


def test_glued_scans_come_apart(start, emulator, inbox):
    start()
    emulator.scan(CARD + "\r" + CARD.replace("An", "Bình"))
    assert inbox.text() == CARD
    assert inbox.text() == CARD.replace("An", "Bình")


def test_three_kilobytes_arrive(start, emulator, inbox):
    start()
    emulator.scan("é" * 1450)
    assert inbox.text() == "é" * 1450


def test_a_flood_is_dropped_with_a_code_and_the_next_scan_arrives(start, emulator, inbox):
    start()
    emulator.scan(b"x" * 20_000)
    assert inbox.state(DeviceState.READY).code == "scanner.frame_too_long"
    emulator.scan(CARD)
    assert inbox.text() == CARD


def test_a_scan_of_control_characters_only_is_reported_as_unreadable(start, emulator, inbox):
    start()
    emulator.scan(b"\x1b\x1d\x07")
    assert inbox.state(DeviceState.READY).code == "scanner.unreadable"


def test_nul_padding_is_no_scan(start, emulator, inbox):
    start()
    emulator.scan(b"\0\0\0")
    emulator.scan("after")
    assert inbox.text() == "after"


def test_aim_prefix_and_cp1258_name(start, emulator, inbox):
    start()
    emulator.scan(b"Nguy\xea\xden V\xe3n An", prefix=b"]Q1")
    assert inbox.next(Scanned) == Scanned(device="scanner", text="Nguyễn Văn An", certain=False)


@pytest.mark.allowed_warnings(r"scanner lost: scanner\.port_missing")
@pytest.mark.parametrize(
    "unplugs", [20, pytest.param(200, marks=[pytest.mark.long, pytest.mark.timeout(600)])], ids="{}_unplugs".format
)
def test_unplugs_lose_no_scan_made_after_the_reconnect_and_leave_no_thread(start, emulator, inbox, unplugs):
    start()
    threads = set(threading.enumerate())
    for number in range(unplugs):
        emulator.scan(f"before {number}")
        assert inbox.text() == f"before {number}"
        emulator.unplug()
        assert inbox.state(DeviceState.LOST).code == "scanner.port_missing"
        emulator.replug()
        inbox.state(DeviceState.READY)
        emulator.scan(f"after {number}")
        assert inbox.text() == f"after {number}"
    assert set(threading.enumerate()) == threads


@pytest.mark.allowed_warnings(r"scanner lost: scanner\.port_missing")
def test_half_a_scan_before_an_unplug_does_not_stain_the_next_one(start, emulator, inbox):
    start(terminator=Terminator.LINE, torn_gap_s=5.0)
    emulator.scan("001090", terminator=b"")
    emulator.unplug()
    inbox.state(DeviceState.LOST)
    emulator.replug()
    inbox.state(DeviceState.READY)
    emulator.scan(CARD)
    assert inbox.text() == CARD


def test_a_scan_made_while_nobody_listened_is_not_given_to_the_next_patient(start, emulator, inbox):
    emulator.scan("somebody else")
    start()
    emulator.scan(CARD)
    assert inbox.text() == CARD


def test_a_missing_port_has_its_code(tmp_path, inbox):
    driver = SerialScanner("scanner", SerialScannerOptions(port=str(tmp_path / "none")), inbox)
    with pytest.raises(DeviceLost) as lost:
        driver.open()
    assert lost.value.code == "scanner.port_missing"


def test_a_port_in_use_has_its_code(start, emulator, inbox):
    start()
    second = SerialScanner("second", SerialScannerOptions(port=str(emulator.path)), inbox)
    with pytest.raises(DeviceLost) as lost:
        second.open()
    assert lost.value.code == "scanner.port_busy"


def test_stop_does_not_wait_for_the_poll(start, emulator):
    worker = start(poll_s=30.0)
    begun_s = time.monotonic()
    worker.stop()
    assert time.monotonic() - begun_s < 2.0


def test_close_twice_and_step_after_close_are_answered(emulator, inbox):
    driver = SerialScanner("scanner", SerialScannerOptions(port=str(emulator.path)), inbox)
    driver.open()
    driver.close()
    driver.close()
    with pytest.raises(DeviceLost, match=r"scanner\.closed"):
        driver.step()


def test_an_unplugged_emulator_says_so(emulator):
    emulator.unplug()
    emulator.unplug()
    assert not emulator.path.is_symlink()
    with pytest.raises(ScannerUnplugged):
        emulator.scan("x")


def test_the_driver_works_on_a_bare_pseudo_terminal_too(inbox):
    master, slave = pty.openpty()
    driver = SerialScanner("scanner", SerialScannerOptions(port=os.ttyname(slave), poll_s=0.1), inbox)
    driver.open()
    os.write(master, b"001090123456\r\n")
    for _ in range(50):
        if not inbox.events.empty():
            break
        driver.step()
    driver.close()
    os.close(master)
    os.close(slave)
    assert inbox.text() == "001090123456"
