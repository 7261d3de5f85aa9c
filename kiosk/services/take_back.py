"""Taking an idempotency key back: it never makes a ticket afterwards, and one nobody has called is cancelled."""

from __future__ import annotations

from kiosk.domain.ticket import TicketAction, TicketState, TicketView
from kiosk.services.change import Change, change_ticket
from kiosk.services.context import WriteContext
from kiosk.services.show import known_ticket, ticket_view

NOBODY_SAW_IT = "ticket.nobody_saw_it"
_NOT_YET_CALLED = (TicketState.WAITING, TicketState.HELD)


def take_back(context: WriteContext, key: str) -> TicketView | None:
    """The ticket the key had made, cancelled unless it has been called; null where it had made none.

    A ticket that was the answer to two wishes of one person stays for the one that is not taken back. Nobody saw a
    number that is cancelled here, so its place counts as free again for the daily limit; the number itself is never
    given twice. Doing it twice changes nothing.
    """
    context.keys.take_back(key, context.now)
    known = context.keys.remembered(key)
    if known is None:
        return None
    ticket = known_ticket(context, known.ticket)
    called = context.calls.called_at(ticket.id) is not None
    if called or context.keys.is_wanted(ticket.id) or ticket.state not in _NOT_YET_CALLED:
        return ticket_view(context, ticket)
    taken_for = context.tickets.periods(ticket.id)[0].service
    context.tickets.add_places(ticket.day, taken_for, -1)
    return change_ticket(context, ticket.id, Change(action=TicketAction.CANCEL, reason=NOBODY_SAW_IT))
