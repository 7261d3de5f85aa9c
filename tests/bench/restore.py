"""How long a restore takes: `python tests/bench/restore.py [EVENTS]` fills a hub's database (a million events by
default) as a hub does, copies it whole and in changes, and brings it back as `tiepdon restore` does."""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import apsw
import msgspec

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.receptions import Clock, issue, open_reception

from kiosk.services.backup_work import BackupPlan, BackupWork
from kiosk.services.restored import settle_restores
from kiosk.storage.backup.restoring import restore
from kiosk.storage.database import FILE_NAME

TICKETS_EVERY_EVENTS = 4


def fill(database: Path, events: int) -> None:
    """As many tickets, keys, periods and events as so many events bring, spread over past days."""
    connection = apsw.Connection(str(database))
    body = connection.execute("SELECT body FROM event ORDER BY seq DESC LIMIT 1").get
    key_body = connection.execute("SELECT body FROM idempotency LIMIT 1").get
    with connection:
        connection.executemany(
            "INSERT INTO event (site_id, seq, type, body) VALUES ('main', ?, 'ticket.issued', ?)",
            ((seq, body) for seq in range(1000, 1000 + events)),
        )
        numbers = range(events // TICKETS_EVERY_EVENTS)
        connection.executemany(
            "INSERT INTO ticket (site_id, id, day, series, number, label, service, state, priority, rank, order_at,"
            " issued_seq, issued_at, next_step)"
            " VALUES ('main', ?, ?, 'one', ?, ?, 'one', 'finished', 'normal', 2, ?, ?, ?, 'wait_for_call')",
            ((f"{n:024}", f"2025-{n // 99_999:02}-01", n + 1, f"A{n:03}", n, n, n) for n in numbers),
        )
        connection.executemany(
            "INSERT INTO idempotency (site_id, key, request, ticket, body, at) VALUES ('main', ?, ?, ?, ?, 0)",
            ((f"{n:036}", b"{}", f"{n:024}", key_body) for n in numbers),
        )
        connection.executemany(
            "INSERT INTO period (site_id, ticket, ordinal, kind, service, start_at) VALUES ('main', ?, 0, 'waiting',"
            " 'one', 0)",
            ((f"{n:024}",) for n in numbers),
        )
        connection.execute("UPDATE site SET last_seq = ?", (1000 + events,))
    connection.close()


def measure(folder: Path, events: int) -> dict[str, float]:
    clock = Clock()
    data, place, back = folder / "data", folder / "place", folder / "back"
    place.mkdir()
    back.mkdir()
    with open_reception(data, clock=clock) as reception:
        issue(reception, "first")
    fill(data / FILE_NAME, events)
    plan = BackupPlan(folder=place, owner="bench", second_place=True, every_s=10, whole_every=timedelta(days=1), keep=2)
    with (
        open_reception(data, clock=clock) as reception,
        closing(BackupWork(reception=reception, data=data, plan=plan, now=clock)) as work,
    ):
        began = time.perf_counter()
        work.step()
        whole_s = time.perf_counter() - began
        for n in range(500):
            issue(reception, f"key-{n}")
        began = time.perf_counter()
        work.step()
        turn_s = time.perf_counter() - began
    began = time.perf_counter()
    restore(place, back / FILE_NAME, now=clock(), cause="bench")
    with open_reception(back, clock=clock) as reception:
        reception.write(settle_restores).result(60)
        issue(reception, "after")
        restored_s = time.perf_counter() - began
    size_mb = (data / FILE_NAME).stat().st_size / 1e6
    return {"events": events, "size_mb": size_mb, "whole_copy_s": whole_s, "turn_s": turn_s, "restored_s": restored_s}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        figures = measure(Path(scratch), int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    sys.stdout.write(msgspec.json.encode({name: round(value, 2) for name, value in figures.items()}).decode() + "\n")
