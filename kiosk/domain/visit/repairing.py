"""One more try where the insurer does not know what was given: the wrong field is offered once, then the counter helps.

What a card said is never overwritten by what is typed here: a correction only changes the question, and staff are told.
Nobody leaves without a number: whoever has chosen a service and does not go on gets the number without the correction.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from kiosk.domain.eligibility import EligibilityQuestion, RepairField
from kiosk.domain.faults import Fault, Refusal
from kiosk.domain.identity.names import read_name
from kiosk.domain.identity.numbers import typed_identity
from kiosk.domain.identity.values import Assurance, BirthDate, Identity, NumberFault, NumberKind, RecognisedCode
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.confirming import ask_about, question_of_visit
from kiosk.domain.visit.effects import LoadServices
from kiosk.domain.visit.hub_link import choose_service
from kiosk.domain.visit.moving import forward
from kiosk.domain.visit.priority import is_plausible
from kiosk.domain.visit.state import Step, Visit
from kiosk.domain.visit.surroundings import Outcome, Surroundings

SAME_AS_BEFORE = "notice.repair_same"


def handle(visit: Visit, event: ev.Event, at: Surroundings) -> Outcome | None:
    if visit.step is Step.CONFIRM and isinstance(event, ev.Confirmed):
        return _confirmed(visit)
    if visit.step is not Step.REPAIR:
        return None
    match visit.repair, event:
        case _, (ev.RepairDeclined() | ev.BirthTyped(birth=None) | ev.NameTyped(name=None)):
            return left_to_counter(visit)
        case RepairField.NUMBER, ev.NumberTyped(number=number):
            return _number_typed(visit, number, at)
        case RepairField.NUMBER, ev.CodeScanned(code=code):
            return _scanned(visit, code, at)
        case RepairField.BIRTH, ev.BirthTyped(birth=BirthDate() as birth):
            return _birth_typed(visit, birth, at)
        case RepairField.NAME, ev.NameTyped(name=str(name)):
            return _name_typed(visit, name, at)
    return None


def _confirmed(visit: Visit) -> Outcome:
    if wanted_repair(visit) is not None:
        return offered(visit), (LoadServices(),)
    return choose_service(visit), (LoadServices(),)


def wanted_repair(visit: Visit) -> RepairField | None:
    """The field the patient may correct now; null where there is none, or the one try is spent."""
    answer = visit.eligibility
    if answer is None or answer.pending or visit.claim is not None or visit.chip.flag is not None:
        return None
    return None if visit.repair_over else answer.repair


def offered(visit: Visit) -> Visit:
    """The screen with the field that `wanted_repair` names."""
    return replace(forward(visit, Step.REPAIR), repair=wanted_repair(visit))


def went_on(visit: Visit) -> Outcome:
    """A better answer came meanwhile (the chip told more): the question on the screen follows it, or is over."""
    if visit.step is not Step.REPAIR or visit.eligibility is None:
        return visit, ()
    wanted = wanted_repair(visit)
    if wanted is None:
        return _onward(visit)
    return (visit if wanted is visit.repair else replace(visit, repair=wanted, notice=None)), ()


def left_to_counter(visit: Visit) -> Outcome:
    """The patient goes on as things are; reception sets it right."""
    return _onward(replace(visit, repair_over=True))


def _onward(visit: Visit) -> Outcome:
    """To the services, or where one was chosen already, to its number. The screen left is not gone back to."""
    *earlier, before = visit.history
    back = replace(visit, step=before, history=tuple(earlier), repair=None, notice=None)
    if visit.service is None:
        return choose_service(back), (LoadServices(),)
    return forward(back, Step.ISSUING), ()


def _number_typed(visit: Visit, number: str, at: Surroundings) -> Outcome:
    try:
        typed = typed_identity(number, None, None, today=at.today)
    except Refusal as refusal:
        return replace(visit, notice=refusal.fault), ()
    if typed.number_kind is NumberKind.OLD_CITIZEN:
        return replace(visit, notice=Fault(code=NumberFault.WRONG_LENGTH.value)), ()  # the insurer takes none
    return _corrected(visit, replace(_question(visit), card=typed.number), at)


def _scanned(visit: Visit, code: RecognisedCode, at: Surroundings) -> Outcome:
    """The other card, held before the scanner instead of typing its number."""
    if code.identity is None:
        return replace(visit, notice=Fault(code=code.fault or "code.unknown")), ()
    return _number_typed(visit, code.identity.number, at)


def _birth_typed(visit: Visit, birth: BirthDate, at: Surroundings) -> Outcome:
    if not is_plausible(birth, at.today):
        return replace(visit, notice=Fault(code="notice.birth_not_valid")), ()
    question = replace(_question(visit), birth=birth.as_portal())
    return _corrected(_said_by_patient(visit, birth=birth), question, at)


def _name_typed(visit: Visit, typed: str, at: Surroundings) -> Outcome:
    name = read_name(typed)
    if name is None:
        return replace(visit, notice=Fault(code="notice.name_not_valid")), ()
    return _corrected(_said_by_patient(visit, name=name), replace(_question(visit), name=name), at)


def _question(visit: Visit) -> EligibilityQuestion:
    question = question_of_visit(visit)
    assert question is not None, "what was never asked about is not repaired"
    return question


def _said_by_patient(visit: Visit, *, name: str | None = None, birth: BirthDate | None = None) -> Visit:
    """Words typed by the patient give way to the patient's newer ones; those of a card stay."""
    known = visit.identity
    if known is None:
        return visit
    typed = known.assurance is Assurance.TYPED
    replaced: Identity = known
    if name is not None and (typed or known.name is None):
        replaced = replace(replaced, name=name)
    if birth is not None and (typed or known.birth is None):
        replaced = replace(replaced, birth=birth)
    return replace(visit, identity=replaced)


def _corrected(visit: Visit, question: EligibilityQuestion, at: Surroundings) -> Outcome:
    if _is_same(question, visit.asked):
        return _same(visit)
    assert visit.repair is not None
    answer = visit.eligibility
    known = replace(visit, corrected=visit.repair, correction=question, repair_over=True)
    asked, effects = ask_about(known, question, at, repairs=None if answer is None else answer.id)
    onward, more = _onward(asked)
    return onward, (*effects, *more)


def _same(visit: Visit) -> Outcome:
    """Asking the same again would bring the same answer."""
    field = visit.repair.value if visit.repair else ""
    return replace(visit, notice=Fault(code=f"{SAME_AS_BEFORE}_{field}")), ()


def _is_same(one: EligibilityQuestion, other: EligibilityQuestion | None) -> bool:
    if other is None:
        return False
    return (one.card, _plain(one.name), one.birth) == (other.card, _plain(other.name), other.birth)


def _plain(name: str | None) -> str:
    return unicodedata.normalize("NFC", name or "").casefold()
