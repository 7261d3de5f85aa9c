"""Simulated hospital days under one seed each: nothing lost, doubled, a phantom or left out; and bugs are caught."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sim_mutants import MUTANTS, RARE_MUTANTS
from sim_world import run_world
from simulate_days import simulated, summed

IN_EVERY_TEST = 500
RECORDED = 20_000
CAUGHT_WITHIN = 150
RARE_CAUGHT_WITHIN = 2_000
JOBS = 2


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Hubs go and come by the thousand here."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_five_hundred_days_lose_double_and_invent_nothing() -> None:
    days = summed(simulated(0, IN_EVERY_TEST, JOBS))
    assert days.findings == ()
    assert days.days == IN_EVERY_TEST
    assert days.offline > 5 * IN_EVERY_TEST, "a day without offline numbers proves little"
    assert days.kills > 3 * IN_EVERY_TEST
    assert days.told < days.kills / 50, "staff are told of a number that nobody saw where it cannot be helped"
    assert days.worst_s <= 3.0


@pytest.mark.long
@pytest.mark.timeout(6 * 3600)
def test_twenty_thousand_days_lose_double_and_invent_nothing() -> None:
    assert summed(simulated(0, RECORDED, JOBS)).findings == ()


def test_the_same_seed_gives_the_same_day() -> None:
    assert [run_world(seed) for seed in (3, 4)] == [run_world(seed) for seed in (3, 4)]


@pytest.mark.parametrize("name", MUTANTS)
def test_a_bug_put_in_is_caught(name: str) -> None:
    mutant = MUTANTS[name]
    assert any(mutant(seed).findings for seed in range(CAUGHT_WITHIN)), f"not caught: {name}"


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", RARE_MUTANTS)
def test_a_bug_that_hardly_ever_shows_is_caught(name: str) -> None:
    mutant = RARE_MUTANTS[name]
    assert any(mutant(seed).findings for seed in range(RARE_CAUGHT_WITHIN)), f"not caught: {name}"
