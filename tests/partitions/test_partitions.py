"""A kiosk parted from its hub on a real (virtual) cable, again and again: numbers are given, and all is told once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from parted_site import SCENARIOS, PartedSite, Scenarios, why_not

HEALS = 10
IN_EVERY_TEST = ("cable out at the kiosk", "answers swallowed")
NUMBER_WITHIN_S = 3.0
PATIENT_WITHIN_S = 12.0


@pytest.fixture(scope="module")
def root_and_namespaces() -> None:
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)


def play(name: str, heals: int, root: Path) -> None:
    with PartedSite(root) as site:
        scenarios = Scenarios(site)
        assert site.wait_for_numbers(1, PATIENT_WITHIN_S) == 1
        for _ in range(heals):
            scenarios.begin(name)
            try:
                assert site.wait_for_numbers(2, PATIENT_WITHIN_S) == 2, "patients wait while the hub is away"
            finally:
                scenarios.heal(name)
            threading.Event().wait(1.0)
        assert site.rest(), "the hub was not told everything"
        account = site.account()
    assert account.is_clean, account
    assert account.issued >= 2 * heals
    assert max(site.waits_s) <= NUMBER_WITHIN_S


@pytest.mark.allowed_warnings("tiepdon.*")
@pytest.mark.parametrize("name", IN_EVERY_TEST)
def test_a_partition_heals_and_nothing_is_lost_or_doubled(name: str, root_and_namespaces: None, tmp_path: Path) -> None:
    play(name, 1, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.allowed_warnings("tiepdon.*")
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_partition_that_heals_ten_times_loses_and_doubles_nothing(
    name: str, root_and_namespaces: None, tmp_path: Path
) -> None:
    play(name, HEALS, tmp_path)
