"""Opening, migrating and protecting the database file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from support.receptions import issue, open_reception

from kiosk.domain.ticket import TicketAction
from kiosk.services.change import Change, change_ticket
from kiosk.storage.database import FILE_NAME, migrations, open_reader, open_writer
from kiosk.storage.faults import StorageFault


@pytest.fixture
def used(tmp_path: Path) -> Iterator[apsw.Connection]:
    """A plain connection to a database with one ticket that was called and finished."""
    with open_reception(tmp_path) as reception:
        ticket = issue(reception, "a")
        for action in (TicketAction.CALL, TicketAction.FINISH):
            change = Change(action=action, counter="1", by="Lan")
            reception.write(lambda context, c=change: change_ticket(context, ticket.id, c)).result(10)
    connection = apsw.Connection(str(tmp_path / FILE_NAME))
    yield connection
    connection.close()


def test_a_fresh_file_gets_the_newest_schema_and_durable_settings(tmp_path: Path) -> None:
    connection = open_writer(tmp_path / FILE_NAME)
    try:
        assert connection.pragma("user_version") == migrations()[-1][0]
        assert connection.pragma("journal_mode") == "wal"
        assert connection.pragma("synchronous") == 2
    finally:
        connection.close()


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    open_writer(path).close()
    first = path.read_bytes()
    open_writer(path).close()
    assert path.read_bytes() == first


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    connection = open_writer(path)
    connection.pragma("user_version", 999)
    connection.close()
    with pytest.raises(StorageFault, match=r"storage\.newer_than_program"):
        open_writer(path)
    reader = open_reader(path)
    assert reader.pragma("user_version") == 999
    reader.close()


def test_a_file_that_is_no_database_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"nothing of the kind " * 1000)
    with pytest.raises(StorageFault, match=r"storage\.corrupt"):
        open_writer(path)


def test_a_damaged_page_is_found_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with open_reception(tmp_path) as reception:
        for n in range(200):
            issue(reception, f"key-{n}")
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(StorageFault, match=r"storage\.corrupt"):
        open_writer(path)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE period SET end_at = end_at + 1 WHERE ordinal = 0",
        "UPDATE period SET end_at = NULL WHERE ordinal = 0",
        "UPDATE period SET kind = 'held' WHERE ordinal = 0",
        "UPDATE period SET start_at = 0 WHERE ordinal = 1",
        "DELETE FROM period",
        "UPDATE audit SET actor = 'somebody else'",
        "UPDATE audit SET reason = NULL",
        "DELETE FROM audit",
    ],
)
def test_periods_and_audit_cannot_be_rewritten(used: apsw.Connection, sql: str) -> None:
    tables = ("SELECT * FROM period", "SELECT * FROM audit")
    before = [list(used.execute(table)) for table in tables]
    assert all(before)
    with pytest.raises(apsw.ConstraintError, match="append-only"):
        used.execute(sql)
    assert [list(used.execute(table)) for table in tables] == before


def test_audit_keeps_who_what_and_where(used: apsw.Connection) -> None:
    rows = list(used.execute("SELECT action, counter, actor, before, after FROM audit ORDER BY seq"))
    assert rows == [
        ("call", "1", "Lan", "waiting one normal -", "called one normal 1"),
        ("finish", "1", "Lan", "called one normal 1", "finished one normal 1"),
    ]


def test_readers_cannot_write(tmp_path: Path) -> None:
    open_writer(tmp_path / FILE_NAME).close()
    reader = open_reader(tmp_path / FILE_NAME)
    try:
        with pytest.raises(apsw.ReadOnlyError):
            reader.execute("INSERT INTO site (site_id) VALUES ('x')")
    finally:
        reader.close()


def test_a_reading_is_one_consistent_moment(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        issue(reception, "a")

        def twice(context: object) -> tuple[int, int]:
            first = context.records.last_seq()
            issue(reception, "b")
            return first, context.records.last_seq()

        assert reception.read(twice) == (1, 1)
        assert reception.read(lambda context: context.records.last_seq()) == 2
