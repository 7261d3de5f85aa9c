"""Writing a new ticket with its period and event, whoever gave its number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from kiosk.domain.eligibility import NextStep
from kiosk.domain.events import EventType, SiteEvent, TicketFact
from kiosk.domain.faults import Refusal
from kiosk.domain.queue import order_moment, rank_of
from kiosk.domain.service import Availability, Service, availability_at, next_opening
from kiosk.domain.ticket import PERIOD_OF_STATE, Priority, TicketState
from kiosk.services.context import WriteContext
from kiosk.storage.tickets import StoredTicket


class Wish(Protocol):
    """What somebody wants a ticket for (`kiosk.services.issue.IssueRequest`)."""

    @property
    def service(self) -> str: ...
    @property
    def priority(self) -> Priority: ...
    @property
    def patient_ref(self) -> str | None: ...
    @property
    def eligibility(self) -> str | None: ...
    @property
    def masked_name(self) -> str | None: ...
    @property
    def next_step(self) -> str | None: ...
    @property
    def flags(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, kw_only=True)
class NumberGiven:
    """A number of `series` on `day`, its label, and when its holder came (UTC). Counting it among the waiting is left
    to who gave it; `flags` come after the wish's own. Before `callable_from` nobody is called by it; in `state` held,
    not before staff do it."""

    series: str
    number: int
    label: str
    day: date
    arrived: datetime
    flags: tuple[str, ...] = ()
    callable_from: datetime | None = None
    state: TicketState = TicketState.WAITING


def insert_ticket(context: WriteContext, wish: Wish, given: NumberGiven) -> StoredTicket:
    """Write the ticket. Raises `Refusal("eligibility.unknown")` where the next step depends on an unknown answer."""
    ticket = StoredTicket(
        id=context.new_id(),
        day=given.day,
        series=given.series,
        number=given.number,
        label=given.label,
        service=wish.service,
        state=given.state,
        priority=wish.priority,
        rank=rank_of(wish.priority),
        order_at=order_moment(given.arrived, wish.priority, context.site.head_start),
        issued_seq=context.session.next_seq,
        issued_at=given.arrived,
        counter=None,
        patient_ref=wish.patient_ref,
        masked_name=wish.masked_name,
        eligibility=wish.eligibility,
        next_step=_next_step(context, wish),
        flags=(*wish.flags, *given.flags),
        callable_from=given.callable_from,
    )
    context.tickets.insert(ticket)
    context.tickets.open_period(ticket.id, PERIOD_OF_STATE[given.state], ticket.service, None, given.arrived)
    context.session.add_event(
        SiteEvent(seq=0, at=context.now, type=EventType.TICKET_ISSUED, ticket=ticket_fact(ticket))
    )
    return ticket


def known_to_holder(context: WriteContext, ticket: StoredTicket) -> StoredTicket:
    """`ticket`, whose number has been seen: from now on it may be called by it."""
    context.tickets.may_be_called(ticket.id)
    return replace(ticket, callable_from=None)


def require_open(context: WriteContext, service: Service) -> None:
    """The service gives numbers now. A kiosk that has no hub is not asked for this, but its numbers take places too; a
    transfer needs and takes none (`TicketTable.issued`).

    Raises `Refusal`: `service.full`, `service.closed`, `service.closed_until`."""
    local_time = context.site.local(context.now).time()
    issued = 0 if service.daily_limit is None else context.tickets.issued(context.today, service.id)
    availability = availability_at(service, local_time, issued)
    if availability is Availability.FULL:
        raise Refusal("service.full", service=service.id)
    if availability is Availability.CLOSED:
        opens = next_opening(service, local_time)
        if opens is None:
            raise Refusal("service.closed", service=service.id)
        raise Refusal("service.closed_until", service=service.id, opens_at=opens.strftime("%H:%M"))


def _next_step(context: WriteContext, wish: Wish) -> str:
    if wish.eligibility is None:
        return wish.next_step or NextStep.WAIT_FOR_CALL.value
    answer = context.records.eligibility(wish.eligibility)
    if answer is None:
        if wish.next_step is not None:
            return wish.next_step
        raise Refusal("eligibility.unknown")
    return answer.next_step if _knows_better(context, wish) else wish.next_step or answer.next_step


def _knows_better(context: WriteContext, wish: Wish) -> bool:
    """True where the insurer's answer came after the kiosk had been told to go on, and before its ticket."""
    if wish.next_step != NextStep.CHECK_AT_COUNTER or wish.eligibility is None:
        return False
    lookup = context.lookups.get(wish.eligibility)
    return lookup is not None and lookup.late


def ticket_fact(ticket: StoredTicket) -> TicketFact:
    """A ticket as the feed tells it."""
    return TicketFact(
        id=ticket.id,
        label=ticket.label,
        service=ticket.service,
        state=ticket.state,
        counter=ticket.counter,
        printed_labels=ticket.printed_labels,
    )


def summary(ticket: StoredTicket) -> str:
    """A ticket in the words of the audit trail."""
    return f"{ticket.state.value} {ticket.service} {ticket.priority.value} {ticket.counter or '-'}"
