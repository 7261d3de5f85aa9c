"""`tiepdon restore`: bring a hub's database back from a back-up folder."""

from __future__ import annotations

import argparse
import json
import shutil
import time
from contextlib import closing
from pathlib import Path

from kiosk.app.hub import usable_folder
from kiosk.app.hub_backup import adopt_place
from kiosk.app.sites import SITE_FILE
from kiosk.app.start import EXIT_OK, HUB_SETTINGS_FILE, CannotStart, load_texts, utc_now
from kiosk.domain.localized import Language
from kiosk.storage.backup.generations import newest_copied
from kiosk.storage.backup.place_faults import PLACE_ERRORS, technical
from kiosk.storage.backup.restoring import Restored, last_seq_of, restore
from kiosk.storage.database import FILE_NAME
from kiosk.storage.faults import StorageFault
from kiosk.storage.lock import FolderLock


def run(args: argparse.Namespace) -> int:
    """Restore and say up to when. Raises `CannotStart` before anything is changed."""
    began_s = time.monotonic()
    data = usable_folder(args.data)
    try:
        with closing(FolderLock((data / FILE_NAME).with_suffix(".lock"))):
            _refuse_to_lose(args.source, data / FILE_NAME, force=args.force)
            restored = restore(args.source, data / FILE_NAME, now=utc_now(), cause="by_hand", jump=args.jump)
            _bring_files(args.source, data)
    except PLACE_ERRORS as error:
        raise _refusal(error, args) from error
    _say(restored, time.monotonic() - began_s, args)
    return EXIT_OK


def _refuse_to_lose(source: Path, database: Path, *, force: bool) -> None:
    """Raises `CannotStart` where the folder is missing, or the database found knows as much as the copies or more."""
    if not source.is_dir():
        raise CannotStart("restore.folder_missing", path=str(source))
    copied = newest_copied(source)
    if copied is None:
        raise CannotStart("restore.none", path=str(source), detail="")
    found = last_seq_of(database)
    if found is not None and found >= copied.last_seq and not force:
        raise CannotStart("restore.newer_data", path=str(database), found=found, copied=copied.last_seq)


def _bring_files(source: Path, data: Path) -> None:
    """Services and settings where the folder has none of its own; the mark that the copies are this hub's."""
    for name in (SITE_FILE, HUB_SETTINGS_FILE):
        if (source / name).exists() and not (data / name).exists():
            shutil.copyfile(source / name, data / name)
    adopt_place(data, source)


def _refusal(error: Exception, args: argparse.Namespace) -> CannotStart:
    if isinstance(error, StorageFault) and error.code == "storage.in_use":
        return CannotStart("restore.hub_runs", path=str(args.data))
    if isinstance(error, StorageFault):
        return CannotStart("restore.none", path=str(args.source), detail=error.detail)
    return CannotStart("restore.failed", path=str(args.data), detail=technical(error))


def _say(restored: Restored, took_s: float, args: argparse.Namespace) -> None:
    if args.json:
        told = {
            "complete_until": restored.copied.as_of.isoformat(),
            "last_seq": restored.copied.last_seq,
            "generation": restored.generation.folder.name,
            "passed_over": list(restored.passed_over),
            "aside": None if restored.aside is None else str(restored.aside),
            "seconds": round(took_s, 2),
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    texts, language = load_texts(), Language(args.lang)
    for skipped in restored.passed_over:
        print(texts.text("restore.passed_over", language, detail=skipped))
    until = restored.copied.as_of.astimezone().strftime("%d/%m/%Y %H:%M:%S")
    print(texts.text("restore.done", language, until=until, seconds=f"{took_s:.1f}"))
    if restored.aside is not None:
        print(texts.text("restore.aside", language, path=str(restored.aside)))
    print(texts.text("restore.next", language))
