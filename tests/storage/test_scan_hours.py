"""Scan counts in the database: totals that only grow, days judged against days before, and the way from schema 1."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import apsw
from support.receptions import MORNING, Clock, issue, open_reception

from kiosk.domain.scan_quality import ConcernKind, ScanCounts, ScanHour, ScanReport
from kiosk.services.reception import Reception
from kiosk.services.scan_quality import keep_scan_hours, scan_report
from kiosk.storage.database import FILE_NAME, migrate, migrations, open_writer

TODAY = date(2026, 3, 2)


def tell(reception: Reception, hours_ago: float = 0.0, source: str = "s1", kiosk: str = "K1", **counts: int) -> int:
    hour = ScanHour(device="camera", hour=MORNING - timedelta(hours=hours_ago), counts=ScanCounts(**counts))
    return reception.write(lambda context: keep_scan_hours(context, kiosk, source, (hour,))).result(10)


def report(reception: Reception, day: date | None = None) -> ScanReport:
    return reception.read(lambda context: scan_report(context, day))


def test_telling_twice_and_telling_an_older_total_late_change_nothing(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        tell(reception, read=5)
        tell(reception, read=9, unreadable=1)
        once = report(reception)
        tell(reception, read=9, unreadable=1)
        tell(reception, read=5)
        assert report(reception) == once
        (row,) = once.hours
        assert (row.kiosk, row.device, row.hour) == ("K1", "camera", MORNING)
        assert (row.scans, row.failed, row.failed_percent) == (10, 1, 10.0)


def test_a_kiosk_started_again_in_the_same_hour_is_added(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        tell(reception, read=5, timed=5, decode_ms_sum=500, decode_ms_max=200, tries_sum=5, tries_max=1)
        tell(reception, 0, "s2", read=5, timed=5, decode_ms_sum=1000, decode_ms_max=300, tries_sum=15, tries_max=4)
        (row,) = report(reception).hours
        assert (row.scans, row.decode_ms_mean, row.decode_ms_max, row.tries_mean, row.tries_max) == (10, 150, 300, 2, 4)


def test_any_moment_of_an_hour_is_that_hour(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        tell(reception, -0.5, read=1)
        (row,) = report(reception).hours
        assert row.hour == MORNING


def test_hours_of_a_wrong_clock_are_left_out(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        assert tell(reception, 24 * 365 * 20, read=1) == 0
        assert tell(reception, -24, read=1) == 0
        assert tell(reception, 24, read=1) == 1
        assert report(reception).hours == ()


def test_days_are_the_hospitals(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        tell(reception, 8, read=1)  # 00:00 in Ho Chi Minh City, 17:00 UTC of the day before
        tell(reception, 9, read=2)
        assert [row.scans for row in report(reception).hours] == [1]
        assert [row.scans for row in report(reception, TODAY - timedelta(days=1)).hours] == [2]


def test_a_day_is_judged_against_the_same_kiosks_days_before(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        for kiosk, failed in (("K1", 30), ("K2", 1)):
            tell(reception, 48, kiosk=kiosk, read=100 - failed, unreadable=failed)
            tell(reception, 1, kiosk=kiosk, read=69, unreadable=31)
        (concern,) = report(reception).concerns
        assert (concern.kiosk, concern.kind, concern.value) == ("K2", ConcernKind.UNREADABLE, 31)


def test_the_ends_of_the_calendar_are_empty_days(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        assert report(reception, date.min).hours == report(reception, date.max).hours == ()


def test_today_moves_with_the_clock(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 3, 2, 16, 30, tzinfo=UTC))
    with open_reception(tmp_path, clock=clock) as reception:
        assert report(reception).day == TODAY
        clock.advance(hours=1)
        assert report(reception).day == TODAY + timedelta(days=1)


def test_a_database_of_schema_1_with_tickets_takes_counts_and_keeps_its_tickets(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with open_reception(tmp_path) as reception:
        before = issue(reception, "a")
    back_to_schema_1(path)
    open_writer(path).close()
    with open_reception(tmp_path) as reception:
        assert issue(reception, "a") == before
        assert issue(reception, "b").number == before.number + 1
        tell(reception, read=3)
        assert [row.scans for row in report(reception).hours] == [3]


def test_schema_1_is_what_it_was_and_every_step_leads_to_the_newest(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / FILE_NAME))
    number, first = migrations()[0]
    with connection:
        connection.execute(first)
        connection.pragma("user_version", number)
    tables = set(connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").get)
    assert "scan_hour" not in tables
    migrate(connection)
    assert connection.pragma("user_version") == migrations()[-1][0]
    assert tables < set(connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").get)
    connection.close()


def back_to_schema_1(path: Path) -> None:
    """The file as the program before scan quality left it."""
    kept = path.with_suffix(".kept")
    path.rename(kept)
    connection = apsw.Connection(str(path))
    number, first = migrations()[0]
    connection.execute(first)
    connection.pragma("user_version", number)
    connection.execute("ATTACH ? AS kept", (str(kept),))
    for (table,) in list(connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")):
        columns = ", ".join(name for _, name, *_ in connection.execute(f"PRAGMA main.table_info({table})"))
        connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM kept.{table}")
    connection.close()
