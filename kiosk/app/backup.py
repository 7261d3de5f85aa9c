"""`tiepdon backup`: one checked copy of a hub's database, now, whether the hub runs or not."""

from __future__ import annotations

import argparse
import json
import shutil
import time
from contextlib import closing
from pathlib import Path

from kiosk.app.hub_backup import BESIDE_FOLDER, owner_name
from kiosk.app.hub_settings import backup_options
from kiosk.app.sites import SITE_FILE
from kiosk.app.start import EXIT_OK, HUB_SETTINGS_FILE, CannotStart, load_texts, utc_now
from kiosk.domain.localized import Language
from kiosk.storage.backup.change_log import Record, append
from kiosk.storage.backup.generations import Copied, Generation, claim, copy_whole, new_generation, remove
from kiosk.storage.backup.place_faults import PLACE_ERRORS, code_of, technical
from kiosk.storage.backup.source import Source
from kiosk.storage.database import FILE_NAME
from kiosk.storage.moments import from_stored, to_stored
from kiosk.storage.wal_tap import NO_CHANGES


def run(args: argparse.Namespace) -> int:
    """Make the copy and say where it is. Raises `CannotStart` and `SettingsError`."""
    began_s = time.monotonic()
    if not (args.data / FILE_NAME).exists():
        raise CannotStart("backup.no_database", path=str(args.data))
    folder = args.to or _configured(args.data)
    try:
        generation, copied = make_copy(args.data, folder)
    except PLACE_ERRORS as error:
        if code_of(error) == "backup.place_taken":
            raise CannotStart("backup.place_taken", path=str(folder)) from error
        raise CannotStart("backup.copy_failed", path=str(folder), detail=technical(error)) from error
    took_s = time.monotonic() - began_s
    if args.json:
        told = {"folder": str(generation.folder), "last_seq": copied.last_seq, "seconds": round(took_s, 2)}
        print(json.dumps(told | {"complete_until": copied.as_of.isoformat()}, ensure_ascii=False))
    else:
        print(
            load_texts().text(
                "backup.done",
                Language(args.lang),
                path=str(generation.folder),
                events=copied.last_seq,
                seconds=f"{took_s:.1f}",
            )
        )
    return EXIT_OK


def make_copy(data: Path, folder: Path) -> tuple[Generation, Copied]:
    """A generation of one whole copy in `folder`. Raises `OSError`, `apsw.Error`, `StorageFault`."""
    folder.mkdir(mode=0o750, exist_ok=True)
    claim(folder, owner_name(data))
    generation = new_generation(folder, utc_now())
    try:
        with closing(Source(data / FILE_NAME)) as source:
            seq = source.hold()
            record = Record(at_us=to_stored(utc_now()), last_seq=seq, changes=NO_CHANGES)
            with generation.log.open("ab") as file:
                append(file, record)
            copy_whole(source.connection, generation, lambda: None)
    except BaseException:
        remove(generation)
        raise
    for name in (SITE_FILE, HUB_SETTINGS_FILE):
        if (data / name).exists():
            shutil.copyfile(data / name, folder / name)
    return generation, Copied(as_of=from_stored(record.at_us), last_seq=seq)


def _configured(data: Path) -> Path:
    settings = data / HUB_SETTINGS_FILE
    return backup_options(settings if settings.exists() else None).folder or data / BESIDE_FOLDER
