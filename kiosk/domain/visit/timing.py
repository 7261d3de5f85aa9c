"""Idle time: a visible warning, one tap for more time, then the wipe. And the two waits of issuing."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.visit import events as ev
from kiosk.domain.visit.moving import fresh, wiped
from kiosk.domain.visit.repairing import left_to_counter
from kiosk.domain.visit.state import PrintProgress, Step, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings, VisitOptions

TYPING_STEPS = frozenset({Step.ENTER_NUMBER, Step.ENTER_BIRTH, Step.ENTER_NAME, Step.ENTER_CAN, Step.REPAIR})
PAPER_TROUBLE = frozenset({PrintProgress.FAILED, PrintProgress.UNCONFIRMED})

_NOT_THE_PATIENT = (
    ev.Ticked,
    ev.ServicesLoaded,
    ev.EligibilityAnswered,
    ev.TicketIssued,
    ev.IssueRefused,
    ev.OwnNumberGiven,
    ev.OwnNumberFailed,
    ev.TicketResumed,
    ev.PrintChanged,
    ev.HubLost,
    ev.HubBack,
    ev.HelpAnswered,
    ev.ChipProgressed,
    ev.ChipTextRead,
    ev.ChipJudged,
    ev.ChipPhotoRead,
    ev.ChipFailed,
)
_NEXT_IN_LINE = (ev.CodeScanned, ev.CardLaid)
"""On the ticket these may come from the next person and must not keep this one's ticket on the screen."""


def handle(visit: Visit, event: ev.Event, at: Surroundings) -> Outcome | None:
    match event:
        case ev.Ticked():
            return _ticked(visit, at)
        case ev.Touched() | ev.MoreTimeTapped():
            return visit, ()
    return None


def _ticked(visit: Visit, at: Surroundings) -> Outcome:
    if visit.deadline_s is None:
        return visit, ()
    if at.now_s >= visit.deadline_s:
        # who has chosen a service and walked off to ask somebody still finds the number
        return left_to_counter(visit) if visit.step is Step.REPAIR and visit.service else wiped(visit)
    warn = visit.warn_at_s is not None and at.now_s >= visit.warn_at_s
    return (replace(visit, warning_shown=True) if warn else visit), ()


def rearmed(before: Visit, after: Visit, event: ev.Event, at: Surroundings) -> Visit:
    """`after` with its idle time started anew where the patient showed up, the step changed or paper failed."""
    if not _times_out(after):
        return replace(after, warn_at_s=None, deadline_s=None, warning_shown=False)
    if after.deadline_s is not None and not _starts_anew(before, after, event):
        return after
    deadline_s = at.now_s + idle_s(after.step, at.options)
    return replace(after, deadline_s=deadline_s, warn_at_s=deadline_s - at.options.warning_s, warning_shown=False)


def idle_s(step: Step, options: VisitOptions) -> float:
    """Seconds without a sign of the patient after which a visit on `step` is wiped."""
    if step in TYPING_STEPS:
        return options.typing_idle_s
    return options.ticket_idle_s if step is Step.TICKET else options.idle_s


def _times_out(visit: Visit) -> bool:
    if visit.step is Step.ISSUING:
        return False
    at_rest = replace(visit, warn_at_s=None, deadline_s=None, warning_shown=False)
    return at_rest != fresh(visit)


def _starts_anew(before: Visit, after: Visit, event: ev.Event) -> bool:
    if after.step is not before.step:
        return True
    if after.print_progress is not before.print_progress and after.print_progress in PAPER_TROUBLE:
        return True
    if after.step is Step.TICKET and isinstance(event, _NEXT_IN_LINE):
        return False
    return not isinstance(event, _NOT_THE_PATIENT)
