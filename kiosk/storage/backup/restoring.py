"""Putting a copy in the place of a lost or damaged database, so that a crash in between is finished at the next start.

Nothing is deleted: the database found is renamed to `hub.sqlite3.aside-…`. Before it gets its name the copy carries
the note that numbers given after it must be left out (`restore`, not `settled`): by the file that was lost, and after
each earlier restore the copy does not know of (`remembered`).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from shutil import disk_usage

import apsw

from kiosk.domain.number_jump import jump_when_unsure
from kiosk.storage.backup.generations import Copied, Generation, assemble, generations, reach_of
from kiosk.storage.backup.lost_numbers import LostNumber, leave_out_lost, lost_numbers
from kiosk.storage.backup.remembered import FILE_NAME as REMEMBERED_FILE
from kiosk.storage.backup.remembered import (
    RememberedRestore,
    forget_where_possible,
    remember,
    remember_where_possible,
    remembered,
)
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
    folder: Path,
    database: Path,
    *,
    now: datetime,
    cause: str,
    jump: int | None = None,
    only: Generation | None = None,
    other_folders: Sequence[Path] = (),
) -> Restored:
    """Restore the generation of `folder` that reaches furthest; where it is of no use, the next best.

    `jump`: how many numbers to leave out in each series (null: by the time that may be missing). `other_folders` hold
    copies too and are told of it. Raises `StorageFault("backup.none")` when nothing usable is there, `OSError` when the
    disk refuses.
    """
    lost = lost_numbers(database)
    written_at = last_written(database)
    places = tuple(dict.fromkeys((folder, *other_folders)))
    passed_over = []
    for generation in [only] if only else _furthest_first(folder):
        assembling = database.with_name(f"{database.name}.assembling")
        try:
            with _nothing_half_made(assembling):
                copied = assemble(generation, assembling)
                earlier = remembered((database.parent, *places))
                made = _remembered_now(database.parent, places, earlier, now, copied, written_at, jump)
                with _forgotten_where_it_fails((database.parent, *places), made):
                    _note(assembling, cause, lost, (*earlier, made))
        except StorageFault as fault:
            passed_over.append(f"{generation.folder.name}: {fault.detail}")
            continue
        finally_named = database.with_name(f"{database.name}.restoring")
        assembling.rename(finally_named)
        aside = move_aside(database, now)
        _take_place(finally_named, database)
        return Restored(copied=copied, generation=generation, aside=aside, passed_over=tuple(passed_over))
    raise StorageFault("backup.none", "; ".join(passed_over) or str(folder))


def _remembered_now(
    data: Path,
    places: Sequence[Path],
    earlier: Sequence[RememberedRestore],
    now: datetime,
    copied: Copied,
    written_at: datetime | None,
    jump: int | None,
) -> RememberedRestore:
    """This restore, kept in the data folder and with the copies before a number can follow it. A folder that never saw
    a restore, with copies that take no note of one: then another folder may have been filled from them before."""
    made = RememberedRestore(
        at=max([to_stored(now), *(restore.at + 1 for restore in earlier)]),
        as_of=to_stored(copied.as_of),
        written_at=None if written_at is None else to_stored(written_at),
        jump=jump,
    )
    is_new = not (data / REMEMBERED_FILE).exists()
    if not remember_where_possible(places, (*earlier, made)) and is_new and jump is None:
        made = replace(made, jump=jump_when_unsure(now - copied.as_of))
    remember(data, (*earlier, made))
    return made


def finish_interrupted(database: Path) -> bool:
    """Give a restored copy its name where a crash came between; true when that was so. What one left that was cut off
    before is removed. Raises `OSError`."""
    _remove(database.with_name(f"{database.name}.assembling"))
    waiting = database.with_name(f"{database.name}.restoring")
    if database.exists() or not waiting.exists():
        return False
    _take_place(waiting, database)
    return True


def move_aside(database: Path, now: datetime) -> Path | None:
    """Rename the database and what SQLite keeps beside it. Raises `OSError`."""
    stem = f"{database.name}.aside-{now:%Y%m%dT%H%M%SZ}"
    names = chain((stem,), (f"{stem}-{n}" for n in count(2)))
    name = next(name for name in names if not any(database.with_name(name + beside).exists() for beside in _BESIDE))
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
    """What fails leaves no file to take the room that is left. A full disk is no fault of the copy: `OSError`. What a
    killed one left must not be taken for a part of this one."""
    _remove(assembling)
    try:
        yield
    except BaseException as error:
        full = disk_usage(assembling.parent).free < FIRST_TICKETS_BYTES
        _remove(assembling)
        if full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise


@contextmanager
def _forgotten_where_it_fails(folders: Sequence[Path], made: RememberedRestore) -> Iterator[None]:
    """A hub that is started again and again on a full disk must not leap once for every try."""
    try:
        yield
    except Exception:
        forget_where_possible(folders, made)
        raise


def _remove(path: Path) -> None:
    for beside in _BESIDE:
        path.with_name(path.name + beside).unlink(missing_ok=True)


def _note(path: Path, cause: str, lost: tuple[LostNumber, ...], restores: Sequence[RememberedRestore]) -> None:
    """The last of `restores` is this one; those before it count where the copy does not know of them."""
    with closing(open_writer(path, check=False)) as connection, connection:
        leave_out_lost(connection, lost)
        for restore in restores:
            if connection.execute("SELECT 1 FROM restore WHERE at = ?", (restore.at,)).get is None:
                _note_one(connection, cause, restore)


def _note_one(connection: apsw.Connection, cause: str, restore: RememberedRestore) -> None:
    connection.execute("UPDATE site SET last_seq = last_seq + ?", (SEQ_JUMP,))
    connection.execute(
        "INSERT INTO restore (site_id, ordinal, at, as_of, written_at, cause, jump, floor_seq)"
        " SELECT site_id, (SELECT count(*) FROM restore WHERE site_id = site.site_id), ?, ?, ?, ?, ?, last_seq"
        " FROM site",
        (restore.at, restore.as_of, restore.written_at, cause, restore.jump),
    )


def _take_place(source: Path, database: Path) -> None:
    source.rename(database)
    descriptor = os.open(database.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
