"""Generations in a back-up folder: each a whole copy of the database and the changes since, checked before it counts.

A generation is a folder `g00000012-20260302T010000Z` with `base.sqlite3` (there only once it is whole and checked) and
`changes.log`. The ordinal sorts them, whatever the clock did.
"""

from __future__ import annotations

import os
import re
import shutil
import zlib
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import apsw

from kiosk.storage.backup.change_log import records, replay
from kiosk.storage.database import migrations
from kiosk.storage.faults import StorageFault
from kiosk.storage.moments import from_stored
from kiosk.storage.whole_file import write_whole

BASE = "base.sqlite3"
LOG = "changes.log"
OWNER = "owner"
STEP_PAGES = 256

_NAME = re.compile(r"g(\d{8})-\d{8}T\d{6}Z")


@dataclass(frozen=True, kw_only=True)
class Generation:
    """One copy with its changes."""

    folder: Path
    ordinal: int

    @property
    def base(self) -> Path:
        return self.folder / BASE

    @property
    def log(self) -> Path:
        return self.folder / LOG

    @property
    def is_whole(self) -> bool:
        return self.base.exists()


@dataclass(frozen=True, kw_only=True)
class Copied:
    """Up to when a copy is complete, and the newest event in it."""

    as_of: datetime
    last_seq: int


def generations(folder: Path) -> list[Generation]:
    """All generations, newest first; none where the folder is missing. Raises `OSError`."""
    if not folder.is_dir():
        return []
    found = [(entry, match) for entry in folder.iterdir() if (match := _NAME.fullmatch(entry.name))]
    return sorted((Generation(folder=entry, ordinal=int(match[1])) for entry, match in found), key=lambda g: -g.ordinal)


def new_generation(folder: Path, now: datetime) -> Generation:
    """An empty one after all others. Raises `OSError`."""
    ordinal = max((g.ordinal for g in generations(folder)), default=0) + 1
    made = folder / f"g{ordinal:08}-{now:%Y%m%dT%H%M%SZ}"
    made.mkdir(mode=0o750)
    return Generation(folder=made, ordinal=ordinal)


def newest_copied(folder: Path) -> Copied | None:
    """How far the whole generation that reaches furthest goes, from its records alone. Raises `OSError`."""
    reach = [reached for g in generations(folder) if g.is_whole and (reached := reach_of(g)) is not None]
    return max(reach, key=lambda copied: copied.last_seq, default=None)


def reach_of(generation: Generation) -> Copied | None:
    """Null for a generation without a record. Raises `OSError`."""
    found = deque(records(generation.log, with_pages=False), maxlen=1) if generation.log.exists() else ()
    return Copied(as_of=from_stored(found[0].at_us), last_seq=found[0].last_seq) if found else None


def copy_whole(source: apsw.Connection, generation: Generation, pause: Callable[[], None]) -> None:
    """SQLite's online back-up of `source` (inside its read transaction) as `generation.base`, step by step, checked.

    `pause` is called between steps and may raise to give up. Raises `StorageFault`, `OSError`, `apsw.Error`.
    """
    part = generation.folder / f"{BASE}.part"
    with closing(apsw.Connection(str(part))) as target:
        target.pragma("journal_mode", "off")
        target.pragma("synchronous", "off")
        with target.backup("main", source, "main") as copying:
            while not copying.done:
                copying.step(STEP_PAGES)
                pause()
    _flush(part)
    check_sound(part)
    part.rename(generation.base)
    _flush(generation.folder)


def assemble(generation: Generation, target: Path) -> Copied:
    """The generation's newest state as a checked database file at `target`.

    Raises `StorageFault("backup.unusable")`, or `OSError` when it cannot be read or there is no room.
    """
    try:
        with generation.base.open("rb") as base, target.open("wb") as whole:
            shutil.copyfileobj(base, whole, 1024 * 1024)
        with target.open("r+b") as whole:
            last = replay(whole, generation.log)
            whole.flush()
            os.fsync(whole.fileno())
    except (zlib.error, FileNotFoundError) as error:
        raise StorageFault("backup.unusable", str(error)) from error
    if last is None:
        raise StorageFault("backup.unusable", "no record")
    check_sound(target)
    return Copied(as_of=from_stored(last.at_us), last_seq=last.last_seq)


def check_sound(path: Path) -> None:
    """SQLite's whole integrity check, leaving no file beside. Raises `StorageFault("backup.unusable")`."""
    try:
        with closing(_open_immutable(path)) as connection:
            found = str(connection.pragma("integrity_check"))
            version = int(connection.pragma("user_version"))
            connection.execute("SELECT last_seq FROM site").fetchall()
    except apsw.Error as error:
        raise StorageFault("backup.unusable", str(error)) from error
    if found != "ok" or not 0 < version <= migrations()[-1][0]:
        raise StorageFault("backup.unusable", found.splitlines()[0] if found != "ok" else f"schema {version}")


def _open_immutable(path: Path) -> apsw.Connection:
    """No lock and no shared memory, which a folder of another machine may not have."""
    return apsw.Connection(
        f"{path.absolute().as_uri()}?immutable=1", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    )


def claim(folder: Path, owner: str) -> None:
    """Mark a back-up folder as one hub's own. Raises `StorageFault("backup.place_taken")` when it is another's, or
    `OSError`."""
    found = owner_of(folder)
    if found is None:
        write_whole(folder / OWNER, owner.encode(), mode=0o640)
    elif found != owner:
        raise StorageFault("backup.place_taken", str(folder))


def owner_of(folder: Path) -> str | None:
    """The hub whose copies these are; null for a folder nobody claimed."""
    path = folder / OWNER
    return path.read_text("ascii", errors="replace").strip() if path.exists() else None


def remove(generation: Generation) -> None:
    """As far as the place lets."""
    shutil.rmtree(generation.folder, ignore_errors=True)


def remove_unfinished(folder: Path) -> None:
    """What a copy left that was cut off. Raises `OSError`."""
    for generation in generations(folder):
        if not generation.is_whole:
            remove(generation)


def prune(folder: Path, keep: int) -> None:
    """Remove all but the newest `keep` whole generations; the last one is never removed. Raises `OSError`."""
    whole = [g for g in generations(folder) if g.is_whole]
    for generation in whole[max(1, keep) :]:
        shutil.rmtree(generation.folder)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
