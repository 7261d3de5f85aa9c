"""Keyboard-wedge scanners on the kernel's event records. The grab itself is unproven: this machine has no uinput."""

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from devices.contract import DeviceLost, DeviceState, Scanned
from devices.emulators.scanner import ScannerUnplugged
from devices.emulators.wedge_scanner import WedgeScannerEmulator
from devices.scanners.framing import Terminator
from devices.scanners.input_events import GrabbedKeyboard, InputEvent, device_path, grab
from devices.scanners.us_keyboard import UsKeyboard, keys_for
from devices.scanners.wedge_scanner import WedgeScanner, WedgeScannerOptions
from devices.worker import DeviceWorker

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
LEFT_CONTROL, LEFT_ALT, LEFT_META, ESCAPE, F4, DELETE, CAPS_LOCK, KEY_C = 29, 56, 125, 1, 62, 111, 58, 46


def open_descriptors():
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def grabs_nothing(descriptor):
    assert os.fstat(descriptor)


@pytest.fixture
def emulator(tmp_path):
    with WedgeScannerEmulator(tmp_path / "event7") as plugged:
        yield plugged


@pytest.fixture
def start(emulator, inbox):
    workers = []

    def run(**options):
        driver = WedgeScanner(
            "wedge",
            WedgeScannerOptions(device=str(emulator.path), **options),
            inbox,
            open_source=lambda options: GrabbedKeyboard(device_path(options.device), grabs_nothing),
        )
        workers.append(DeviceWorker(driver, inbox))
        workers[-1].start()
        inbox.state(DeviceState.READY)
        return workers[-1]

    yield run
    for worker in workers:
        worker.stop()


@pytest.mark.parametrize("terminator", ["\r", "\t", "\n", ""])
def test_what_is_typed_arrives_and_is_never_certain(start, emulator, inbox, terminator):
    start()
    emulator.scan("DN4010000000001", terminator=terminator)
    assert inbox.next(Scanned) == Scanned(device="wedge", text="DN4010000000001", certain=False)


def test_every_printable_ascii_character_arrives(start, emulator, inbox):
    start(terminator=Terminator.LINE)
    emulator.scan("<" + PRINTABLE + ">")
    assert inbox.text() == "<" + PRINTABLE + ">"


def test_letters_with_marks_are_lost_on_the_way_and_the_digits_come(start, emulator, inbox):
    start()
    emulator.scan("001090123456||Nguyễn Văn An|01011990|Nam|Hà Nội|15042021")
    assert inbox.text() == "001090123456||Nguyn Vn An|01011990|Nam|H Ni|15042021"


@pytest.mark.parametrize("modifier", [LEFT_CONTROL, LEFT_ALT, LEFT_META])
def test_key_chords_type_nothing(start, emulator, inbox, modifier):
    start()
    emulator.key(modifier, 1)
    for key in (KEY_C, F4, DELETE, 15, 28):
        emulator.tap(key)
    emulator.key(modifier, 0)
    emulator.scan("001090123456")
    assert inbox.text() == "001090123456"


@pytest.mark.parametrize("key", [ESCAPE, F4, DELETE, CAPS_LOCK, 999])
def test_control_keys_type_nothing(start, emulator, inbox, key):
    start(terminator=Terminator.LINE)
    emulator.scan("0010", terminator="")
    emulator.tap(key)
    emulator.scan("90123456")
    assert inbox.text() == "001090123456"


def test_a_key_that_repeats_by_itself_types_once(start, emulator, inbox):
    start()
    emulator.key(2, 1)
    emulator.key(2, 2)
    emulator.key(2, 2)
    emulator.key(2, 0)
    emulator.scan("2")
    assert inbox.text() == "12"


def test_a_scan_whose_events_were_lost_is_dropped_and_told(start, emulator, inbox):
    start(terminator=Terminator.LINE)
    emulator.scan("00109", terminator="")
    emulator.drop()
    assert inbox.state(DeviceState.READY).code == "scanner.unreadable"
    emulator.scan("001090123456")
    assert inbox.text() == "001090123456"


def test_a_flood_is_dropped_with_a_code_and_the_next_scan_arrives(start, emulator, inbox):
    start(max_frame_bytes=50)
    emulator.scan("x" * 80)
    assert inbox.state(DeviceState.READY).code == "scanner.frame_too_long"
    emulator.scan("next")
    assert inbox.text() == "next"


@pytest.mark.allowed_warnings(r"wedge lost: scanner\.port_missing")
@pytest.mark.parametrize(
    "unplugs", [10, pytest.param(200, marks=[pytest.mark.long, pytest.mark.timeout(600)])], ids="{}_unplugs".format
)
def test_unplugs_lose_no_scan_made_after_the_reconnect_and_leave_no_thread(start, emulator, inbox, unplugs):
    start()
    threads = set(threading.enumerate())
    descriptors = open_descriptors()
    for number in range(unplugs):
        emulator.unplug()
        assert inbox.state(DeviceState.LOST).code == "scanner.port_missing"
        emulator.replug()
        inbox.state(DeviceState.READY)
        emulator.scan(f"after {number}")
        assert inbox.text() == f"after {number}"
    assert set(threading.enumerate()) == threads
    assert open_descriptors() == descriptors


def test_a_shift_held_at_the_unplug_is_not_held_after_it():
    keyboard = UsKeyboard()
    keyboard.press(42)
    keyboard.reset()
    assert keyboard.press(30) == b"a"


def test_a_device_that_cannot_be_grabbed_is_not_read(emulator):
    with pytest.raises(DeviceLost) as lost:
        GrabbedKeyboard(emulator.path, grab)  # a pipe is no input device: the kernel refuses
    assert lost.value.code == "scanner.port_missing"


@pytest.mark.parametrize(
    ("number", "code"), [(errno.EBUSY, "scanner.port_busy"), (errno.EACCES, "scanner.port_denied")]
)
def test_a_grab_that_is_refused_says_why(emulator, number, code):
    def refuse(_):
        raise OSError(number, "refused")

    before = open_descriptors()
    with pytest.raises(DeviceLost) as lost:
        GrabbedKeyboard(emulator.path, refuse)
    assert lost.value.code == code
    assert open_descriptors() == before


def test_a_missing_device_has_its_code(tmp_path, inbox):
    with pytest.raises(DeviceLost) as lost:
        WedgeScanner("wedge", WedgeScannerOptions(device=str(tmp_path / "none")), inbox).open()
    assert lost.value.code == "scanner.port_missing"


def test_a_device_is_found_by_part_of_its_name(tmp_path):
    for name in ("usb-Honeywell_1470g-event-kbd", "usb-Dell_Keyboard-event-kbd", "usb-Honeywell_1470g-mouse"):
        (tmp_path / name).touch()
    assert device_path("honeywell", tmp_path).name == "usb-Honeywell_1470g-event-kbd"
    for wanted in ("usb-", "newland"):  # two fit, none fits
        with pytest.raises(DeviceLost, match=r"scanner\.port_missing"):
            device_path(wanted, tmp_path)


def test_stop_does_not_wait_for_the_poll(start):
    worker = start(poll_s=30.0)
    begun_s = time.monotonic()
    worker.stop()
    assert time.monotonic() - begun_s < 2.0


def test_step_after_close_is_answered(emulator, inbox):
    driver = WedgeScanner(
        "wedge",
        WedgeScannerOptions(device=str(emulator.path)),
        inbox,
        open_source=lambda options: GrabbedKeyboard(device_path(options.device), grabs_nothing),
    )
    driver.open()
    driver.close()
    driver.close()
    with pytest.raises(DeviceLost, match=r"scanner\.closed"):
        driver.step()


def test_an_unplugged_emulator_says_so(emulator):
    emulator.unplug()
    with pytest.raises(ScannerUnplugged):
        emulator.scan("x")


def test_a_source_may_be_any_that_gives_events(inbox):
    class Recorded:
        def __init__(self):
            self.events = [InputEvent(type=1, code=key, value=1) for key, _ in keys_for("2468\r")]

        def read(self, timeout_s):
            taken, self.events = self.events, []
            return taken

        def wake(self):
            pass

        def close(self):
            pass

    driver = WedgeScanner("wedge", WedgeScannerOptions(device="any"), inbox, open_source=lambda _: Recorded())
    driver.open()
    driver.step()
    driver.close()
    assert inbox.text() == "2468"


def test_options_need_a_device():
    with pytest.raises(ValueError, match=r"wedge_scanner\.device_empty"):
        WedgeScannerOptions(device=" ")
