"""The file of a kiosk's outbox: how it is opened, migrated, and moved aside when it is damaged."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TypeVar

import apsw

from kiosk.domain.outbox import OutboxFault

T = TypeVar("T")

FILE_NAME = "outbox.sqlite3"


def connected(name: str) -> apsw.Connection:
    """The open file `name`, brought to this program's schema, each commit durable.

    Raises `OutboxFault`: `outbox.corrupt` for a damaged file, `outbox.unusable` for any other trouble."""
    connection: apsw.Connection | None = None
    try:
        connection = apsw.Connection(name)
        connection.set_busy_timeout(2000)
        # While a new file changes over to WAL: else a power cut may bring its rollback journal back and undo the file.
        connection.pragma("synchronous", "extra")
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
        if (found := connection.pragma("quick_check")) != "ok":
            raise OutboxFault("outbox.corrupt", str(found))
        _migrate(connection)
    except (apsw.Error, OutboxFault) as error:
        if connection is not None:
            connection.close(True)
        if isinstance(error, OutboxFault):
            raise
        damaged = isinstance(error, apsw.NotADBError | apsw.CorruptError)
        raise OutboxFault("outbox.corrupt" if damaged else "outbox.unusable", str(error)) from error
    return connection


def _migrate(connection: apsw.Connection) -> None:
    folder = resources.files("kiosk.storage") / "outbox_migrations"
    known = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    version = int(connection.pragma("user_version"))
    if version > len(known):
        raise OutboxFault("outbox.newer_than_program", f"schema {version}")
    for number, name in enumerate(known[version:], version + 1):
        with connection:
            connection.execute((folder / name).read_text("utf-8"))
            connection.pragma("user_version", number)


def opened_anew_if_damaged(path: Path, make: Callable[[Path], T], moved_aside: Callable[[Path], None]) -> T:
    """What `make` opens at `path`. A damaged file is moved aside, never deleted, and a fresh one begun; `moved_aside`
    is told where it went. Raises `OutboxFault` where the folder itself cannot be written."""
    try:
        return make(path)
    except OutboxFault as fault:
        if fault.code != "outbox.corrupt":
            raise
    aside = _free_name(path)
    try:
        for ending in ("", "-wal", "-shm"):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.rename(aside.with_name(aside.name + ending))
    except OSError as error:
        raise OutboxFault("outbox.unusable", error.strerror or str(error)) from error
    moved_aside(aside)
    return make(path)


def _free_name(path: Path) -> Path:
    number = 1
    while (name := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return name
