"""What became of a ticket's paper, apart from the ticket's own state.

A paper is queued, sent to the printer, and then confirmed, unconfirmed or failed. Unconfirmed counts as printed: the
paper may be in the patient's hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PaperState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"


_KNOWLEDGE = (PaperState.QUEUED, PaperState.SENT, PaperState.FAILED, PaperState.UNCONFIRMED, PaperState.CONFIRMED)
"""From knowing least to knowing most: a report that comes late or twice never takes knowledge away."""
_MAYBE_OUT = (PaperState.SENT, PaperState.UNCONFIRMED, PaperState.CONFIRMED)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """The newest paper of a ticket. `copy` 0 is the first paper, then marked copies of the same number; `code` says
    why it failed or is not sure."""

    state: PaperState
    code: str | None
    copy: int


@dataclass(frozen=True, kw_only=True)
class PaperReport:
    """What a kiosk tells of one paper; `at` by its own clock."""

    state: PaperState
    code: str | None
    copy: int
    at: datetime
    kiosk: str


def may_be_out(reports: Iterable[PaperReport]) -> bool:
    """Whether any paper these reports tell of may be in somebody's hand: an ambiguous print counts as printed."""
    best: dict[int, PaperState] = {}
    for report in reports:
        best[report.copy] = max(report.state, best.get(report.copy, report.state), key=_KNOWLEDGE.index)
    return any(state in _MAYBE_OUT for state in best.values())


def newest_paper(known: Paper | None, report: PaperReport) -> Paper:
    """What is known of a ticket's paper after `report`, in whatever order reports come."""
    told = Paper(state=report.state, code=report.code, copy=report.copy)
    if known is None or told.copy > known.copy:
        return told
    if told.copy < known.copy or _KNOWLEDGE.index(told.state) <= _KNOWLEDGE.index(known.state):
        return known
    return told
