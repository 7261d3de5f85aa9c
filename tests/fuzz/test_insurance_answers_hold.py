"""Mutated portal answers raise nothing undeclared, and `ok` needs code, identity and dates."""

from __future__ import annotations

import json

import pytest
from fuzz.insurance_answers import ASKED, TODAY, TRUE_ANSWER, judged, run, unproven

from kiosk.domain.eligibility import OutcomeClass
from kiosk.domain.eligibility_judge import AnsweredCard, judge


def test_a_moment_of_mutated_answers_finds_nothing() -> None:
    outcome = run(3_000, seed=1)
    assert outcome.failures == []
    assert outcome.valid > 300


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_hundred_thousand_mutated_answers_find_nothing() -> None:
    outcome = run(100_000, seed=2)
    assert outcome.failures == []
    assert outcome.valid > 10_000


def test_the_true_answer_is_valid_and_the_check_would_notice_a_false_one() -> None:
    body = json.dumps(TRUE_ANSWER).encode()
    judgement = judged(body)
    assert judgement is not None
    assert judgement.outcome is OutcomeClass.OK
    assert unproven(body, judgement) == []
    false = json.dumps(TRUE_ANSWER | {"hoTen": "Trần B", "maKetQua": "010", "maThe": "X", "ngaySinh": "1991"}).encode()
    assert len(unproven(false, judgement)) == 4
    expired = judge(AnsweredCard(code="000"), ASKED, today=TODAY, accepted_facilities=())
    assert "not begun" in unproven(body, expired)
