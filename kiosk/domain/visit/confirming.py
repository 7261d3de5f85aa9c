"""Is this you? And the insurance question that runs meanwhile."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.eligibility import EligibilityQuestion, RepairField
from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import Identity, NumberKind
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import AskEligibility, WipeTraces
from kiosk.domain.visit.moving import forward, without_eligibility, without_person
from kiosk.domain.visit.state import Step, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings


def handle(visit: Visit, event: ev.Event, _: Surroundings) -> Outcome | None:
    match visit.step, event:
        case Step.CONFIRM, ev.Denied():
            return _denied(visit), (WipeTraces(),)
        case _, ev.EligibilityAnswered():
            return _answered(visit, event), ()
    return None


def ask_who(visit: Visit, at: Surroundings, notice: Fault | None = None) -> Outcome:
    """On to the confirmation; insurance is asked now, so that the answer is often there before it is needed."""
    return ask_again(forward(visit, Step.CONFIRM, notice), at)


def ask_again(visit: Visit, at: Surroundings) -> Outcome:
    """The insurance question anew, because more is known of the person; the step stays."""
    question = question_of_visit(visit)
    return (without_eligibility(visit), ()) if question is None else ask_about(visit, question, at)


def ask_about(visit: Visit, question: EligibilityQuestion, at: Surroundings, *, repairs: str | None = None) -> Outcome:
    """`question` goes out; answers to earlier ones no longer count. `repairs`: the answer it is to mend."""
    number = at.ids.question_number()
    deadline_s = at.now_s + at.options.eligibility_wait_s
    asked = replace(
        without_eligibility(visit), eligibility_request=number, eligibility_deadline_s=deadline_s, asked=question
    )
    return asked, (AskEligibility(request=number, question=question, repairs=repairs),)


def question_of_visit(visit: Visit) -> EligibilityQuestion | None:
    """The insurance question about the visit's person, with what the patient corrected."""
    question, correction = question_of(visit.identity), visit.correction
    if question is None or correction is None:
        return question
    match visit.corrected:
        case RepairField.NUMBER:
            return replace(question, card=correction.card)
        case RepairField.NAME:
            return replace(question, name=correction.name)
        case RepairField.BIRTH:
            return replace(question, birth=correction.birth)
    return question


def question_of(identity: Identity | None) -> EligibilityQuestion | None:
    """The insurance question about a person; null for an old 9-digit number, which the portal does not take."""
    if identity is None or identity.number_kind is NumberKind.OLD_CITIZEN:
        return None
    birth = None if identity.birth is None else identity.birth.as_portal()
    return EligibilityQuestion(card=identity.number, name=identity.name, birth=birth)


def awaits_insurance(visit: Visit, now_s: float) -> bool:
    """Whether an answer about insurance is still worth waiting for."""
    if visit.eligibility_request is None or visit.eligibility is not None or visit.eligibility_deadline_s is None:
        return False
    return now_s < visit.eligibility_deadline_s


def _denied(visit: Visit) -> Visit:
    return replace(without_person(visit), step=Step.PRESENT, history=(Step.WELCOME,), notice=None)


def _answered(visit: Visit, event: ev.EligibilityAnswered) -> Visit:
    if event.request != visit.eligibility_request or visit.issue_sent or visit.eligibility is not None:
        return visit
    return replace(visit, eligibility=event.eligibility, eligibility_deadline_s=None)
