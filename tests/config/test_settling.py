"""A settings file taken as far as it goes: one bad line costs its own setting and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.catalogue import load_catalogue
from config.problems import Instead, SettingsError
from config.secret import Secret
from config.settling import Settled, settle_settings


@dataclass(frozen=True, kw_only=True)
class Name:
    vi: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Screen:
    width_mm: float = 268.0
    idle_s: int = 60
    name: Name | None = None
    languages: tuple[str, ...] = ("vi",)
    officer: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.width_mm <= 0:
            raise ValueError("screen.width_illegal", "width_mm", "> 0")


@dataclass(frozen=True, kw_only=True)
class Printer:
    host: str
    port: int = 9100

    def __post_init__(self) -> None:
        if not self.host:
            raise ValueError("printer.host_missing", "host", '"192.168.1.50"')


@dataclass(frozen=True, kw_only=True)
class Account:
    password: Secret


TABLES = {"screen": Screen, "printer": Printer | None, "more_printers": tuple[Printer, ...]}


def settle(folder: Path, text: str) -> Settled:
    path = folder / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return settle_settings(path, TABLES, environ={})


def told(settled: Settled) -> set[tuple[str, str, str, Instead | None]]:
    return {(problem.code, problem.place, problem.given, problem.instead) for problem in settled.problems}


def test_a_right_file_has_no_problems(tmp_path: Path) -> None:
    settled = settle(tmp_path, '[screen]\nidle_s = 90\n[printer]\nhost = "p"\n')
    assert (settled.settings.tables["screen"], settled.problems) == (Screen(idle_s=90), ())


def test_what_is_bad_gives_way_and_all_else_holds(tmp_path: Path) -> None:
    settled = settle(
        tmp_path,
        '[screen]\nidle_s = "sixty"\nwidth_mm = -1\nlanguages = ["vi", 2, "en"]\nfoo = 1\nname = { vi = "a" }\n'
        '[printer]\nhost = "p"\nport = "x"\n[lamp]\na = 1\n',
    )
    assert settled.settings.tables == {
        "screen": Screen(languages=("vi", "en")),
        "printer": Printer(host="p"),
        "more_printers": (),
    }
    assert told(settled) == {
        ("settings.wrong_type", "[screen] idle_s", '"sixty"', Instead.DEFAULT),
        ("settings.not_allowed", "[screen] width_mm", "-1", Instead.DEFAULT),
        ("settings.wrong_type", "[screen] languages[1]", "2", Instead.DEFAULT),
        ("settings.unknown_key", "[screen] foo", "", Instead.LEFT_OUT),
        ("settings.missing_key", "[screen.name] en", "", Instead.DEFAULT),
        ("settings.wrong_type", "[printer] port", '"x"', Instead.DEFAULT),
        ("settings.unknown_table", "[lamp]", "", Instead.LEFT_OUT),
    }


@pytest.mark.parametrize("table", ['host = ""', "port = 1", "host = 5"])
def test_a_device_that_lacks_what_it_needs_is_off(tmp_path: Path, table: str) -> None:
    settled = settle(tmp_path, f"[printer]\n{table}\n")
    assert settled.settings.tables["printer"] is None
    assert [(problem.place, problem.instead) for problem in settled.problems] == [("[printer] host", Instead.OFF)]


def test_of_several_devices_only_the_bad_ones_are_off(tmp_path: Path) -> None:
    more = "".join(f"[[more_printers]]\n{line}\n" for line in ('host = "a"', "port = 1", 'hots = "b"', 'host = "c"'))
    settled = settle(tmp_path, more)
    assert settled.settings.tables["more_printers"] == (Printer(host="a"), Printer(host="c"))
    assert {problem.table for problem in settled.problems} == {"more_printers[1]", "more_printers[2]"}


@pytest.mark.parametrize("text", ["printer = 5", "[[printer]]\nhost = 'a'", "screen = 5", "more_printers = 5"])
def test_a_table_written_as_something_else_costs_only_itself(tmp_path: Path, text: str) -> None:
    settled = settle(tmp_path, text)
    assert settled.settings.tables == {"screen": Screen(), "printer": None, "more_printers": ()}
    assert len(settled.problems) == 1


@pytest.mark.parametrize("text", ["[screen", "a = 1\na = 2"])
def test_an_unreadable_file_leaves_the_defaults(tmp_path: Path, text: str) -> None:
    settled = settle(tmp_path, text)
    assert settled.is_unreadable
    assert settled.settings.tables == {"screen": Screen(), "printer": None, "more_printers": ()}


def test_a_missing_file_leaves_the_defaults(tmp_path: Path) -> None:
    settled = settle_settings(tmp_path / "none.toml", TABLES, environ={})
    assert ([problem.code for problem in settled.problems], settled.is_unreadable) == (["settings.file_missing"], True)


def test_a_table_without_defaults_is_still_refused(tmp_path: Path) -> None:
    path = tmp_path / "hub.toml"
    path.write_text('[account]\npassword = "hunter2"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        settle_settings(path, {"account": Account}, environ={})
    assert "hunter2" not in repr(caught.value.problems)


@pytest.mark.parametrize("text", ["[screen]\nofficer = 5", '[screen]\npasword = "5"'])
def test_what_may_be_secret_is_never_shown(tmp_path: Path, text: str) -> None:
    (problem,) = settle(tmp_path, text).problems
    assert "5" not in repr(problem)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_sentence_names_place_value_what_is_allowed_and_what_holds(tmp_path: Path, language: str) -> None:
    texts = load_catalogue()
    (problem,) = settle(tmp_path, "[screen]\nwidth_mm = -3").problems
    sentence = problem.sentence(texts, language)
    assert "[screen] width_mm = -3: " in sentence
    assert "> 0" in sentence
    assert sentence.endswith(texts.text("settings.instead.default", language))
