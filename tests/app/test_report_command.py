"""`tiepdon report codes`: a table people can read, one sentence for what looks wrong, CSV for spreadsheets."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.hub_thread import HubThread

from config.catalogue import load_catalogue
from kiosk.app.cli import main
from kiosk.app.report import told
from kiosk.app.report_csv import COLUMNS, csv_of
from kiosk.domain.localized import Language
from kiosk.domain.scan_quality import (
    ConcernKind,
    ScanConcern,
    ScanCounts,
    ScanHour,
    ScanOutcome,
    ScanReport,
    ScanReportHour,
    hour_of,
)
from kiosk.station.hub_client import HubClient

TEN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TEXTS = load_catalogue()


def row(kiosk: str = "K2", **changed: object) -> ScanReportHour:
    values: dict[str, object] = {
        "kiosk": kiosk,
        "device": "camera",
        "hour": TEN,
        "scans": 48,
        "failed": 15,
        "failed_percent": 31.2,
        "decode_ms_mean": 84.4,
        "decode_ms_max": 900,
        "tries_mean": 2.25,
        "tries_max": 9,
        "outcomes": {ScanOutcome.READ: 33, ScanOutcome.UNREADABLE: 15},
        "formats": {"qr": 31, "code_128": 2},
    }
    return ScanReportHour(**{**values, **changed})  # type: ignore[arg-type]


def a_report(*hours: ScanReportHour, concerns: tuple[ScanConcern, ...] = ()) -> ScanReport:
    return ScanReport(day=date(2026, 11, 22), time_zone="Asia/Ho_Chi_Minh", hours=hours, concerns=concerns)


def concern(kind: ConcernKind) -> ScanConcern:
    return ScanConcern(kiosk="K2", device="camera", kind=kind, since=TEN, value=31, usual=4)


def test_the_table_has_the_hospitals_hours_and_one_line_a_row() -> None:
    lines = told(a_report(row(), row("K10")), TEXTS, Language.EN).splitlines()
    assert lines[0] == "How well codes were read on 22/11/2026"
    assert lines[2].split()[:4] == ["Kiosk", "Device", "Hour", "Scans"]
    assert " ".join(lines[3].split()) == "K2 camera 10:00 48 31 % 84 / 900 2.2 / 9 Code 128 2, QR 31"
    assert lines[3].index("camera") == lines[4].index("camera")


def test_what_a_device_does_not_tell_is_a_dash_and_an_unknown_word_stays() -> None:
    odd = row(device="wand", decode_ms_mean=None, decode_ms_max=None, formats={"maxicode": 1})
    line = told(a_report(odd), TEXTS, Language.VI).splitlines()[3]
    assert "wand" in line
    assert "  –  " in line
    assert "maxicode 1" in line


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", ConcernKind)
def test_what_looks_wrong_is_a_sentence_with_kiosk_time_and_both_values(language: Language, kind: ConcernKind) -> None:
    last = told(a_report(row(), concerns=(concern(kind),)), TEXTS, language).splitlines()[-1]
    assert all(part in last for part in ("K2", "10:00", "31", "4", "camera"))


@pytest.mark.parametrize("language", Language)
def test_a_good_day_and_an_empty_day_say_so(language: Language) -> None:
    assert told(a_report(row()), TEXTS, language).splitlines()[-1] == TEXTS.text("report.all_well", language)
    assert told(a_report(), TEXTS, language).splitlines()[-1] == TEXTS.text("report.nothing", language)


def test_csv_has_one_row_an_hour_under_fixed_names() -> None:
    header, first = csv.reader(csv_of(a_report(row())).splitlines())
    assert tuple(header) == COLUMNS
    cells = dict(zip(header, first, strict=True))
    assert (cells["day"], cells["hour"], cells["kiosk"]) == ("2026-11-22", "10:00", "K2")
    assert (cells["read"], cells["unreadable"], cells["torn"]) == ("33", "15", "0")
    assert cells["formats"] == "code_128=2 qr=31"


def test_csv_holds_no_formula() -> None:
    _, first = csv.reader(csv_of(a_report(row("=1+1"))).splitlines())
    assert "'=1+1" in first


@pytest.fixture
def hub(tmp_path: Path):
    thread = HubThread(tmp_path / "data").start()
    yield thread
    thread.stop()


@pytest.mark.parametrize(
    ("options", "wanted"), [([], "31 %"), (["--lang", "en"], "31 % unreadable"), (["--csv"], "K2")]
)
def test_the_command_prints_what_the_hub_keeps(
    hub: HubThread, capsys: pytest.CaptureFixture[str], options: list[str], wanted: str
) -> None:
    now = datetime.now(UTC)
    day = (now + timedelta(hours=7)).date()
    hour = ScanHour(device="camera", hour=hour_of(now), counts=ScanCounts(read=69, unreadable=31, tries_sum=100))
    client = HubClient(hub.url)
    assert client.tell_scan_quality("K2", "run-1", (hour,)) == 1
    client.close()
    assert main(["report", "codes", "--hub", hub.url, "--day", day.isoformat(), *options]) == 0
    assert wanted in capsys.readouterr().out


def test_a_hub_that_is_not_there_is_told_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "codes", "--hub", "http://127.0.0.1:9"]) == 2
    assert capsys.readouterr().err.count("[report.hub_unreachable]") == 2


def test_an_address_that_can_be_no_hub_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "codes", "--hub", "hub"]) == 2
    assert capsys.readouterr().err.count("[start.hub_url_malformed]") == 2
