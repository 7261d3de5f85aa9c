"""One person out of two files: the zone in DG1 and the Vietnamese data in DG13."""

from __future__ import annotations

import re
from datetime import date

from devices.chip.dg13 import VietnameseData
from devices.chip.mrz import Mrz
from devices.chip.values import Citizen, PartialDate

_CITIZEN_NUMBER = re.compile(r"[0-9]{12}")
_DIGITS = re.compile(r"[0-9]+")
_NOTHING = VietnameseData()


def citizen_of(mrz: Mrz, data: VietnameseData | None, *, today: date) -> Citizen:
    """The holder as both files tell; what DG13 says with marks and in full goes before the zone. Whether they tell of
    one person is `numbers_agree`'s question, not this one's: the number is the zone's. `today` settles a birth's
    century where nothing else does."""
    more = data or _NOTHING
    return Citizen(
        number=_number(mrz, more),
        name=more.name or mrz.name,
        name_has_marks=more.name is not None,
        birth=_fuller(more.birth, mrz.birth_date(today)),
        sex=more.sex or mrz.sex,
        residence=more.residence,
        old_number=more.old_number,
        issued=more.issued,
        expires=None if more.expires_never else more.expires or mrz.expiry_date,
        expires_never=more.expires_never,
    )


def numbers_agree(mrz: Mrz, data: VietnameseData) -> bool | None:
    """Whether DG13 holds the number of the zone; None where it holds none, or no Vietnamese one: what stands in DG13
    is each country's own affair. A zone with another kind of document number tells nothing of the person's."""
    if data.number is None or not _CITIZEN_NUMBER.fullmatch(data.number):
        return None
    if mrz.citizen_number is not None:
        return data.number == mrz.citizen_number
    return data.number.endswith(mrz.document_number) if _DIGITS.fullmatch(mrz.document_number) else None


def _number(mrz: Mrz, data: VietnameseData) -> str:
    """The zone's, where it tells one of a person: some number documents otherwise."""
    if mrz.citizen_number is not None:
        return mrz.citizen_number
    known = data.number is not None and _CITIZEN_NUMBER.fullmatch(data.number) is not None
    if data.number is None or not known or numbers_agree(mrz, data) is False:
        return mrz.document_number
    return data.number


def _fuller(told: PartialDate | None, zone: PartialDate | None) -> PartialDate | None:
    if told is None or zone is None:
        return told or zone
    return zone if told.year == zone.year and told.day is None else told
