"""The made-up population: the province's hit rate, no number twice, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable

from insurance_helpers import TODAY, about

from kiosk.domain.eligibility import OutcomeClass
from kiosk.domain.insurance_report import HITS
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_people import PEOPLE
from kiosk.insurance.emulator_population import population
from kiosk.insurance.looking_up import Lookup
from kiosk.insurance.portal import PortalClient


def test_no_number_belongs_to_two_and_the_seed_decides() -> None:
    people = population(1000, seed=3)
    numbers = [number for person in (*PEOPLE, *people) for number in (person.citizen, person.card, person.new_card)]
    given = [number for number in numbers if number]
    assert len(set(given)) == len(given)
    assert people == population(1000, seed=3)
    assert people != population(1000, seed=4)
    assert all(len(person.card) == 15 and len(person.citizen) == 12 for person in people)


def test_a_thousand_people_give_the_provinces_hit_rate(
    portal: PortalEmulator, client_of: Callable[..., PortalClient]
) -> None:
    people = population(1000)
    portal.rules.people = people
    lookup = Lookup(client_of(), today=lambda: TODAY, accepted_facilities=("01043",), clock=lambda: 0.0)
    outcomes = [lookup.look_up(about(person), 10).judged.outcome for person in people]
    assert sum(outcome in HITS for outcome in outcomes) == 767
    assert {OutcomeClass.OK, OutcomeClass.OK_MANUAL, OutcomeClass.FIX_INPUT, OutcomeClass.DENY_CARD} == set(outcomes)
    assert portal.token_requests == 1
