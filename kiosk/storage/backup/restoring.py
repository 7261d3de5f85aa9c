"""Putting a copy in the place of a lost or damaged database, so that a crash in between is finished at the next start.

Nothing is deleted: the database found is renamed to `hub.sqlite3.aside-…`. The copy carries the note that numbers given
after it must be left out (`restore`, not `settled`) before it gets its name.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage

import apsw

from kiosk.storage.backup.generations import Copied, Generation, assemble, generations, reach_of
from kiosk.storage.database import open_writer
from kiosk.storage.faults import StorageFault
from kiosk.storage.moments import to_stored
from kiosk.storage.session import FIRST_TICKETS_BYTES

SEQ_JUMP = 1_000_000
"""How far the event counter leaps, so that no event has the seq of a lost one."""

_BESIDE = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What came back, from which generation, and where the database found before was put (null: there was none)."""

    copied: Copied
    generation: Generation
    aside: Path | None
    passed_over: tuple[str, ...]


def restore(
    folder: Path, database: Path, *, now: datetime, cause: str, jump: int | None = None, only: Generation | None = None
) -> Restored:
    """Restore the generation of `folder` that reaches furthest; where it is of no use, the next best.

    `jump`: how many numbers to leave out in each series (null: by the time that may be missing). Raises
    `StorageFault("backup.none")` when nothing usable is there, `OSError` when the disk refuses.
    """
    written_at = last_written(database)
    passed_over = []
    for generation in [only] if only else _furthest_first(folder):
        assembling = database.with_name(f"{database.name}.assembling")
        try:
            with _nothing_half_made(assembling):
                copied = assemble(generation, assembling)
                _note(assembling, now=now, copied=copied, written_at=written_at, cause=cause, jump=jump)
        except StorageFault as fault:
            passed_over.append(f"{generation.folder.name}: {fault.detail}")
            continue
        finally_named = database.with_name(f"{database.name}.restoring")
        assembling.rename(finally_named)
        aside = move_aside(database, now)
        _take_place(finally_named, database)
        return Restored(copied=copied, generation=generation, aside=aside, passed_over=tuple(passed_over))
    raise StorageFault("backup.none", "; ".join(passed_over) or str(folder))


def finish_interrupted(database: Path) -> bool:
    """Give a restored copy its name where a crash came between; true when that was so. Raises `OSError`."""
    waiting = database.with_name(f"{database.name}.restoring")
    if database.exists() or not waiting.exists():
        return False
    _take_place(waiting, database)
    return True


def move_aside(database: Path, now: datetime) -> Path | None:
    """Rename the database and what SQLite keeps beside it. Raises `OSError`."""
    name = f"{database.name}.aside-{now:%Y%m%dT%H%M%SZ}"
    for beside in _BESIDE:
        found = database.with_name(database.name + beside)
        if found.exists():
            found.rename(database.with_name(name + beside))
    aside = database.with_name(name)
    return aside if aside.exists() else None


def last_written(database: Path) -> datetime | None:
    """When the database or its write-ahead log was written last, by the file system."""
    times = []
    for beside in ("", "-wal"):
        path = database.with_name(database.name + beside)
        if path.exists():
            times.append(path.stat().st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None


def last_seq_of(database: Path) -> int | None:
    """The newest event of a sound database file; null where it cannot tell. Opens it as the hub does, so that its
    write-ahead log counts."""
    if not database.exists():
        return None
    try:
        with closing(apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READWRITE)) as connection:
            return int(connection.execute("SELECT coalesce(max(last_seq), 0) FROM site").get)
    except apsw.Error:
        return None


def _furthest_first(folder: Path) -> list[Generation]:
    whole = [(g, reach) for g in generations(folder) if g.is_whole and (reach := reach_of(g)) is not None]
    return [g for g, _ in sorted(whole, key=lambda pair: (-pair[1].last_seq, -pair[1].as_of.timestamp()))]


@contextmanager
def _nothing_half_made(assembling: Path) -> Iterator[None]:
    """What fails leaves no file to take the room that is left. A full disk is no fault of the copy: `OSError`."""
    try:
        yield
    except BaseException as error:
        full = disk_usage(assembling.parent).free < FIRST_TICKETS_BYTES
        for beside in _BESIDE:
            assembling.with_name(assembling.name + beside).unlink(missing_ok=True)
        if full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise


def _note(
    path: Path, *, now: datetime, copied: Copied, written_at: datetime | None, cause: str, jump: int | None
) -> None:
    with closing(open_writer(path)) as connection, connection:
        connection.execute("UPDATE site SET last_seq = last_seq + ?", (SEQ_JUMP,))
        connection.execute(
            "INSERT INTO restore (site_id, ordinal, at, as_of, written_at, cause, jump, floor_seq)"
            " SELECT site_id, (SELECT count(*) FROM restore WHERE site_id = site.site_id), ?, ?, ?, ?, ?, last_seq"
            " FROM site",
            (
                to_stored(now),
                to_stored(copied.as_of),
                None if written_at is None else to_stored(written_at),
                cause,
                jump,
            ),
        )


def _take_place(source: Path, database: Path) -> None:
    source.rename(database)
    descriptor = os.open(database.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
