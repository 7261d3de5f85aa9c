"""A hub that is updated in the middle of a day knows how many places are taken."""

from __future__ import annotations

from pathlib import Path

import apsw
from support.receptions import open_reception

from kiosk.storage.database import FILE_NAME, migrations

BEFORE_PLACES = 8
TODAY = "2026-03-02"


def old_database(data: Path) -> None:
    """Twelve numbers of which two were left out, and three papers of kiosks' own, one of them for another service."""
    data.mkdir()
    connection = apsw.Connection(str(data / FILE_NAME))
    for number, sql in migrations():
        if number <= BEFORE_PLACES:
            connection.execute(sql)
    connection.pragma("user_version", BEFORE_PLACES)
    connection.execute(
        "INSERT INTO series (site_id, day, service, last_number, skipped) VALUES ('main', ?, 'one', 12, 2),"
        " ('main', ?, 'two', 0, 0)",
        (TODAY, TODAY),
    )
    for number, service in ((1, "one"), (2, "one"), (3, "two")):
        connection.execute(
            "INSERT INTO ticket (site_id, id, day, series, number, label, service, state, priority, rank, order_at,"
            " issued_seq, issued_at, next_step) VALUES ('main', ?, ?, 'kiosk:K2', ?, ?, ?, 'finished', 'normal', 1, 0,"
            " 0, 0, '')",
            (f"t{number}", TODAY, number, f"K2-{number:03d}", service),
        )
    connection.close()


def test_numbers_of_the_hub_and_of_kiosks_count_from_the_first_moment(tmp_path: Path) -> None:
    old_database(tmp_path / "data")
    with open_reception(tmp_path / "data") as reception:
        taken = reception.read(lambda context: [context.tickets.issued(context.today, name) for name in ("one", "two")])
    assert taken == [12, 1]
