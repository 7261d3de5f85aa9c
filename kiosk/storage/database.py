"""Opening the hub's SQLite file: settings that make a commit durable, numbered migrations, the start-up check.

WAL with `synchronous=FULL`: one flush per commit, and an acknowledged ticket survives a power cut (NORMAL loses some).
Exactly one connection writes and checkpoints; readers are `query_only`.
"""

from __future__ import annotations

import logging
from importlib import resources
from pathlib import Path

import apsw

from kiosk.storage.faults import StorageFault

log = logging.getLogger("tiepdon.storage")

FILE_NAME = "hub.sqlite3"
DAMAGE = (apsw.CorruptError, apsw.NotADBError)
"""What SQLite raises where the file holds something else than it wrote."""
MINIMUM_SQLITE = (3, 51, 3)
"""First SQLite without the WAL-reset corruption bug."""


def open_writer(path: Path, *, check: bool = True) -> apsw.Connection:
    """The one writing connection, its schema up to date; `check=False` for a file that has just been checked whole.

    Raises `StorageFault`.
    """
    if tuple(int(part) for part in apsw.sqlite_lib_version().split(".")[:3]) < MINIMUM_SQLITE:
        raise StorageFault("storage.sqlite_too_old", apsw.sqlite_lib_version())
    try:
        connection = apsw.Connection(str(path))
    except apsw.Error as error:
        raise StorageFault("storage.unreadable", str(error)) from error
    try:
        _prepare(connection, check=check)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: apsw.Connection, *, check: bool) -> None:
    try:
        connection.set_busy_timeout(2000)
        # While a new file changes over to WAL: else a power cut may bring its rollback journal back and undo the file.
        connection.pragma("synchronous", "extra")
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
        connection.pragma("foreign_keys", True)
        if check:
            require_sound(connection)
        migrate(connection)
    except apsw.BusyError as error:
        raise StorageFault("storage.in_use", str(error)) from error
    except DAMAGE as error:
        raise StorageFault("storage.corrupt", str(error)) from error
    except apsw.FullError as error:
        raise StorageFault("storage.full", str(error)) from error
    except apsw.Error as error:
        raise StorageFault("storage.unreadable", str(error)) from error


def require_sound(connection: apsw.Connection) -> None:
    """Every row stands in every index too: one that is missing there waits and is never called. An index is made anew
    from its rows; whatever else is wrong raises `StorageFault("storage.corrupt")` or `apsw.Error`."""
    found = connection.pragma("integrity_check")
    if found == "ok":
        return
    if connection.pragma("quick_check") == "ok":
        log.error("AN INDEX OF THE DATABASE IS DAMAGED and is made anew: %s", _first_line(found))
        connection.execute("REINDEX")
        found = connection.pragma("integrity_check")
    if found != "ok":
        raise StorageFault("storage.corrupt", _first_line(found))


def _first_line(found: object) -> str:
    """Several findings are rows of their own."""
    return str(found).splitlines()[0]


def open_reader(path: Path) -> apsw.Connection:
    """A reading connection that cannot write or checkpoint."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.set_busy_timeout(2000)
    connection.pragma("query_only", True)
    connection.wal_autocheckpoint(0)
    return connection


def migrations() -> list[tuple[int, str]]:
    """All shipped migrations as (version, SQL), in order."""
    folder = resources.files("kiosk.storage") / "migrations"
    files = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name.split("_", 1)[0]), entry.read_text("utf-8")) for name, entry in files]


def migrate(connection: apsw.Connection) -> None:
    """Bring the schema to the newest version, each migration whole or not at all.

    Raises `StorageFault("storage.newer_than_program")` for a file a newer program wrote.
    """
    version = int(connection.pragma("user_version"))
    known = migrations()
    if version > known[-1][0]:
        raise StorageFault("storage.newer_than_program", f"schema {version}")
    for number, sql in known:
        if number > version:
            with connection:
                connection.execute(sql)
                connection.pragma("user_version", number)
