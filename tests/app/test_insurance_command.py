"""`tiepdon insurance …` and `tiepdon report insurance` before the emulated portal and a hub."""

from __future__ import annotations

import csv
import io
import json
import threading
from pathlib import Path

import pytest
from support.hub_thread import HubThread
from support.insurance_hub import ask, person_with, settings_file

from kiosk.app.cli import main
from kiosk.app.emulate_portal import obey
from kiosk.app.emulate_script import ScriptPlayer, read_script
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_people import PEOPLE, EmulatedPerson


@pytest.fixture
def settings(portal: PortalEmulator, tmp_path: Path) -> Path:
    return settings_file(tmp_path, portal)


def about(person: EmulatedPerson) -> list[str]:
    return ["--card", person.card, "--name", person.name, "--birth", person.birth]


def test_check_tells_class_code_dates_match_and_next_step(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["insurance", "check", *about(PEOPLE[0]), "--settings", str(settings), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["class", "code", "valid_from", "valid_to", "facility_match", "next_step"]
    assert (told["class"], told["code"], told["facility_match"]) == ("ok", "000", "here")
    assert told["next_step"] == "next_step.wait_for_call"
    assert told["valid_from"].count("/") == 2


@pytest.mark.parametrize(("code", "outcome", "exit_code"), [("110", "deny_card", 1), ("001", "ok_manual", 0)])
def test_the_exit_code_says_whether_the_card_was_found(
    settings: Path, capsys: pytest.CaptureFixture[str], code: str, outcome: str, exit_code: int
) -> None:
    assert main(["insurance", "check", *about(person_with(code)), "--settings", str(settings), "--json"]) == exit_code
    assert json.loads(capsys.readouterr().out)["class"] == outcome


def test_a_replaced_card_is_asked_about_under_its_new_number(
    settings: Path, portal: PortalEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["insurance", "check", *about(person_with("003")), "--settings", str(settings), "--json"]) == 0
    assert (json.loads(capsys.readouterr().out)["code"], portal.look_ups) == ("000", 2)


def test_check_in_words_names_nobody(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["insurance", "check", *about(PEOPLE[0]), "--settings", str(settings), "--lang", "en"])
    told = capsys.readouterr()
    assert "[000]" in told.out
    assert not [part for part in (PEOPLE[0].name, PEOPLE[0].card) if part in told.out + told.err]


def test_check_without_a_portal_says_that_the_counter_checks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["insurance", "check", *about(PEOPLE[0]), "--data", str(tmp_path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["class"], told["next_step"]) == ("config", "next_step.check_at_counter")


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        (("--card", "12"), "start.insurance_card_malformed"),
        (("--birth", "32/01/1990"), "start.insurance_birth_malformed"),
        (("--name", "123"), "start.insurance_name_malformed"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: tuple[str, str], key: str
) -> None:
    assert main(["insurance", "check", *about(PEOPLE[0]), "--data", str(tmp_path), *changes]) == 2
    assert capsys.readouterr().err.count(f"[{key}]") == 2


def test_the_account_is_proved_without_a_person(
    settings: Path, portal: PortalEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["insurance", "test", "--settings", str(settings), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"works": True, "state": "works", "detail": "050"}
    assert (portal.token_requests, portal.look_ups) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"password": "khac"}, "refused"),
        ({"may_look_up": False}, "no_right"),
        ({"officer_number": "001185000000"}, "officer_unknown"),
        ({"officer_name": "Ai Đó"}, "officer_unknown"),
    ],
)
def test_an_account_that_does_not_work_is_told_with_its_cure(
    settings: Path, portal: PortalEmulator, capsys: pytest.CaptureFixture[str], changes: dict[str, object], state: str
) -> None:
    for name, value in changes.items():
        setattr(portal.account, name, value)
    assert main(["insurance", "test", "--settings", str(settings), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["state"] == state
    assert main(["insurance", "test", "--settings", str(settings)]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_nobody_there_and_nothing_set_up_are_two_things(
    settings: Path, portal: PortalEmulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    portal.stop()
    assert main(["insurance", "test", "--settings", str(settings), "--json"]) == 1
    assert main(["insurance", "test", "--data", str(tmp_path / "none"), "--json"]) == 1
    states = [json.loads(line)["state"] for line in capsys.readouterr().out.splitlines()]
    assert states == ["no_connection", "not_configured"]


def test_the_report_as_csv_and_in_words(settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub = HubThread(tmp_path / "data", settings).start()
    try:
        for person in (PEOPLE[0], person_with("110")):
            ask(hub, person, kiosk="=K1")
        assert main(["report", "insurance", "--hub", hub.url, "--csv"]) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert main(["report", "insurance", "--hub", hub.url, "--lang", "en"]) == 0
        words = capsys.readouterr().out
    finally:
        hub.stop()
    assert [(row["outcome"], row["code"], row["lookups"], row["kiosk"]) for row in rows] == [
        ("deny_card", "110", "1", "'=K1"),
        ("ok", "000", "1", "'=K1"),
    ]
    assert "50.0 %" in words
    assert "76.7 %" in words


# -- the emulated portal's script -------------------------------------------------------------------------------------


def test_a_script_changes_the_portal_by_the_clock(portal: PortalEmulator, tmp_path: Path) -> None:
    file = tmp_path / "script"
    file.write_text("# an outage\n0.05 fault none\n0 fault http502\n\n0.1 code 060\n0.02 dance\n", "utf-8")
    seen: list[tuple[int | None, str | None]] = []
    done = threading.Event()

    def obeyed(line: str) -> None:
        obey(portal, line)
        seen.append((portal.faults.status, portal.faults.code))
        if portal.faults.code:
            done.set()

    player = ScriptPlayer(read_script(file), obeyed)
    player.start()
    assert done.wait(5)
    player.stop()
    assert seen == [(502, None), (None, None), (None, "060")]


@pytest.mark.parametrize("line", ["soon fault none", "5", "-1 expire"])
def test_a_script_line_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    file = tmp_path / "script"
    file.write_text(f"{line}\n", "utf-8")
    assert main(["emulate", "portal", "--port", "0", "--script", str(file)]) == 2
    assert capsys.readouterr().err.count("[emulate.script_line]") == 2
