"""The made-up people of the emulated portal as holders of emulated citizen cards."""

from __future__ import annotations

from datetime import date, timedelta

from devices.emulators.chip.citizen import EmulatedCitizen
from kiosk.insurance.emulator_people import PEOPLE, EmulatedPerson

_AGES_OF_RENEWAL = (14, 25, 40, 60)
_FIRST_CARDS, _NEW_CARDS = date(2021, 4, 15), date(2024, 10, 1)
_BABY_CARD_AFTER = timedelta(days=60)


def citizen_card_of(number: int) -> EmulatedCitizen:
    """What the chip of person `number` (from 1) says. Raises IndexError."""
    if not 1 <= number <= len(PEOPLE):
        raise IndexError(number)
    return citizen_of(PEOPLE[number - 1])


def citizen_of(person: EmulatedPerson) -> EmulatedCitizen:
    """What the chip and the back of a person's card say."""
    born = _earliest_birth(person.birth)
    issued = _FIRST_CARDS if born < _FIRST_CARDS else max(_NEW_CARDS, born + _BABY_CARD_AFTER)
    return EmulatedCitizen(
        number=person.citizen,
        name=person.name,
        birth=person.birth,
        sex=person.sex,
        issued=issued,
        expires=_expiry(born, issued),
        residence="Số 1, Phường Mẫu, Hà Nội",
    )


def _earliest_birth(text: str) -> date:
    """Births may lack their day or month."""
    parts = [int(part) for part in text.split("/")]
    return date(*reversed([*([1] * (3 - len(parts))), *parts]))


def _expiry(born: date, issued: date) -> date | None:
    """Cards last until the next birthday that asks for a new one, and for ever after the last (Law 26/2023/QH15,
    article 21)."""
    renewals = (born.replace(year=born.year + age) for age in _AGES_OF_RENEWAL)
    return next((day for day in renewals if day > issued), None)
