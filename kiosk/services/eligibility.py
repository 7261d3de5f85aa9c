"""Keep what the insurance look-up answered, at once or late, and let the tickets that wait for it know."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.eligibility import Eligibility
from kiosk.domain.events import EventType, SiteEvent
from kiosk.domain.ticket import LIVE_STATES
from kiosk.services.context import WriteContext
from kiosk.services.issue import ticket_fact


def keep_answer(context: WriteContext, answer: Eligibility, asked_at: datetime) -> Eligibility:
    """Store what the kiosk is told; a pending one is completed later by `keep_late_answer`."""
    context.records.put_eligibility(answer, asked_at, None if answer.pending else context.now)
    return answer


def keep_late_answer(context: WriteContext, answer: Eligibility) -> None:
    """Complete a pending answer: tickets that refer to it get its next step, and counters hear of it."""
    context.records.put_eligibility(answer, context.now, context.now)
    for ticket in context.tickets.with_eligibility(answer.id):
        if ticket.state in LIVE_STATES:
            context.tickets.set_next_step(ticket.id, answer.next_step)
            context.session.add_event(
                SiteEvent(seq=0, at=context.now, type=EventType.ELIGIBILITY_ANSWERED, ticket=ticket_fact(ticket))
            )
