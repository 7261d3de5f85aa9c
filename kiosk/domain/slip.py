"""What stands on a printed ticket and on the kiosk's ticket screen: keys and values in order, no layout.

The slip carries nothing personal but the masked name; its QR holds the ticket's opaque id (`TD:<id>`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.localized import Language, LocalizedText
from kiosk.domain.ticket import Estimate, Priority

TICKET_CODE_PREFIX = "TD:"


@dataclass(frozen=True, kw_only=True)
class Slip:
    """Content of one ticket. `next_step` is a catalogue key; `reprint` counts marked reprints (0 = the first)."""

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

    @property
    def code(self) -> str:
        """Payload of the slip's QR."""
        return TICKET_CODE_PREFIX + self.ticket_id
