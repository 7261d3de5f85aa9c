"""Codes of the hospital itself, told by patterns from the site's settings, and the national prescription code.

A hospital's patient and appointment codes follow no national rule: without patterns nothing is claimed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

MAX_OWN_CODE_CHARS = 64
DIGIT, LETTER_OR_DIGIT, REST = "#", "?", "*"
_FEWEST_LETTERS_BEFORE_REST = 2
_FEWEST_PLACES = 4
_CITIZEN_DIGITS = 12
_REST_SIGNS = frozenset("-_./")
_PATTERN = re.compile(r"^[0-9A-Za-z\-_./#?]+\*?$")
_NATIONAL_PRESCRIPTION = re.compile(r"^[0-9]{5}[0-9A-Za-z]{7}-[CNHYcnhy]$")


@dataclass(frozen=True, kw_only=True)
class OwnCodes:
    """`[codes]`: patterns of the hospital's own codes, upper and lower case alike.

    In a pattern `#` is one digit, `?` one letter or digit, `*` at the end anything of letters, digits and `-_./`; all
    else stands for itself: `"BN########"`, `"HK-*"`. Refused are patterns that would claim what is not the hospital's:
    fewer than four places, `*` after fewer than two fixed characters, twelve digits (a citizen number).
    """

    patient: tuple[str, ...] = ()
    appointment: tuple[str, ...] = ()
    prescription: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in fields(self):
            for index, pattern in enumerate(getattr(self, field.name)):
                _check(f"{field.name}[{index}]", pattern)

    def is_patient_code(self, text: str) -> bool:
        return _fits_one(self.patient, text)

    def is_appointment(self, text: str) -> bool:
        return _fits_one(self.appointment, text)

    def is_prescription(self, text: str) -> bool:
        """True for a prescription of the hospital's own form or of the national one."""
        return _fits_one(self.prescription, text) or is_national_prescription(text)


NO_OWN_CODES = OwnCodes()


def is_national_prescription(text: str) -> bool:
    """True for the 14 characters of the national prescription system: five digits of the issuing facility, seven
    letters or digits, a hyphen and the kind (C basic, N narcotic, H psychotropic, Y traditional medicine).

    Source: QĐ 808/QĐ-BYT of 01/04/2022, as told by HL7 Vietnam's VN Core guide 0.6 (14 characters: facility, code,
    kind); the places of the parts are those that public prescription software writes.
    """
    return _NATIONAL_PRESCRIPTION.match(text) is not None


def _check(place: str, pattern: str) -> None:
    head = pattern.removesuffix(REST)
    fixed = [char for char in head if char not in (DIGIT, LETTER_OR_DIGIT)]
    if _PATTERN.match(pattern) is None or len(pattern) > MAX_OWN_CODE_CHARS:
        raise ValueError("codes.signs", place, "A-Z a-z 0-9 - _ . / # ? … *")
    if pattern.endswith(REST) and len(fixed) < _FEWEST_LETTERS_BEFORE_REST:
        raise ValueError("codes.too_open", place, '"HK-*"')
    if not pattern.endswith(REST) and len(head) < _FEWEST_PLACES:
        raise ValueError("codes.too_short", place, '"BN########"')
    if not fixed and len(head) == _CITIZEN_DIGITS:
        raise ValueError("codes.citizen_number", place, '"BN########"')


def _fits_one(patterns: tuple[str, ...], text: str) -> bool:
    if not patterns or not text.isascii() or len(text) > MAX_OWN_CODE_CHARS:
        return False
    return any(_fits(pattern.upper(), text.upper()) for pattern in patterns)


def _fits(pattern: str, text: str) -> bool:
    head = pattern.removesuffix(REST)
    rest = text[len(head) :]
    if len(text) < len(head) or not all(map(_fits_place, head, text)):
        return False
    if not pattern.endswith(REST):
        return not rest
    return bool(rest) and all(char.isalnum() or char in _REST_SIGNS for char in rest)


def _fits_place(place: str, char: str) -> bool:
    if place == DIGIT:
        return char.isdigit()
    return char.isalnum() if place == LETTER_OR_DIGIT else char == place
