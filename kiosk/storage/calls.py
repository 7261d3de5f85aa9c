"""SQL of calls and of the service times the estimate averages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import apsw

from kiosk.domain.ticket import TicketState
from kiosk.storage.moments import from_stored, to_stored


@dataclass(frozen=True, kw_only=True)
class StoredCall:
    """The latest call of one ticket, with where the ticket stands now."""

    call_id: int
    ticket: str
    label: str
    printed_labels: tuple[str, ...]
    service: str
    state: TicketState
    counter: str
    called_at: datetime
    times: int


class CallTable:
    """Calls of one site over one connection."""

    def __init__(self, connection: apsw.Connection, site_id: str) -> None:
        self._db = connection
        self._site = site_id

    def insert(self, call_id: int, day: date, ticket_id: str, counter: str, called_at: datetime) -> None:
        """Record a call or recall; `times` counts the calls of this ticket."""
        self._db.execute(
            "INSERT INTO call (site_id, call_id, day, ticket, counter, called_at, times) VALUES (?, ?, ?, ?, ?, ?,"
            " 1 + (SELECT count(*) FROM call WHERE site_id = ? AND ticket = ?))",
            (self._site, call_id, day.isoformat(), ticket_id, counter, to_stored(called_at), self._site, ticket_id),
        )

    def latest(self, days: Sequence[date], limit: int) -> list[StoredCall]:
        """The latest call of each ticket of one or two days, newest first."""
        rows = self._db.execute(
            "SELECT c.call_id, t.id, t.label, t.printed_labels, t.service, t.state, c.counter, c.called_at,"
            " c.times"
            " FROM (SELECT max(call_id) AS call_id FROM call WHERE site_id = ?1 AND day IN (?2, ?3) GROUP BY ticket)"
            " AS last"
            " JOIN call AS c ON c.site_id = ?1 AND c.call_id = last.call_id"
            " JOIN ticket AS t ON t.site_id = ?1 AND t.id = c.ticket"
            " ORDER BY c.call_id DESC LIMIT ?4",
            (self._site, days[0].isoformat(), days[-1].isoformat(), limit),
        )
        return [
            StoredCall(
                call_id=call_id,
                ticket=ticket,
                label=label,
                printed_labels=tuple(printed.split()),
                service=service,
                state=TicketState(state),
                counter=counter,
                called_at=from_stored(called_at),
                times=times,
            )
            for call_id, ticket, label, printed, service, state, counter, called_at, times in rows
        ]

    def called_at(self, ticket_id: str) -> datetime | None:
        """When a ticket was called last."""
        row = self._db.execute(
            "SELECT called_at FROM call WHERE site_id = ? AND ticket = ? ORDER BY call_id DESC LIMIT 1",
            (self._site, ticket_id),
        ).fetchone()
        return from_stored(row[0]) if row else None

    def add_service_time(self, service: str, seq: int, duration: timedelta) -> None:
        self._db.execute(
            "INSERT INTO service_time (site_id, service, seq, duration) VALUES (?, ?, ?, ?)",
            (self._site, service, seq, duration // timedelta(microseconds=1)),
        )

    def recent_minutes(self, service: str, limit: int) -> tuple[float, ...]:
        """The latest service times of a queue, in minutes."""
        rows = self._db.execute(
            "SELECT duration FROM service_time WHERE site_id = ? AND service = ? ORDER BY seq DESC LIMIT ?",
            (self._site, service, limit),
        )
        return tuple(duration / 60e6 for (duration,) in rows)
