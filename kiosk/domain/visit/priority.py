"""Legal priority as far as a kiosk can see it: age from the birth date, or a parent's word for a small child.

Source: Law 15/2023/QH15, art. 3.2 (children under 6, people of 75 and older; the other groups are for staff to see).
"""

from __future__ import annotations

from datetime import date, timedelta

from kiosk.domain.identity.values import Assurance, BirthDate, Identity
from kiosk.domain.ticket import Priority
from kiosk.domain.visit.state import Claim

CHILD_BELOW_YEARS = 6
OLD_FROM_YEARS = 75
PRIORITY_CLAIMED = "flag.priority_claimed"
AGE_TO_CONFIRM = "flag.age_to_confirm"


def priority_of(identity: Identity | None, claim: Claim | None, today: date) -> tuple[Priority, tuple[str, ...]]:
    """Priority and the flags that ask staff to confirm it.

    A birth date that only may qualify (year alone) gives no priority but the flag `flag.age_to_confirm`.
    """
    if claim is Claim.CHILD_UNDER_SIX:
        return Priority.PRIORITY, (PRIORITY_CLAIMED,)
    if identity is None or identity.birth is None:
        return Priority.NORMAL, ()
    youngest, oldest = ages(identity.birth, today)
    if oldest < CHILD_BELOW_YEARS or youngest >= OLD_FROM_YEARS:
        said = identity.assurance is Assurance.TYPED
        return Priority.PRIORITY, (PRIORITY_CLAIMED,) if said else ()
    if youngest < CHILD_BELOW_YEARS or oldest >= OLD_FROM_YEARS:
        return Priority.NORMAL, (AGE_TO_CONFIRM,)
    return Priority.NORMAL, ()


def ages(birth: BirthDate, today: date) -> tuple[int, int]:
    """Lowest and highest whole years of age `birth` allows on `today`."""
    return _age(_latest(birth), today), _age(_earliest(birth), today)


def is_plausible(birth: BirthDate, today: date) -> bool:
    """Whether `birth` is a calendar date of somebody alive today."""
    try:
        earliest, _ = _earliest(birth), _latest(birth)
    except ValueError:
        return False
    return birth.year >= today.year - 130 and earliest <= today


def _earliest(birth: BirthDate) -> date:
    return date(birth.year, birth.month or 1, birth.day or 1)


def _latest(birth: BirthDate) -> date:
    if birth.month is None:
        return date(birth.year, 12, 31)
    if birth.day is not None:
        return date(birth.year, birth.month, birth.day)
    after = date(birth.year + birth.month // 12, birth.month % 12 + 1, 1)
    return after - timedelta(days=1)


def _age(birth: date, today: date) -> int:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
