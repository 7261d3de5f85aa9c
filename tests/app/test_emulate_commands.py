"""The emulators as commands: reached over their real protocols, steered by lines, ended by signals."""

from __future__ import annotations

import queue
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.command_process import CommandProcess
from support.plain_card import CONTACTLESS_ATR

from devices.cameras.camera_scanner import CameraKind, CameraScanner, CameraScannerOptions, make_frame_source
from devices.contract import DeviceEvent, MrzSeen, PrinterCondition, PrintJobChanged, PrintState, Scanned
from devices.printers.document import PrintDocument
from devices.printers.driver import PrinterDriver
from devices.printers.options import PrinterKind, PrinterOptions
from devices.scanners.serial_scanner import SerialScanner, SerialScannerOptions
from devices.worker import DeviceWorker, Driver
from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.insurance.emulator_people import PEOPLE
from kiosk.insurance.emulator_rules import EmulatedAccount
from kiosk.insurance.options import PortalOptions
from kiosk.insurance.portal import PortalClient

WAIT_S = 10.0


def refused(*arguments: str) -> str:
    """A start that must be refused; what it told."""
    command = [sys.executable, "-m", "kiosk.app.cli", "emulate", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ran.returncode == 2, ran.stderr
    assert "Traceback" not in ran.stderr
    return ran.stderr


def ready_place(command: CommandProcess, device: str) -> str:
    return command.line_with(f"Tiếp Đón emulated {device} ready: ").rpartition("ready: ")[2]


class Events:
    """What a driver told."""

    def __init__(self) -> None:
        self._told: queue.Queue[DeviceEvent] = queue.Queue()

    def __call__(self, event: DeviceEvent) -> None:
        self._told.put(event)

    def wait_for(self, wanted) -> DeviceEvent:
        deadline = time.monotonic() + WAIT_S
        while True:
            event = self._told.get(timeout=max(0.0, deadline - time.monotonic()))
            if wanted(event):
                return event


class Working:
    """A driver in its thread."""

    def __init__(self, driver: Driver, events: Events) -> None:
        self._worker = DeviceWorker(driver, events)

    def __enter__(self) -> None:
        self._worker.start()

    def __exit__(self, *exception: object) -> None:
        self._worker.stop()


# -- portal


def portal_client(url: str, **changes: object) -> PortalClient:
    account = EmulatedAccount()
    given = {
        "base_url": url,
        "username": account.username,
        "password": account.password,
        "officer_name": account.officer_name,
        "officer_number": account.officer_number,
    }
    return PortalClient(PortalOptions(**(given | changes)))


def question() -> EligibilityQuestion:
    person = PEOPLE[0]
    return EligibilityQuestion(card=person.citizen, name=person.name, birth=person.birth)


def test_the_portal_answers_and_goes_wrong_as_told() -> None:
    with CommandProcess("emulate", "portal", "--port", "0") as command:
        client = portal_client(ready_place(command, "portal"))
        command.line_with(PEOPLE[0].citizen)
        assert client.look_up(question(), WAIT_S).code == "000"
        command.type("fault http502")
        assert client.look_up(question(), WAIT_S).detail == "portal.http_502"
        command.type("fault none")
        command.type("code 051")
        assert client.look_up(question(), WAIT_S).code == "051"
        command.type("code none")
        command.type("expire")
        assert client.look_up(question(), WAIT_S).code == "000", "a fresh log-in after the old one ran out"
        command.type("delay 30")
        assert client.look_up(question(), 0.3).failure is OutcomeClass.TIMEOUT
        client.close()
        assert command.end() == 0


def test_the_portal_lets_in_the_account_it_was_given() -> None:
    with CommandProcess("emulate", "portal", "--port", "0", "--account", "79011_BV") as command:
        url = ready_place(command, "portal")
        stranger, known = portal_client(url), portal_client(url, username="79011_BV")
        assert stranger.check_account(WAIT_S).failure is OutcomeClass.AUTH
        assert known.check_account(WAIT_S).failure is None
        stranger.close()
        known.close()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("delay soon", "emulate.seconds_illegal"),
        ("delay -1", "emulate.seconds_illegal"),
        ("delay nan", "emulate.seconds_illegal"),
        ("fault http200", "emulate.fault_unknown"),
        ("fault flood", "emulate.fault_unknown"),
        ("dance", "emulate.line_unknown"),
    ],
)
def test_a_line_the_portal_does_not_know_is_refused_in_both_languages_and_it_goes_on(line: str, code: str) -> None:
    with CommandProcess("emulate", "portal", "--port", "0") as command:
        ready_place(command, "portal")
        command.send(line)
        first, second = command.line_with(f"[{code}]"), command.line_with(f"[{code}]")
        assert first != second
        command.type("expire")


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = refused("portal", "--port", port)
    assert "[emulate.port_in_use]" in told
    assert port in told


def test_a_port_that_cannot_be_is_refused() -> None:
    assert "[emulate.port_unusable]" in refused("portal", "--port", "70000")


def test_a_fault_the_portal_does_not_have_is_refused_with_those_it_has() -> None:
    told = refused("portal", "--port", "0", "--fault", "flood")
    assert "[emulate.fault_unknown]" in told
    assert "half_json" in told


@pytest.mark.parametrize("option", [("--bit-rate", "-4"), ("--command-ms", "-1"), ("--command-ms", "inf")])
def test_a_card_that_is_faster_than_at_once_is_refused(option: tuple[str, str]) -> None:
    assert option[0] in refused("card", "--vpcd", "1", *option)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_end_of_standard_input_is_no_end_but_a_signal_is(how: signal.Signals) -> None:
    with CommandProcess("emulate", "portal", "--port", "0") as command:
        client = portal_client(ready_place(command, "portal"))
        command.send("nonsense before the end")
        command.close_input()
        command.line_with("emulate.line_unknown")
        assert client.look_up(question(), WAIT_S).code == "000"
        client.close()
        assert command.end(how) == 0


# -- printer


def printer_options(place: str, kind: PrinterKind) -> PrinterOptions:
    if kind is PrinterKind.TCP:
        host, _, port = place.rpartition(":")
        return PrinterOptions(kind=kind, host=host, port=int(port))
    return PrinterOptions(kind=kind, path=place)


@pytest.mark.parametrize(
    ("option", "kind"),
    [("--listen", PrinterKind.TCP), ("--pty", PrinterKind.SERIAL), ("--usb-file", PrinterKind.USB_FILE)],
)
def test_the_printer_prints_and_runs_out_of_paper_on_every_wire(tmp_path: Path, option: str, kind: PrinterKind) -> None:
    place = "127.0.0.1:0" if kind is PrinterKind.TCP else str(tmp_path / "printer")
    out = tmp_path / "out"
    with CommandProcess("emulate", "printer", option, place, "--out", str(out)) as command:
        options = printer_options(ready_place(command, "printer"), kind)
        events = Events()
        driver = PrinterDriver("printer", options, events)
        with Working(driver, events):
            events.wait_for(lambda e: isinstance(e, PrinterCondition) and e.answered and e.blocking_code is None)
            driver.submit("job", PrintDocument(blocks=()))
            events.wait_for(lambda e: isinstance(e, PrintJobChanged) and e.state is PrintState.CONFIRMED)
            assert Path(command.line_with("ticket: ").removeprefix("ticket: ")).is_file()
            command.type("paper out")
            events.wait_for(lambda e: isinstance(e, PrinterCondition) and e.code == "printer.paper_out")
            command.type("paper in")
            events.wait_for(lambda e: isinstance(e, PrinterCondition) and e.code is None)
        assert command.end() == 0
    assert not (tmp_path / "printer").is_symlink(), "the device path goes with the printer"


def test_every_word_for_the_printer_is_obeyed(tmp_path: Path) -> None:
    words = ["paper low", "paper full", "cover open", "cover closed", "cutter jammed", "cutter free", "broken"]
    words += ["repaired", "offline", "online", "silent", "talking", "speed 9600", "speed none"]
    with CommandProcess("emulate", "printer", "--listen", "127.0.0.1:0", "--out", str(tmp_path)) as command:
        ready_place(command, "printer")
        for word in words:
            command.type(word)
        command.send("speed 0")
        command.line_with("[emulate.line_unknown]")


def test_the_printer_listens_on_this_machine_only(tmp_path: Path) -> None:
    told = refused("printer", "--listen", "0.0.0.0:9100", "--out", str(tmp_path / "out"))
    assert "[emulate.address_not_loopback]" in told
    assert "[start.address_malformed]" in refused("printer", "--listen", "9100", "--out", str(tmp_path / "out"))


def test_a_file_of_somebodys_is_never_replaced_by_a_device(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    for arguments in (("scanner", "--link"), ("printer", "--out", str(tmp_path / "out"), "--pty")):
        assert "[emulate.path_taken]" in refused(*arguments, str(precious))
    assert precious.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "not" / "there")
    (tmp_path / "file").write_text("")
    assert "[emulate.path_unusable]" in refused("scanner", "--link", nowhere)
    assert "[emulate.path_unusable]" in refused("camera", "--folder", str(tmp_path / "file"))
    assert "[emulate.path_unusable]" in refused("printer", "--listen", "127.0.0.1:0", "--out", str(tmp_path / "file"))


# -- scanner, camera, card


@pytest.mark.allowed_warnings("tiepdon.devices: scanner lost: scanner.port_missing")
def test_each_line_typed_is_a_scan(tmp_path: Path) -> None:
    port = tmp_path / "scanner"
    with CommandProcess("emulate", "scanner", "--link", str(port)) as command:
        assert ready_place(command, "scanner") == str(port)
        events = Events()
        with Working(SerialScanner("scanner", SerialScannerOptions(port=str(port)), events), events):
            events.wait_for(lambda e: getattr(e, "state", None) == "ready")
            command.type("person 1")
            assert events.wait_for(lambda e: isinstance(e, Scanned)).text == PEOPLE[0].citizen_code()
            command.type("Mã bất kỳ|1")
            assert events.wait_for(lambda e: isinstance(e, Scanned)).text == "Mã bất kỳ|1"
            command.type("unplug")
            events.wait_for(lambda e: getattr(e, "code", None) == "scanner.port_missing")
            command.send("person 1")
            command.line_with("[emulate.scanner_deaf]")
            command.type("plug")
            events.wait_for(lambda e: getattr(e, "state", None) == "ready")
        for line in ("person 0", "person 1000", "person one"):
            command.send(line)
            command.line_with("[emulate.person_unknown]")
        assert command.end() == 0
    assert not port.is_symlink()


def test_a_code_typed_is_held_before_the_camera(tmp_path: Path) -> None:
    folder = tmp_path / "camera"
    with CommandProcess("emulate", "camera", "--folder", str(folder)) as command:
        ready_place(command, "camera")
        events = Events()
        options = CameraScannerOptions(kind=CameraKind.FOLDER, place=str(folder))
        with Working(CameraScanner("camera", make_frame_source(options), events, options), events):
            command.send("insurance 2")
            assert Path(command.line_with("ok: ").removeprefix("ok: ")).parent == folder
            assert events.wait_for(lambda e: isinstance(e, Scanned)).text.startswith(PEOPLE[1].card)
        command.send("x" * 4000)
        command.line_with("[emulate.code_too_long]")
        assert command.end() == 0


def test_the_back_of_a_made_up_persons_card_is_held_before_the_camera(tmp_path: Path) -> None:
    folder = tmp_path / "camera"
    with CommandProcess("emulate", "camera", "--folder", str(folder)) as command:
        ready_place(command, "camera")
        events = Events()
        options = CameraScannerOptions(kind=CameraKind.FOLDER, place=str(folder))
        scanner = CameraScanner("camera", make_frame_source(options), events, options)
        scanner.look_for_mrz(True)
        with Working(scanner, events):
            command.send("back 2")
            command.line_with("ok: ")
            seen = events.wait_for(lambda e: isinstance(e, MrzSeen))
        assert (seen.number, seen.complete) == (PEOPLE[1].citizen, True)
        for line in ("back", "back 0", "back one"):
            command.send(line)
            command.line_with("[emulate.person_unknown]")
        assert command.end() == 0


def test_the_card_is_laid_and_taken_at_the_virtual_readers_port() -> None:
    """The test speaks vpcd's side of the wire: two bytes of length, then the message."""
    with socket.create_server(("127.0.0.1", 0)) as vpcd:
        vpcd.settimeout(WAIT_S)
        with CommandProcess("emulate", "card", "--vpcd", str(vpcd.getsockname()[1])) as command:
            probe, _ = vpcd.accept()
            with probe:
                probe.settimeout(WAIT_S)
                assert probe.recv(1) == b"", "laid once to find out, then taken"
            ready_place(command, "card")
            command.type("lay")
            slot, _ = vpcd.accept()
            with slot, slot.makefile("rb") as answers:
                slot.settimeout(WAIT_S)
                slot.sendall(struct.pack(">H", 1) + b"\x04")
                assert answers.read(2 + len(CONTACTLESS_ATR))[2:] == CONTACTLESS_ATR
                command.type("take")
                assert answers.read(1) == b""
            assert command.end() == 0


def test_a_virtual_reader_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
    assert "[emulate.vpcd_missing]" in refused("card", "--vpcd", port)
