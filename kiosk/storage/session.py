"""A write transaction as use cases see it: savepoints, the site's event counter, and its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import disk_usage

import apsw
import msgspec

from kiosk.domain.events import SiteEvent
from kiosk.storage.tables import tables_of

FIRST_TICKETS_BYTES = 64 * 1024
"""With less free space the hub could open its database and give no number."""


class TransactionLost(Exception):
    """SQLite gave the whole transaction up (a full or failing disk): nothing of the group can be kept."""


class WriteSession:
    """One connection inside one transaction. Events get their gapless `seq` here, in commit order."""

    def __init__(self, connection: apsw.Connection, site_id: str) -> None:
        self.tables = tables_of(connection, site_id)
        self._connection = connection
        self._site_id = site_id
        self._seq = 0
        self._events: list[SiteEvent] = []

    def transaction(self, work: Callable[[], object]) -> tuple[SiteEvent, ...]:
        """Run `work` as one durable transaction; the events it made.

        Raises `apsw.Error` or `TransactionLost` with nothing written.
        """
        self._events = []
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._seq = self._load_seq()
            work()
            if self._events:
                self._connection.execute("UPDATE site SET last_seq = ? WHERE site_id = ?", (self._seq, self._site_id))
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return tuple(self._events)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """All or nothing for one request of the group."""
        seq, made = self._seq, len(self._events)
        self._connection.execute("SAVEPOINT request")
        try:
            yield
        except BaseException as error:
            if not self._connection.in_transaction:
                raise TransactionLost(str(error)) from error
            self._connection.execute("ROLLBACK TO request")
            self._connection.execute("RELEASE request")
            self._seq = seq
            del self._events[made:]
            raise
        self._connection.execute("RELEASE request")

    def add_event(self, event: SiteEvent) -> int:
        """Append to the feed; returns the seq it got (the one in `event` is ignored)."""
        self._seq += 1
        numbered = replace(event, seq=self._seq)
        self._connection.execute(
            "INSERT INTO event (site_id, seq, type, body) VALUES (?, ?, ?, ?)",
            (self._site_id, self._seq, event.type.value, msgspec.json.encode(numbered)),
        )
        self._events.append(numbered)
        return self._seq

    def prove_writable(self) -> int:
        """Write without changing anything, so that the commit needs the disk; returns the newest event's seq.

        An UPDATE to the same value writes nothing; setting the schema version always writes its page. On an almost full
        disk that page still finds room where a ticket does not, so there must be room for some. Raises `apsw.Error`.
        """
        if (path := self._connection.db_filename("main")) and disk_usage(Path(path).parent).free < FIRST_TICKETS_BYTES:
            raise apsw.FullError("no room for another ticket")
        self._connection.pragma("user_version", self._connection.pragma("user_version"))
        return self._seq

    @property
    def next_seq(self) -> int:
        """The seq the next event will get."""
        return self._seq + 1

    def _load_seq(self) -> int:
        self._connection.execute("INSERT OR IGNORE INTO site (site_id) VALUES (?)", (self._site_id,))
        return int(self._connection.execute("SELECT last_seq FROM site WHERE site_id = ?", (self._site_id,)).get)
