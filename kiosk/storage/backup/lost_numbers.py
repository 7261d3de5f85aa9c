"""What a lost database file still tells of the numbers it gave, as far as it can be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import apsw

from kiosk.storage.restores import RestoreTable

BELIEVED = 100_000
"""A larger number is damage, not a number."""


@dataclass(frozen=True, kw_only=True)
class LostNumber:
    """The newest number of a series in the lost file."""

    site_id: str
    day: date
    service: str
    last_number: int


def lost_numbers(database: Path) -> tuple[LostNumber, ...]:
    """Of every series that can be read; none where the file is missing or says nothing."""
    if not database.exists():
        return ()
    found = []
    try:
        with closing(apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READWRITE)) as connection:
            for number in _read(connection):
                found.append(number)  # noqa: PERF402 - what was read before the damage counts
    except apsw.Error:
        pass
    return tuple(found)


def _read(connection: apsw.Connection) -> Iterator[LostNumber]:
    for site_id, day, service, last in connection.execute("SELECT site_id, day, service, last_number FROM series"):
        try:
            sound = isinstance(last, int) and 0 < last <= BELIEVED and isinstance(service, str)
            if sound:
                yield LostNumber(site_id=str(site_id), day=date.fromisoformat(day), service=service, last_number=last)
        except (TypeError, ValueError):
            continue


def leave_out_lost(connection: apsw.Connection, numbers: tuple[LostNumber, ...]) -> None:
    """None of them is given again by the copy on `connection`."""
    sites = {site_id for (site_id,) in connection.execute("SELECT site_id FROM site")}
    for number in numbers:
        if number.site_id in sites:
            table = RestoreTable(connection, number.site_id)
            table.leave_out_numbers(number.day, number.service, number.last_number)
