"""The account of a proof: what stands on papers and stood on screens, against the hub's books. Pure.

Nothing here trusts what a program says of itself: a paper is what came out of a printer, a screen what a patient saw.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kiosk.domain.paper import PaperState
from kiosk.domain.ticket import TicketState
from kiosk.storage.books import BookedTicket, Books

KIOSK_SERIES = "kiosk:"


@dataclass(frozen=True, kw_only=True)
class PaperOut:
    """A paper that came out at `kiosk`. `ref` is what its QR names, `labels` which of the labels it could bear are read
    on it; `marked` as a copy; `torn` off before its end."""

    kiosk: str
    ref: str | None
    labels: tuple[str, ...]
    marked: bool
    torn: bool = False


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A number a screen showed in one visit; `visit` names it among all visits, `ref` is the one its paper has."""

    visit: str
    ref: str
    label: str


@dataclass(frozen=True, kw_only=True)
class CalledOut:
    """A label a counter called."""

    ticket: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    papers: tuple[PaperOut, ...]
    shown: tuple[Shown, ...]
    called: tuple[CalledOut, ...]
    books: Books


@dataclass(frozen=True, kw_only=True)
class Account:
    """How many tickets there are, and every finding in words for whoever looks for the cause (labels and ids only)."""

    issued: int
    confirmed: int
    unconfirmed: int
    offline: int
    lost: tuple[str, ...] = field(default=())
    duplicates: tuple[str, ...] = field(default=())
    phantoms: tuple[str, ...] = field(default=())
    gaps: tuple[str, ...] = field(default=())

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.duplicates or self.phantoms or self.gaps)


def account_of(evidence: Evidence) -> Account:
    """Balance papers, screens and calls against the books."""
    books = _Index(evidence.books)
    valid = [ticket for ticket in evidence.books.tickets if ticket.state is not TicketState.CANCELLED]
    return Account(
        issued=len(valid),
        confirmed=sum(ticket.paper is PaperState.CONFIRMED for ticket in valid),
        unconfirmed=sum(ticket.paper is PaperState.UNCONFIRMED for ticket in valid),
        offline=sum(ticket.offline for ticket in valid),
        lost=tuple(_lost(evidence, books)),
        duplicates=tuple(_duplicates(evidence, books, valid)),
        phantoms=tuple(_phantoms(evidence, valid)),
        gaps=tuple(_gaps(evidence.books)),
    )


class _Index:
    def __init__(self, books: Books) -> None:
        self._by_ref: dict[str, BookedTicket] = {}
        for ticket in books.tickets:
            self._by_ref[ticket.id] = ticket
            for key in ticket.keys:
                self._by_ref[key] = ticket

    def get(self, ref: str | None) -> BookedTicket | None:
        return None if ref is None else self._by_ref.get(ref)


def _lost(evidence: Evidence, books: _Index) -> Iterator[str]:
    """Numbers somebody holds or saw that no counter can call, and papers that were said to be out and are not."""
    for shown in evidence.shown:
        yield from _not_callable(f"screen of {shown.visit}", shown.label, books.get(shown.ref))
    out = set()
    for paper in evidence.papers:
        ticket = books.get(paper.ref)
        where = f"paper of {paper.kiosk}"
        if not paper.labels:
            yield f"{where}: {paper.ref} bears no label of its ticket"
        for label in paper.labels:
            yield from _not_callable(where, label, ticket)
        out |= {ticket.id} if ticket is not None else set()
    for ticket in evidence.books.tickets:
        if ticket.paper is PaperState.CONFIRMED and ticket.id not in out:
            yield f"{ticket.labels[0]}: said to be printed, and no paper came"


def _not_callable(where: str, label: str, ticket: BookedTicket | None) -> Iterator[str]:
    if ticket is None:
        yield f"{where}: {label} is not in the books"
    elif label not in ticket.labels:
        yield f"{where}: {label} is {ticket.labels[0]} in the books"
    elif ticket.state is TicketState.CANCELLED:
        yield f"{where}: {label} is cancelled"


def _duplicates(evidence: Evidence, books: _Index, valid: Iterable[BookedTicket]) -> Iterator[str]:
    """One label for two people, two labels for one visit, one ticket on two papers that are not marked."""
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for ticket in valid:
        for label in ticket.labels:
            holders[ticket.day, label].add(ticket.id)
    for (day, label), tickets in holders.items():
        if len(tickets) > 1:
            yield f"{label} of {day} is the label of {len(tickets)} tickets"
    for ticket in valid:
        if len(ticket.labels) > 1 and len(_held(evidence, books, ticket)) > 1:
            yield f"{' and '.join(ticket.labels)} were both given to one person"
    by_visit: dict[str, set[str]] = defaultdict(set)
    visits_of: dict[str, set[str]] = defaultdict(set)
    for shown in evidence.shown:
        by_visit[shown.visit].add(shown.label)
        visits_of[shown.ref].add(shown.visit)
    yield from (f"visit {visit} saw {sorted(labels)}" for visit, labels in by_visit.items() if len(labels) > 1)
    unmarked = Counter(paper.ref for paper in evidence.papers if not paper.marked and not paper.torn)
    yield from (f"{ref} came out {times} times unmarked" for ref, times in unmarked.items() if times > 1)


def _held(evidence: Evidence, books: _Index, ticket: BookedTicket) -> set[str]:
    on_screens = {shown.label for shown in evidence.shown if books.get(shown.ref) is ticket}
    return on_screens | {label for paper in evidence.papers if books.get(paper.ref) is ticket for label in paper.labels}


def _phantoms(evidence: Evidence, valid: Iterable[BookedTicket]) -> Iterator[str]:
    """Tickets that are called or will be, and nobody has them."""
    known = {shown.ref for shown in evidence.shown} | {paper.ref for paper in evidence.papers}
    for ticket in valid:
        if not known & {ticket.id, *ticket.keys}:
            yield f"{ticket.labels[0]} ({ticket.state.value}) was never on a screen or a paper"
    by_id = {ticket.id: ticket for ticket in evidence.books.tickets}
    for call in evidence.called:
        called = by_id.get(call.ticket)
        if called is None or call.label not in called.labels:
            yield f"{call.label} was called and is not in the books under this label"


def _gaps(books: Books) -> Iterator[str]:
    """Numbers a series left out. A cancelled ticket is no gap: its number is in the books, and so is a kiosk's own
    number that became the label of a ticket the hub had given already."""
    series: dict[tuple[str, str], set[int]] = defaultdict(set)
    for ticket in books.tickets:
        if not ticket.series.startswith(KIOSK_SERIES):
            series[ticket.day, ticket.series].add(ticket.number)
        for label in ticket.labels:
            name, _, number = label.rpartition("-")
            if name and number.isdecimal():
                series[ticket.day, name].add(int(number))
    for (day, name), numbers in series.items():
        missing = sorted(set(range(1, max(numbers) + 1)) - numbers)[books.skipped.get((day, name), 0) :]
        yield from (f"{name} of {day}: number {number} is missing" for number in missing)
