"""Calls for help and device faults that staff must see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    HELP = "help"
    FAULT = "fault"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Open until somebody on the staff handles it. `code` is dotted (`help.asked`, `printer.paper_out`)."""

    id: str
    kiosk: str
    kind: AlertKind
    code: str
    raised_at: datetime
    handled_at: datetime | None = None
    handled_by: str | None = None
