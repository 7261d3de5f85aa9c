"""The hub's desk: budget, late answers, one look-up per question, breaker, retry, end."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from insurance_helpers import AN, TODAY, about
from support.insurance_hub import person_with
from support.waiting import wait_until

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion, NextStep, OutcomeClass
from kiosk.domain.eligibility_judge import AnsweredCard, judge_failure
from kiosk.domain.identity.reference import patient_reference
from kiosk.domain.insurance_work import SourceState
from kiosk.insurance.agenda import Quota
from kiosk.insurance.breaker import Breaker
from kiosk.insurance.consulted import Consulted
from kiosk.insurance.desk import InsuranceDesk
from kiosk.insurance.desk_options import DeskOptions
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_people import PEOPLE
from kiosk.insurance.flight import Cause, Flight
from kiosk.insurance.port import NoPortal, PortalAnswer
from kiosk.insurance.portal import PortalClient

VALID = PortalAnswer(
    fields=AnsweredCard(
        code="000",
        card=AN.card,
        name=AN.name,
        birth=AN.birth,
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        facility="01043",
    )
)
DOWN = PortalAnswer(failure=OutcomeClass.PORTAL_ERR, detail="portal.http_502")


class ScriptedSource:
    """An insurer that answers when told, with what it was told; the last answer repeats."""

    def __init__(self, *answers: PortalAnswer, held: bool = False) -> None:
        self._answers = list(answers)
        self.released = threading.Event()
        if not held:
            self.released.set()
        self.asked: list[EligibilityQuestion] = []
        self._lock = threading.Lock()

    def look_up(self, question: EligibilityQuestion, deadline_s: float) -> PortalAnswer:
        with self._lock:
            self.asked.append(question)
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        self.released.wait(deadline_s)
        return answer

    def answer_now(self, answer: PortalAnswer) -> None:
        with self._lock:
            self._answers = [answer]
        self.released.set()

    def close(self) -> None:
        self.released.set()


MakeDesk = Callable[..., InsuranceDesk]


@pytest.fixture
def late() -> list[Eligibility]:
    return []


@pytest.fixture
def desk_of(late: list[Eligibility]) -> Iterator[MakeDesk]:
    made: list[InsuranceDesk] = []
    numbers = itertools.count(1)

    def make(source: Any, **changes: Any) -> InsuranceDesk:
        given = {
            "patient_key": b"key",
            "today": lambda: TODAY,
            "new_id": lambda: f"answer-{next(numbers)}",
            "on_answer": lambda consulted: late.append(consulted.verdict),
            "accepted_facilities": ("01043",),
        }
        own = {
            name: changes.pop(name) for name in list(changes) if name in {field.name for field in fields(DeskOptions)}
        }
        desk = InsuranceDesk(source, options=DeskOptions(**own), **(given | changes))
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.close()


def person(number: int) -> EligibilityQuestion:
    return replace(AN, card=f"DN401{number:010d}")


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


def test_a_refused_account_opens_the_breaker_and_is_told_as_such(desk_of: MakeDesk) -> None:
    refused = PortalAnswer(failure=OutcomeClass.AUTH, detail="portal.token_401")
    desk = desk_of(ScriptedSource(refused), retry_longest_s=3600, probe_every_s=3600)
    for number in range(5):
        desk.ask(person(number))
    verdict = desk.ask(person(9)).verdict
    assert (verdict.outcome, verdict.coverage, verdict.pending) == (
        OutcomeClass.AUTH,
        "coverage.checked_at_counter",
        True,
    )
    assert (desk.health.state, desk.breaker_is_open) == (SourceState.REFUSED, True)


def test_when_a_probe_succeeds_nobody_waits_for_the_end_of_a_pause(desk_of: MakeDesk, late: list[Eligibility]) -> None:
    source = ScriptedSource(DOWN)
    desk = desk_of(source, retry_after_s=3600, retry_longest_s=3600, probe_every_s=0.1)
    for number in range(8):
        desk.ask(person(number))
    source.answer_now(VALID)
    wait_until(lambda: len(late) == 8)
    assert desk.health.state is SourceState.WORKS


def test_a_planned_downtime_answers_at_once_and_asks_when_it_is_over(
    desk_of: MakeDesk, late: list[Eligibility]
) -> None:
    source, left_s = ScriptedSource(VALID), [3600.0]
    desk = desk_of(source, downtime_left_s=lambda: left_s[0])
    begun = time.monotonic()
    verdict = desk.ask(AN).verdict
    assert time.monotonic() - begun < 1.0
    assert (verdict.pending, verdict.coverage, source.asked) == (True, "coverage.still_checking", [])
    left_s[0] = 0.0
    desk.wake()
    wait_until(lambda: bool(late))
    assert (late[0].id, late[0].outcome) == (verdict.id, OutcomeClass.OK)


def test_the_quota_spreads_questions_over_the_minute() -> None:
    now = [0.0]
    quota = Quota(per_minute=60, burst=2, clock=lambda: now[0])
    quota.spend()
    quota.spend()
    assert quota.wait_s() == 1.0
    now[0] = 1.0
    assert quota.wait_s() == 0.0
    quota.spend()
    now[0] = 100.0
    quota.spend()
    quota.spend()
    assert quota.wait_s() == 1.0
    assert Quota(per_minute=0, burst=0, clock=lambda: now[0]).wait_s() == 0.0


def test_the_desk_keeps_the_quota(desk_of: MakeDesk) -> None:
    now = [0.0]
    source = ScriptedSource(VALID)
    desk = desk_of(source, per_minute=60, burst=3, clock=lambda: now[0])
    verdicts = [desk.ask(person(number), 0.1).verdict for number in range(5)]
    assert [verdict.pending for verdict in verdicts] == [False, False, False, True, True]
    assert len(source.asked) == 3


def test_pauses_between_tries_grow_up_to_the_longest(desk_of: MakeDesk) -> None:
    desk = desk_of(ScriptedSource(DOWN), retry_after_s=30, retry_longest_s=100)
    flight = Flight(AN, waiting=desk.waiting(AN, "x"), begun_s=0, cause=Cause.FIRST)
    judged = judge_failure(OutcomeClass.PORTAL_ERR, AN, today=TODAY)
    pauses = []
    for flight.tries in range(1, 5):
        pauses.append(desk._pause_s(flight, judged))
    assert pauses == [30, 60, 100, 100]


def test_a_passing_failure_is_tried_again_and_its_end_reported_once(desk_of: MakeDesk, late: list[Eligibility]) -> None:
    verdict = desk_of(ScriptedSource(DOWN, DOWN, VALID), retry_after_s=0.02).ask(AN).verdict
    assert (verdict.outcome, verdict.pending) == (OutcomeClass.PORTAL_ERR, True)
    wait_until(lambda: bool(late))
    assert [(answer.id, answer.outcome) for answer in late] == [(verdict.id, OutcomeClass.OK)]


def test_a_lasting_failure_is_given_up_and_reported(desk_of: MakeDesk, late: list[Eligibility]) -> None:
    source = ScriptedSource(DOWN)
    desk_of(source, retry_after_s=0.01, tries=3).ask(AN)
    wait_until(lambda: bool(late))
    assert (late[0].outcome, late[0].pending) == (OutcomeClass.PORTAL_ERR, False)
    assert len(source.asked) == 3


def test_after_five_failures_the_answer_comes_at_once_and_one_probe_goes_out(desk_of: MakeDesk) -> None:
    source = ScriptedSource(DOWN)
    desk = desk_of(source, retry_after_s=60)
    for number in range(5):
        desk.ask(person(number))
    begun = time.monotonic()
    verdicts = [desk.ask(person(number)).verdict for number in range(5, 25)]
    assert time.monotonic() - begun < 1.0
    assert {(verdict.outcome, verdict.pending) for verdict in verdicts} == {(OutcomeClass.PORTAL_ERR, True)}
    assert len(source.asked) == 5


def test_when_the_insurer_is_back_everybody_left_pending_is_answered(
    desk_of: MakeDesk, late: list[Eligibility]
) -> None:
    source = ScriptedSource(DOWN)
    desk = desk_of(source, retry_after_s=0.01, probe_every_s=0.3, tries=10)
    verdicts = [desk.ask(person(number)).verdict for number in range(12)]
    source.answer_now(VALID)
    wait_until(lambda: len(late) == 12)
    assert {answer.id for answer in late} == {verdict.id for verdict in verdicts}


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


def test_a_breaker_permits_one_probe_a_period_and_closes_with_a_success() -> None:
    now = [0.0]
    breaker = Breaker(failures_to_open=2, probe_every_s=30, clock=lambda: now[0])
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.permits()
    breaker.failed()
    assert breaker.is_open
    assert not breaker.permits()
    assert breaker.wait_s() == 30
    now[0] = 30
    assert [breaker.permits(), breaker.permits()] == [True, False]
    breaker.succeeded()
    assert breaker.permits()
    assert not breaker.is_open


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
