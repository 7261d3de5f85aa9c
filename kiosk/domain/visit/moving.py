"""Moving a visit from step to step, forgetting it, and what is forgotten on the way back."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.faults import Fault
from kiosk.domain.visit.effects import WipeTraces
from kiosk.domain.visit.state import Step, Visit
from kiosk.domain.visit.surroundings import Outcome


def forward(visit: Visit, step: Step, notice: Fault | None = None) -> Visit:
    """The visit on its next step; the one left can be gone back to. A step come to again is not passed twice."""
    passed = (*visit.history, visit.step)
    if step in passed:
        passed = passed[: passed.index(step)]
    return replace(visit, step=step, history=passed, notice=notice)


def can_do_without(visit: Visit) -> bool:
    """Whether numbers can be given without the hub: of the kiosk's own, for services it has heard of."""
    return visit.own_numbers and bool(visit.services)


def fresh(visit: Visit) -> Visit:
    """The next patient's visit: nothing of this one, only what is true of the kiosk itself."""
    return Visit(
        step=Step.HUB_AWAY if visit.hub_away and not can_do_without(visit) else Step.WELCOME,
        services=visit.services,
        heard=visit.heard,
        hospital=visit.hospital,
        card_on_reader=visit.card_on_reader,
        chip=visit.chip.forgotten(card_lies_there=visit.card_on_reader),
        hub_away=visit.hub_away,
        own_numbers=visit.own_numbers,
    )


def wiped(visit: Visit) -> Outcome:
    """The visit forgotten, here and in the devices."""
    return fresh(visit), (WipeTraces(),)


def without_person(visit: Visit) -> Visit:
    """The visit with all knowledge of the person dropped; answers still on their way will no longer fit."""
    chip = visit.chip.forgotten(card_lies_there=visit.card_on_reader)
    return without_repair(replace(visit, identity=None, claim=None, typed_number="", chip=chip))


def without_eligibility(visit: Visit) -> Visit:
    """No answer and no question under way; what the patient corrected stays."""
    return replace(visit, eligibility_request=None, eligibility=None, eligibility_deadline_s=None)


def without_repair(visit: Visit) -> Visit:
    """Nothing corrected: somebody else, or the same person told anew."""
    return replace(
        without_eligibility(visit), asked=None, repair=None, repair_over=False, corrected=None, correction=None
    )
