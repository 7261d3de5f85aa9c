"""What staff see of a ticket's paper, and of numbers that stand on papers beside the one that is called."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.counter_views import ticket

from config.catalogue import load_catalogue
from kiosk.domain.localized import Language
from kiosk.domain.paper import Paper, PaperState
from ui.counter.wording import Wording


@pytest.fixture(params=list(Language))
def wording(request: pytest.FixtureRequest) -> Wording:
    return Wording(texts=load_catalogue(), language=request.param)


def test_the_number_on_the_paper_is_said_before_everything_else(wording: Wording) -> None:
    shown = replace(ticket("A015", flags=("flag.chip_forged", "flag.two_labels")), printed_labels=("K2-007",))
    first, *others = wording.checks(shown)
    assert "K2-007" in first
    assert len(others) == 2


@pytest.mark.parametrize("state", PaperState)
def test_only_a_paper_with_trouble_is_told_and_comes_last(wording: Wording, state: PaperState) -> None:
    shown = replace(ticket("A015", flags=("flag.number_typed",)), paper=Paper(state=state, code=None, copy=0))
    trouble = state in (PaperState.FAILED, PaperState.UNCONFIRMED)
    assert len(wording.checks(shown)) == (2 if trouble else 1)


def test_two_papers_of_one_number_are_looked_at_first(wording: Wording) -> None:
    shown = ticket("A001", flags=("flag.number_typed", "flag.label_twice"))
    assert wording.checks(shown)[0] == wording.known(["flag.label_twice"])
