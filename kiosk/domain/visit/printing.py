"""The paper of a ticket that is already given: progress, trouble, and a marked reprint of the same number."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.alert import about
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import Effect, PrintSlip, TellStaff
from kiosk.domain.visit.offers import can_reprint
from kiosk.domain.visit.state import PrintProgress, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings
from kiosk.domain.visit.timing import PAPER_TROUBLE


def handle(visit: Visit, event: ev.Event, _: Surroundings) -> Outcome | None:
    match event:
        case ev.PrintChanged():
            return _changed(visit, event)
        case ev.ReprintTapped() if can_reprint(visit):
            return _again(visit)
    return None


def _changed(visit: Visit, event: ev.PrintChanged) -> Outcome:
    tells: tuple[Effect, ...] = ()
    if event.progress in PAPER_TROUBLE:
        code = f"printer.{event.progress.value}" if event.fault is None else event.fault.code
        tells = (TellStaff(code=code, params=about(event.label)),)
    if visit.ticket is None or visit.ticket.id != event.ticket_id:
        return visit, tells
    return replace(visit, print_progress=event.progress, print_fault=event.fault), tells


def _again(visit: Visit) -> Outcome:
    assert visit.slip is not None
    slip = replace(visit.slip, reprint=visit.slip.reprint + 1)
    queued = replace(visit, slip=slip, print_progress=PrintProgress.QUEUED, print_fault=None)
    return queued, (PrintSlip(slip=slip),)
