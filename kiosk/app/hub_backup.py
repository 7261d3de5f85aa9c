"""Binds `[backup]` to the hub's back-up, and brings a lost or damaged database back before the hub opens it."""

from __future__ import annotations

import logging
import secrets
from contextlib import closing, nullcontext
from datetime import timedelta
from pathlib import Path

from kiosk.app.hub_settings import BackupOptions
from kiosk.app.sites import SITE_FILE
from kiosk.app.start import HUB_SETTINGS_FILE, CannotStart, utc_now
from kiosk.services.backup_work import BackupPlan, BackupWork
from kiosk.services.reception import Reception
from kiosk.storage.backup.generations import Copied, claim, newest_copied, owner_of
from kiosk.storage.backup.restoring import Restored, finish_interrupted, last_seq_of, restore
from kiosk.storage.database import FILE_NAME
from kiosk.storage.faults import StorageFault
from kiosk.storage.lock import FolderLock
from kiosk.storage.whole_file import write_whole

log = logging.getLogger("tiepdon.backup")

BESIDE_FOLDER = "snapshots"
OWNER_FILE = "backup-owner"
SPARE_BYTES = 200_000_000
"""Copies beside the database leave this much of its disk to the queue."""


def owner_name(data: Path) -> str:
    """The mark of this data folder in back-up folders, made at the first start."""
    path = data / OWNER_FILE
    if not path.exists():
        write_whole(path, secrets.token_hex(16).encode(), mode=0o640)
    return path.read_text("ascii").strip()


def backup_plan(options: BackupOptions, data: Path) -> BackupPlan | None:
    """What to copy where; null where the settings want no copies."""
    if options.folder is None and not options.beside_database:
        return None
    return BackupPlan(
        folder=options.folder or data / BESIDE_FOLDER,
        owner=owner_name(data),
        second_place=options.folder is not None,
        every_s=options.every_s,
        whole_every=timedelta(hours=options.whole_every_h),
        keep=options.keep,
        beside=(data / SITE_FILE, data / HUB_SETTINGS_FILE) if options.folder is not None else (),
        spare_bytes=0 if options.folder is not None else SPARE_BYTES,
    )


def start_backup(plan: BackupPlan | None, data: Path, reception: Reception) -> BackupWork | None:
    if plan is None:
        log.warning("[backup] is off: a damaged disk loses every ticket")
        return None
    if not plan.second_place:
        log.info("[backup] names no folder: copies are kept beside the database only")
    work = BackupWork(reception=reception, data=data, plan=plan, now=reception.now)
    work.start()
    return work


def closing_work(work: BackupWork | None) -> closing[BackupWork] | nullcontext[None]:
    return nullcontext() if work is None else closing(work)


def bring_back_when_lost(data: Path, options: BackupOptions) -> Restored | None:
    """Where the database is missing, or has gone back behind its own copies, restore it; null when all is well.

    Raises `CannotStart` when another hub works there.
    """
    try:
        with closing(FolderLock((data / FILE_NAME).with_suffix(".lock"))):
            return _bring_back_when_lost(data, options)
    except StorageFault as fault:
        key = "start.data_in_use" if fault.code == "storage.in_use" else "start.data_unreadable"
        raise CannotStart(key, path=str(data), detail=fault.detail) from fault


def _bring_back_when_lost(data: Path, options: BackupOptions) -> Restored | None:
    database = data / FILE_NAME
    if finish_interrupted(database):
        log.error("a restore that was cut off has been finished")
    furthest = _furthest(data, options)
    if furthest is None:
        return None
    folder, copied = furthest
    if not database.exists():
        return _bring_back(folder, data, options, "missing")
    seq = last_seq_of(database)
    if seq is not None and seq < copied.last_seq:
        # a write-ahead log cut short, or a machine set back to an old image
        return _bring_back(folder, data, options, "behind")
    return None


def bring_back_damaged(data: Path, options: BackupOptions) -> Restored | None:
    """Put a damaged database aside and the best copy in its place; null where there is no copy."""
    with closing(FolderLock((data / FILE_NAME).with_suffix(".lock"))):
        furthest = _furthest(data, options)
        return None if furthest is None else _bring_back(furthest[0], data, options, "damaged")


def _bring_back(folder: Path, data: Path, options: BackupOptions, cause: str) -> Restored | None:
    log.error("THE DATABASE IS %s: restoring the newest copy in %s", cause.upper(), folder)
    try:
        restored = restore(
            folder, data / FILE_NAME, now=utc_now(), cause=cause, other_folders=_own_folders(data, options)
        )
    except StorageFault as fault:
        log.error("no usable copy: %s", fault.detail)
        return None
    for skipped in restored.passed_over:
        log.error("copy of no use: %s", skipped)
    log.error(
        "RESTORED, complete up to %s; what was found before: %s", restored.copied.as_of.isoformat(), restored.aside
    )
    return restored


def _furthest(data: Path, options: BackupOptions) -> tuple[Path, Copied] | None:
    """The folder with the furthest copy of this very database; never another hub's."""
    found = []
    for folder in _own_folders(data, options):
        try:
            if copied := newest_copied(folder):
                found.append((folder, copied))
        except OSError as error:
            _log_unreadable(folder, error)
    return max(found, key=lambda pair: pair[1].last_seq, default=None)


def _own_folders(data: Path, options: BackupOptions) -> list[Path]:
    """The folders with copies that can be reached and are this hub's."""
    owner = owner_name(data)
    found = []
    for folder in (options.folder, data / BESIDE_FOLDER):
        try:
            if folder is not None and folder.is_dir() and owner_of(folder) == owner:
                found.append(folder)
        except OSError as error:
            _log_unreadable(folder, error)
    return found


def _log_unreadable(folder: Path | None, error: OSError) -> None:
    log.error("the copies in %s cannot be read: %s", folder, error.strerror)


def adopt_place(data: Path, folder: Path) -> None:
    """After a restore by hand on a new machine: take over the copies' mark, so that the next back-up goes there too.

    Raises `OSError`.
    """
    owner = owner_of(folder)
    if owner is None:
        claim(folder, owner_name(data))
    else:
        write_whole(data / OWNER_FILE, owner.encode(), mode=0o640)
