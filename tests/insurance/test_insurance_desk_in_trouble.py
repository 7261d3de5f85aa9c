"""The hub's desk while the insurer fails, refuses, pauses or is asked too much: retries, breaker, quota, downtime."""

from __future__ import annotations

import time

from desk_bench import DOWN, VALID, MakeDesk, ScriptedSource, person
from insurance_helpers import AN, TODAY
from support.waiting import wait_until

from kiosk.domain.eligibility import Eligibility, OutcomeClass
from kiosk.domain.eligibility_judge import judge_failure
from kiosk.domain.insurance_work import SourceState
from kiosk.insurance.agenda import Quota
from kiosk.insurance.breaker import Breaker
from kiosk.insurance.flight import Cause, Flight
from kiosk.insurance.port import PortalAnswer


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
