"""Taking an idempotency key back: it never makes a ticket afterwards, and one nobody has called is cancelled."""

from __future__ import annotations

from kiosk.domain.paper import may_be_out
from kiosk.domain.ticket import TicketAction, TicketState, TicketView
from kiosk.services.change import Change, change_ticket
from kiosk.services.context import WriteContext
from kiosk.services.labels import held_by_others, relabelled
from kiosk.services.merge import EARLIER_DAY
from kiosk.services.show import known_ticket, ticket_view
from kiosk.storage.keys import RememberedKey
from kiosk.storage.tickets import StoredTicket

NOBODY_SAW_IT = "ticket.nobody_saw_it"
_NOT_YET_CALLED = (TicketState.WAITING, TicketState.HELD)


def take_back(context: WriteContext, key: str) -> TicketView | None:
    """The ticket the key had made, cancelled unless it has been called; null where it had made none.

    A ticket that was the answer to two wishes of one person stays for the one that is not taken back. Where a paper may
    be out (the printer had the slip; or there is a label of the kiosk's own, unless one that tells of its papers has
    told of none yet) nothing is taken back at all. Nobody saw a number that is cancelled here, so its place counts as
    free again for the daily limit; the number itself is never given twice. Doing it twice changes nothing.
    """
    known = context.keys.remembered(key)
    ticket = None if known is None else known_ticket(context, known.ticket)
    if known is not None and ticket is not None and _paper_may_be_out(context, known, ticket):
        return ticket_view(context, ticket)
    context.keys.take_back(key, context.now)
    if ticket is None:
        return None
    held = held_by_others(context, ticket, key)
    if held:
        return ticket_view(context, relabelled(context, ticket, held))
    if context.calls.called_at(ticket.id) is not None or ticket.state not in _NOT_YET_CALLED:
        return ticket_view(context, ticket)
    if EARLIER_DAY not in ticket.flags:  # its place is one of that day's, which is over
        context.tickets.add_places(ticket.day, context.tickets.periods(ticket.id)[0].service, -1)
    return change_ticket(context, ticket.id, Change(action=TicketAction.CANCEL, reason=NOBODY_SAW_IT))


def _paper_may_be_out(context: WriteContext, known: RememberedKey, ticket: StoredTicket) -> bool:
    if known.printed_labels and ticket.callable_from is None:
        return True
    return not known.alias and may_be_out(context.papers.of_ticket(ticket.id))
