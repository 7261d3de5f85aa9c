"""The holder a chip names, as a person of the visit."""

from __future__ import annotations

import re
from datetime import date

from devices.chip.values import Citizen, PartialDate
from kiosk.domain.identity.dates import is_after
from kiosk.domain.identity.names import read_name
from kiosk.domain.identity.numbers import citizen_number_warnings
from kiosk.domain.identity.values import Assurance, BirthDate, Identity, NumberKind, Sex

_CITIZEN_NUMBER = re.compile(r"[0-9]{12}")


def identity_of(citizen: Citizen, today: date) -> Identity | None:
    """The person, or None for a document that holds no Vietnamese citizen number (a passport lies there)."""
    if not _CITIZEN_NUMBER.fullmatch(citizen.number):
        return None
    birth = _birth(citizen.birth, today)
    sex = None if citizen.sex is None else Sex(citizen.sex.value)
    return Identity(
        number=citizen.number,
        number_kind=NumberKind.CITIZEN,
        assurance=Assurance.CHIP_READ,
        name=read_name(citizen.name),
        birth=birth,
        sex=sex,
        warnings=citizen_number_warnings(citizen.number, today=today, birth=birth, sex=sex),
    )


def _birth(told: PartialDate | None, today: date) -> BirthDate | None:
    if told is None:
        return None
    birth = BirthDate(year=told.year, month=told.month, day=told.day)
    return None if is_after(birth, today) else birth
