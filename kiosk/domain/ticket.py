"""The queue ticket: its states, the one table of legal transitions, and how it is shown to callers.

Number, label and queue order are three different things: `number` counts per service and hospital day,
`label` is what is printed and called (prefix + number, fixed for life), `order_at` is what the queue sorts by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.faults import Refusal
from kiosk.domain.paper import Paper, PaperReport


class TicketState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    NO_SHOW = "no_show"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class TicketAction(StrEnum):
    CALL = "call"
    RECALL = "recall"
    SERVE = "serve"
    HOLD = "hold"
    NO_SHOW = "no_show"
    FINISH = "finish"
    TRANSFER = "transfer"
    SET_PRIORITY = "set_priority"
    CANCEL = "cancel"


class RecordAction(StrEnum):
    """What the audit trail keeps beside staff actions on a ticket."""

    RELABEL = "relabel"
    ISSUE_AGAIN = "issue_again"


class Priority(StrEnum):
    """Standing in the queue. `priority` is the legal "ưu tiên" (Law 15/2023/QH15, art. 3.2): it counts as having
    come earlier by the configured head start; `emergency` is a strict class of its own before everybody."""

    NORMAL = "normal"
    PRIORITY = "priority"
    EMERGENCY = "emergency"


LIVE_STATES = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD})
"""States in which the person is still somewhere in the hospital's queue."""

_S, _A = TicketState, TicketAction

TRANSITIONS: dict[tuple[TicketState, TicketAction], TicketState] = {
    (_S.WAITING, _A.CALL): _S.CALLED,
    (_S.WAITING, _A.HOLD): _S.HELD,
    (_S.WAITING, _A.TRANSFER): _S.WAITING,
    (_S.WAITING, _A.SET_PRIORITY): _S.WAITING,
    (_S.WAITING, _A.CANCEL): _S.CANCELLED,
    (_S.CALLED, _A.RECALL): _S.CALLED,
    (_S.CALLED, _A.SERVE): _S.SERVING,
    (_S.CALLED, _A.HOLD): _S.HELD,
    (_S.CALLED, _A.NO_SHOW): _S.NO_SHOW,
    (_S.CALLED, _A.FINISH): _S.FINISHED,
    (_S.CALLED, _A.TRANSFER): _S.WAITING,
    (_S.CALLED, _A.CANCEL): _S.CANCELLED,
    (_S.SERVING, _A.HOLD): _S.HELD,
    (_S.SERVING, _A.FINISH): _S.FINISHED,
    (_S.SERVING, _A.TRANSFER): _S.WAITING,
    (_S.SERVING, _A.CANCEL): _S.CANCELLED,
    (_S.HELD, _A.RECALL): _S.CALLED,
    (_S.HELD, _A.SET_PRIORITY): _S.HELD,
    (_S.HELD, _A.TRANSFER): _S.WAITING,
    (_S.HELD, _A.NO_SHOW): _S.NO_SHOW,
    (_S.HELD, _A.CANCEL): _S.CANCELLED,
    (_S.NO_SHOW, _A.RECALL): _S.CALLED,
    (_S.NO_SHOW, _A.CANCEL): _S.CANCELLED,
}


def state_after(state: TicketState, action: TicketAction) -> TicketState:
    """State a ticket in `state` has after `action`. Raises `Refusal("ticket.transition_illegal")`."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise Refusal("ticket.transition_illegal", state=state.value, action=action.value) from None


class PeriodKind(StrEnum):
    """What a ticket is doing during a stretch of time; a period is opened and closed, never rewritten."""

    WAITING = "waiting"
    CALLED = "called"
    SERVED = "served"
    HELD = "held"


PERIOD_OF_STATE: dict[TicketState, PeriodKind] = {
    _S.WAITING: PeriodKind.WAITING,
    _S.CALLED: PeriodKind.CALLED,
    _S.SERVING: PeriodKind.SERVED,
    _S.HELD: PeriodKind.HELD,
}
"""Period that is open while a ticket is in a state; the three end states have none."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """One stretch of a ticket's life, UTC. `end` is null while it lasts; `counter` where staff were involved."""

    kind: PeriodKind
    service: str
    counter: str | None
    start: datetime
    end: datetime | None


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Expected wait as a range of whole minutes; said as "about", never promised."""

    low_min: int
    high_min: int


@dataclass(frozen=True, kw_only=True)
class TicketView:
    """A ticket as callers see it (`POST /v1/tickets`, the counter's list). Holds nothing personal but the
    masked name, which only staff faces are given.

    `coverage` and `staff_action` are the catalogue keys the insurance look-up came to (`kiosk.domain.eligibility`),
    null when nobody was asked; `next_step` is the catalogue key of what the patient does next
    (`next_step.wait_for_call`); `flags` are catalogue keys of what staff should look at. `paper` is the newest paper;
    `printed_labels` stand on papers of this ticket too, beside `label`, which is called. `already`: this answers a wish
    for a number by the one the person had.
    """

    id: str
    number: int
    label: str
    service: str
    state: TicketState
    priority: Priority
    people_ahead: int | None
    estimate: Estimate | None
    counter: str | None
    issued_at: datetime
    masked_name: str | None = None
    coverage: str | None = None
    staff_action: str | None = None
    next_step: str = "next_step.wait_for_call"
    flags: tuple[str, ...] = ()
    paper: Paper | None = None
    printed_labels: tuple[str, ...] = ()
    already: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketDetail(TicketView):
    """A ticket with its whole life, oldest period first, and all its papers (`GET /v1/tickets/{id}`)."""

    periods: tuple[Period, ...] = ()
    papers: tuple[PaperReport, ...] = ()


def label_of(prefix: str, number: int) -> str:
    """The printed and called label: prefix and at least three digits (`A015`, `UT003`, `A1200`)."""
    return f"{prefix}{number:03d}"
