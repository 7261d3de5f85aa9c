"""Reading use cases: tickets, services, counters' lists and the board as callers see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from kiosk.domain.board import BoardCall, BoardContent, BoardQueue
from kiosk.domain.faults import Refusal
from kiosk.domain.localized import LocalizedText
from kiosk.domain.queue import RECENT_SERVICES, expected_wait
from kiosk.domain.service import Availability, ServiceView, availability_at, hours_view, next_opening
from kiosk.domain.ticket import Estimate, TicketDetail, TicketState, TicketView
from kiosk.services.context import ReadContext
from kiosk.storage.calls import StoredCall
from kiosk.storage.tickets import StoredTicket

PRESENT_STATES = (TicketState.CALLED, TicketState.SERVING, TicketState.HELD, TicketState.NO_SHOW)
NOW_CALLED = 6
RECENTLY_CALLED = 12
NEXT_LABELS = 5
LIST_LIMIT = 500
NOWHERE = LocalizedText(vi="", en="")
NOT_SHOWN = "flag.maybe_not_shown"


def ticket_view(context: ReadContext, ticket: StoredTicket) -> TicketView:
    """A stored ticket with its place in the queue at this moment."""
    ahead = people_ahead(context, ticket)
    eligibility = context.records.eligibility(ticket.eligibility) if ticket.eligibility else None
    return TicketView(
        id=ticket.id,
        number=ticket.number,
        label=ticket.label,
        service=ticket.service,
        state=ticket.state,
        priority=ticket.priority,
        people_ahead=ahead,
        estimate=None if ahead is None else _estimate(context, ticket.service, ahead),
        counter=ticket.counter,
        issued_at=ticket.issued_at,
        masked_name=ticket.masked_name,
        coverage=eligibility.coverage if eligibility else None,
        staff_action=eligibility.staff_action if eligibility else None,
        next_step=ticket.next_step,
        flags=(*ticket.flags, *_unseen(context, ticket)),
        paper=ticket.paper,
        printed_labels=ticket.printed_labels,
    )


def _unseen(context: ReadContext, ticket: StoredTicket) -> tuple[str, ...]:
    """A number its kiosk never told of: it went down before it could have shown it, or just after."""
    return (NOT_SHOWN,) if ticket.callable_from is not None and context.now >= ticket.callable_from else ()


def people_ahead(context: ReadContext, ticket: StoredTicket) -> int | None:
    """How many of the same queue are called before; null for a ticket that does not wait."""
    if ticket.state is not TicketState.WAITING:
        return None
    days = context.live_days if ticket.day in context.live_days else (ticket.day,)
    waiting = sum(context.tickets.waiting(day, ticket.service) for day in days)
    return waiting - 1 - sum(context.tickets.waiting_behind(ticket, day) for day in days)


def _estimate(context: ReadContext, service_id: str, ahead: int) -> Estimate | None:
    service = next((s for s in context.site.services if s.id == service_id), None)
    if service is None:
        return None
    recent = context.calls.recent_minutes(service_id, RECENT_SERVICES)
    return expected_wait(ahead, service.mean_service_min, recent, context.site.counters_for(service_id))


def ticket_detail(context: ReadContext, id_or_key: str) -> TicketDetail:
    """One ticket with its periods. Raises `Refusal("ticket.unknown")`."""
    ticket = known_ticket(context, id_or_key)
    view = ticket_view(context, ticket)
    shared = {field.name: getattr(view, field.name) for field in fields(TicketView)}
    return TicketDetail(
        **shared, periods=context.tickets.periods(ticket.id), papers=context.papers.of_ticket(ticket.id)
    )


def known_ticket(context: ReadContext, id_or_key: str) -> StoredTicket:
    """The stored ticket of that id, or the one that was asked for under that idempotency key: a slip a kiosk printed
    without the hub bears the key, for it knew no id.

    Raises `Refusal("ticket.unknown")`, also for a slip its kiosk has not told of yet.
    """
    ticket = context.tickets.get(id_or_key)
    if ticket is None and (asked := context.keys.remembered(id_or_key)) is not None:
        ticket = context.tickets.get(asked.ticket)
    if ticket is None:
        raise Refusal("ticket.unknown")
    return ticket


def services_now(context: ReadContext) -> tuple[ServiceView, ...]:
    """Every service with what is true of it now."""
    local_time = context.site.local(context.now).time()
    views = []
    for service in context.site.services:
        availability = availability_at(service, local_time, context.tickets.issued(context.today, service.id))
        opens = next_opening(service, local_time) if availability is Availability.CLOSED else None
        views.append(
            ServiceView(
                id=service.id,
                prefix=service.prefix,
                name=service.name,
                room=service.room,
                directions=service.directions,
                availability=availability,
                opens_at=opens.strftime("%H:%M") if opens else None,
                waiting=sum(context.tickets.waiting(day, service.id) for day in context.live_days),
                for_insured=service.for_insured,
                for_uninsured=service.for_uninsured,
                hours=tuple(map(hours_view, service.hours)),
            )
        )
    return tuple(views)


def counter_list(context: ReadContext, counter_id: str | None) -> tuple[TicketView, ...]:
    """The live tickets of the services a counter calls for (all services without a counter), and of services that are
    no longer configured: those called, served, held or absent first, then the waiting in the order they will be called.

    Raises `Refusal("counter.unknown")`."""
    site = context.site
    configured = (
        site.services_of(site.counter(counter_id)) if counter_id else tuple(service.id for service in site.services)
    )
    services = (*configured, *context.leftover_services)
    days, tickets = context.live_days, context.tickets
    present = [t for day in days for t in tickets.in_states(day, PRESENT_STATES) if t.service in services]
    waiting = _in_order(t for day in days for s in services for t in tickets.waiting_tickets(day, s, LIST_LIMIT))
    return tuple(ticket_view(context, ticket) for ticket in [*present, *waiting])


def _in_order(waiting: Iterable[StoredTicket]) -> list[StoredTicket]:
    """In the order they will be called."""
    return sorted(waiting, key=lambda t: (t.rank, t.order_at, t.issued_seq))


def board_content(context: ReadContext) -> BoardContent:
    """Everything an LCD board shows, at the newest event."""
    calls = context.calls.latest(context.live_days, NOW_CALLED + RECENTLY_CALLED)
    now_called = [c for c in calls if c.state in (TicketState.CALLED, TicketState.SERVING)][:NOW_CALLED]
    shown = {call.call_id for call in now_called}
    recent = [call for call in calls if call.call_id not in shown][:RECENTLY_CALLED]
    return BoardContent(
        seq=context.records.last_seq(),
        at=context.now,
        hospital=context.site.hospital,
        now_called=tuple(_board_call(context, call) for call in now_called),
        recently_called=tuple(_board_call(context, call) for call in recent),
        queues=(*(_board_queue(context, view) for view in services_now(context)), *_leftover_queues(context)),
    )


def _board_call(context: ReadContext, call: StoredCall) -> BoardCall:
    return BoardCall(
        call_id=call.call_id,
        label=call.label,
        service=call.service,
        service_name=context.site.service_name(call.service),
        counter=call.counter,
        counter_name=context.site.counter_name(call.counter),
        called_at=call.called_at,
        times=call.times,
        printed_labels=call.printed_labels,
    )


def _board_queue(context: ReadContext, view: ServiceView) -> BoardQueue:
    return BoardQueue(
        service=view.id,
        name=view.name,
        room=view.room,
        waiting=view.waiting,
        next_labels=_next_labels(context, view.id),
    )


def _leftover_queues(context: ReadContext) -> list[BoardQueue]:
    """Of services that are no longer configured, as long as somebody waits."""
    waiting = {
        service: sum(context.tickets.waiting(day, service) for day in context.live_days)
        for service in context.leftover_services
    }
    return [
        BoardQueue(
            service=service,
            name=context.site.service_name(service),
            room=NOWHERE,
            waiting=people,
            next_labels=_next_labels(context, service),
        )
        for service, people in waiting.items()
        if people
    ]


def _next_labels(context: ReadContext, service: str) -> tuple[str, ...]:
    tickets = context.tickets
    heads = _in_order(t for day in context.live_days for t in tickets.waiting_tickets(day, service, NEXT_LABELS))
    return tuple(label for ticket in heads for label in (ticket.label, *ticket.printed_labels))[:NEXT_LABELS]
