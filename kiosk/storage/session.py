"""A write transaction as use cases see it: savepoints, the site's event counter, and its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import apsw
import msgspec

from kiosk.domain.events import SiteEvent


class WriteSession:
    """One connection inside one transaction. Events get their gapless `seq` here, in commit order."""

    def __init__(self, connection: apsw.Connection, site_id: str) -> None:
        self.connection = connection
        self.site_id = site_id
        self._seq = 0
        self._events: list[SiteEvent] = []

    def transaction(self, work: Callable[[], object]) -> tuple[SiteEvent, ...]:
        """Run `work` as one durable transaction; the events it made. Raises `apsw.Error` with nothing written."""
        self._events = []
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            self._seq = self._load_seq()
            work()
            if self._events:
                self.connection.execute("UPDATE site SET last_seq = ? WHERE site_id = ?", (self._seq, self.site_id))
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        return tuple(self._events)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """All or nothing for one request of the group."""
        seq, made = self._seq, len(self._events)
        self.connection.execute("SAVEPOINT request")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK TO request")
                self.connection.execute("RELEASE request")
            self._seq = seq
            del self._events[made:]
            raise
        self.connection.execute("RELEASE request")

    def add_event(self, event: SiteEvent) -> int:
        """Append to the feed; returns the seq it got (the one in `event` is ignored)."""
        self._seq += 1
        numbered = replace(event, seq=self._seq)
        self.connection.execute(
            "INSERT INTO event (site_id, seq, type, body) VALUES (?, ?, ?, ?)",
            (self.site_id, self._seq, event.type.value, msgspec.json.encode(numbered)),
        )
        self._events.append(numbered)
        return self._seq

    @property
    def next_seq(self) -> int:
        """The seq the next event will get."""
        return self._seq + 1

    def _load_seq(self) -> int:
        self.connection.execute("INSERT OR IGNORE INTO site (site_id) VALUES (?)", (self.site_id,))
        return int(self.connection.execute("SELECT last_seq FROM site WHERE site_id = ?", (self.site_id,)).get)
