"""What kiosks tell of papers."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.events import EventType, SiteEvent
from kiosk.domain.paper import PaperReport, PaperState, newest_paper
from kiosk.domain.ticket import TicketView
from kiosk.services.context import WriteContext
from kiosk.services.new_ticket import known_to_holder, ticket_fact
from kiosk.services.show import known_ticket, ticket_view

_ON_ITS_WAY = (PaperState.QUEUED, PaperState.SENT)
"""Seen on nobody's screen but the kiosk's: boards and counters are not woken for it."""


def tell_paper(context: WriteContext, ticket_id: str, report: PaperReport) -> TicketView:
    """Keep a report, which also says that the holder knows the number; the ticket with what is known of its paper now.

    Raises `Refusal("ticket.unknown")`."""
    ticket = known_to_holder(context, known_ticket(context, ticket_id))
    context.papers.add(ticket.id, report, context.now)
    paper = newest_paper(ticket.paper, report)
    if paper == ticket.paper:
        return ticket_view(context, ticket)
    context.tickets.set_paper(ticket.id, paper)
    after = replace(ticket, paper=paper)
    if paper.state not in _ON_ITS_WAY:
        context.session.add_event(
            SiteEvent(seq=0, at=context.now, type=EventType.TICKET_PAPER_CHANGED, ticket=ticket_fact(after))
        )
    return ticket_view(context, after)
