"""What a counter can do with the tickets in front of it: which one is being served here, and what is legal for each."""

from __future__ import annotations

from kiosk.domain.ticket import TRANSITIONS, TicketAction, TicketState, TicketView

AT_COUNTER = (TicketState.SERVING, TicketState.CALLED)
"""States in which a person stands at a counter or is on the way there; who is being served comes first."""


def current_ticket(tickets: tuple[TicketView, ...], counter: str, last: str | None) -> TicketView | None:
    """The ticket counter `counter` works on; `last` is the id of the one it worked on before, if it may go on."""
    here = [ticket for ticket in tickets if ticket.counter == counter and ticket.state in AT_COUNTER]
    for ticket in here:
        if ticket.id == last:
            return ticket
    return min(here, key=lambda ticket: AT_COUNTER.index(ticket.state), default=None)


def is_elsewhere(ticket: TicketView, counter: str) -> bool:
    """Whether another counter is working on this ticket: hands off."""
    return ticket.state in AT_COUNTER and ticket.counter != counter


def legal_actions(ticket: TicketView | None, counter: str) -> frozenset[TicketAction]:
    """What `counter` may do with `ticket`."""
    if ticket is None or is_elsewhere(ticket, counter):
        return frozenset()
    return frozenset(action for state, action in TRANSITIONS if state is ticket.state)
