"""Every sentence insurance can say, on the screens that show it: whole, readable and nothing on top of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import screen_samples
from kiosk_bench import KioskOnBench, rect_of
from screen_checks import out_of_reach, overlaps, text_problems

from kiosk.domain.eligibility import Coverage, NextStep, OutcomeClass
from kiosk.domain.localized import Language
from kiosk.domain.visit.state import PrintProgress

LEAST_ROOM_PX = 40
"""The box around the sentence and the edge of the sheet it lies on."""

every_language = pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)


def problems(bench: KioskOnBench) -> list[str]:
    bench.view.grabWindow()
    return [*out_of_reach(bench), *text_problems(bench), *overlaps(bench)]


@every_language
@pytest.mark.parametrize("name", [screen_samples.PERSON.name, screen_samples.LONG_NAME], ids=["usual", "long"])
def test_every_sentence_about_the_card_fits_where_the_patient_is_asked(
    bench: KioskOnBench, language: Language, name: str
) -> None:
    person = replace(screen_samples.PERSON, name=name)
    for coverage in Coverage:
        outcome = OutcomeClass.OK if coverage is Coverage.VALID else OutcomeClass.UNKNOWN
        answer = screen_samples.eligibility(outcome, coverage)
        sample = screen_samples.SAMPLES["confirm_valid"]
        bench.show(replace(sample, identity=person, eligibility=answer, language=language))
        assert problems(bench) == [], coverage
        room = rect_of(bench.item("confirm")).top() - rect_of(bench.item("insuranceText")).bottom()
        assert room >= LEAST_ROOM_PX, f"{coverage} runs out of its box"


@every_language
def test_every_next_step_fits_beside_the_number(bench: KioskOnBench, language: Language) -> None:
    for next_step in NextStep:
        sample = screen_samples.SAMPLES["ticket_printed"]
        assert sample.slip is not None
        slip = replace(sample.slip, next_step=next_step.value)
        bench.show(replace(sample, slip=slip, print_progress=PrintProgress.CONFIRMED, language=language))
        assert problems(bench) == [], next_step
