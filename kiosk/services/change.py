"""Everything staff do to a ticket: call, recall, serve, hold, no-show, finish, transfer, re-prioritise, cancel.

Each is one conditional change inside the writer's transaction: two counters can never get the same ticket, and an
illegal transition changes nothing. Every change is kept with time, counter, the name staff typed and the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.domain.events import EVENT_OF_ACTION, SiteEvent
from kiosk.domain.faults import Refusal
from kiosk.domain.queue import LONGEST_UNSEEN, order_moment, rank_of
from kiosk.domain.ticket import PERIOD_OF_STATE, Priority, TicketAction, TicketState, TicketView, state_after
from kiosk.services.context import WriteContext
from kiosk.services.new_ticket import summary, ticket_fact
from kiosk.services.show import known_ticket, ticket_view
from kiosk.storage.tickets import StoredTicket

_NEEDS_COUNTER = frozenset({TicketAction.CALL, TicketAction.RECALL})


@dataclass(frozen=True, kw_only=True)
class Change:
    """A staff action. `counter`, `by` (the name staff typed) and `reason` are kept in the audit trail; `service` is the
    target of a transfer, `priority` the new priority."""

    action: TicketAction
    counter: str | None = None
    by: str | None = None
    reason: str | None = None
    service: str | None = None
    priority: Priority | None = None


def call_next(context: WriteContext, counter_id: str, by: str | None) -> TicketView | None:
    """Call who is next for a counter; null when nobody waits who can know the number.

    Raises `Refusal("counter.unknown")`."""
    site = context.site
    services = (*site.services_of(site.counter(counter_id)), *context.leftover_services)
    head = context.tickets.first_waiting(context.live_days, services, context.now, LONGEST_UNSEEN)
    if head is None:
        return None
    return _apply(context, head, Change(action=TicketAction.CALL, counter=counter_id, by=by))


def change_ticket(context: WriteContext, ticket_id: str, change: Change) -> TicketView:
    """Do one staff action. Raises `Refusal`: `ticket.unknown`, `ticket.transition_illegal`, `counter.unknown`,
    `counter.missing` (a call needs one), `service.unknown`."""
    return _apply(context, known_ticket(context, ticket_id), change)


def _apply(context: WriteContext, before: StoredTicket, change: Change) -> TicketView:
    state = state_after(before.state, change.action)
    counter = _counter_of(context, before, change)
    after = _changed(context, replace(before, state=state), change, counter)
    context.tickets.update(after)
    _keep_waiting_count(context, before, after)
    _keep_periods(context, before, after)
    seq = context.session.add_event(
        SiteEvent(seq=0, at=context.now, type=EVENT_OF_ACTION[change.action], ticket=ticket_fact(after))
    )
    if change.action in (TicketAction.CALL, TicketAction.RECALL):
        context.calls.insert(seq, after.day, after.id, str(after.counter), context.now)
    if change.action is TicketAction.FINISH:
        _keep_service_time(context, after, seq)
    context.records.audit(
        seq=seq,
        at=context.now,
        ticket_id=after.id,
        action=change.action,
        counter=counter,
        actor=change.by,
        reason=change.reason,
        before=summary(before),
        after=summary(after),
    )
    return ticket_view(context, after)


def _counter_of(context: WriteContext, ticket: StoredTicket, change: Change) -> str | None:
    """Where it happens. A counter that is no longer configured can be left, but not called to."""
    counter = change.counter or ticket.counter
    if counter is None and change.action in _NEEDS_COUNTER:
        raise Refusal("counter.missing")
    if change.counter is not None or change.action in _NEEDS_COUNTER:
        return context.site.counter(counter or "").id
    return counter


def _changed(context: WriteContext, ticket: StoredTicket, change: Change, counter: str | None) -> StoredTicket:
    """`ticket`, in its new state already, with what else the action changes."""
    if change.action is TicketAction.TRANSFER:
        target = context.site.service(change.service or "")
        return replace(ticket, service=target.id, counter=None)
    if change.action is TicketAction.SET_PRIORITY:
        priority = change.priority or Priority.NORMAL
        moment = order_moment(ticket.issued_at, priority, context.site.head_start)
        return replace(ticket, priority=priority, rank=rank_of(priority), order_at=moment)
    if change.action in _NEEDS_COUNTER:
        return replace(ticket, counter=counter)
    return ticket


def _keep_waiting_count(context: WriteContext, before: StoredTicket, after: StoredTicket) -> None:
    if before.state is TicketState.WAITING:
        context.tickets.add_waiting(before.day, before.service, -1)
    if after.state is TicketState.WAITING:
        context.tickets.add_waiting(after.day, after.service, 1)


def _keep_periods(context: WriteContext, before: StoredTicket, after: StoredTicket) -> None:
    """Close the running period and open the next one, unless the ticket goes on doing the same in the same place."""
    if (before.state, before.service, before.counter) == (after.state, after.service, after.counter):
        return
    context.tickets.close_period(after.id, context.now)
    kind = PERIOD_OF_STATE.get(after.state)
    if kind is not None:
        context.tickets.open_period(after.id, kind, after.service, after.counter, context.now)


def _keep_service_time(context: WriteContext, ticket: StoredTicket, seq: int) -> None:
    called_at = context.calls.called_at(ticket.id)
    if called_at is not None and context.now > called_at:
        context.calls.add_service_time(ticket.service, seq, context.now - called_at)
