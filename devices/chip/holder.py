"""The person, of whichever of the two text files came."""

from __future__ import annotations

from datetime import date

from devices.chip.citizen import citizen_of
from devices.chip.dg13 import VietnameseData, parse_dg13
from devices.chip.errors import ChipError, MalformedData
from devices.chip.mrz import Mrz, parse_dg1
from devices.chip.values import Citizen


def holder_of(dg1: bytes | None, dg13: bytes | None, *, today: date) -> Citizen:
    """The holder by both files, or by the one that can be read. Raises `MalformedData` when neither tells name and
    number."""
    zone, data = _zone(dg1), _vietnamese_data(dg13)
    if zone is not None:
        return citizen_of(zone, data, today=today)
    if data is None or data.number is None or data.name is None:
        raise MalformedData("neither DG1 nor DG13 tells name and number")
    return Citizen(
        number=data.number,
        name=data.name,
        name_has_marks=True,
        birth=data.birth,
        sex=data.sex,
        residence=data.residence,
        old_number=data.old_number,
        issued=data.issued,
        expires=data.expires,
        expires_never=data.expires_never,
    )


def _zone(dg1: bytes | None) -> Mrz | None:
    try:
        return parse_dg1(dg1) if dg1 is not None else None
    except ChipError:
        return None


def _vietnamese_data(dg13: bytes | None) -> VietnameseData | None:
    try:
        return parse_dg13(dg13) if dg13 is not None else None
    except ChipError:
        return None
