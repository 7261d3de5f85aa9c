"""Services the settings no longer have although people hold their numbers: staff are told and call them anywhere.

They come from the books alone: they give no new number, show as long as somebody waits, and are gone the day after.
"""

from __future__ import annotations

from kiosk.domain.alert import HUB, LABELS, LABELS_KEPT, PARAM_WORDS_LENGTH, AlertKind, about
from kiosk.services.alerts import raise_alert, settle_fault
from kiosk.services.context import ReadContext, WriteContext

LEFTOVER = "hub.service_left"


def tell_leftovers(context: WriteContext) -> None:
    """One alert to every counter while somebody waits for a service that is no longer configured; it goes at the first
    start at which nobody does."""
    waiting = sum(context.tickets.waiting(day, s) for day in context.live_days for s in context.leftover_services)
    if waiting:
        raise_alert(context, HUB, AlertKind.FAULT, LEFTOVER, {"waiting": waiting, **_first_labels(context)})
    else:
        settle_fault(context, HUB, LEFTOVER)


def _first_labels(context: ReadContext) -> dict[str, str | int]:
    """The numbers of those who are called first, as far as an alert has room."""
    heads = [
        ticket.label
        for day in context.live_days
        for service in context.leftover_services
        for ticket in context.tickets.waiting_tickets(day, service, LABELS_KEPT)
    ]
    labels = [label for label in heads if about(label)][:LABELS_KEPT]
    while len(",".join(labels)) > PARAM_WORDS_LENGTH:
        labels.pop()
    return {LABELS: ",".join(labels)} if labels else {}
