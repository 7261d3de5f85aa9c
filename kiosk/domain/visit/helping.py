"""The help button: staff are called from every screen, and the screen says what came of it."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import CallStaff
from kiosk.domain.visit.state import HelpState, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings


def handle(visit: Visit, event: ev.Event, _: Surroundings) -> Outcome | None:
    match event:
        case ev.HelpTapped():
            return _tapped(visit)
        case ev.HelpAnswered(reached=reached):
            return _answered(visit, reached), ()
        case ev.HelpDismissed():
            return replace(visit, help=HelpState.NONE), ()
    return None


def _tapped(visit: Visit) -> Outcome:
    if visit.help in (HelpState.ASKED, HelpState.COMING):
        return visit, ()
    return replace(visit, help=HelpState.ASKED), (CallStaff(),)


def _answered(visit: Visit, reached: bool) -> Visit:
    if visit.help is not HelpState.ASKED:
        return visit
    return replace(visit, help=HelpState.COMING if reached else HelpState.UNREACHABLE)
