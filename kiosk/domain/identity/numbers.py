"""Bare numbers: citizen number, old identity-card number, insurance-card number, social-insurance number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from kiosk.domain.faults import Refusal
from kiosk.domain.identity.characters import has_foreign_digits, trimmed
from kiosk.domain.identity.dates import is_after
from kiosk.domain.identity.names import read_name
from kiosk.domain.identity.provinces import PROVINCES
from kiosk.domain.identity.values import (
    Assurance,
    BirthDate,
    Identity,
    IdentityWarning,
    NumberFault,
    NumberKind,
    Sex,
)

INSURANCE_CARD_SHAPE = re.compile(r"^[A-Z]{2}[1-5][0-9]{12}$")
_SPACING = re.compile(r"[\s.\-_]+")
_DIGITS = re.compile(r"^[0-9]+$")
_CARD_LENGTH = 15
_KINDS = {9: NumberKind.OLD_CITIZEN, 10: NumberKind.SOCIAL_INSURANCE, 12: NumberKind.CITIZEN}
NUMBER_LENGTHS = frozenset(_KINDS)
"""Lengths a number can have when it is all digits."""


@dataclass(frozen=True, kw_only=True)
class CheckedNumber:
    """A number as the rest of the program takes it, or the catalogue key of what is wrong with it.

    `number` is upper-case without spaces. Exactly one of `kind` and `fault` is set.
    """

    number: str
    kind: NumberKind | None = None
    fault: NumberFault | None = None
    warnings: tuple[str, ...] = ()


def check_number(text: str, *, today: date | None = None) -> CheckedNumber:
    """Checks a typed or scanned bare number of 9, 10 or 12 digits or a 15-character insurance-card number.

    Spaces, dots, hyphens and lower case are tolerated. Without `today` the number's year is not compared with it.
    """
    number = _SPACING.sub("", trimmed(text)).upper()
    fault = _fault_of(number)
    if fault is not None:
        return CheckedNumber(number=number, fault=fault)
    kind = NumberKind.INSURANCE_CARD if INSURANCE_CARD_SHAPE.match(number) else _KINDS[len(number)]
    warnings = citizen_number_warnings(number, today=today) if kind is NumberKind.CITIZEN else ()
    return CheckedNumber(number=number, kind=kind, warnings=warnings)


def _fault_of(number: str) -> NumberFault | None:
    if not number:
        return NumberFault.EMPTY
    if has_foreign_digits(number):
        return NumberFault.FOREIGN_DIGITS
    if INSURANCE_CARD_SHAPE.match(number):
        return None
    if _DIGITS.match(number):
        return _length_fault(len(number))
    looks_like_card = number[:2].isalpha() and number[:2].isascii() and _DIGITS.match(number[2:]) is not None
    return NumberFault.CARD_SHAPE if looks_like_card else NumberFault.LETTERS


def _length_fault(length: int) -> NumberFault | None:
    if length in _KINDS:
        return None
    if length < min(NUMBER_LENGTHS):
        return NumberFault.TOO_SHORT
    return NumberFault.TOO_LONG if length > max(NUMBER_LENGTHS) else NumberFault.WRONG_LENGTH


def year_in_number(number: str) -> int:
    """Birth year a citizen number tells: digit 4 is century and sex, digits 5–6 the year (NĐ 137/2015)."""
    return 1900 + int(number[3]) // 2 * 100 + int(number[4:6])


def sex_in_number(number: str) -> Sex:
    return Sex.FEMALE if int(number[3]) % 2 else Sex.MALE


def citizen_number_warnings(
    number: str, *, today: date | None = None, birth: BirthDate | None = None, sex: Sex | None = None
) -> tuple[str, ...]:
    """What staff should look at in a 12-digit citizen number: it never blocks, because corrections of birth date
    and sex, and births abroad, leave numbers that do not match."""
    warnings: list[str] = []
    if number[:3] not in PROVINCES:
        warnings.append(IdentityWarning.PROVINCE_UNKNOWN.value)
    if birth is not None and birth.year != year_in_number(number):
        warnings.append(IdentityWarning.YEAR_MISMATCH.value)
    if sex is not None and sex is not sex_in_number(number):
        warnings.append(IdentityWarning.SEX_MISMATCH.value)
    if today is not None and _in_future(number, birth, today):
        warnings.append(IdentityWarning.BIRTH_IN_FUTURE.value)
    return tuple(warnings)


def _in_future(number: str, birth: BirthDate | None, today: date) -> bool:
    return year_in_number(number) > today.year or (birth is not None and is_after(birth, today))


def typed_identity(number: str, birth: BirthDate | None, name: str | None, *, today: date | None = None) -> Identity:
    """Identity of a number typed at the kiosk, with birth date and name where the patient gave them.

    Raises `Refusal` with a `NumberFault` code where the number cannot be one.
    """
    checked = check_number(number, today=today)
    if checked.kind is None:
        raise Refusal((checked.fault or NumberFault.LETTERS).value)
    warnings = checked.warnings
    if checked.kind is NumberKind.CITIZEN:
        warnings = citizen_number_warnings(checked.number, today=today, birth=birth)
    return Identity(
        number=checked.number,
        number_kind=checked.kind,
        assurance=Assurance.TYPED,
        name=read_name(unicodedata.normalize("NFC", name)) if name else None,
        birth=birth,
        warnings=warnings,
    )
