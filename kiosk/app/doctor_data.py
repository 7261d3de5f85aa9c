"""The hub's data folder: can it be used, is there room, is the database sound, is the site file right?"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from config.problems import SettingsError
from config.site import load_site
from kiosk.app.doctor_findings import Check, Finding, missing, ok, settings_findings, warn
from kiosk.app.sites import SITE_FILE, bind_site
from kiosk.app.start import utc_now
from kiosk.domain.site import Site

if TYPE_CHECKING:  # a kiosk has no apsw
    import apsw

NEEDED_MB = 200
COMFORTABLE_MB = 1000
CHECK_S = 2.0
_STEPS_BETWEEN_LOOKS = 10_000


def data_checks(data: Path) -> list[Check]:
    return [
        Check(name="data", look=lambda: check_folder(data)),
        Check(name="disk", look=lambda: check_disk(data)),
        Check(name="database", look=lambda: check_database(data)),
        Check(name="site", look=lambda: check_site(data)),
    ]


def check_folder(data: Path) -> Sequence[Finding]:
    """Readable and writable, or makeable by the hub's first start. Leaves nothing behind."""
    present = _nearest_existing(data)
    if not present.is_dir():
        return missing("data.not_a_folder", "choose_folder", path=str(present))
    try:
        next(present.iterdir(), None)
        with tempfile.TemporaryFile(dir=present) as probe:
            probe.write(b"x")
    except OSError as error:
        return missing("data.denied", "grant_folder", path=str(present), detail=error.strerror or "")
    return ok("data.usable" if present == data else "data.will_be_made", path=str(data))


def check_disk(data: Path) -> Sequence[Finding]:
    free_mb = shutil.disk_usage(_nearest_existing(data)).free // 1_000_000
    if free_mb < NEEDED_MB:
        return missing("disk.full", "free_space", free_mb=free_mb, needed_mb=NEEDED_MB)
    if free_mb < COMFORTABLE_MB:
        return warn("disk.nearly_full", "free_space", free_mb=free_mb, needed_mb=COMFORTABLE_MB)
    return ok("disk.free", free_gb=f"{free_mb / 1000:.1f}")


def check_database(data: Path) -> Sequence[Finding]:
    """SQLite's version, and SQLite's own whole check of the file, as far as it comes in two seconds."""
    import apsw

    from kiosk.storage.database import FILE_NAME, MINIMUM_SQLITE, migrations, open_reader

    version = apsw.sqlite_lib_version()
    if tuple(map(int, version.split(".")[:3])) < MINIMUM_SQLITE:
        return missing("database.sqlite_too_old", "set_up", version=version, needed=".".join(map(str, MINIMUM_SQLITE)))
    path = data / FILE_NAME
    if not path.exists():
        return ok("database.will_be_made", version=version)
    try:
        with closing(open_reader(path)) as connection:
            if int(connection.pragma("user_version")) > migrations()[-1][0]:
                return missing("database.newer", "update_program")
            return _checked(connection, version)
    except apsw.InterruptError:
        return warn("database.unfinished", "hub_checks_itself", seconds=f"{CHECK_S:g}")
    except (apsw.NotADBError, apsw.CorruptError) as error:
        return missing("database.damaged", "restore_backup", detail=str(error))
    except apsw.Error as error:
        return missing("database.unreadable", "grant_folder", path=str(path), detail=str(error))


def _checked(connection: apsw.Connection, version: str) -> Sequence[Finding]:
    end_s = time.monotonic() + CHECK_S
    connection.set_progress_handler(lambda: time.monotonic() > end_s, _STEPS_BETWEEN_LOOKS)
    answer = connection.pragma("integrity_check")
    if answer != "ok":
        return missing("database.damaged", "restore_backup", detail=str(answer).splitlines()[0])
    return ok("database.sound", version=version)


def check_site(data: Path) -> Sequence[Finding]:
    """The hospital's services and counters: every problem of the file, and people who wait for a service it no longer
    has."""
    path = data / SITE_FILE
    try:
        site = load_site(path if path.exists() else None)
    except SettingsError as error:
        return settings_findings(error.file, error.problems)
    code = "site.valid" if path.exists() else "site.example"
    return [*ok(code, services=len(site.services), counters=len(site.counters)), *_left(data, bind_site(site))]


def _left(data: Path, site: Site) -> list[Finding]:
    import apsw

    from kiosk.storage.database import FILE_NAME
    from kiosk.storage.waiting_services import waiting_by_service

    if not (data / FILE_NAME).exists():
        return []
    try:
        waiting = waiting_by_service(data, site.id, site.live_days(utc_now()))
    except apsw.Error:  # the check of the database says what is wrong with it
        return []
    configured = {service.id for service in site.services}
    return [
        finding
        for service, people in sorted(waiting.items())
        if service not in configured
        for finding in warn("site.service_left", "call_leftovers", service=service, waiting=people)
    ]


def _nearest_existing(path: Path) -> Path:
    """`path`, or the first folder above it that is there."""
    for candidate in (path, *path.absolute().parents):
        if candidate.exists():
            return candidate
    return path
