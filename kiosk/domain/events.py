"""What the site's event feed tells boards, counters and kiosks. Nothing personal: labels, services, counters.

`seq` counts without gaps per site, in commit order; it is also the feed's `id`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kiosk.domain.alert import AlertParams
from kiosk.domain.ticket import TicketAction, TicketState


class EventType(StrEnum):
    TICKET_ISSUED = "ticket.issued"
    TICKET_CALLED = "ticket.called"
    TICKET_RECALLED = "ticket.recalled"
    TICKET_SERVING = "ticket.serving"
    TICKET_HELD = "ticket.held"
    TICKET_NO_SHOW = "ticket.no_show"
    TICKET_FINISHED = "ticket.finished"
    TICKET_TRANSFERRED = "ticket.transferred"
    TICKET_PRIORITY_CHANGED = "ticket.priority_changed"
    TICKET_CANCELLED = "ticket.cancelled"
    TICKET_RELABELLED = "ticket.relabelled"
    TICKET_PAPER_CHANGED = "ticket.paper_changed"
    ELIGIBILITY_ANSWERED = "eligibility.answered"
    ALERT_RAISED = "alert.raised"
    ALERT_CHANGED = "alert.changed"
    ALERT_HANDLED = "alert.handled"


EVENT_OF_ACTION: dict[TicketAction, EventType] = {
    TicketAction.CALL: EventType.TICKET_CALLED,
    TicketAction.RECALL: EventType.TICKET_RECALLED,
    TicketAction.SERVE: EventType.TICKET_SERVING,
    TicketAction.HOLD: EventType.TICKET_HELD,
    TicketAction.NO_SHOW: EventType.TICKET_NO_SHOW,
    TicketAction.FINISH: EventType.TICKET_FINISHED,
    TicketAction.TRANSFER: EventType.TICKET_TRANSFERRED,
    TicketAction.SET_PRIORITY: EventType.TICKET_PRIORITY_CHANGED,
    TicketAction.CANCEL: EventType.TICKET_CANCELLED,
}


@dataclass(frozen=True, kw_only=True)
class TicketFact:
    """The ticket of an event as anybody may see it; `printed_labels` stand on papers of it, beside `label`."""

    id: str
    label: str
    service: str
    state: TicketState
    counter: str | None
    printed_labels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AlertFact:
    """A call for help or a fault at a kiosk. `kind` is `help` or `fault`, `code` names the fault, `params` fill its
    sentence (`left`, `labels` …)."""

    id: str
    kiosk: str
    kind: str
    code: str
    params: AlertParams = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SiteEvent:
    """One event of the feed. Exactly one of `ticket` and `alert` is set, except for `eligibility.answered`, which
    names the ticket it belongs to when there is one."""

    seq: int
    at: datetime
    type: EventType
    ticket: TicketFact | None = None
    alert: AlertFact | None = None
