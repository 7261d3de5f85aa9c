"""The account of a proof: what stands on papers and stood on screens, against the hub's books. Pure.

Nothing here trusts what a program says of itself: a paper is what came out of a printer, a screen what a patient saw.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kiosk.domain.paper import PaperState
from kiosk.domain.ticket import TicketState
from kiosk.services.show import NOT_SHOWN
from kiosk.station.ticket_desk import STOPPED
from kiosk.storage.books import BookedTicket, Books

KIOSK_SERIES = "kiosk:"
_WAITS = (TicketState.WAITING, TicketState.HELD)


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
    """A number a screen showed in one visit; `visit` names it among all visits, `ref` is the one its paper has, `at_s`
    the moment by the machine's clock that nobody sets."""

    visit: str
    ref: str
    label: str
    at_s: float


@dataclass(frozen=True, kw_only=True)
class CalledOut:
    """A label a counter called, when (as `Shown.at_s`) its answer had come, and what it was told to look at."""

    ticket: str
    label: str
    at_s: float
    flags: tuple[str, ...] = ()


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
        phantoms=tuple(_phantoms(evidence, books, valid)),
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
    """Numbers somebody holds or saw that no counter can call, people still waiting where the counter called until
    nobody was left, and papers that were said to be out and are not."""
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
        if ticket.state in _WAITS:
            yield f"{ticket.labels[0]} ({ticket.state.value}) was not called, and nobody is called any more"
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
    """One label for two people, two labels for one visit, one ticket called twice or on two papers that are not
    marked."""
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
    calls = Counter((call.ticket, call.label) for call in evidence.called)
    yield from (f"{label} was called {times} times" for (_, label), times in calls.items() if times > 1)
    unmarked = Counter(paper.ref for paper in evidence.papers if not paper.marked and not paper.torn)
    yield from (f"{ref} came out {times} times unmarked" for ref, times in unmarked.items() if times > 1)


def _held(evidence: Evidence, books: _Index, ticket: BookedTicket) -> set[str]:
    on_screens = {shown.label for shown in evidence.shown if books.get(shown.ref) is ticket}
    return on_screens | {label for paper in evidence.papers if books.get(paper.ref) is ticket for label in paper.labels}


def _phantoms(evidence: Evidence, books: _Index, valid: Iterable[BookedTicket]) -> Iterator[str]:
    """Tickets that nobody has, and calls by a number that nobody had seen by then. Where a kiosk died over a number for
    so long that it could not show it any more, it is none if staff were told so: its paper may bear another number,
    which is the ticket's label from then on."""
    shown_at_s: dict[str, float] = {}
    for shown in evidence.shown:
        ticket = books.get(shown.ref)
        if ticket is not None:
            shown_at_s[ticket.id] = min(shown.at_s, shown_at_s.get(ticket.id, shown.at_s))
    on_paper = {ticket.id for paper in evidence.papers if (ticket := books.get(paper.ref)) is not None}
    told = {call.ticket for call in evidence.called if NOT_SHOWN in call.flags}
    for ticket in valid:
        if ticket.id not in shown_at_s.keys() | on_paper | told and ticket.paper_code != STOPPED:
            yield f"{ticket.labels[0]} ({ticket.state.value}) was never on a screen or a paper"
    for call in evidence.called:
        called = books.get(call.ticket)
        if called is None or (call.label not in called.labels and NOT_SHOWN not in call.flags):
            yield f"{call.label} was called and is not in the books under this label"
        elif call.at_s < shown_at_s.get(called.id, call.at_s) and NOT_SHOWN not in call.flags:
            yield f"{call.label} was called before anybody had seen it"


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
