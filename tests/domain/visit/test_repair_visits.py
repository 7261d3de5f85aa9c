"""Insurance does not know what was given: one more try with the wrong field, then the counter, always a number."""

from __future__ import annotations

from dataclasses import replace

import pytest
from visit_walk import Walk, person, scan, verdict

from kiosk.domain.eligibility import OutcomeClass, RepairField
from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import Assurance, BirthDate, CodeKind, RecognisedCode
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import AskEligibility, IssueTicket
from kiosk.domain.visit.repairing import wanted_repair
from kiosk.domain.visit.state import Step

NUMBER = ev.NumberTyped(number="0100000001")
NAME = ev.NameTyped(name="Nguyễn Văn Ân")
BIRTH = ev.BirthTyped(birth=BirthDate(year=1990))
TYPED = {RepairField.NUMBER: NUMBER, RepairField.NAME: NAME, RepairField.BIRTH: BIRTH}
every_field = pytest.mark.parametrize("field", list(RepairField))


def wrong(field: RepairField):
    return replace(verdict(OutcomeClass.FIX_INPUT, repair=field), next_step="next_step.correct_details_at_counter")


def asked(walk: Walk) -> list[AskEligibility]:
    return [effect for effect in walk.effects if isinstance(effect, AskEligibility)]


def at_repair(field: RepairField) -> Walk:
    return Walk().on(scan()).answer(wrong(field)).on(ev.Confirmed())


@every_field
def test_the_wrong_field_is_offered_once_the_patient_has_said_who_it_is(field: RepairField) -> None:
    walk = Walk().on(scan()).answer(wrong(field))
    assert walk.visit.step is Step.CONFIRM, "nothing is pulled from under the finger"
    walk.on(ev.Confirmed())
    assert (walk.visit.step, walk.visit.repair) == (Step.REPAIR, field)


@every_field
def test_an_answer_after_the_choice_is_offered_before_the_number_and_costs_nothing(field: RepairField) -> None:
    walk = Walk().on(scan(), ev.Confirmed(), ev.ServiceChosen(service="noi")).answer(wrong(field))
    assert (walk.visit.step, walk.visit.service) == (Step.REPAIR, "noi")
    assert not walk.said(IssueTicket)
    walk.on(TYPED[field])
    assert walk.visit.step is Step.ISSUING
    walk.answer(verdict()).issue()
    assert walk.visit.step is Step.TICKET
    assert walk.request().eligibility_id == "e1"


@every_field
def test_what_was_corrected_is_asked_once_with_everything_else_as_it_was(field: RepairField) -> None:
    walk = at_repair(field).on(TYPED[field])
    first, second = asked(walk)
    expected = {
        RepairField.NUMBER: replace(first.question, card="0100000001"),
        RepairField.NAME: replace(first.question, name="Nguyễn Văn Ân"),
        RepairField.BIRTH: replace(first.question, birth="1990"),
    }
    assert second.question == expected[field]
    assert (first.repairs, second.repairs) == (None, "e1")
    assert walk.visit.step is Step.CHOOSE_SERVICE


@every_field
def test_wrong_twice_goes_to_the_counter_with_a_number(field: RepairField) -> None:
    walk = at_repair(field).on(TYPED[field]).answer(wrong(field))
    walk.on(ev.ServiceChosen(service="noi")).issue()
    assert walk.visit.step is Step.TICKET
    assert walk.visit.slip is not None
    assert walk.visit.slip.next_step == "next_step.correct_details_at_counter"
    assert len(asked(walk)) == 2


@every_field
def test_a_correction_is_told_to_staff_and_never_overwrites_the_card(field: RepairField) -> None:
    walk = at_repair(field)
    before = walk.visit.identity
    walk.on(TYPED[field]).answer(verdict()).on(ev.ServiceChosen(service="noi"))
    assert walk.visit.identity == before
    assert f"flag.{field.value}_corrected" in walk.request().flags


def test_words_the_patient_typed_give_way_to_newer_ones() -> None:
    typed = replace(person(), assurance=Assurance.TYPED)
    walk = Walk().on(scan(typed)).answer(wrong(RepairField.NAME)).on(ev.Confirmed(), NAME)
    assert walk.visit.identity is not None
    assert walk.visit.identity.name == "Nguyễn Văn Ân"


@every_field
@pytest.mark.parametrize("leave", [ev.RepairDeclined(), ev.NameTyped(name=None)], ids=["leave", "skip"])
def test_it_may_be_left_to_the_counter(field: RepairField, leave: ev.Event) -> None:
    walk = at_repair(field).on(leave)
    assert walk.visit.step is Step.CHOOSE_SERVICE
    walk.on(ev.ServiceChosen(service="noi")).issue()
    assert walk.visit.step is Step.TICKET
    assert len(asked(walk)) == 1


@pytest.mark.parametrize(
    ("field", "same"),
    [
        (RepairField.NUMBER, ev.NumberTyped(number="001090123456")),
        (RepairField.NAME, ev.NameTyped(name="NGUYỄN VĂN AN")),
        (RepairField.BIRTH, ev.BirthTyped(birth=BirthDate(year=1990, month=1, day=1))),
    ],
)
def test_the_same_again_is_not_asked_again(field: RepairField, same: ev.Event) -> None:
    walk = at_repair(field).on(same)
    assert (walk.visit.step, walk.visit.notice) == (Step.REPAIR, Fault(code=f"notice.repair_same_{field.value}"))
    assert len(asked(walk)) == 1


@pytest.mark.parametrize(
    ("field", "impossible", "said"),
    [
        (RepairField.NUMBER, ev.NumberTyped(number="12"), "identity.number.too_short"),
        (RepairField.NUMBER, ev.NumberTyped(number="012345678"), "identity.number.wrong_length"),
        (RepairField.NAME, ev.NameTyped(name="4 2"), "notice.name_not_valid"),
        (RepairField.BIRTH, ev.BirthTyped(birth=BirthDate(year=1990, month=2, day=31)), "notice.birth_not_valid"),
    ],
)
def test_what_cannot_be_is_said_and_costs_no_try(field: RepairField, impossible: ev.Event, said: str) -> None:
    walk = at_repair(field).on(impossible)
    assert (walk.visit.step, walk.visit.notice) == (Step.REPAIR, Fault(code=said))
    assert wanted_repair(walk.visit) is field


def test_the_other_card_may_be_scanned_instead_of_typing_its_number() -> None:
    card = replace(person("DN4010000000001"), name=None, birth=None)
    walk = at_repair(RepairField.NUMBER).on(scan(card))
    assert asked(walk)[-1].question.card == "DN4010000000001"
    assert asked(walk)[-1].question.name == "Nguyễn Văn An"
    assert walk.visit.identity == person()


def test_a_code_of_nobody_says_what_is_wrong_with_it() -> None:
    torn = ev.CodeScanned(code=RecognisedCode(kind=CodeKind.UNKNOWN, fault="code.torn"))
    walk = at_repair(RepairField.NUMBER).on(torn)
    assert (walk.visit.step, walk.visit.notice) == (Step.REPAIR, Fault(code="code.torn"))


def test_going_back_loses_neither_the_person_nor_the_try() -> None:
    walk = at_repair(RepairField.NAME).on(ev.BackTapped())
    assert walk.visit.step is Step.CONFIRM
    walk.on(ev.Confirmed())
    assert (walk.visit.step, walk.visit.repair) == (Step.REPAIR, RepairField.NAME)


def test_from_the_services_back_leads_to_who_it_is_not_into_the_repair() -> None:
    walk = at_repair(RepairField.NAME).on(NAME)
    assert Step.REPAIR not in walk.visit.history
    walk.on(ev.BackTapped())
    assert walk.visit.step is Step.CONFIRM


def test_back_from_the_repair_after_the_choice_is_the_choice() -> None:
    walk = Walk().on(scan(), ev.Confirmed(), ev.ServiceChosen(service="noi")).answer(wrong(RepairField.NAME))
    walk.on(ev.BackTapped())
    assert (walk.visit.step, walk.visit.service, walk.visit.request_id) == (Step.CHOOSE_SERVICE, None, None)
    walk.on(ev.ServiceChosen(service="nhi"))
    assert walk.visit.step is Step.REPAIR


def test_who_chose_a_service_and_walked_off_still_gets_the_number() -> None:
    walk = Walk().on(scan(), ev.Confirmed(), ev.ServiceChosen(service="noi")).answer(wrong(RepairField.NAME))
    walk.later(100.0)
    assert walk.visit.step is Step.ISSUING
    walk.issue()
    assert walk.visit.step is Step.TICKET


def test_who_chose_nothing_and_walked_off_is_forgotten() -> None:
    assert at_repair(RepairField.NAME).later(100.0).visit.step is Step.WELCOME


def test_a_silent_portal_is_waited_for_no_longer_the_second_time() -> None:
    walk = Walk().on(scan(), ev.Confirmed(), ev.ServiceChosen(service="noi")).answer(wrong(RepairField.NAME)).on(NAME)
    walk.later(7.9)
    assert not walk.said(IssueTicket)
    walk.later(0.2)
    assert walk.request().next_step == "next_step.check_at_counter"


@pytest.mark.parametrize("outcome", [outcome for outcome in OutcomeClass if outcome is not OutcomeClass.FIX_INPUT])
def test_nothing_else_asks_for_a_correction(outcome: OutcomeClass) -> None:
    assert Walk().on(scan()).answer(verdict(outcome)).on(ev.Confirmed()).visit.step is Step.CHOOSE_SERVICE


def test_an_answer_still_pending_asks_for_no_correction() -> None:
    walk = Walk().on(scan()).answer(replace(wrong(RepairField.NAME), pending=True)).on(ev.Confirmed())
    assert walk.visit.step is Step.CHOOSE_SERVICE


def test_another_person_may_correct_again() -> None:
    walk = at_repair(RepairField.NAME).on(NAME, ev.BackTapped(), ev.Denied())
    assert walk.visit.correction is None
    walk.on(scan(person("001190012345", "Trần Thị Bình", 1990))).answer(wrong(RepairField.BIRTH)).on(ev.Confirmed())
    assert walk.visit.step is Step.REPAIR
    assert asked(walk)[-1].question.name == "Trần Thị Bình"
