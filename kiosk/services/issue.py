"""Issue a ticket: number, ticket, period and event in one transaction, once per idempotency key."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from kiosk.domain.eligibility import NextStep
from kiosk.domain.events import EventType, SiteEvent, TicketFact
from kiosk.domain.faults import Refusal
from kiosk.domain.queue import order_moment, rank_of
from kiosk.domain.service import Availability, Service, availability_at, next_opening
from kiosk.domain.ticket import PeriodKind, Priority, TicketState, label_of
from kiosk.services.context import WriteContext
from kiosk.services.show import ticket_view
from kiosk.storage.tickets import StoredTicket


@dataclass(frozen=True, kw_only=True)
class IssueRequest:
    """What a kiosk or counter asks for. `eligibility` names a stored insurance answer; `flags` are catalogue keys for
    staff; `next_step` is where the patient is sent (null: the insurance answer's, else to wait for the call)."""

    service: str
    priority: Priority = Priority.NORMAL
    patient_ref: str | None = None
    eligibility: str | None = None
    masked_name: str | None = None
    next_step: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Issued:
    """The answer's JSON body, and whether an earlier request with the same key had made it already."""

    body: bytes
    replayed: bool


def issue_ticket(context: WriteContext, key: str, request: IssueRequest) -> Issued:
    """Give a number under the idempotency `key`.

    The same key with the same request returns the first answer, byte for byte. Raises `Refusal`:
    `request.idempotency_key_reused`, `service.unknown`, `service.closed`, `service.full`, `eligibility.unknown`.
    """
    asked = msgspec.json.encode(request, order="deterministic")
    earlier = context.records.remembered(key)
    if earlier is not None:
        stored_request, body = earlier
        if stored_request != asked:
            raise Refusal("request.idempotency_key_reused")
        return Issued(body=body, replayed=True)
    ticket = _new_ticket(context, request)
    body = msgspec.json.encode(ticket_view(context, ticket))
    context.records.remember(key, asked, ticket.id, body, context.now)
    return Issued(body=body, replayed=False)


def _new_ticket(context: WriteContext, request: IssueRequest) -> StoredTicket:
    service = context.site.service(request.service)
    _require_open(context, service)
    number = context.tickets.take_number(context.today, service.id)
    ticket = StoredTicket(
        id=context.new_id(),
        day=context.today,
        series=service.id,
        number=number,
        label=label_of(service.prefix, number),
        service=service.id,
        state=TicketState.WAITING,
        priority=request.priority,
        rank=rank_of(request.priority),
        order_at=order_moment(context.now, request.priority, context.site.head_start),
        issued_seq=context.session.next_seq,
        issued_at=context.now,
        counter=None,
        patient_ref=request.patient_ref,
        masked_name=request.masked_name,
        eligibility=request.eligibility,
        next_step=_next_step(context, request),
        flags=request.flags,
    )
    context.tickets.insert(ticket)
    context.tickets.open_period(ticket.id, PeriodKind.WAITING, ticket.service, None, context.now)
    context.session.add_event(
        SiteEvent(seq=0, at=context.now, type=EventType.TICKET_ISSUED, ticket=ticket_fact(ticket))
    )
    return ticket


def _require_open(context: WriteContext, service: Service) -> None:
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


def _next_step(context: WriteContext, request: IssueRequest) -> str:
    if request.eligibility is None:
        return request.next_step or NextStep.WAIT_FOR_CALL.value
    answer = context.records.eligibility(request.eligibility)
    if answer is None:
        if request.next_step is not None:
            return request.next_step
        raise Refusal("eligibility.unknown")
    return answer.next_step if _knows_better(context, request) else request.next_step or answer.next_step


def _knows_better(context: WriteContext, request: IssueRequest) -> bool:
    """True where the insurer's answer came after the kiosk had been told to go on, and before its ticket."""
    if request.next_step != NextStep.CHECK_AT_COUNTER or request.eligibility is None:
        return False
    lookup = context.lookups.get(request.eligibility)
    return lookup is not None and lookup.late


def ticket_fact(ticket: StoredTicket) -> TicketFact:
    """A ticket as the feed tells it."""
    return TicketFact(
        id=ticket.id, label=ticket.label, service=ticket.service, state=ticket.state, counter=ticket.counter
    )
