"""Back, cancel and finished."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.visit import events as ev
from kiosk.domain.visit.moving import wiped, without_person, without_repair
from kiosk.domain.visit.offers import can_cancel, can_finish, can_go_back
from kiosk.domain.visit.state import Step, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings


def handle(visit: Visit, event: ev.Event, _: Surroundings) -> Outcome | None:
    match event:
        case ev.BackTapped() if can_go_back(visit):
            return _back(visit)
        case ev.CancelTapped() if can_cancel(visit):
            return wiped(visit)
        case ev.DoneTapped() if can_finish(visit):
            return wiped(visit)
    return None


def _back(visit: Visit) -> Outcome:
    *earlier, last = visit.history or (Step.WELCOME,)
    if last is Step.WELCOME:
        return wiped(visit)
    return _forgotten(replace(visit, step=last, history=tuple(earlier), notice=None, repair=None)), ()


def _forgotten(visit: Visit) -> Visit:
    """What was learned on or after the step gone back to is dropped; a typed number stays to be corrected."""
    match visit.step:
        case Step.PRESENT | Step.NO_DOCUMENT | Step.ENTER_CAN:
            return without_person(visit)
        case Step.ENTER_NUMBER:
            return replace(without_person(visit), typed_number=visit.typed_number)
        case Step.ENTER_BIRTH:
            return _person_without(visit, birth=True)
        case Step.ENTER_NAME:
            return _person_without(visit, birth=False)
        case Step.CHOOSE_SERVICE:
            return replace(visit, service=None, request_id=None)
    return visit


def _person_without(visit: Visit, *, birth: bool) -> Visit:
    if visit.identity is None:
        return visit
    kept = None if birth else visit.identity.birth
    return without_repair(replace(visit, identity=replace(visit.identity, name=None, birth=kept)))
