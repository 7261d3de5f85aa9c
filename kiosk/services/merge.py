"""Taking in what a kiosk printed of its own while the hub was away.

Paper exists, so nothing is refused for being closed or full. Nobody called already is undone, nobody loses the place
that was earned by arriving, and nobody waits with a paper whose number will not be called.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Protocol

from kiosk.domain.alert import AlertKind, about
from kiosk.domain.ticket import TicketState
from kiosk.services.alerts import raise_alert
from kiosk.services.context import WriteContext
from kiosk.services.labels import audit_labels, held_by_others, labels_of, relabelled, tell_label_twice
from kiosk.services.new_ticket import NumberGiven, Wish, insert_ticket
from kiosk.storage.keys import RememberedKey
from kiosk.storage.tickets import StoredTicket

SECOND_TICKET = "flag.second_ticket"
NUMBER_REPLACED = "flag.number_replaced"
EARLIER_DAY = "flag.earlier_day"
PAPER_OF_EARLIER_DAY = "ticket.paper_of_earlier_day"
PAPER_OF_ENDED = "ticket.paper_of_ended"
LONGEST_ABSENCE = timedelta(days=31)
"""Nobody lets a kiosk stand without its hub for longer."""
_ENDED = (TicketState.FINISHED, TicketState.CANCELLED, TicketState.NO_SHOW)


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


def came_with_label(
    context: WriteContext,
    wish: Wish,
    paper: Paper,
    callable_from: datetime | None,
    before: StoredTicket | None = None,
) -> StoredTicket:
    """A ticket for a paper no ticket goes by yet: it takes a place of the service, also where none is left. Nobody is
    called by it before `callable_from`. `before`: one of the same key that is over, and nobody was told of.

    A paper of an earlier day waits in nobody's queue: the ticket is held, for staff to call if its holder stands there.
    A service that was removed meanwhile gives no number any more, but who holds one of its papers is called.

    Raises `Refusal("service.unknown")` for a service that was never there."""
    service = wish.service
    if not context.tickets.is_booked(service):
        service = context.site.service(service).id
    arrived = _arrived(context, paper, before)
    came_on = context.site.day_of(arrived)
    is_live = came_on in context.live_days
    day = came_on if is_live else context.today
    held = wish.patient_ref is not None and context.tickets.live_of_patient(day, wish.patient_ref, service)
    told = {SECOND_TICKET: held, NUMBER_REPLACED: before, EARLIER_DAY: not is_live}
    context.tickets.add_places(came_on, service, 1)
    if is_live:
        context.tickets.add_waiting(day, service, 1)
    given = NumberGiven(
        series=_series(context, paper, day),
        number=paper.number,
        label=paper.label,
        day=day,
        arrived=arrived,
        flags=tuple(flag for flag, holds in told.items() if holds),
        callable_from=callable_from,
        state=TicketState.WAITING if is_live else TicketState.HELD,
    )
    ticket = insert_ticket(context, wish, given)
    if not is_live:
        raise_alert(context, paper.kiosk, AlertKind.FAULT, PAPER_OF_EARLIER_DAY, about(paper.label))
    return tell_label_twice(context, ticket, paper.label)


def arrival(now: datetime, paper: Paper) -> datetime:
    """When the holder came by the hub's clock: as long ago as the kiosk's clock says, and never in the future. A clock
    that was set meanwhile says nothing: then it is now."""
    waited = paper.kiosk_now - paper.asked_at
    return now - waited if timedelta(0) < waited <= LONGEST_ABSENCE else now


def _arrived(context: WriteContext, paper: Paper, before: StoredTicket | None) -> datetime:
    """The arrival; where the wish itself had reached the hub, not later than that, nor days before it."""
    told = arrival(context.now, paper)
    if before is None or (told <= before.issued_at and context.site.day_of(told) in context.live_days):
        return told
    return before.issued_at


def _series(context: WriteContext, paper: Paper, day: date) -> str:
    """The kiosk's series of numbers; another one where two papers bear the same number (two kiosks of one id, or a
    clock that jumped over midnight), for neither of them may be lost."""
    first = f"kiosk:{paper.kiosk}"
    if not context.tickets.is_number_taken(day, first, paper.number):
        return first
    others = (f"{first}#{n}" for n in count(2))
    return next(name for name in others if not context.tickets.is_number_taken(day, name, paper.number))


def merged(
    context: WriteContext,
    key: str,
    known: RememberedKey,
    wish: Wish,
    paper: Paper,
    callable_from: datetime | None,
) -> StoredTicket:
    """The ticket of a key that had arrived, now that its paper turns out to bear another label.

    It keeps state, counter, order and calls. From now on it goes by the labels people hold: the hub's own only if that
    was told to somebody. A ticket that is over stays so: if nobody was told its label, its holder was never
    served and gets a new one; else staff are told, for the paper may be all its holder goes by.
    """
    ticket = context.tickets.get(known.ticket)
    assert ticket is not None, "a remembered key has its ticket"
    held = (*known.printed_labels, *held_by_others(context, ticket, key))
    is_over = ticket.state in _ENDED or ticket.day not in context.live_days
    if is_over and not held:
        return _replaced(context, ticket, wish, paper, callable_from)
    after = relabelled(context, ticket, (*held, paper.label))
    if is_over:
        raise_alert(context, paper.kiosk, AlertKind.FAULT, PAPER_OF_ENDED, about(",".join(labels_of(after))))
    return tell_label_twice(context, after, paper.label)


def _replaced(
    context: WriteContext, over: StoredTicket, wish: Wish, paper: Paper, callable_from: datetime | None
) -> StoredTicket:
    seq = context.session.next_seq
    ticket = came_with_label(context, wish, paper, callable_from, over)
    audit_labels(context, seq, over, ticket)
    return ticket
