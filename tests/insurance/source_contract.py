"""What every insurer's adapter must keep. Another insurer subclasses this and gives its `source`."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from insurance_helpers import AN

from kiosk.domain.eligibility import EligibilityQuestion, OutcomeClass
from kiosk.insurance.port import InsuranceSource, PortalAnswer

HOSTILE = (
    EligibilityQuestion(card="DN4010000000001", name="Nguyễn Văn An" * 9, birth="01/01/1990"),
    EligibilityQuestion(card="0", name="&token=x#%00\r\nX: y", birth="31/02/0000"),
    EligibilityQuestion(
        card="Đ" * 17, name="\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), birth=""
    ),
    EligibilityQuestion(card="", name=None, birth=None),
)


class SourceContract:
    """Tests over a fixture `source`, an adapter that works, or is as good as it gets."""

    def keeps_its_shape(self, answer: PortalAnswer) -> None:
        assert (answer.fields is None) != (answer.failure is None), "either fields or a failure"
        if answer.failure is not None:
            assert answer.failure in OutcomeClass
            assert answer.detail
            assert answer.detail.replace(".", "").replace("_", "").isalnum(), "a code, no prose"

    def test_an_answer_has_fields_or_a_failure(self, source: InsuranceSource) -> None:
        self.keeps_its_shape(source.look_up(AN, 5))

    @pytest.mark.parametrize("question", HOSTILE)
    def test_no_question_makes_it_raise(self, source: InsuranceSource, question: EligibilityQuestion) -> None:
        self.keeps_its_shape(source.look_up(question, 5))

    @pytest.mark.parametrize("deadline_s", [0.0, -1.0, 0.001])
    def test_a_deadline_that_is_over_ends_at_once(self, source: InsuranceSource, deadline_s: float) -> None:
        begun = time.monotonic()
        self.keeps_its_shape(source.look_up(AN, deadline_s))
        assert time.monotonic() - begun < 1.0

    def test_it_is_asked_from_many_threads_at_once(self, source: InsuranceSource) -> None:
        start = threading.Barrier(16)

        def ask(_: int) -> PortalAnswer:
            start.wait()
            return source.look_up(AN, 10)

        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(ask, range(16)))
        assert len({(answer.failure, answer.code) for answer in answers}) == 1

    def test_nothing_personal_stands_in_what_is_printed(self, source: InsuranceSource) -> None:
        printed = repr(source.look_up(AN, 5)) + repr(source)
        assert not [part for part in (AN.card, AN.name, AN.birth) if part and part in printed]

    def test_closed_it_refuses_new_questions_at_once(self, source: InsuranceSource) -> None:
        source.close()
        begun = time.monotonic()
        assert source.look_up(AN, 30).failure is not None
        assert time.monotonic() - begun < 1.0
        source.close()
