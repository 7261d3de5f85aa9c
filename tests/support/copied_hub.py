"""A real hub that copies its database every second, and what happens to its files."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import apsw
from support.hub_process import HubProcess

from kiosk.storage.backup.change_log import append, records
from kiosk.storage.backup.generations import generations
from kiosk.storage.database import FILE_NAME

TURN_S = 1.0


def tiepdon(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk.app.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def hub_with_copies(data: Path, place: Path | None = None) -> HubProcess:
    data.mkdir()
    folder = f'folder = "{place}"\n' if place else ""
    (data / "hub.toml").write_text(f"[backup]\nevery_s = {TURN_S}\n{folder}", "utf-8")
    return HubProcess(data).start()


def backup_state(hub: HubProcess) -> dict[str, object]:
    return hub.get("/healthz")["backup"]


def wait_for_copy(hub: HubProcess) -> None:
    """Until everything acknowledged by now is in a copy."""
    now = hub.get("/healthz")["now"]
    deadline = time.monotonic() + 30
    while (backup_state(hub)["complete_until"] or "") < now:
        assert time.monotonic() < deadline, backup_state(hub)


def numbers(hub: HubProcess, count: int, name: str) -> list[int]:
    return [int(str(hub.issue(f"{name}-{n}")["number"])) for n in range(count)]


def make_older(place: Path, by: timedelta) -> None:
    """As if the copies had ended so long ago."""
    for generation in generations(place):
        kept = list(records(generation.log))
        generation.log.unlink()
        with generation.log.open("ab") as file:
            for record in kept:
                append(file, replace(record, at_us=record.at_us - by // timedelta(microseconds=1)))


def put_back(kept: Path, place: Path) -> None:
    """The folder as it was when `kept` was copied from it."""
    shutil.rmtree(place)
    shutil.copytree(kept, place)


def damage_beyond_reading(data: Path) -> None:
    """Its first page gone, and its write-ahead log."""
    with (data / FILE_NAME).open("r+b") as file:
        file.write(bytes(4096))
    for beside in ("-wal", "-shm"):
        (data / f"{FILE_NAME}{beside}").unlink(missing_ok=True)


def spoil_pages(data: Path, first: int = 2) -> None:
    """Every page of the database file from `first` on overwritten in place, as a failing disk does it."""
    path = data / FILE_NAME
    count = path.stat().st_size // 4096
    with path.open("r+b") as file:
        for page in range(first, count + 1):
            file.seek((page - 1) * 4096)
            file.write(b"\xa5" * 4096)


def spoil_index(data: Path, index: str = "ticket_waiting") -> int:
    """Make rows unfindable by an index, which SQLite's quick check does not see; how many bytes were changed."""
    with closing(apsw.Connection(str(data / FILE_NAME))) as connection:
        connection.pragma("wal_checkpoint(truncate)")
        root, page_bytes = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (index,)).get, 4096
        day = connection.execute("SELECT max(day) FROM ticket").get.encode()
    with (data / FILE_NAME).open("r+b") as file:
        file.seek((root - 1) * page_bytes)
        page = file.read(page_bytes)
        spoilt = page.replace(day, day[:-1] + b"x", 5)
        file.seek((root - 1) * page_bytes)
        file.write(spoilt)
    return sum(a != b for a, b in zip(page, spoilt, strict=True))
