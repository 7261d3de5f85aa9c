"""SQL of restores: which copies the database came back from, and numbers left out because of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import apsw

from kiosk.storage.moments import from_stored


@dataclass(frozen=True, kw_only=True)
class StoredRestore:
    """A row of `restore`; `jump` is what somebody asked for, else null."""

    ordinal: int
    at: datetime
    as_of: datetime
    written_at: datetime | None
    cause: str
    jump: int | None


class RestoreTable:
    """Restores of one site over one connection."""

    def __init__(self, connection: apsw.Connection, site_id: str) -> None:
        self._db = connection
        self._site = site_id

    def unsettled(self) -> list[StoredRestore]:
        return self._rows("WHERE site_id = ? AND NOT settled ORDER BY ordinal")

    def newest(self) -> StoredRestore | None:
        rows = self._rows("WHERE site_id = ? ORDER BY ordinal DESC LIMIT 1")
        return rows[0] if rows else None

    def floor_seq(self) -> int:
        """Readers of the feed that saw less than this saw a database that is gone; 0 without a restore."""
        floor = self._db.execute("SELECT max(floor_seq) FROM restore WHERE site_id = ?", (self._site,)).get
        return int(floor or 0)

    def settle(self, ordinal: int) -> None:
        self._db.execute("UPDATE restore SET settled = 1 WHERE site_id = ? AND ordinal = ?", (self._site, ordinal))

    def leave_out_numbers(self, day: date, service: str, next_after: int) -> None:
        """The series' next number comes after `next_after`; those between count as never given."""
        self._db.execute(
            "INSERT INTO series (site_id, day, service, last_number, skipped) VALUES (?1, ?2, ?3, ?4, ?4)"
            " ON CONFLICT DO UPDATE SET skipped = skipped + max(?4 - last_number, 0),"
            " last_number = max(?4, last_number)",
            (self._site, day.isoformat(), service, next_after),
        )

    def _rows(self, where: str) -> list[StoredRestore]:
        rows = self._db.execute(
            f"SELECT ordinal, at, as_of, written_at, cause, jump FROM restore {where}",  # noqa: S608 - constant
            (self._site,),
        )
        return [
            StoredRestore(
                ordinal=ordinal,
                at=from_stored(at),
                as_of=from_stored(as_of),
                written_at=None if written_at is None else from_stored(written_at),
                cause=cause,
                jump=jump,
            )
            for ordinal, at, as_of, written_at, cause, jump in rows
        ]
