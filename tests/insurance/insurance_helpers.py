"""Time, people and questions of the insurance tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from kiosk.domain.eligibility import EligibilityQuestion
from kiosk.insurance.emulator_people import PEOPLE, EmulatedPerson

NOON = datetime(2026, 10, 5, 5, 0, tzinfo=UTC)
TODAY = date(2026, 10, 5)


class Clock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def about(person: EmulatedPerson, *, card: str | None = None) -> EligibilityQuestion:
    return EligibilityQuestion(card=card or person.card, name=person.name, birth=person.birth)


AN = about(PEOPLE[0])
