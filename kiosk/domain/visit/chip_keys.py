"""What may open the chip of the card on the reader: what the patient gave, and what follows from a shown number.

The six digits printed as card access number are the last six of the 12-digit number, and the document number of the
machine readable zone its digits 4–12, on every published sample; both are tried, never relied on. The date a card
expires follows from Law 26/2023/QH15, art. 21 (and before it Law 59/2014/QH13, art. 21): the birthday at 14, 25, 40
or 60; a card given within two years before one of these is good until the next; afterwards it never expires, which
the zone writes as 31/12/99.
"""

from __future__ import annotations

from datetime import date

from kiosk.domain.identity.values import BirthDate, Identity, NumberKind
from kiosk.domain.visit.chip_values import CanKey, Chip, ChipKey, ChipRules, ExpiryRule, PrintedKey

CAN_DIGITS = 6
CITIZEN_DIGITS = 12
RENEWAL_AGES = (14, 25, 40, 60)
EARLY_YEARS = 2
NEVER = "991231"


def keys_for(chip: Chip, identity: Identity | None, rules: ChipRules, today: date) -> tuple[ChipKey, ...]:
    """Keys worth trying now, surest first, without those the card has refused."""
    given = (chip.can, chip.printed)
    guessed = () if identity is None else guessed_keys(identity, rules, today)
    keys = dict.fromkeys(key for key in (*given, *guessed) if key is not None)
    return tuple(key for key in keys if key not in chip.refused)


def guessed_keys(identity: Identity, rules: ChipRules, today: date) -> tuple[ChipKey, ...]:
    """Keys that follow from a citizen number and birth date; none for any other number."""
    number = identity.number
    if identity.number_kind is not NumberKind.CITIZEN or len(number) != CITIZEN_DIGITS:
        return ()
    can = (CanKey(digits=number[-CAN_DIGITS:]),) if rules.can_from_number else ()
    return (*can, *_printed_keys(number, identity.birth, rules, today))


def document_number_of(number: str) -> str:
    """The nine characters the zone's first line holds of a 12-digit number."""
    return number[3:CITIZEN_DIGITS]


def likely_expiries(birth: date, today: date) -> tuple[str, ...]:
    """When a card that is good today expires (yymmdd), likeliest first: one date, or two in the years in which an
    old card and one given early are both good."""
    ahead = [birthday for age in RENEWAL_AGES if (birthday := _birthday(birth, age)) > today]
    dates = [*(f"{day:%y%m%d}" for day in ahead), NEVER]
    early_already = bool(ahead) and _birthday(today, EARLY_YEARS) >= ahead[0]
    return tuple(dates[: 2 if early_already else 1])


def _printed_keys(number: str, birth: BirthDate | None, rules: ChipRules, today: date) -> tuple[PrintedKey, ...]:
    born = None if birth is None else _whole(birth)
    if born is None or rules.expiry_rule is ExpiryRule.NONE:
        return ()
    return tuple(
        PrintedKey(document_number=document_number_of(number), birth=f"{born:%y%m%d}", expiry=expiry)
        for expiry in likely_expiries(born, today)
    )


def _whole(birth: BirthDate) -> date | None:
    if birth.month is None or birth.day is None:
        return None
    try:
        return date(birth.year, birth.month, birth.day)
    except ValueError:
        return None


def _birthday(birth: date, age: int) -> date:
    """The day somebody turns `age`; born on 29 February, on 28 February of other years."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return birth.replace(year=birth.year + age, day=28)
