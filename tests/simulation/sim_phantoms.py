"""Nobody is called by a number that nobody has seen; where its kiosk died over it, staff are told so before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sim_truth import Booked, Truth

from kiosk.domain.events import EventType
from kiosk.domain.queue import LONGEST_UNSEEN
from kiosk.services.show import NOT_SHOWN
from kiosk.station.ticket_desk import RESUMED_WITHIN, STOPPED
from kiosk.storage.moments import from_stored


def phantoms(truth: Truth) -> Iterator[str]:
    known = _known_since(truth)
    told = told_of(truth)
    for ticket in truth.valid:
        if ticket.id not in known and ticket.id not in told:
            yield f"phantom: {ticket.labels} {ticket.state.value} was given to nobody"
    for ticket, at in _calls(truth):
        if (ticket.id not in known or at < known[ticket.id]) and not _said_so(truth, ticket, at):
            yield f"phantom: {ticket.labels} was called before anybody saw it"
    yield from (f"phantom: {label} was passed over for ever" for label in truth.staff.passed_over)


def told_of(truth: Truth) -> frozenset[str]:
    """Valid tickets that nobody has seen, and staff know: the kiosk that had died over one told so, when it was back
    too late to show it, or it was called as one that may not have been shown."""
    known = _known_since(truth)
    called = {ticket.id for ticket, at in _calls(truth) if _flagged(truth, ticket, at)}
    unseen = {ticket.id: ticket for ticket in truth.valid if ticket.id not in known}
    stopped = {ref for ref, ticket in unseen.items() if any(_came_back_late(truth, key) for key in ticket.keys)}
    return frozenset(stopped | (called & unseen.keys()))


def _came_back_late(truth: Truth, key: str) -> bool:
    """A kiosk that is back in time shows the number instead."""
    wish = truth.kept.get(key)
    return (
        wish is not None and wish.code == STOPPED and wish.told_after is not None and wish.told_after > RESUMED_WITHIN
    )


def _known_since(truth: Truth) -> dict[str, datetime]:
    """Since when somebody has had a ticket's number, on a screen or a paper; only tickets that somebody has had."""
    moments = [*((seen.ref, seen.at_s) for seen in truth.seen), *((paper.ref, paper.at_s) for paper in truth.papers)]
    known: dict[str, datetime] = {}
    for ref, at_s in moments:
        ticket = truth.by_ref.get(ref)
        if ticket is not None:
            at = truth.hub.started_at + timedelta(seconds=at_s)
            known[ticket.id] = min(at, known.get(ticket.id, at))
    return known


def _calls(truth: Truth) -> Iterator[tuple[Booked, datetime]]:
    """Every first call, whether the counter heard the answer or not."""
    for event in truth.hub.events:
        if event.type is EventType.TICKET_CALLED and event.ticket is not None:
            yield truth.by_ref[event.ticket.id], event.at


def _said_so(truth: Truth, ticket: Booked, at: datetime) -> bool:
    """Whether a counter saw with the call that nobody may know the number."""
    return _flagged(truth, ticket, at) or any(told <= at for told in _told_stopped(truth, ticket))


def _flagged(truth: Truth, ticket: Booked, at: datetime) -> bool:
    answers = [call.flags for call in truth.staff.called if call.ticket == ticket.id]
    return at - truth.hub.issued_at(ticket.id) >= LONGEST_UNSEEN and all(NOT_SHOWN in flags for flags in answers)


def _told_stopped(truth: Truth, ticket: Booked) -> list[datetime]:
    rows = truth.hub.rows(f"SELECT told_at FROM print WHERE ticket = '{ticket.id}' AND code = '{STOPPED}'")
    return [from_stored(told_at) for (told_at,) in rows]
