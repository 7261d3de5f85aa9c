"""`tiepdon doctor` on real parts: hub, printer, a scanner's tty, a camera's pictures, portal; and on their absence."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from support.doctor_said import Said, hub_settings, printer_at, settings
from support.hub_process import HubProcess
from support.x_screen import x_screen

from devices.emulators.camera import CameraEmulator
from devices.emulators.printer import PrinterEmulator
from devices.emulators.scanner import ScannerEmulator
from kiosk.app.cli import main
from kiosk.insurance.emulator_faults import Faults

WHOLE_S = 15.0


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("OPENCV_LOG_LEVEL", "OFF")

    def run(*arguments: object) -> Said:
        begun_s = time.monotonic()
        code = main(["doctor", "--json", *map(str, arguments)])
        assert time.monotonic() - begun_s < WHOLE_S
        return Said(code, json.loads(capsys.readouterr().out))

    return run


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    process = HubProcess(tmp_path / "data").start()
    yield process
    process.stop()


@pytest.fixture
def printer() -> Iterator[PrinterEmulator]:
    with PrinterEmulator() as emulator:
        yield emulator


@pytest.fixture
def display() -> Iterator[str]:
    with x_screen() as name:
        yield name


# -- a whole machine


def test_without_arguments_it_checks_what_the_demo_needs(doctor) -> None:
    said = doctor()
    assert said.exit_code == 0, said.findings
    assert {finding["check"] for finding in said.findings} == {"parts", "time_zone", "qt", "fonts", "screen", "demo"}
    assert (said.code("qt"), said.code("demo")) == ("qt.starts", "demo.possible")
    assert said.of("screen")["state"] == "warn"
    assert "--headless" in said.of("screen")["what_to_do"]["en"]


def test_a_kiosk_with_all_it_needs_is_told_so(
    doctor, hub, printer, display, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    CameraEmulator(tmp_path / "camera")
    with ScannerEmulator(tmp_path / "scanner") as scanner:
        text = printer_at(printer.serve_tcp())
        text += f'[scanner]\nport = "{scanner.path}"\n[camera]\nkind = "folder"\nplace = "{tmp_path / "camera"}"\n'
        said = doctor("--hub", hub.url, "--settings", settings(tmp_path, text))
    assert said.missing == set(), said.findings
    assert said.exit_code == 0
    assert said.of("screen")["params"]["size"] == "640x480"
    for check in ("printer", "scanner", "camera", "settings"):
        assert said.of(check)["state"] == "ok"
    assert said.of("card_reader")["state"] == "skipped", "a device nobody named is not missed"
    assert [f["code"] for f in said.findings if f["check"] == "hub"] == ["hub.answers", "hub.clock_agrees"]


def test_a_kiosk_without_screen_hub_and_devices_gets_one_cure_each(doctor, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    text = printer_at(port) + f'[scanner]\nport = "{tmp_path / "none"}"\n[camera]\nplace = "{tmp_path / "none"}"\n'
    said = doctor("--hub", f"http://127.0.0.1:{port}", "--settings", settings(tmp_path, text))
    assert said.exit_code == 1
    assert said.missing >= {"hub", "printer", "scanner", "camera"}
    assert said.code("printer") == "printer.unreachable"
    assert said.of("printer")["text"]["vi"] == f"không trả lời ở 127.0.0.1:{port}."
    assert said.of("printer")["what_to_do"]["vi"].startswith(
        "Kiểm tra dây mạng và nguồn máy in, rồi chạy lại lệnh này."
    )
    assert said.code("scanner") == "scanner.port_missing"
    assert said.code("camera") == "camera.missing"
    assert said.code("hub") == "hub.unreachable"
    assert all(finding["what_to_do"]["en"] for finding in said.findings if finding["state"] == "missing")


def test_the_report_is_plain_text_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    told = {}
    for language in ("vi", "en", "both"):
        main(["doctor", "--lang", language])
        told[language] = capsys.readouterr().out
    assert "kiểm tra máy này" in told["vi"]
    assert "check of this machine" in told["en"]
    assert told["both"].index("kiểm tra máy này") < told["both"].index("check of this machine")
    assert "check of this machine" not in told["vi"]


def test_a_reader_without_its_service_is_told_with_the_command_that_starts_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kiosk.app.cli", "doctor", "--json"]
    command += ["--settings", str(settings(tmp_path, "[card_reader]\n"))]
    environ = os.environ | {"PCSCLITE_CSOCK_NAME": str(tmp_path / "no-pcscd")}
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    said = Said(ran.returncode, json.loads(ran.stdout))
    assert said.exit_code == 1
    assert said.code("card_reader") == "card_reader.service_missing"
    assert "pcscd.socket" in said.of("card_reader")["what_to_do"]["vi"]


WITHOUT = """
import sys
for name in sys.argv[1].split(","):
    sys.modules[name] = None
from kiosk.app.cli import main
sys.exit(main(["doctor", "--json", *sys.argv[2:]]))
"""


def doctor_without(parts: str, *arguments: object) -> Said:
    """The doctor where some parts cannot be imported, as on a machine that has only the other half."""
    command = [sys.executable, "-c", WITHOUT, parts, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.stdout, ran.stderr
    return Said(ran.returncode, json.loads(ran.stdout))


def test_a_hub_machine_is_doctored_without_the_kiosks_parts(portal, tmp_path: Path) -> None:
    parts = "PySide6,cv2,serial,smartcard,escpos,zxingcpp,numpy,PIL"
    said = doctor_without(parts, "--data", tmp_path, "--hub-settings", hub_settings(tmp_path, portal))
    assert said.exit_code == 0, said.findings
    assert said.code("insurance") == "insurance.works"


def test_a_kiosk_machine_is_doctored_without_the_hubs_parts(hub, printer, tmp_path: Path) -> None:
    parts = "litestar,uvicorn,uvloop,httptools"
    file = settings(tmp_path, printer_at(printer.serve_tcp()))
    said = doctor_without(parts, "--hub", hub.url, "--settings", file)
    assert said.code("printer") == "printer.ready"
    assert said.missing <= {"screen"}
    assert doctor_without(f"{parts},apsw", "--hub-settings", file).code("insurance") == "part.unusable"


def test_settings_for_a_kiosk_on_a_machine_without_its_parts_are_told(tmp_path: Path) -> None:
    said = doctor_without("serial,cv2", "--settings", settings(tmp_path, ""))
    assert (said.exit_code, said.code("settings")) == (1, "part.unusable")


# -- printer


@pytest.mark.parametrize(
    ("fault", "code", "state", "cure"),
    [
        ("paper_out", "printer.paper_out", "missing", "refill_paper"),
        ("cover_open", "printer.cover_open", "missing", "close_cover"),
        ("cutter_error", "printer.cutter_error", "missing", "free_cutter"),
        ("unrecoverable_error", "printer.unrecoverable_error", "missing", "restart_printer"),
        ("offline", "printer.offline", "missing", "wake_printer"),
        ("paper_near_end", "printer.paper_near_end", "warn", "new_roll_ready"),
        ("silent", "printer.silent", "warn", "wake_silent_printer"),
    ],
)
def test_what_the_printer_says_of_itself_is_told_with_its_cure(
    doctor, printer, tmp_path: Path, fault: str, code: str, state: str, cure: str
) -> None:
    setattr(printer.faults, fault, True)
    told = doctor("--settings", settings(tmp_path, printer_at(printer.serve_tcp()))).of("printer")
    assert (told["code"], told["state"], told["cure"]) == (code, state, cure)


def test_a_printer_that_another_program_holds_says_nothing_in_time(doctor, printer, tmp_path: Path) -> None:
    port = printer.serve_tcp()
    with socket.create_connection(("127.0.0.1", port)):
        told = doctor("--settings", settings(tmp_path, printer_at(port))).of("printer")
    assert told["code"] == "printer.silent"
    assert "dừng kiosk" in told["what_to_do"]["vi"]


@pytest.mark.parametrize("kind", ["serial", "usb_file"])
def test_a_printer_on_a_device_file_is_asked_too(doctor, printer, tmp_path: Path, kind: str) -> None:
    link = tmp_path / "printer"
    (printer.serve_pty if kind == "serial" else printer.serve_usb_file)(link)
    file = settings(tmp_path, f'[printer]\nkind = "{kind}"\npath = "{link}"\n')
    assert doctor("--settings", file).code("printer") == "printer.ready"
    printer.stop()
    assert doctor("--settings", file).code("printer") == "printer.port_missing"


def test_a_scanner_that_another_program_holds_is_busy(doctor, tmp_path: Path) -> None:
    import serial

    with ScannerEmulator(tmp_path / "scanner") as scanner, serial.Serial(str(scanner.path), exclusive=True):
        told = doctor("--settings", settings(tmp_path, f'[scanner]\nport = "{scanner.path}"\n')).of("scanner")
    assert (told["code"], told["cure"]) == ("scanner.port_busy", "free_device")


# -- settings


def test_every_problem_of_the_kiosks_settings_is_told_and_what_was_meant(doctor, tmp_path: Path) -> None:
    said = doctor("--settings", settings(tmp_path, '[printr]\nkind = "tcp"\n[screen]\ndiagonal = 21\nfullscreen = 1\n'))
    told = [finding for finding in said.findings if finding["check"] == "settings"]
    assert said.exit_code == 1
    assert {(f["code"], f["params"]["suggestion"]) for f in told} == {
        ("settings.unknown_table", "printer"),
        ("settings.unknown_key", "diagonal_in"),
        ("settings.wrong_type", ""),
    }
    assert any("Có phải là “printer” không?" in finding["text"]["vi"] for finding in told)
    assert said.of("printer")["state"] == "skipped"
    assert all("vẫn chạy" in finding["text"]["vi"] for finding in told)


def test_a_slow_line_to_the_printer_is_no_mistake_and_told(doctor, tmp_path: Path) -> None:
    file = settings(tmp_path, f'[printer]\nkind = "serial"\npath = "{tmp_path / "none"}"\nbaud = 9600\n')
    said = doctor("--settings", file)
    assert said.code("settings") == "settings.valid"
    (slow,) = [finding for finding in said.findings if finding["code"] == "printer.line_slow"]
    assert (slow["state"], slow["params"]["seconds"]) == ("warn", 52)


def test_a_settings_file_that_is_not_there_is_told(doctor, tmp_path: Path) -> None:
    said = doctor("--settings", tmp_path / "none.toml")
    assert (said.exit_code, said.code("settings")) == (1, "settings.file_missing")


# -- the hub and its data


def test_the_data_of_a_running_hub_is_sound(doctor, hub, tmp_path: Path) -> None:
    hub.issue("one")
    said = doctor("--data", tmp_path / "data")
    assert said.exit_code == 0, said.findings
    codes = [said.code(check) for check in ("data", "database", "site")]
    assert codes == ["data.usable", "database.sound", "site.valid"]
    assert hub.issue("two")["number"] == 2, "the hub is not disturbed"


def test_a_folder_that_is_not_there_yet_is_no_fault_and_is_not_made(doctor, tmp_path: Path) -> None:
    said = doctor("--data", tmp_path / "new" / "data")
    assert said.exit_code == 0
    assert (said.code("data"), said.code("site")) == ("data.will_be_made", "site.example")
    assert not (tmp_path / "new").exists()


def test_a_file_in_place_of_the_folder_is_told(doctor, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert doctor("--data", tmp_path / "data").code("data") == "data.not_a_folder"


def test_a_damaged_database_is_told_and_left_as_it_is(doctor, tmp_path: Path) -> None:
    database = tmp_path / "hub.sqlite3"
    database.write_bytes(b"not a database at all" * 1000)
    before = database.read_bytes()
    told = doctor("--data", tmp_path)
    assert (told.exit_code, told.code("database")) == (1, "database.damaged")
    assert database.read_bytes() == before


def test_data_of_a_newer_program_is_told(doctor, tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / "hub.sqlite3"))
    connection.pragma("user_version", 9999)
    connection.close()
    assert doctor("--data", tmp_path).code("database") == "database.newer"


def test_a_typo_in_the_site_file_is_told(doctor, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("[hospitall]\n", encoding="utf-8")
    told = [finding for finding in doctor("--data", tmp_path).findings if finding["check"] == "site"]
    assert ("settings.unknown_table", "hospital") in {(f["code"], f["params"]["suggestion"]) for f in told}


def test_a_server_that_is_no_hub_is_told(doctor, portal) -> None:
    said = doctor("--hub", portal.url)
    assert (said.exit_code, said.code("hub")) == (1, "hub.foreign")


def test_a_server_that_says_nothing_is_given_up_in_time(doctor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun_s = time.monotonic()
        said = doctor("--hub", f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert time.monotonic() - begun_s < WHOLE_S
    assert said.code("hub") == "hub.silent"


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://127.0.0.1", "http://", "http://[", "http://a:b"])
def test_an_address_that_is_none_is_told(doctor, url: str) -> None:
    assert doctor("--hub", url).code("hub") == "hub.address_malformed"


# -- insurance


def test_an_account_that_works_is_told_so(doctor, portal, tmp_path: Path) -> None:
    said = doctor("--hub-settings", hub_settings(tmp_path, portal))
    assert (said.exit_code, said.code("insurance")) == (0, "insurance.works")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "sai"}, "insurance.refused"),
        ({"username": "79999_BV"}, "insurance.refused"),
        ({"officer_number": "001199999999"}, "insurance.officer_unknown"),
        ({"officer_name": "Trần Văn Lạ"}, "insurance.officer_unknown"),
    ],
)
def test_a_wrong_account_is_told_without_its_secrets(
    doctor, portal, tmp_path: Path, changes: dict[str, str], code: str
) -> None:
    said = doctor("--hub-settings", hub_settings(tmp_path, portal, **changes))
    assert (said.exit_code, said.code("insurance")) == (1, code)
    told = json.dumps(said.findings, ensure_ascii=False)
    secrets = {"mat-khau-mau", portal.account.officer_number, portal.account.officer_name, portal.account.username}
    assert not [secret for secret in secrets | set(changes.values()) if secret in told]


def test_a_silent_portal_is_given_up_in_time(doctor, portal, tmp_path: Path) -> None:
    portal.faults = replace(Faults(), delay_s=60.0)
    said = doctor("--hub-settings", hub_settings(tmp_path, portal))
    assert (said.exit_code, said.code("insurance")) == (1, "insurance.silent")


def test_a_troubled_portal_is_a_warning(doctor, portal, tmp_path: Path) -> None:
    portal.faults = Faults(status=502)
    told = doctor("--hub-settings", hub_settings(tmp_path, portal)).of("insurance")
    assert (told["state"], told["code"]) == ("warn", "insurance.troubled")


def test_senseless_insurance_settings_are_all_told(doctor, portal, tmp_path: Path) -> None:
    file = hub_settings(tmp_path, portal, username="001090123456", base_url="http://egw.example")
    told = [finding for finding in doctor("--hub-settings", file).findings if finding["check"] == "insurance"]
    assert len(told) == 2
    assert {finding["code"] for finding in told} == {"settings.value_refused"}
    assert "001090123456" not in json.dumps(told)


def test_the_hubs_own_settings_in_its_data_folder_are_found(doctor, portal, tmp_path: Path) -> None:
    hub_settings(tmp_path, portal).rename(tmp_path / "hub.toml")
    assert doctor("--data", tmp_path).code("insurance") == "insurance.works"
    (tmp_path / "hub.toml").write_text("", encoding="utf-8")
    assert doctor("--data", tmp_path).code("insurance") == "insurance.not_configured"
