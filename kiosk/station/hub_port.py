"""What a kiosk needs from the hub, as a port; `kiosk.station.hub_client` speaks it over HTTP.

Every call blocks and is made on a pool thread, never on the screen's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Protocol

import msgspec

from kiosk.domain.alert import NO_PARAMS, AlertParams
from kiosk.domain.eligibility import Eligibility, EligibilityQuestion
from kiosk.domain.localized import LocalizedText
from kiosk.domain.outbox import OwnNumber
from kiosk.domain.paper import PaperReport
from kiosk.domain.service import ServiceView
from kiosk.domain.ticket import TicketView
from kiosk.domain.visit.effects import IssueTicket


class HubUnreachable(Exception):
    """No usable answer: no connection, time-out, a broken answer, or a 5xx. The call may be made again; whether the
    hub did what was asked is unknown. Carries no address and nothing personal."""


class SiteView(msgspec.Struct, kw_only=True, frozen=True):
    """`GET /v1/services`. `now` is the hospital's time; a hub of an earlier version does not say it."""

    hospital: LocalizedText
    time_zone: str
    services: tuple[ServiceView, ...]
    now: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class HubPort(Protocol):
    """The hub as one kiosk sees it. Every call raises `HubUnreachable`; the named ones also `Refusal`."""

    def site(self) -> SiteView:
        """`GET /v1/services`; within about two seconds, for it also tells whether the hub is there."""
        ...

    def issue(self, request: IssueTicket) -> TicketView:
        """`POST /v1/tickets` under the idempotency key `request.request_id`; one attempt, the caller repeats it.

        Raises `Refusal` with the hub's code for every definite no (any 4xx: `service.closed`, `service.full` …).
        """
        ...

    def upload(
        self, request: IssueTicket, own: OwnNumber, *, kiosk_id: str, asked_at: datetime, kiosk_now: datetime
    ) -> TicketView:
        """`POST /v1/tickets` with the number a kiosk gave for the request; the same again changes nothing. Times by the
        kiosk's clock. Raises `Refusal` where the hub cannot take it in."""
        ...

    def take_back(self, request_id: str) -> None:
        """`DELETE /v1/tickets/by-key/{key}`: the request makes no ticket, now or later."""
        ...

    def tell_paper(self, ticket_id: str, report: PaperReport) -> None:
        """`PUT /v1/tickets/{id}/print`. Raises `Refusal` for a ticket the hub does not know."""
        ...

    def eligibility(
        self, question: EligibilityQuestion, *, budget_s: float, kiosk: str | None = None, repairs: str | None = None
    ) -> Eligibility:
        """`POST /v1/eligibility`, giving up after `budget_s` seconds. `kiosk` is who asks, for the report; `repairs`
        the id of the answer whose wrong field the patient has corrected. Raises `Refusal` when the hub will not ask."""
        ...

    def call_staff(self, kiosk_id: str) -> None:
        """Tell staff that somebody at this kiosk needs help. Returning means staff faces are told."""
        ...

    def report_fault(self, kiosk_id: str, code: str, params: AlertParams = NO_PARAMS) -> None:
        """Tell staff of a fault at this kiosk by its dotted code (`printer.paper_out`, `ticket.unclaimed`) and what is
        to be said with it. Raises `Refusal` for what the hub will not take."""
        ...


class ReportFault(Protocol):
    """How a part of a kiosk tells staff of a fault. Thread-safe, returns at once."""

    def __call__(self, code: str, params: AlertParams = NO_PARAMS, /) -> None: ...
