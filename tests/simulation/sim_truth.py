"""All there is to know at the end of a simulated day: the hub's books, papers, screens, and what kiosks have kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sim_hub import SimHub
from sim_kiosk import KeptWish, SimKiosk
from sim_people import Seen, Staff

from kiosk.domain.ticket import TicketState
from kiosk.storage.moments import from_stored


@dataclass(frozen=True, kw_only=True)
class Booked:
    id: str
    day: str
    series: str
    number: int
    labels: tuple[str, ...]
    flags: frozenset[str]
    state: TicketState
    order_at: datetime
    keys: frozenset[str]
    alias_keys: frozenset[str]

    @property
    def refs(self) -> frozenset[str]:
        """What papers and screens may know it by."""
        return self.keys | {self.id}


@dataclass(frozen=True, kw_only=True)
class PaperOut:
    ref: str
    label: str
    copy: int
    at_s: float


@dataclass(frozen=True, kw_only=True)
class Truth:
    tickets: tuple[Booked, ...]
    by_ref: dict[str, Booked]
    seen: tuple[Seen, ...]
    papers: tuple[PaperOut, ...]
    kept: dict[str, KeptWish]
    staff: Staff
    hub: SimHub
    kiosks: Sequence[SimKiosk]

    @property
    def valid(self) -> list[Booked]:
        return [ticket for ticket in self.tickets if ticket.state is not TicketState.CANCELLED]


def truth_of(hub: SimHub, kiosks: Sequence[SimKiosk], staff: Staff) -> Truth:
    tickets = _booked(hub)
    return Truth(
        tickets=tickets,
        by_ref={ref: ticket for ticket in tickets for ref in ticket.refs},
        seen=tuple(seen for kiosk in kiosks for seen in kiosk.patients.seen),
        papers=tuple(
            PaperOut(ref=p.ref, label=p.label, copy=p.copy, at_s=p.at_s)
            for kiosk in kiosks
            for p in kiosk.printer.papers
        ),
        kept={wish.request_id: wish for kiosk in kiosks for wish in kiosk.kept_wishes()},
        staff=staff,
        hub=hub,
        kiosks=kiosks,
    )


def _booked(hub: SimHub) -> tuple[Booked, ...]:
    keys: dict[str, set[str]] = defaultdict(set)
    aliases: dict[str, set[str]] = defaultdict(set)
    for key, ticket, alias in hub.rows("SELECT key, ticket, alias FROM idempotency"):
        (aliases if alias else keys)[ticket].add(key)
        keys[ticket].add(key)
    rows = hub.rows("SELECT id, day, series, number, label, printed_labels, state, order_at, flags FROM ticket")
    return tuple(
        Booked(
            id=row[0],
            day=row[1],
            series=row[2],
            number=row[3],
            labels=(row[4], *row[5].split()),
            flags=frozenset(row[8].split()),
            state=TicketState(row[6]),
            order_at=from_stored(row[7]),
            keys=frozenset(keys[row[0]]),
            alias_keys=frozenset(aliases[row[0]]),
        )
        for row in rows
    )
