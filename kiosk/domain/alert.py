"""Calls for help and device faults that staff must see."""

from __future__ import annotations

from collections.abc import Iterable
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


def most_urgent_first(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """People who asked for help before machines that need something, the longest waiting first: a console shows only
    the first few, and a person must not be hidden behind an empty paper roll."""
    return tuple(sorted(alerts, key=lambda alert: (alert.kind is not AlertKind.HELP, alert.raised_at)))
