"""What stands on a printed ticket and on the kiosk's ticket screen: keys and values in order, no layout.

The slip carries nothing personal but the masked name; its QR holds the ticket's opaque id (`TD:<id>`), on a number of
the kiosk's own the key it was asked for with, by which the hub finds the ticket once it was told of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.localized import Language, LocalizedText
from kiosk.domain.service import ServiceView
from kiosk.domain.ticket import Estimate, Priority, TicketView

TICKET_CODE_PREFIX = "TD:"


@dataclass(frozen=True, kw_only=True)
class Slip:
    """Content of one ticket. `coverage` and `next_step` are catalogue keys; `reprint` counts marked reprints (0 = the
    first); `own_number`: the number is of the kiosk's own series."""

    hospital: LocalizedText
    ticket_id: str
    label: str
    service_name: LocalizedText
    room: LocalizedText
    directions: LocalizedText
    issued_at: datetime
    people_ahead: int | None
    estimate: Estimate | None
    priority: Priority
    masked_name: str | None
    coverage: str | None
    next_step: str
    kiosk_id: str
    language: Language
    reprint: int = 0
    own_number: bool = False

    @property
    def code(self) -> str:
        """Payload of the slip's QR."""
        return TICKET_CODE_PREFIX + self.ticket_id


@dataclass(frozen=True, kw_only=True)
class SlipDraft:
    """What will stand on a slip beside the number, known before there is one: a kiosk that was switched off between the
    number and its paper prints it all the same."""

    service: ServiceView
    hospital: LocalizedText
    kiosk_id: str
    language: Language
    masked_name: str | None
    coverage: str | None
    next_step: str

    def slip(self, ticket: TicketView, *, own_number: bool = False) -> Slip:
        """The first slip of `ticket`."""
        slip = slip_for(
            ticket,
            self.service,
            hospital=self.hospital,
            kiosk_id=self.kiosk_id,
            language=self.language,
            masked_name=self.masked_name,
            coverage=self.coverage,
            next_step=self.next_step,
        )
        return replace(slip, own_number=own_number)


def slip_for(
    ticket: TicketView,
    service: ServiceView,
    *,
    hospital: LocalizedText,
    kiosk_id: str,
    language: Language,
    masked_name: str | None,
    coverage: str | None,
    next_step: str,
) -> Slip:
    """The first slip of a ticket. `coverage` and `next_step` are catalogue keys; `service` is the ticket's own."""
    return Slip(
        hospital=hospital,
        ticket_id=ticket.id,
        label=ticket.label,
        service_name=service.name,
        room=service.room,
        directions=service.directions,
        issued_at=ticket.issued_at,
        people_ahead=ticket.people_ahead,
        estimate=ticket.estimate,
        priority=ticket.priority,
        masked_name=masked_name,
        coverage=coverage,
        next_step=next_step,
        kiosk_id=kiosk_id,
        language=language,
    )
