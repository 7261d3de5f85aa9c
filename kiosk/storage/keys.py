"""SQL of idempotency keys: what was answered under each, and those that were taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import apsw

from kiosk.storage.moments import to_stored


@dataclass(frozen=True, kw_only=True)
class RememberedKey:
    """What came under a key. `request` is what was asked, `body` the answer's JSON, `printed_labels` the kiosk's own
    labels that came with it later or at first (more than one only where two kiosks share the key); `alias`: the key got
    a ticket that another key had made."""

    request: bytes
    ticket: str
    body: bytes
    printed_labels: tuple[str, ...] = ()
    alias: bool = False


def _remembered(row: tuple) -> RememberedKey:  # type: ignore[type-arg]
    printed = tuple((row[3] or "").split())
    return RememberedKey(request=row[0], ticket=row[1], body=row[2], printed_labels=printed, alias=bool(row[4]))


class KeyTable:
    """Keys of one site over one connection; writing methods belong inside the writer's transaction."""

    def __init__(self, connection: apsw.Connection, site_id: str) -> None:
        self._db = connection
        self._site = site_id

    def remembered(self, key: str) -> RememberedKey | None:
        row = self._db.execute(
            "SELECT request, ticket, body, printed_label, alias FROM idempotency WHERE site_id = ? AND key = ?",
            (self._site, key),
        ).fetchone()
        if row is None:
            return None
        return _remembered(row)

    def remember(self, key: str, known: RememberedKey, at: datetime) -> None:
        """Keep an answer, or put it in the place of the earlier one."""
        self._db.execute(
            "INSERT INTO idempotency (site_id, key, request, ticket, body, at, printed_label, alias)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ticket = excluded.ticket, body = excluded.body,"
            " printed_label = excluded.printed_label, alias = excluded.alias",
            (
                self._site,
                key,
                known.request,
                known.ticket,
                known.body,
                to_stored(at),
                " ".join(known.printed_labels) or None,
                int(known.alias),
            ),
        )

    def others_of(self, ticket_id: str, key: str) -> list[RememberedKey]:
        """What was answered with the ticket under keys other than `key` that were not taken back, oldest first."""
        rows = self._db.execute(
            "SELECT request, ticket, body, printed_label, alias FROM idempotency AS i"
            " WHERE site_id = ?1 AND ticket = ?2 AND key <> ?3 AND NOT EXISTS"
            " (SELECT 1 FROM tombstone AS t WHERE t.site_id = ?1 AND t.key = i.key)"
            " ORDER BY at, key",
            (self._site, ticket_id, key),
        )
        return [_remembered(row) for row in rows]

    def is_taken_back(self, key: str) -> bool:
        found = self._db.execute("SELECT 1 FROM tombstone WHERE site_id = ? AND key = ?", (self._site, key)).get
        return found is not None

    def take_back(self, key: str, at: datetime) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO tombstone (site_id, key, at) VALUES (?, ?, ?)", (self._site, key, to_stored(at))
        )
