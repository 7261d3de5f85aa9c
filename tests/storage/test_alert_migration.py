"""Alerts from before they had parameters."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import apsw
from support.receptions import open_reception

from kiosk.storage.database import FILE_NAME, migrations
from kiosk.storage.moments import to_stored

RAISED = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
BEFORE_PARAMETERS = 7


def old_database(data: Path, *codes: str) -> None:
    data.mkdir()
    connection = apsw.Connection(str(data / FILE_NAME))
    for number, sql in migrations():
        if number <= BEFORE_PARAMETERS:
            connection.execute(sql)
    connection.pragma("user_version", BEFORE_PARAMETERS)
    for code in codes:
        row = ("main", f"id-{code}", "K2", "fault", code, to_stored(RAISED))
        connection.execute("INSERT INTO alert (site_id, id, kiosk, kind, code, raised_at) VALUES (?,?,?,?,?,?)", row)
    connection.close()


def test_old_alerts_stay_open_and_a_count_that_was_part_of_the_code_becomes_a_parameter(tmp_path: Path) -> None:
    old_database(tmp_path / "data", "printer.paper_for_40", "printer.paper_for_5", "printer.paper_out")
    with open_reception(tmp_path / "data") as reception:
        alerts = reception.read(lambda context: context.records.open_alerts())
    assert {(alert.code, alert.params.get("left")) for alert in alerts} == {
        ("printer.paper_low", 40),
        ("printer.paper_low", 5),
        ("printer.paper_out", None),
    }
