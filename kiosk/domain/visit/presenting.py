"""Showing who one is: the welcome, card and code, the number typed by hand, or no document at all."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.faults import Fault, Refusal
from kiosk.domain.identity.names import read_name
from kiosk.domain.identity.numbers import citizen_number_warnings, typed_identity
from kiosk.domain.identity.values import BirthDate, Identity, NumberKind
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.confirming import ask_who
from kiosk.domain.visit.effects import LoadServices
from kiosk.domain.visit.hub_link import choose_service
from kiosk.domain.visit.moving import forward, without_person
from kiosk.domain.visit.priority import is_plausible
from kiosk.domain.visit.state import Claim, Step, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings


def handle(visit: Visit, event: ev.Event, at: Surroundings) -> Outcome | None:
    match visit.step, event:
        case Step.WELCOME, ev.Started():
            return begun(visit), (LoadServices(),)
        case ((Step.PRESENT | Step.NO_DOCUMENT), ev.TypeNumberChosen()):
            return forward(visit, Step.ENTER_NUMBER), ()
        case ((Step.ENTER_CAN | Step.READ_CHIP), ev.TypeNumberChosen()):
            presenting = replace(without_person(visit), step=Step.PRESENT, history=(Step.WELCOME,))
            return forward(presenting, Step.ENTER_NUMBER), ()
        case ((Step.PRESENT | Step.ENTER_NUMBER), ev.NoDocumentChosen()):
            return forward(visit, Step.NO_DOCUMENT), ()
        case Step.NO_DOCUMENT, ev.ClaimMade(claim=claim):
            return _claimed(visit, claim)
        case Step.ENTER_NUMBER, ev.NumberTyped(number=number):
            return _number_typed(visit, number, at)
        case Step.ENTER_BIRTH, ev.BirthTyped(birth=birth):
            return _birth_typed(visit, birth, at)
        case Step.ENTER_NAME, ev.NameTyped(name=name):
            return _name_typed(visit, name, at)
    return None


def begun(visit: Visit) -> Visit:
    """A visit that has left the welcome."""
    return forward(visit, Step.PRESENT)


def presented(visit: Visit, identity: Identity, at: Surroundings) -> Outcome:
    """On with an identity: what it lacks is asked (a bare number has no birth date and no name), then who it is."""
    known = replace(visit, identity=identity)
    if identity.birth is None:
        return forward(known, Step.ENTER_BIRTH), ()
    if identity.name is None:
        return forward(known, Step.ENTER_NAME), ()
    return ask_who(known, at)


def _claimed(visit: Visit, claim: Claim) -> Outcome:
    return choose_service(replace(visit, claim=claim)), (LoadServices(),)


def _number_typed(visit: Visit, number: str, at: Surroundings) -> Outcome:
    try:
        identity = typed_identity(number, None, None, today=at.today)
    except Refusal as refusal:
        return replace(visit, notice=refusal.fault), ()
    return presented(replace(visit, typed_number=number), identity, at)


def _birth_typed(visit: Visit, birth: BirthDate | None, at: Surroundings) -> Outcome:
    if birth is not None and not is_plausible(birth, at.today):
        return replace(visit, notice=Fault(code="notice.birth_not_valid")), ()
    if visit.identity is None:
        return visit, ()
    known = replace(visit, identity=_completed(visit.identity, birth, visit.identity.name, at))
    return (forward(known, Step.ENTER_NAME), ()) if visit.identity.name is None else ask_who(known, at)


def _name_typed(visit: Visit, typed: str | None, at: Surroundings) -> Outcome:
    name = read_name(typed or "")
    if name is None and (typed or "").strip():
        return replace(visit, notice=Fault(code="notice.name_not_valid")), ()
    if visit.identity is None:
        return visit, ()
    return ask_who(replace(visit, identity=_completed(visit.identity, visit.identity.birth, name, at)), at)


def _completed(identity: Identity, birth: BirthDate | None, name: str | None, at: Surroundings) -> Identity:
    """The identity with what was typed; a bare number is compared with the birth date anew."""
    typed = replace(identity, birth=birth, name=name)
    if identity.name is not None or identity.number_kind is not NumberKind.CITIZEN:
        return typed
    return replace(typed, warnings=citizen_number_warnings(identity.number, today=at.today, birth=birth))
