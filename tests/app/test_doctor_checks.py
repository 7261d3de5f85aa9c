"""Single checks of the doctor, and how they are run: each by itself, none for longer than it may."""

from __future__ import annotations

import ast
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from config.catalogue import load_catalogue
from kiosk import __version__
from kiosk.app import doctor
from kiosk.app.doctor_data import check_disk, check_folder
from kiosk.app.doctor_findings import Check, Checked, Finding, State, missing, ok, run_checks, skipped, warn
from kiosk.app.doctor_hub import check_hub
from kiosk.app.doctor_machine import Account, DeviceFile, check_access, check_watchdog
from kiosk.app.doctor_program import check_fonts, check_parts, check_qt, check_screen, check_time_zone
from kiosk.app.doctor_report import all_needed_is_there, told
from kiosk.domain.localized import Language


def only(findings) -> Finding:
    [finding] = findings
    return finding


# -- running


def test_a_check_that_hangs_is_given_up_and_the_others_answer() -> None:
    hanging = threading.Event()
    checks = [
        Check(name="printer", look=lambda: ok("fonts.there", count=hanging.wait(30)), limit_s=0.2),
        Check(name="fonts", look=lambda: ok("fonts.there", count=5)),
    ]
    begun_s = time.monotonic()
    printer, fonts = run_checks(checks)
    assert time.monotonic() - begun_s < 3
    assert (only(printer.findings).code, only(printer.findings).state) == ("check.too_slow", State.MISSING)
    assert only(fonts.findings).state is State.OK
    hanging.set()


def test_checks_run_side_by_side() -> None:
    meeting = threading.Barrier(3)

    def meet() -> tuple[Finding, ...]:
        meeting.wait(5)
        return ok("fonts.there", count=5)

    checked = run_checks([Check(name="fonts", look=meet) for _ in range(3)])
    assert [only(one.findings).state for one in checked] == [State.OK] * 3


def test_a_check_that_breaks_is_told_as_such() -> None:
    def broken() -> tuple[Finding, ...]:
        raise ZeroDivisionError

    def without_part() -> tuple[Finding, ...]:
        raise ModuleNotFoundError("No module named 'apsw'", name="apsw")

    first, second = run_checks([Check(name="fonts", look=broken), Check(name="database", look=without_part)])
    assert (only(first.findings).code, only(first.findings).params["error"]) == ("check.failed", "ZeroDivisionError")
    assert (only(second.findings).code, only(second.findings).params["part"]) == ("part.unusable", "apsw")


def test_only_what_is_missing_decides_the_outcome() -> None:
    fine = Checked(name="fonts", findings=(*ok("fonts.there", count=5), *skipped("access.root")))
    look = Checked(name="screen", findings=warn("screen.none", "demo_headless"))
    lacking = Checked(name="screen", findings=missing("screen.none", "start_screen"))
    assert all_needed_is_there([fine, look])
    assert not all_needed_is_there([fine, look, lacking])


def test_every_line_of_the_report_says_where_what_and_what_to_do() -> None:
    checked = Checked(name="printer", findings=missing("printer.paper_out", "refill_paper", place="192.168.1.50:9100"))
    text = told([checked], load_catalogue(), Language.VI, version="1")
    assert "[THIẾU]    Máy in: hết giấy (192.168.1.50:9100)." in text
    assert "→ Thay cuộn giấy mới" in text
    assert "Số chỗ phải sửa: 1." in text


def calls_of_findings() -> Iterator[tuple[str, list[str], set[str]]]:
    """Where the doctor makes findings: function, constant arguments, names of the parameters."""
    for file in sorted(Path(doctor.__file__).parent.glob("doctor*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"ok", "warn", "missing", "skipped"}:
                constants = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                yield call.func.id, constants, {str(keyword.arg) for keyword in call.keywords}


def test_every_finding_has_its_sentences_and_every_sentence_its_parameters() -> None:
    texts, looked_at = load_catalogue(), 0
    for function, constants, params in calls_of_findings():
        if len(constants) != (2 if function in {"warn", "missing"} else 1):
            continue  # chosen from a table: those are met in the tests with real devices
        keys = [f"doctor.found.{constants[0]}", *(f"doctor.cure.{cure}" for cure in constants[1:])]
        for key in keys:
            for language in Language:
                texts.text(key, language, **dict.fromkeys(params, "x"))
        looked_at += 1
    assert looked_at > 40


def test_no_sentence_of_the_doctor_is_left_without_a_use() -> None:
    sources = "".join(f.read_text(encoding="utf-8") for f in Path(doctor.__file__).parent.glob("doctor*.py"))
    by_drivers = {"camera.missing", "camera.lost"}
    for key in load_catalogue().keys("en"):
        for kind in ("doctor.found.", "doctor.cure."):
            if key.startswith(kind) and (name := key.removeprefix(kind)) not in by_drivers:
                assert f'"{name}"' in sources or name.endswith(".fails"), key


# -- program


def test_parts_that_are_not_installed_are_named() -> None:
    lines = ["requests>=2", "no-such-part>=1; extra == 'hub'", "other-part; extra == 'kiosk'"]
    found = only(check_parts(["hub"], lambda: lines))
    assert (found.state, found.params["parts"]) == (State.MISSING, "no-such-part")
    assert only(check_parts([], lambda: lines)).state is State.OK


def test_a_time_zone_without_data_is_told() -> None:
    assert only(check_time_zone("Nowhere/City")).cure == "install"
    assert only(check_time_zone()).params["hours"] == 7


def test_missing_and_broken_fonts_are_named(tmp_path: Path) -> None:
    (tmp_path / "BeVietnamPro-Regular.ttf").write_bytes(b"\0\1\0\0 and so on")
    (tmp_path / "BeVietnamPro-Bold.ttf").write_bytes(b"<html>")
    found = only(check_fonts(tmp_path))
    assert found.state is State.MISSING
    assert found.params["weights"] == "Medium, SemiBold, Bold, ExtraBold"


def test_a_missing_system_library_is_told_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PySide6 that fails as the real one does where libEGL is not installed."""
    package = tmp_path / "PySide6"
    package.mkdir()
    words = "libEGL.so.1: cannot open shared object file: No such file or directory"
    (package / "__init__.py").write_text(f"raise ImportError({words!r})", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    found = only(check_qt())
    assert (found.code, found.params["library"], found.cure) == ("qt.library_missing", "libEGL.so.1", "install")
    assert found.params["packages"] == "libegl1"


def test_a_screen_that_does_not_answer_is_told() -> None:
    environ = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    found = only(check_screen(environ | {"DISPLAY": ":64999"}, needed=True))
    assert (found.code, found.state) == ("screen.fails", State.MISSING)


def test_a_graphics_card_without_a_session_is_a_warning(tmp_path: Path) -> None:
    assert only(check_screen({}, needed=True, graphics=tmp_path)).state is State.MISSING
    (tmp_path / "card0").touch()
    assert only(check_screen({}, needed=True, graphics=tmp_path)).code == "screen.only_graphics"


# -- machine


def account(*groups: str, is_root: bool = False) -> Account:
    return Account(name="kiosk", is_root=is_root, groups=frozenset(groups))


def test_an_account_without_the_group_is_told_which_one_to_join(tmp_path: Path) -> None:
    absent = DeviceFile(path=tmp_path / "ttyACM0", group="dialout")
    found = only(check_access([absent], account("lp")))
    assert (found.code, found.params["groups"]) == ("access.denied", "dialout")
    assert only(check_access([absent], account("dialout"))).state is State.OK


def test_a_device_that_may_not_be_opened_needs_its_group(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.touch()
    devices = [DeviceFile(path=device, group="lp")]
    assert only(check_access(devices, account(), may_use=lambda _: False)).state is State.MISSING
    assert only(check_access(devices, account(), may_use=lambda _: True)).state is State.OK


def test_root_is_told_that_its_rights_prove_nothing(tmp_path: Path) -> None:
    devices = [DeviceFile(path=tmp_path / "none", group="lp")]
    assert only(check_access(devices, account(is_root=True))).state is State.SKIPPED


def test_a_machine_without_systemd_or_without_our_service_is_told(tmp_path: Path) -> None:
    assert only(check_watchdog("tiepdon-hub.service", tmp_path / "none")).state is State.SKIPPED
    assert only(check_watchdog("tiepdon-no-such.service", tmp_path)).code == "watchdog.not_installed"


@pytest.mark.parametrize(
    ("told_by_systemd", "code"),
    [
        ("LoadState=loaded\nActiveState=active\nWatchdogUSec=15s", "watchdog.on"),
        ("LoadState=loaded\nActiveState=active\nWatchdogUSec=0", "watchdog.off"),
        ("LoadState=not-found\nActiveState=inactive\nWatchdogUSec=0", "watchdog.not_installed"),
    ],
)
def test_what_systemd_says_of_the_service_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told_by_systemd: str, code: str
) -> None:
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(f"#!/bin/sh\ncat <<END\n{told_by_systemd}\nEND\n", encoding="utf-8")
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert only(check_watchdog("tiepdon-kiosk.service", tmp_path)).code == code


def test_the_folder_check_leaves_nothing_behind(tmp_path: Path) -> None:
    assert only(check_folder(tmp_path)).state is State.OK
    assert list(tmp_path.iterdir()) == []
    assert only(check_disk(tmp_path / "not" / "yet")).code.startswith("disk.")


# -- hub


@pytest.fixture
def health_server() -> Iterator[Callable[[int, object], str]]:
    """A server that answers every GET with a status and a JSON body."""
    answer: dict[str, object] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(answer["body"]).encode()
            self.send_response(answer["status"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="health-server")
    thread.start()

    def serve(status: int, body: object) -> str:
        answer.update(status=status, body=body)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield serve
    server.shutdown()
    thread.join()
    server.server_close()


NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def health(*, version: str = __version__, apart: timedelta = timedelta()) -> dict[str, object]:
    return {"status": "ok", "version": version, "seq": 1, "now": (NOW + apart).isoformat()}


def test_a_hub_with_another_time_or_version_is_a_warning(health_server) -> None:
    url = health_server(200, health(version="9.9", apart=timedelta(minutes=-5)))
    version, clock = check_hub(url, lambda: NOW)
    assert (version.code, version.params["theirs"]) == ("hub.other_version", "9.9")
    assert (clock.code, clock.params["seconds"]) == ("hub.clock_differs", 300)
    assert {version.state, clock.state} == {State.WARN}


def test_a_hub_that_cannot_write_is_missing(health_server) -> None:
    found = only(check_hub(health_server(503, {"code": "storage.full"}), lambda: NOW))
    assert (found.code, found.state, found.params["code"]) == ("hub.refuses", State.MISSING, "storage.full")


def test_an_account_in_the_hubs_address_is_not_repeated(health_server) -> None:
    url = health_server(200, health()).replace("http://", "http://staff:geheim@")
    assert "geheim" not in str(check_hub(url, lambda: NOW))
