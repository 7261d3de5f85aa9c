"""Restores as remembered outside the database: a copy does not know of those made from it, yet numbers followed each.

The list lies in the hub's data folder and, as far as they can be written, with the copies. A restore brings what the
copy does not know of into it, so that its numbers leap once for each.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kiosk.storage.whole_file import write_whole

log = logging.getLogger("tiepdon.backup")

FILE_NAME = "restores.json"
KEPT = 100
"""The newest ones; numbers begin anew every day."""


@dataclass(frozen=True, kw_only=True)
class RememberedRestore:
    """Moments in microseconds of UTC: of the restore, of the copy's last change and (null: unknown) of the lost file's
    last writing; `jump` is what somebody asked for."""

    at: int
    as_of: int
    written_at: int | None
    jump: int | None


def remembered(folders: Iterable[Path]) -> tuple[RememberedRestore, ...]:
    """All that any of `folders` knows of, oldest first. A list that cannot be read is told in the log."""
    found = {restore.at: restore for folder in folders for restore in _read(folder / FILE_NAME)}
    return tuple(found[at] for at in sorted(found))


def remember(folder: Path, restores: Sequence[RememberedRestore]) -> None:
    """Durably keep `restores` besides those `folder` knows of. Raises `OSError`."""
    together = {restore.at: restore for restore in (*_read(folder / FILE_NAME), *restores)}
    newest = [together[at] for at in sorted(together)][-KEPT:]
    write_whole(folder / FILE_NAME, msgspec.json.encode(newest), mode=0o640)


def remember_where_possible(folders: Iterable[Path], restores: Sequence[RememberedRestore]) -> bool:
    """The same with the copies; whether all of them took it."""
    taken = True
    for folder in folders:
        try:
            remember(folder, restores)
        except OSError as error:
            taken = False
            log.warning("the restore could not be noted with the copies in %s: %s", folder, error.strerror)
    return taken


def forget_where_possible(folders: Iterable[Path], restore: RememberedRestore) -> None:
    """It came to nothing: the next one has no reason to leap for it."""
    for folder in folders:
        path = folder / FILE_NAME
        others = [other for other in _read(path) if other.at != restore.at]
        try:
            if others:
                write_whole(path, msgspec.json.encode(others), mode=0o640)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("a restore that failed stays noted in %s: %s", folder, error.strerror)


def _read(path: Path) -> list[RememberedRestore]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[RememberedRestore])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError) as error:
        log.error("earlier restores cannot be read from %s: %s", path, error)
        return []
