"""Taking in what a kiosk printed of its own while the hub was away.

Paper exists, so nothing is refused for being closed or full. Nobody called already is undone, and nobody loses the
place that was earned by arriving.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Protocol

from kiosk.domain.events import EventType, SiteEvent
from kiosk.domain.ticket import RecordAction
from kiosk.services.context import WriteContext
from kiosk.services.new_ticket import NumberGiven, Wish, insert_ticket, ticket_fact
from kiosk.storage.keys import RememberedKey
from kiosk.storage.tickets import StoredTicket

TWO_LABELS = "flag.two_labels"
LABEL_TWICE = "flag.label_twice"
SECOND_TICKET = "flag.second_ticket"
LONGEST_ABSENCE = timedelta(days=31)
"""Nobody lets a kiosk stand without its hub for longer."""


class Paper(Protocol):
    """A number a kiosk gave (`kiosk.services.issue.OfflinePaper`)."""

    @property
    def label(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def kiosk(self) -> str: ...
    @property
    def asked_at(self) -> datetime: ...
    @property
    def kiosk_now(self) -> datetime: ...


def came_with_label(context: WriteContext, wish: Wish, paper: Paper, callable_from: datetime | None) -> StoredTicket:
    """A ticket for a paper whose key the hub has never heard: it takes a place of the service, also where none is left.
    Nobody is called by it before `callable_from`.

    Raises `Refusal("service.unknown")`."""
    service = context.site.service(wish.service)
    arrived = arrival(context.now, paper)
    day = context.site.day_of(arrived)
    series, twice = _series(context, paper, arrived)
    held = wish.patient_ref is not None and context.tickets.live_of_patient(day, wish.patient_ref, service.id)
    flags = ((LABEL_TWICE,) if twice else ()) + ((SECOND_TICKET,) if held else ())
    context.tickets.add_waiting(day, service.id, 1)
    context.tickets.add_places(day, service.id, 1)
    given = NumberGiven(
        series=series,
        number=paper.number,
        label=paper.label,
        day=day,
        arrived=arrived,
        flags=flags,
        callable_from=callable_from,
    )
    return insert_ticket(context, wish, given)


def arrival(now: datetime, paper: Paper) -> datetime:
    """When the holder came by the hub's clock: as long ago as the kiosk's clock says, and never in the future. A clock
    that was set meanwhile says nothing: then it is now."""
    waited = paper.kiosk_now - paper.asked_at
    return now - waited if timedelta(0) < waited <= LONGEST_ABSENCE else now


def _series(context: WriteContext, paper: Paper, arrived: datetime) -> tuple[str, bool]:
    """The kiosk's series of numbers; another one where two papers bear the same number (two kiosks of one id, or a
    clock that jumped over midnight), for neither of them may be lost."""
    day = context.site.day_of(arrived)
    first = f"kiosk:{paper.kiosk}"
    if not context.tickets.is_number_taken(day, first, paper.number):
        return first, False
    others = (f"{first}#{n}" for n in count(2))
    return next(name for name in others if not context.tickets.is_number_taken(day, name, paper.number)), True


def merged(context: WriteContext, known: RememberedKey, label: str) -> StoredTicket:
    """The ticket of a key that had arrived, now that its paper turns out to bear `label`.

    It keeps identity, number and order. The label becomes the printed one unless it has been called, or
    was told under another key too: then staff are shown both.
    """
    ticket = context.tickets.get(known.ticket)
    assert ticket is not None, "a remembered key has its ticket"
    told = known.alias or context.keys.was_told_again(ticket.id)
    if told or context.calls.called_at(ticket.id) is not None:
        flags = ticket.flags if TWO_LABELS in ticket.flags else (*ticket.flags, TWO_LABELS)
        after = replace(ticket, printed_labels=(*ticket.printed_labels, label), flags=flags)
    else:
        after = replace(ticket, label=label)
    context.tickets.relabel(after)
    seq = context.session.add_event(
        SiteEvent(seq=0, at=context.now, type=EventType.TICKET_RELABELLED, ticket=ticket_fact(after))
    )
    context.records.audit(
        seq=seq,
        at=context.now,
        ticket_id=ticket.id,
        action=RecordAction.RELABEL,
        counter=None,
        actor=None,
        reason=None,
        before=ticket.label,
        after=" ".join((after.label, *after.printed_labels)),
    )
    return after
