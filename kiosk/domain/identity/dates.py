"""Birth dates as cards and people write them."""

from __future__ import annotations

import re
from datetime import date

from kiosk.domain.identity.values import BirthDate

EARLIEST_YEAR = 1870
_COMPACT = re.compile(r"^(?:(?:([0-9]{2}))?([0-9]{2}))?([0-9]{4})$")
_SEPARATED = re.compile(r"^(?:(?:([0-9]{1,2})[/.\-\s]+)?([0-9]{1,2})[/.\-\s]+)?([0-9]{4})$")


def parse_birth(text: str) -> BirthDate | None:
    """Birth date of `ddMMyyyy`, `MMyyyy`, `yyyy`, or the same with `/`, `-`, `.`; null where it is none of them.

    Day or month written as zeros count as unknown, as on cards of people whose full date was never recorded.
    """
    stripped = text.strip()
    match = _COMPACT.match(stripped) or _SEPARATED.match(stripped)
    if match is None:
        return None
    day, month, year = (int(part) if part else 0 for part in match.groups())
    return _birth(year, month or None, day or None)


def _birth(year: int, month: int | None, day: int | None) -> BirthDate | None:
    if year < EARLIEST_YEAR or (day is not None and month is None):
        return None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return BirthDate(year=year, month=month, day=day)


def is_after(birth: BirthDate, today: date) -> bool:
    """True where even the earliest day of an incomplete birth date lies after `today`."""
    return date(birth.year, birth.month or 1, birth.day or 1) > today


def agree(one: BirthDate, other: BirthDate) -> bool:
    """True where two birth dates do not contradict each other as far as both are known."""
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(a == b for a, b in pairs if a is not None and b is not None)
