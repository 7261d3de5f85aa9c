"""What an LCD board shows. Computed once, on the hub; the QML board and a web board only draw it.

Nothing personal stands here: labels, counters, services and counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.localized import LocalizedText


@dataclass(frozen=True, kw_only=True)
class BoardCall:
    """One called number. `call_id` changes with every call and recall, so a board knows what to announce anew;
    `times` is 1 for the first call. `printed_labels` stand on papers of the same ticket, beside `label`: a board shows
    and says them all."""

    call_id: int
    label: str
    service: str
    service_name: LocalizedText
    counter: str
    counter_name: LocalizedText
    called_at: datetime
    times: int
    printed_labels: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label somebody may hold."""
        return (self.label, *self.printed_labels)


@dataclass(frozen=True, kw_only=True)
class BoardQueue:
    """One service's queue: how many wait and the labels next in line (at most five; all labels of one ticket follow
    each other)."""

    service: str
    name: LocalizedText
    room: LocalizedText
    waiting: int
    next_labels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BoardContent:
    """Everything on the board at event `seq` of the site. `now_called` are the tickets being called or served at
    this moment, newest call first; `recently_called` those called before that, newest first."""

    seq: int
    at: datetime
    hospital: LocalizedText
    now_called: tuple[BoardCall, ...]
    recently_called: tuple[BoardCall, ...]
    queues: tuple[BoardQueue, ...]
