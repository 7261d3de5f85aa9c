"""The hub's desk: budget, late answers, one look-up per question, end."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from desk_bench import DOWN, VALID, MakeDesk, ScriptedSource, person
from insurance_helpers import AN, TODAY, about
from support.insurance_hub import person_with
from support.waiting import wait_until

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion, NextStep, OutcomeClass
from kiosk.domain.identity.reference import patient_reference
from kiosk.insurance.consulted import Consulted
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_people import PEOPLE
from kiosk.insurance.port import NoPortal
from kiosk.insurance.portal import PortalClient


def test_an_answer_within_the_budget_is_final(desk_of: MakeDesk, late: list[Eligibility]) -> None:
    verdict = desk_of(ScriptedSource(VALID)).ask(AN).verdict
    assert (verdict.outcome, verdict.code, verdict.pending) == (OutcomeClass.OK, "000", False)
    assert verdict.card_masked == "***********0001"
    assert verdict.patient_ref == patient_reference(AN.card, b"key")
    assert late == []


def test_a_slow_insurer_leaves_the_patient_pending_and_the_late_answer_comes_under_the_same_id(
    desk_of: MakeDesk, late: list[Eligibility]
) -> None:
    source = ScriptedSource(VALID, held=True)
    begun = time.monotonic()
    verdict = desk_of(source).ask(AN, 0.1).verdict
    assert time.monotonic() - begun < 1.0
    assert (verdict.outcome, verdict.pending) == (OutcomeClass.TIMEOUT, True)
    assert verdict.next_step == NextStep.CHECK_AT_COUNTER
    source.released.set()
    wait_until(lambda: bool(late))
    assert (late[0].id, late[0].outcome, late[0].pending) == (verdict.id, OutcomeClass.OK, False)


def test_equal_questions_in_flight_share_one_look_up(desk_of: MakeDesk) -> None:
    source = ScriptedSource(VALID, held=True)
    desk = desk_of(source)
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(desk.ask, AN, 5) for _ in range(20)]
        wait_until(lambda: len(source.asked) == 1)
        source.released.set()
        verdicts = [future.result().verdict for future in asked]
    assert len(source.asked) == 1
    assert {verdict.id for verdict in verdicts} == {verdicts[0].id}
    assert {verdict.outcome for verdict in verdicts} == {OutcomeClass.OK}


def test_a_person_answered_today_is_not_asked_about_again(desk_of: MakeDesk) -> None:
    source = ScriptedSource(VALID)
    desk = desk_of(source)
    first = desk.ask(AN)
    again = desk.ask(replace(AN, name="  nguyễn văn  AN "))
    assert (again.verdict, again.reused, first.reused) == (first.verdict, True, False)
    assert len(source.asked) == 1
    assert (desk.requests.first, desk.requests.reused) == (1, 1)


def test_the_next_day_the_person_is_asked_about_anew(desk_of: MakeDesk) -> None:
    source, day = ScriptedSource(VALID), [TODAY]
    desk = desk_of(source, today=lambda: day[0])
    first = desk.ask(AN).verdict
    day[0] = TODAY.replace(day=6)
    assert desk.ask(AN).verdict.id != first.id
    assert len(source.asked) == 2


def test_an_answer_that_is_none_is_not_kept_for_the_day(desk_of: MakeDesk) -> None:
    source = ScriptedSource(DOWN, VALID)
    desk = desk_of(source, tries=1)
    assert desk.ask(AN).verdict.outcome is OutcomeClass.PORTAL_ERR
    assert desk.ask(AN).verdict.outcome is OutcomeClass.OK


def test_staff_get_the_insurers_word_of_now_under_the_same_id(desk_of: MakeDesk) -> None:
    source = ScriptedSource(VALID)
    desk = desk_of(source)
    first = desk.ask(AN).verdict
    again = desk.ask_again(AN, first.id)
    assert (again.verdict.id, again.reused) == (first.id, False)
    assert len(source.asked) == 2
    assert (desk.requests.first, desk.requests.by_staff) == (1, 1)


def test_a_retry_of_staff_ends_the_pause_of_a_failed_question(desk_of: MakeDesk, late: list[Eligibility]) -> None:
    source = ScriptedSource(DOWN, VALID)
    desk = desk_of(source, retry_after_s=3600, retry_longest_s=3600)
    pending = desk.ask(AN).verdict
    again = desk.ask_again(AN, pending.id, 5).verdict
    assert (again.id, again.outcome, again.pending) == (pending.id, OutcomeClass.OK, False)


def test_a_dropped_question_is_asked_no_more(desk_of: MakeDesk, late: list[Eligibility]) -> None:
    source = ScriptedSource(DOWN)
    desk = desk_of(source, retry_after_s=0.05)
    desk.drop(desk.ask(AN).verdict.id)
    asked = len(source.asked)
    other = desk.ask(person(7)).verdict
    wait_until(lambda: len(source.asked) >= asked + 3)
    assert source.asked.count(AN) <= asked
    assert other.pending
    assert late == []


def test_a_question_of_before_the_restart_is_taken_up_under_its_id(desk_of: MakeDesk, late: list[Eligibility]) -> None:
    desk_of(ScriptedSource(VALID)).resume(AN, "answer-of-yesterday's-process", 2)
    wait_until(lambda: bool(late))
    assert (late[0].id, late[0].outcome) == ("answer-of-yesterday's-process", OutcomeClass.OK)


def test_no_portal_says_checked_at_the_counter_and_never_pending(desk_of: MakeDesk) -> None:
    desk = desk_of(NoPortal())
    for number in range(10):
        verdict = desk.ask(person(number)).verdict
        assert (verdict.outcome, verdict.pending) == (OutcomeClass.CONFIG, False)
        assert verdict.coverage == "coverage.checked_at_counter"


@pytest.mark.parametrize(
    "question", [replace(AN, name=None), replace(AN, birth=None), replace(AN, card="QN5010000000001")]
)
def test_what_cannot_be_asked_is_answered_without_the_insurer(desk_of: MakeDesk, question: EligibilityQuestion) -> None:
    source = ScriptedSource(VALID)
    assert not desk_of(source).ask(question).verdict.pending
    assert source.asked == []


def test_closing_ends_within_two_seconds_and_reports_nothing_unanswered(
    portal: PortalEmulator, client_of: Callable[..., PortalClient], desk_of: MakeDesk, late: list[Eligibility]
) -> None:
    portal.faults.delay_s = 60
    desk = desk_of(client_of())
    verdicts = [desk.ask(person(number), 0.05).verdict for number in range(12)]
    begun = time.monotonic()
    desk.close()
    assert time.monotonic() - begun < 2.0
    assert all(verdict.pending for verdict in verdicts)
    assert late == []
    assert not desk.ask(person(99), 5).verdict.pending


def test_closing_frees_who_waits_with_a_pending_verdict(desk_of: MakeDesk) -> None:
    source = ScriptedSource(DOWN, held=True)
    desk = desk_of(source, workers=1)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(desk.ask, person(number), 30) for number in range(2)]
        wait_until(lambda: len(desk._flights) == 2)
        begun = time.monotonic()
        desk.close()
        verdicts = [future.result(5).verdict for future in asked]
    assert time.monotonic() - begun < 2.0
    assert all(verdict.pending for verdict in verdicts)


def test_a_desk_full_of_waiting_questions_still_answers(desk_of: MakeDesk) -> None:
    source = ScriptedSource(VALID, held=True)
    desk = desk_of(source, most_waiting=2, workers=1)
    pending = [desk.ask(person(number), 0.02).verdict for number in range(2)]
    refused = desk.ask(person(3), 0.02).verdict
    assert all(verdict.pending for verdict in pending)
    assert (refused.outcome, refused.pending) == (OutcomeClass.PORTAL_ERR, False)


@pytest.mark.allowed_warnings("insurance.late_answer_not_kept")
def test_a_hub_that_cannot_keep_a_late_answer_does_not_stop_the_desk(desk_of: MakeDesk) -> None:
    def fail(consulted: Consulted) -> None:
        raise RuntimeError(consulted.verdict.id)

    source = ScriptedSource(VALID, held=True)
    desk = desk_of(source, on_answer=fail, workers=1)
    desk.ask(AN, 0.02)
    source.released.set()
    assert desk.ask(person(2), 5).verdict.pending is False


# -- with the emulated portal ----------------------------------------------------------------------------------------


def test_every_made_up_person_ends_with_a_next_step(
    portal: PortalEmulator, client_of: Callable[..., PortalClient], desk_of: MakeDesk
) -> None:
    desk = desk_of(client_of())
    verdicts = {made_up.citizen: desk.ask(about(made_up), 5).verdict for made_up in PEOPLE}
    assert {verdict.next_step for verdict in verdicts.values()} <= set(NextStep)
    assert {verdict.outcome for verdict in verdicts.values()} >= set(OutcomeClass) - {
        OutcomeClass.REQUERY,
        OutcomeClass.TIMEOUT,
    }
    assert portal.token_requests == 1


@pytest.mark.parametrize("code", ["003", "003.1"])
def test_a_replaced_card_is_asked_about_once_more_under_its_new_number(
    portal: PortalEmulator, client_of: Callable[..., PortalClient], desk_of: MakeDesk, code: str
) -> None:
    replaced = person_with(code)
    verdict = desk_of(client_of()).ask(about(replaced), 5).verdict
    assert (verdict.outcome, verdict.code) == (OutcomeClass.OK, "000")
    assert verdict.staff_action == "staff_action.confirm_new_card"
    assert verdict.card_masked.endswith((replaced.new_card or "")[-4:])
    assert verdict.patient_ref == patient_reference(replaced.card, b"key")
    assert portal.look_ups == 2
