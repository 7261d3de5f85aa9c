"""The table of result codes, and the judgement of answers by date, route and echo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from config.catalogue import load_catalogue
from kiosk.domain.eligibility import (
    Coverage,
    EligibilityQuestion,
    FacilityMatch,
    Lane,
    NextStep,
    OutcomeClass,
    RepairField,
    StaffAction,
)
from kiosk.domain.eligibility_codes import (
    CODE_ROWS,
    GRACE_ROWS,
    OUTCOME_RULES,
    AskAgain,
    CodeRow,
    grace_on,
    rules_on,
)
from kiosk.domain.eligibility_judge import (
    FORCES_PREFIXES,
    AnsweredCard,
    Judgement,
    judge,
    judge_failure,
    judge_unasked,
)
from kiosk.domain.identity.values import CodeFault, IdentityWarning, NumberFault
from kiosk.domain.insurance_work import FINE, SourceState

TODAY = date(2026, 10, 5)
HERE = ("01043",)
QUESTION = EligibilityQuestion(card="DN4010000000001", name="Nguyễn Văn A", birth="01/01/1990")
ANSWER = AnsweredCard(
    code="000",
    card="DN4010000000001",
    name="Nguyễn Văn A",
    birth="01/01/1990",
    social_number="0000000001",
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
    facility="01043",
)


def judged(answer: AnsweredCard = ANSWER, question: EligibilityQuestion = QUESTION, **changes: object) -> Judgement:
    return judge(
        replace(answer, **changes),  # type: ignore[arg-type]
        question,
        today=TODAY,
        accepted_facilities=HERE,
    )


_CLASSES = {
    "000": OutcomeClass.OK,
    "001": OutcomeClass.OK_MANUAL,
    "002": OutcomeClass.OK_MANUAL,
    "003": OutcomeClass.OK_MANUAL,  # without a new number there is nothing to ask again
    "003.1": OutcomeClass.OK_MANUAL,
    "004": OutcomeClass.OK,
    "010": OutcomeClass.DENY_CARD,
    "050": OutcomeClass.FIX_INPUT,
    "051": OutcomeClass.FIX_INPUT,
    "052": OutcomeClass.FIX_INPUT,
    "053": OutcomeClass.FIX_INPUT,
    "054": OutcomeClass.CONFIG,
    "055": OutcomeClass.CONFIG,
    "060": OutcomeClass.FIX_INPUT,
    "061": OutcomeClass.FIX_INPUT,
    "070": OutcomeClass.FIX_INPUT,
    "080": OutcomeClass.UNKNOWN,
    "090": OutcomeClass.UNKNOWN,
    "100": OutcomeClass.PORTAL_ERR,
    "101": OutcomeClass.PORTAL_ERR,
    "110": OutcomeClass.DENY_CARD,
    "120": OutcomeClass.DENY_CARD,
    "121": OutcomeClass.DENY_CARD,
    "122": OutcomeClass.DENY_CARD,
    "123": OutcomeClass.DENY_CARD,
    "124": OutcomeClass.DENY_CARD,
    "130": OutcomeClass.OK_MANUAL,
    "205": OutcomeClass.BUG,
    "401": OutcomeClass.AUTH,
    "403": OutcomeClass.AUTH,
    "500": OutcomeClass.PORTAL_ERR,
    "501": OutcomeClass.AUTH,
}


def test_the_table_and_this_test_know_the_same_codes() -> None:
    assert set(rules_on(TODAY)) == set(_CLASSES) == {row.code for row in CODE_ROWS}
    assert set(OUTCOME_RULES) == set(OutcomeClass)


@pytest.mark.parametrize(("code", "outcome"), _CLASSES.items())
def test_every_code_has_its_class(code: str, outcome: OutcomeClass) -> None:
    assert judged(code=code).outcome is outcome
    assert judged(code=code).code == code


@pytest.mark.parametrize("code", ["999", "", "000 ", "OK", "200"])
def test_an_unknown_code_goes_to_the_counter_with_the_portals_note(code: str) -> None:
    judgement = judged(code=code)
    assert judgement.outcome is OutcomeClass.UNKNOWN
    assert judgement.next_step is NextStep.CHECK_AT_COUNTER
    assert judgement.staff_action is StaffAction.READ_NOTE


@pytest.mark.parametrize(
    ("code", "field"),
    [("050", RepairField.NUMBER), ("053", RepairField.NUMBER), ("060", RepairField.NAME), ("070", RepairField.BIRTH)],
)
def test_wrong_input_names_the_field_to_repair(code: str, field: RepairField) -> None:
    assert judged(code=code).repair is field
    assert judged(code=code).next_step is NextStep.CORRECT_DETAILS_AT_COUNTER


def test_a_good_answer_covers_today_and_waits_for_the_call() -> None:
    judgement = judged()
    assert judgement.next_step is NextStep.WAIT_FOR_CALL
    assert judgement.facility_match is FacilityMatch.HERE
    assert (judgement.valid_from, judgement.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("first_or_last", [{"valid_from": TODAY}, {"valid_to": TODAY}, {"valid_to": None}])
def test_first_day_last_day_and_open_end_are_covered(first_or_last: dict[str, date]) -> None:
    assert judged(**first_or_last).outcome is OutcomeClass.OK


def test_an_ended_card_is_denied_whatever_the_code_says() -> None:
    judgement = judged(valid_to=date(2026, 9, 1))
    assert judgement.outcome is OutcomeClass.DENY_CARD
    assert judgement.coverage is Coverage.EXPIRED
    assert judgement.next_step is NextStep.COUNTER_OR_PAID_SERVICE


@pytest.mark.parametrize(
    ("end", "outcome"),
    [(date(2026, 9, 20), OutcomeClass.OK_MANUAL), (date(2026, 9, 19), OutcomeClass.DENY_CARD)],
)
def test_fifteen_days_of_grace_lead_to_the_counter(end: date, outcome: OutcomeClass) -> None:
    assert judged(valid_to=end).outcome is outcome


def test_a_card_that_has_not_begun_is_not_valid_yet() -> None:
    judgement = judged(valid_from=date(2026, 10, 6))
    assert (judgement.outcome, judgement.coverage) == (OutcomeClass.DENY_CARD, Coverage.NOT_YET_VALID)


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_from": None},
        {"dates_readable": False},
        {"name": None},
        {"name": "Trần Thị B"},
        {"birth": None},
        {"birth": "02/01/1990"},
        {"birth": "hôm qua"},
        {"card": "DN4010000000002"},
        {"card": None},
    ],
)
def test_an_answer_that_does_not_prove_the_asked_person_is_checked_by_eye(changes: dict[str, object]) -> None:
    judgement = judged(**changes)
    assert judgement.outcome is OutcomeClass.OK_MANUAL
    assert judgement.staff_action is StaffAction.CHECK_DOCUMENT


@pytest.mark.parametrize(
    "question",
    [
        replace(QUESTION, name="NGUYEN VAN A"),
        replace(QUESTION, birth="1990"),
        replace(QUESTION, birth="01/1990"),
        replace(QUESTION, card="0000000001"),
        replace(QUESTION, card="001090123456"),
    ],
)
def test_the_same_person_asked_in_other_words_is_echoed(question: EligibilityQuestion) -> None:
    assert judged(question=question).outcome is OutcomeClass.OK


def test_another_facility_needs_a_referral_at_the_counter() -> None:
    judgement = judged(facility="79011")
    assert judgement.outcome is OutcomeClass.OK
    assert judgement.facility_match is FacilityMatch.ELSEWHERE
    assert judgement.next_step is NextStep.SHOW_REFERRAL_AT_COUNTER
    assert judgement.coverage is Coverage.VALID_ELSEWHERE


def test_a_missing_facility_is_looked_at_and_without_a_list_routes_are_not_judged() -> None:
    assert judged(facility=None).next_step is NextStep.CHECK_AT_COUNTER
    unjudged = judge(ANSWER, QUESTION, today=TODAY, accepted_facilities=())
    assert unjudged.next_step is NextStep.WAIT_FOR_CALL
    assert unjudged.facility_match is FacilityMatch.UNKNOWN


_RENEWED = {
    "code": "004",
    "new_card": "GD4010000000001",
    "new_valid_from": TODAY,
    "new_valid_to": date(2027, 12, 31),
    "new_facility": "79011",
}


def test_code_004_switches_to_the_new_card_once_its_window_has_begun() -> None:
    judgement = judged(**_RENEWED)
    assert judgement.card == "GD4010000000001"
    assert judgement.valid_to == date(2027, 12, 31)
    assert judgement.facility_match is FacilityMatch.ELSEWHERE


def test_code_004_keeps_the_old_card_until_then() -> None:
    judgement = judged(**(_RENEWED | {"new_valid_from": date(2026, 10, 6)}))
    assert judgement.card == "DN4010000000001"
    assert judgement.facility_match is FacilityMatch.HERE


def test_code_003_asks_once_more_with_the_new_number_and_not_twice() -> None:
    first = judged(code="003", new_card="GD4010000000001")
    assert (first.outcome, first.requery_card) == (OutcomeClass.REQUERY, "GD4010000000001")
    again = judge(
        replace(ANSWER, code="003", new_card="XX4010000000001"),
        replace(QUESTION, card="GD4010000000001"),
        today=TODAY,
        accepted_facilities=HERE,
        replaced=True,
    )
    assert (again.outcome, again.requery_card) == (OutcomeClass.OK_MANUAL, None)


@pytest.mark.parametrize("prefix", sorted(FORCES_PREFIXES))
def test_forces_cards_are_not_asked_about(prefix: str) -> None:
    unasked = judge_unasked(replace(QUESTION, card=f"{prefix}5010000000001"), skipped_prefixes=FORCES_PREFIXES)
    assert unasked is not None
    assert unasked.next_step is NextStep.SHOW_DOCUMENT_AT_COUNTER
    assert judge_unasked(replace(QUESTION, card=f"{prefix}5010000000001"), skipped_prefixes=()) is None


@pytest.mark.parametrize("question", [replace(QUESTION, name=None), replace(QUESTION, birth=None)])
def test_a_question_without_name_or_birth_cannot_be_asked(question: EligibilityQuestion) -> None:
    unasked = judge_unasked(question, skipped_prefixes=FORCES_PREFIXES)
    assert unasked is not None
    assert unasked.next_step is NextStep.CHECK_AT_COUNTER
    assert not unasked.retry


@pytest.mark.parametrize("code", ["050", "051", "052", "053"])
@pytest.mark.parametrize(
    ("birth", "is_child"),
    [
        ("06/10/2020", True),  # turns six tomorrow
        ("05/10/2020", False),
        ("2021", True),
        ("2020", False),  # may be six already
        ("11/2020", True),
        ("01/01/1990", False),
        ("01/01/2031", False),
        ("", False),
    ],
)
def test_a_small_child_whose_number_is_not_found_is_admitted_on_birth_papers(
    code: str, birth: str, is_child: bool
) -> None:
    judgement = judged(code=code, question=replace(QUESTION, birth=birth))
    assert (judgement.lane is Lane.CHILD) == is_child
    assert (judgement.coverage is Coverage.CHILD) == is_child
    assert judgement.code == code


def test_rules_are_rows_with_their_days_and_a_source() -> None:
    assert all(row.source for row in CODE_ROWS)
    old, new = CODE_ROWS[0].rule, CODE_ROWS[1].rule
    rows = (
        CodeRow(code="x", rule=old, source="a", valid_to=date(2026, 6, 30)),
        CodeRow(code="x", rule=new, source="b", valid_from=date(2026, 7, 1)),
    )
    for day, rule in ((date(2020, 1, 1), old), (date(2026, 6, 30), old), (date(2026, 7, 1), new)):
        assert [row.rule for row in rows if row.holds_on(day)] == [rule]
    for day in (date(2024, 7, 1), TODAY, date(2030, 1, 1)):
        assert len([row for row in CODE_ROWS if row.holds_on(day)]) == len(rules_on(day))


def test_grace_after_expiry_holds_since_its_decree() -> None:
    assert (grace_on(date(2025, 8, 14)).days, grace_on(date(2025, 8, 15)).days) == (0, 15)
    assert all(row.source for row in GRACE_ROWS)


def test_each_code_says_whether_and_when_to_ask_again() -> None:
    policies = {row.code: row.rule.ask_again for row in CODE_ROWS}
    assert {code for code, policy in policies.items() if policy is AskAgain.WITH_NEW_NUMBER} == {"003", "003.1"}
    assert {code for code, policy in policies.items() if policy is AskAgain.LATER} == {"100", "101", "500"}
    assert {code for code, policy in policies.items() if policy is AskAgain.WHEN_MENDED} == {
        *("054", "055", "401", "403", "501")
    }
    corrected = {code for code, policy in policies.items() if policy is AskAgain.WHEN_CORRECTED}
    assert corrected == {"050", "051", "052", "053", "060", "061", "070"}


@pytest.mark.parametrize("outcome", OutcomeClass)
def test_every_class_leads_somewhere(outcome: OutcomeClass) -> None:
    judgement = judge_failure(outcome, QUESTION, today=TODAY)
    assert judgement.outcome is outcome
    assert judgement.next_step in NextStep


def test_every_state_of_the_source_has_a_sentence_and_a_cure_where_one_is_needed() -> None:
    for language in ("vi", "en"):
        keys = load_catalogue().keys(language)
        assert {f"insurance.health.{state.value}" for state in SourceState} <= keys
        assert {f"insurance.cure.{state.value}" for state in set(SourceState) - FINE} <= keys


def test_every_key_of_identity_and_insurance_has_its_text_in_both_languages() -> None:
    keys = {
        member.value
        for kind in (NextStep, Coverage, StaffAction, CodeFault, NumberFault, IdentityWarning)
        for member in kind
    } | {f"outcome.{outcome.value}" for outcome in OutcomeClass}
    catalogue = load_catalogue()
    for language in ("vi", "en"):
        assert keys <= catalogue.keys(language)


def test_nothing_personal_stands_in_a_judgement_or_question_printed() -> None:
    printed = repr((judged(), QUESTION, ANSWER))
    for secret in ("Nguyễn", "DN4010000000001", "01/01/1990", "0000000001"):
        assert secret not in printed
