"""Settings files: what is accepted, and that everything wrong in a file is told at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.catalogue import load_catalogue
from config.secret import Secret
from config.settings import Settings, SettingsError, SettingsProblem, load_settings


class Paper(StrEnum):
    NARROW = "58mm"
    WIDE = "80mm"


@dataclass(frozen=True, kw_only=True)
class ScreenOptions:
    width_mm: float = 268.0
    height_mm: float = 476.0

    def __post_init__(self) -> None:
        if self.width_mm <= 0:
            raise ValueError("width_mm must be positive")


@dataclass(frozen=True, kw_only=True)
class KioskOptions:
    hub_url: str = "http://127.0.0.1:8080"
    idle_s: int = 60
    warn: bool = True
    opens: time = time(7, 0)
    paper: Paper = Paper.WIDE
    outbox: Path = Path("outbox")
    limit: int | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))
    languages: tuple[str, ...] = ("vi", "en")
    size_px: tuple[int, int] = (1080, 1920)
    screen: ScreenOptions = field(default_factory=ScreenOptions)


@dataclass(frozen=True, kw_only=True)
class PortalOptions:
    url: str
    password: Secret
    token_key: str = field(default="", repr=False, metadata={"secret": True})


@dataclass(frozen=True, kw_only=True)
class ScannerOptions:
    port: str


def write(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str, environ: dict[str, str] | None = None, **tables: object) -> list[SettingsProblem]:
    with pytest.raises(SettingsError) as caught:
        load_settings(write(folder, text), tables, environ=environ or {})
    return list(caught.value.problems)


def the_problem(folder: Path, text: str, **tables: object) -> SettingsProblem:
    found = problems(folder, text, **tables)
    assert len(found) == 1, found
    return found[0]


def test_without_a_file_every_table_has_its_defaults() -> None:
    settings = load_settings(None, {"kiosk": KioskOptions, "portal": PortalOptions | None})
    assert settings.table("kiosk", KioskOptions) == KioskOptions()
    assert settings.optional_table("portal", PortalOptions) is None


def test_every_kind_of_value_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        [kiosk]
        hub_url = "http://hub:8080"
        idle_s = 90
        warn = false
        opens = "06:30"
        paper = "58mm"
        outbox = "var/outbox"
        limit = 3
        zone = "Asia/Bangkok"
        languages = ["vi"]
        size_px = [1920, 1080]
        [kiosk.screen]
        width_mm = 300
        [[scanners]]
        port = "/dev/kiosk/scanner"
        """,
    )
    settings = load_settings(path, {"kiosk": KioskOptions, "scanners": tuple[ScannerOptions, ...]})
    assert settings.table("kiosk", KioskOptions) == KioskOptions(
        hub_url="http://hub:8080",
        idle_s=90,
        warn=False,
        opens=time(6, 30),
        paper=Paper.NARROW,
        outbox=tmp_path / "var/outbox",
        limit=3,
        zone=ZoneInfo("Asia/Bangkok"),
        languages=("vi",),
        size_px=(1920, 1080),
        screen=ScreenOptions(width_mm=300.0),
    )
    assert settings.tables["scanners"] == (ScannerOptions(port="/dev/kiosk/scanner"),)


def test_a_table_bound_to_another_class_is_our_error() -> None:
    with pytest.raises(TypeError, match="KioskOptions"):
        Settings(tables={"kiosk": KioskOptions()}).table("kiosk", PortalOptions)


def test_a_byte_order_mark_of_a_windows_editor_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbf[kiosk]\r\nidle_s = 5\r\n")
    assert load_settings(path, {"kiosk": KioskOptions}).table("kiosk", KioskOptions).idle_s == 5


def test_all_errors_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """
        [kiosk]
        idel_s = 5
        warn = "yes"
        opens = "7 o'clock"
        languages = "vi"
        [kiosk.screen]
        width_mm = -1
        [kisok]
        [portal]
        password = "hunter2"
        """,
        kiosk=KioskOptions,
        portal=PortalOptions,
    )
    told = {(p.code, p.place, p.detail if p.code == "settings.wrong_type" else "", p.suggestion) for p in found}
    assert told == {
        ("settings.unknown_table", "[kisok]", "", "kiosk"),
        ("settings.unknown_key", "[kiosk] idel_s", "", "idle_s"),
        ("settings.wrong_type", "[kiosk] warn", "bool", ""),
        ("settings.wrong_type", "[kiosk] opens", "time", ""),
        ("settings.wrong_type", "[kiosk] languages", "list", ""),
        ("settings.value_refused", "[kiosk] screen", "", ""),
        ("settings.missing_key", "[portal] url", "", ""),
        ("settings.secret_inline", "[portal] password", "", ""),
    }
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("line", "code", "detail"),
    [
        ('idle_s = "5"', "settings.wrong_type", "int"),
        ("idle_s = 5.0", "settings.wrong_type", "int"),
        ("idle_s = true", "settings.wrong_type", "int"),
        ("hub_url = 5", "settings.wrong_type", "str"),
        ("outbox = 5", "settings.wrong_type", "str"),
        ("screen = 5", "settings.wrong_type", "table"),
        ("size_px = [1]", "settings.wrong_length", "2"),
        ('paper = "81mm"', "settings.not_a_choice", "58mm, 80mm"),
        ('zone = "Asia/Saigonn"', "settings.time_zone_unknown", "Asia/Saigonn"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_and_not_converted(
    tmp_path: Path, line: str, code: str, detail: str
) -> None:
    problem = the_problem(tmp_path, f"[kiosk]\n{line}", kiosk=KioskOptions)
    assert (problem.code, problem.detail) == (code, detail)


def test_a_member_of_a_list_is_named_by_its_index(tmp_path: Path) -> None:
    problem = the_problem(tmp_path, '[kiosk]\nlanguages = ["vi", 2]', kiosk=KioskOptions)
    assert problem.place == "[kiosk] languages[1]"


def test_an_entry_of_an_array_of_tables_is_named_by_its_index(tmp_path: Path) -> None:
    problem = the_problem(
        tmp_path, '[[scanners]]\nport = "a"\n[[scanners]]\nprot = "b"\nport = "c"', scanners=tuple[ScannerOptions, ...]
    )
    assert (problem.place, problem.suggestion) == ("[scanners[1]] prot", "port")


def test_a_table_with_required_settings_may_not_be_left_out(tmp_path: Path) -> None:
    problem = the_problem(tmp_path, "", portal=PortalOptions)
    assert (problem.code, problem.table) == ("settings.missing_table", "portal")


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    problem = the_problem(tmp_path, "[kiosk]\nidle_s = = 5", kiosk=KioskOptions)
    assert (problem.code, problem.key) == ("settings.syntax", "line 2, column 10")
    told = problem.sentence(load_catalogue(), "vi")
    assert "ở dòng 2, cột 10." in told
    assert not re.search(r"\b(line|column|Expected|Invalid)\b", told)


def test_a_file_that_ends_too_early_is_told_so(tmp_path: Path) -> None:
    problem = the_problem(tmp_path, "[kiosk]\nidle_s =", kiosk=KioskOptions)
    assert "ở cuối tệp" in problem.sentence(load_catalogue(), "vi")


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b'[kiosk]\n\nhub_url = "\xd0\xe3"')
    with pytest.raises(SettingsError) as caught:
        load_settings(path, {"kiosk": KioskOptions})
    assert [(p.code, p.detail) for p in caught.value.problems] == [("settings.not_utf8", "3")]


@pytest.mark.parametrize(("name", "code"), [("none.toml", "settings.file_missing"), (".", "settings.file_unreadable")])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / name, {"kiosk": KioskOptions})
    assert [p.code for p in caught.value.problems] == [code]


def test_secrets_come_from_files_beside_the_settings_and_from_systemd_credentials(tmp_path: Path) -> None:
    (tmp_path / "portal.secret").write_text("mật khẩu\n", encoding="utf-8")
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "token").write_text("t0ken", encoding="utf-8")
    path = write(
        tmp_path,
        '[portal]\nurl = "u"\npassword = { file = "portal.secret" }\ntoken_key = { credential = "token" }\n',
    )
    settings = load_settings(path, {"portal": PortalOptions}, environ={"CREDENTIALS_DIRECTORY": str(credentials)})
    portal = settings.table("portal", PortalOptions)
    assert portal.password == Secret("mật khẩu")
    assert portal.password.reveal() == "mật khẩu"
    assert portal.token_key == "t0ken"
    assert "mật" not in f"{portal} {portal.password} {portal.password!r} {settings}"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ('"inline"', "settings.secret_inline"),
        ('{ file = "nowhere" }', "settings.secret_unreadable"),
        ('{ file = "empty" }', "settings.secret_empty"),
        ('{ credential = "x" }', "settings.credentials_absent"),
        ('{ fiel = "x" }', "settings.wrong_type"),
        ("5", "settings.wrong_type"),
    ],
)
def test_a_secret_given_otherwise_is_refused(tmp_path: Path, given: str, code: str) -> None:
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    problem = the_problem(tmp_path, f'[portal]\nurl = "u"\npassword = {given}', portal=PortalOptions)
    assert (problem.code, problem.place) == (code, "[portal] password")
    assert "inline" not in problem.detail


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_problem_has_a_sentence_with_its_place(tmp_path: Path, language: str) -> None:
    catalogue = load_catalogue()
    found = problems(
        tmp_path, "[kiosk]\nidel_s = 5\nwarn = 1\npaper = 1\nsize_px = []\n", kiosk=KioskOptions, portal=PortalOptions
    )
    for problem in found:
        told = problem.sentence(catalogue, language)
        assert problem.place in told
        assert "{" not in told


def test_the_sentence_for_a_typo_asks_what_was_meant(tmp_path: Path) -> None:
    catalogue = load_catalogue()
    problem = the_problem(tmp_path, "[kiosk]\nidel_s = 5", kiosk=KioskOptions)
    told = problem.sentence(catalogue, "en")
    assert told == "[kiosk] idel_s: there is no such setting. Did you mean “idle_s”?"
