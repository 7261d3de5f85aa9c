"""SQL of tickets, their series and their periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import apsw

from kiosk.domain.paper import Paper, PaperState
from kiosk.domain.ticket import Period, PeriodKind, Priority, TicketState
from kiosk.storage.moments import from_stored, to_stored


@dataclass(frozen=True, kw_only=True)
class StoredTicket:
    """A row of `ticket`. `series` is the service whose number it has (`kiosk:<id>` for a number of a kiosk's own),
    `service` where it waits now, `printed_labels` what else stands on papers of it. Before `callable_from` its number
    may have been shown to nobody yet."""

    id: str
    day: date
    series: str
    number: int
    label: str
    service: str
    state: TicketState
    priority: Priority
    rank: int
    order_at: datetime
    issued_seq: int
    issued_at: datetime
    counter: str | None
    patient_ref: str | None
    masked_name: str | None
    eligibility: str | None
    next_step: str
    flags: tuple[str, ...]
    printed_labels: tuple[str, ...] = ()
    paper: Paper | None = None
    callable_from: datetime | None = None


_COLUMNS = (
    "id, day, series, number, label, service, state, priority, rank, order_at, issued_seq, issued_at, counter,"
    " patient_ref, masked_name, eligibility, next_step, flags, printed_labels, callable_from"
)


_READ = f"{_COLUMNS}, paper_state, paper_code, paper_copy"


def _ticket(row: tuple) -> StoredTicket:  # type: ignore[type-arg]
    return StoredTicket(
        id=row[0],
        day=date.fromisoformat(row[1]),
        series=row[2],
        number=row[3],
        label=row[4],
        service=row[5],
        state=TicketState(row[6]),
        priority=Priority(row[7]),
        rank=row[8],
        order_at=from_stored(row[9]),
        issued_seq=row[10],
        issued_at=from_stored(row[11]),
        counter=row[12],
        patient_ref=row[13],
        masked_name=row[14],
        eligibility=row[15],
        next_step=row[16],
        flags=tuple(row[17].split()),
        printed_labels=tuple(row[18].split()),
        callable_from=None if row[19] is None else from_stored(row[19]),
        paper=Paper(state=PaperState(row[20]), code=row[21], copy=row[22]) if row[20] else None,
    )


class TicketTable:
    """Tickets of one site over one connection; writing methods belong inside the writer's transaction."""

    def __init__(self, connection: apsw.Connection, site_id: str) -> None:
        self._db = connection
        self._site = site_id

    # -- series ---------------------------------------------------------------------------------------------------

    def take_number(self, day: date, service: str) -> int:
        """The next number of a service's day: 1, 2, 3 … without gaps, since it commits with its ticket, which counts
        as waiting from now on and takes a place."""
        number = self._db.execute(
            "INSERT INTO series (site_id, day, service, last_number, waiting, places) VALUES (?, ?, ?, 1, 1, 1)"
            " ON CONFLICT DO UPDATE SET last_number = last_number + 1, waiting = waiting + 1, places = places + 1"
            " RETURNING last_number",
            (self._site, day.isoformat(), service),
        ).get
        return int(number)

    def add_waiting(self, day: date, service: str, change: int) -> None:
        self._db.execute(
            "INSERT INTO series (site_id, day, service, waiting) VALUES (?, ?, ?, max(?, 0))"
            " ON CONFLICT DO UPDATE SET waiting = waiting + ?",
            (self._site, day.isoformat(), service, change, change),
        )

    def add_places(self, day: date, service: str, change: int) -> None:
        """Take places that no number of the service's own series stands for (`change` above 0), or give some back."""
        self._db.execute(
            "INSERT INTO series (site_id, day, service, places) VALUES (?, ?, ?, max(?, 0))"
            " ON CONFLICT DO UPDATE SET places = max(places + ?, 0)",
            (self._site, day.isoformat(), service, change, change),
        )

    def issued(self, day: date, service: str) -> int:
        """How many places of a service are taken on a day: by its own numbers and by those kiosks gave for it without
        the hub, but not by numbers nobody saw. A place stays with the service the number was taken for: a transfer
        takes none where the ticket goes (staff send people on also where no numbers are left) and gives none back."""
        return self._series(day, service)[2]

    def last_number(self, day: date, service: str) -> int:
        """The newest number of a service's day, whether given or left out after a restore."""
        return self._series(day, service)[0]

    def services_of(self, day: date) -> tuple[str, ...]:
        """Ids of the services that had a number, or somebody waiting, on a day."""
        rows = self._db.execute(
            "SELECT service FROM series WHERE site_id = ? AND day = ? ORDER BY service", (self._site, day.isoformat())
        )
        return tuple(service for (service,) in rows)

    def is_booked(self, service: str) -> bool:
        """A service that ever had a number, or somebody waiting."""
        found = self._db.execute(
            "SELECT 1 FROM series WHERE site_id = ? AND service = ? LIMIT 1", (self._site, service)
        )
        return found.get is not None

    def waiting(self, day: date, service: str) -> int:
        return self._series(day, service)[1]

    def _series(self, day: date, service: str) -> tuple[int, int, int]:
        row = self._db.execute(
            "SELECT last_number, waiting, places FROM series WHERE site_id = ? AND day = ? AND service = ?",
            (self._site, day.isoformat(), service),
        ).fetchone()
        return (int(row[0]), int(row[1]), int(row[2])) if row else (0, 0, 0)

    # -- tickets --------------------------------------------------------------------------------------------------

    def insert(self, ticket: StoredTicket) -> None:
        self._db.execute(
            f"INSERT INTO ticket (site_id, {_COLUMNS}) VALUES (?{', ?' * 20})",  # noqa: S608 - constant column list
            (
                self._site,
                ticket.id,
                ticket.day.isoformat(),
                ticket.series,
                ticket.number,
                ticket.label,
                ticket.service,
                ticket.state.value,
                ticket.priority.value,
                ticket.rank,
                to_stored(ticket.order_at),
                ticket.issued_seq,
                to_stored(ticket.issued_at),
                ticket.counter,
                ticket.patient_ref,
                ticket.masked_name,
                ticket.eligibility,
                ticket.next_step,
                " ".join(ticket.flags),
                " ".join(ticket.printed_labels),
                None if ticket.callable_from is None else to_stored(ticket.callable_from),
            ),
        )

    def get(self, ticket_id: str) -> StoredTicket | None:
        row = self._db.execute(
            f"SELECT {_READ} FROM ticket WHERE site_id = ? AND id = ?",  # noqa: S608
            (self._site, ticket_id),
        ).fetchone()
        return _ticket(row) if row else None

    def update(self, ticket: StoredTicket) -> None:
        """Write back what a transition may change."""
        self._db.execute(
            "UPDATE ticket SET service = ?, state = ?, priority = ?, rank = ?, order_at = ?, counter = ?"
            " WHERE site_id = ? AND id = ?",
            (
                ticket.service,
                ticket.state.value,
                ticket.priority.value,
                ticket.rank,
                to_stored(ticket.order_at),
                ticket.counter,
                self._site,
                ticket.id,
            ),
        )

    def relabel(self, ticket: StoredTicket) -> None:
        """Write back the label, what else was printed, and the flags."""
        self._db.execute(
            "UPDATE ticket SET label = ?, printed_labels = ?, flags = ? WHERE site_id = ? AND id = ?",
            (ticket.label, " ".join(ticket.printed_labels), " ".join(ticket.flags), self._site, ticket.id),
        )

    def set_paper(self, ticket_id: str, paper: Paper) -> None:
        self._db.execute(
            "UPDATE ticket SET paper_state = ?, paper_code = ?, paper_copy = ? WHERE site_id = ? AND id = ?",
            (paper.state.value, paper.code, paper.copy, self._site, ticket_id),
        )

    def may_be_called(self, ticket_id: str) -> None:
        """Its holder knows the number."""
        self._db.execute("UPDATE ticket SET callable_from = NULL WHERE site_id = ? AND id = ?", (self._site, ticket_id))

    def is_number_taken(self, day: date, series: str, number: int) -> bool:
        found = self._db.execute(
            "SELECT 1 FROM ticket WHERE site_id = ? AND day = ? AND series = ? AND number = ?",
            (self._site, day.isoformat(), series, number),
        ).get
        return found is not None

    def skip_number(self, day: date, service: str) -> int:
        """Leave the number just taken out, which counts as skipped and not as given: the next one takes its place."""
        number = self._db.execute(
            "UPDATE series SET last_number = last_number + 1, skipped = skipped + 1"
            " WHERE site_id = ? AND day = ? AND service = ? RETURNING last_number",
            (self._site, day.isoformat(), service),
        ).get
        return int(number)

    def live_labels(self, day: date, series: str) -> frozenset[str]:
        """Labels of a series that people still in the queue hold."""
        rows = self._db.execute(
            "SELECT label FROM ticket WHERE site_id = ? AND day = ? AND series = ?"
            " AND state IN ('waiting', 'called', 'serving', 'held')",
            (self._site, day.isoformat(), series),
        )
        return frozenset(label for (label,) in rows)

    def bearing(self, days: Iterable[date], label: str) -> list[StoredTicket]:
        """Tickets that may still be called and bear a label, on the board or on a paper."""
        found: list[StoredTicket] = []
        for day in days:
            rows = self._db.execute(
                f"SELECT {_READ} FROM ticket WHERE site_id = ? AND day = ?"  # noqa: S608
                " AND state IN ('waiting', 'called', 'serving', 'held', 'no_show')"
                " AND (label = ? OR instr(' ' || printed_labels || ' ', ?)) ORDER BY issued_seq",
                (self._site, day.isoformat(), label, f" {label} "),
            )
            found += [_ticket(row) for row in rows]
        return found

    def live_of_patient(self, day: date, patient_ref: str, service: str) -> StoredTicket | None:
        """The oldest ticket a person still has for a service."""
        row = self._db.execute(
            f"SELECT {_READ} FROM ticket WHERE site_id = ? AND patient_ref = ? AND day = ? AND service = ?"  # noqa: S608
            " AND state IN ('waiting', 'called', 'serving', 'held') ORDER BY issued_seq LIMIT 1",
            (self._site, patient_ref, day.isoformat(), service),
        ).fetchone()
        return _ticket(row) if row else None

    def set_next_step(self, ticket_id: str, next_step: str) -> None:
        self._db.execute(
            "UPDATE ticket SET next_step = ? WHERE site_id = ? AND id = ?", (next_step, self._site, ticket_id)
        )

    def first_waiting(
        self, days: Sequence[date], services: Iterable[str], now: datetime, longest_unseen: timedelta
    ) -> StoredTicket | None:
        """Who is next among `services`: strict rank, then order, then arrival. Numbers that may have been shown to
        nobody yet are passed over, `longest_unseen` at most, whatever the clock was set to meanwhile."""
        unseen = (to_stored(now) + 1, to_stored(now + longest_unseen))
        heads = [self._head(day, service, unseen) for service in services for day in days]
        found = [ticket for ticket in heads if ticket is not None]
        return min(found, key=lambda t: (t.rank, t.order_at, t.issued_seq), default=None)

    def _head(self, day: date, service: str, unseen: tuple[int, int]) -> StoredTicket | None:
        row = self._db.execute(
            f"SELECT {_READ} FROM ticket WHERE site_id = ? AND day = ? AND service = ? AND state = 'waiting'"  # noqa: S608
            " AND coalesce(callable_from, 0) NOT BETWEEN ? AND ? ORDER BY rank, order_at, issued_seq LIMIT 1",
            (self._site, day.isoformat(), service, *unseen),
        ).fetchone()
        return _ticket(row) if row else None

    def waiting_tickets(self, day: date, service: str, limit: int) -> list[StoredTicket]:
        """The first `limit` of one service's queue, in the order they will be called."""
        rows = self._db.execute(
            f"SELECT {_READ} FROM ticket WHERE site_id = ? AND day = ? AND service = ?"  # noqa: S608
            " AND state = 'waiting' ORDER BY rank, order_at, issued_seq LIMIT ?",
            (self._site, day.isoformat(), service, limit),
        )
        return [_ticket(row) for row in rows]

    def waiting_behind(self, ticket: StoredTicket, day: date) -> int:
        """How many of the same queue and of `day` will be called after `ticket`."""
        behind = self._db.execute(
            "SELECT count(*) FROM ticket WHERE site_id = ? AND day = ? AND service = ? AND state = 'waiting'"
            " AND (rank, order_at, issued_seq) > (?, ?, ?)",
            (
                self._site,
                day.isoformat(),
                ticket.service,
                ticket.rank,
                to_stored(ticket.order_at),
                ticket.issued_seq,
            ),
        ).get
        return int(behind)

    def in_states(self, day: date, states: Iterable[TicketState]) -> list[StoredTicket]:
        """Today's tickets in called, serving, held or no-show state, oldest arrival first."""
        found: list[StoredTicket] = []
        for state in states:
            rows = self._db.execute(
                f"SELECT {_READ} FROM ticket WHERE site_id = ? AND day = ? AND state = ?",  # noqa: S608
                (self._site, day.isoformat(), state.value),
            )
            found += [_ticket(row) for row in rows]
        return sorted(found, key=lambda ticket: ticket.issued_seq)

    def with_eligibility(self, eligibility_id: str) -> list[StoredTicket]:
        rows = self._db.execute(
            f"SELECT {_READ} FROM ticket WHERE site_id = ? AND eligibility = ?",  # noqa: S608
            (self._site, eligibility_id),
        )
        return [_ticket(row) for row in rows]

    # -- periods --------------------------------------------------------------------------------------------------

    def open_period(self, ticket_id: str, kind: PeriodKind, service: str, counter: str | None, start: datetime) -> None:
        self._db.execute(
            "INSERT INTO period (site_id, ticket, ordinal, kind, service, counter, start_at) VALUES (?, ?,"
            " (SELECT count(*) FROM period WHERE site_id = ? AND ticket = ?), ?, ?, ?, ?)",
            (self._site, ticket_id, self._site, ticket_id, kind.value, service, counter, to_stored(start)),
        )

    def close_period(self, ticket_id: str, end: datetime) -> None:
        self._db.execute(
            "UPDATE period SET end_at = max(?, start_at) WHERE site_id = ? AND ticket = ? AND end_at IS NULL",
            (to_stored(end), self._site, ticket_id),
        )

    def periods(self, ticket_id: str) -> tuple[Period, ...]:
        rows = self._db.execute(
            "SELECT kind, service, counter, start_at, end_at FROM period WHERE site_id = ? AND ticket = ?"
            " ORDER BY ordinal",
            (self._site, ticket_id),
        )
        return tuple(
            Period(
                kind=PeriodKind(kind),
                service=service,
                counter=counter,
                start=from_stored(start),
                end=None if end is None else from_stored(end),
            )
            for kind, service, counter, start, end in rows
        )
