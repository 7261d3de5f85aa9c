"""Copies of the hub's database: is there a second place, can it be used, how old is the newest copy?"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from shutil import disk_usage

from config.problems import SettingsError
from kiosk.app.doctor_findings import Finding, missing, ok, settings_findings, warn
from kiosk.app.hub_backup import BESIDE_FOLDER, OWNER_FILE
from kiosk.app.hub_settings import backup_options
from kiosk.domain.backup import RPO
from kiosk.storage.backup.generations import newest_copied, owner_of
from kiosk.storage.database import FILE_NAME


def check_backup(data: Path, settings: Path | None, now: Callable[[], datetime]) -> Sequence[Finding]:
    """The place `[backup]` names, or the folder beside the database."""
    try:
        options = backup_options(settings)
    except SettingsError as error:
        return settings_findings(error.file, error.problems)
    if options.folder is None and not options.beside_database:
        return missing("backup.off", "name_backup_folder")
    try:
        if options.folder is None:
            return [*warn("backup.only_beside", "name_backup_folder"), *_age(data / BESIDE_FOLDER, now())]
        return _second_place(data, options.folder, now())
    except OSError as error:
        return missing("backup.unreadable", "grant_folder", path=str(options.folder), detail=error.strerror or "")


def _second_place(data: Path, folder: Path, now: datetime) -> Sequence[Finding]:
    if not folder.is_dir():
        return missing("backup.place_missing", "plug_in_backup", path=str(folder))
    owner = data / OWNER_FILE
    found = owner_of(folder)
    if found is not None and (not owner.exists() or owner.read_text("ascii").strip() != found):
        return missing("backup.place_taken", "other_backup_folder", path=str(folder))
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return missing("backup.place_read_only", "repair_disk", path=str(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        return missing("backup.place_denied", "grant_folder", path=str(folder))
    if (free := disk_usage(folder).free) < (needed := _needed_bytes(data)):
        free_mb, needed_mb = free // 1_000_000, needed // 1_000_000 + 1
        full = missing("backup.place_full", "free_space", path=str(folder), free_mb=free_mb, needed_mb=needed_mb)
        return [*full, *_age(folder, now)]
    if data.exists() and data.stat().st_dev == folder.stat().st_dev:
        return [*warn("backup.same_disk", "name_backup_folder", path=str(folder)), *_age(folder, now)]
    return _age(folder, now)


def _needed_bytes(data: Path) -> int:
    """For the next whole copy and the proof that it can be restored."""
    database = data / FILE_NAME
    return 2 * database.stat().st_size if database.exists() else 0


def _age(folder: Path, now: datetime) -> tuple[Finding, ...]:
    copied = newest_copied(folder)
    if copied is None:
        return warn("backup.none_yet", "start_hub_for_backup", path=str(folder))
    minutes = round((now - copied.as_of) / timedelta(minutes=1))
    if now - copied.as_of > RPO:
        return warn("backup.old", "start_hub_for_backup", minutes=minutes)
    return ok("backup.fresh", minutes=minutes)
