"""The QR of the citizen card (chip CCCD of 2021, "Căn cước" of 2024): fields between `|`, plain UTF-8.

Fields: number, old number or empty, name, birth date, sex, address, issue date; newer cards append more, which are
counted and not interpreted, because no public sample shows their order. Address and issue date are not kept.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from kiosk.domain.identity.characters import has_foreign_digits, has_hidden
from kiosk.domain.identity.dates import is_after, parse_birth
from kiosk.domain.identity.names import folded_name, read_name
from kiosk.domain.identity.numbers import citizen_number_warnings
from kiosk.domain.identity.values import (
    Assurance,
    CodeFault,
    CodeKind,
    Identity,
    IdentityWarning,
    NumberKind,
    RecognisedCode,
    Sex,
)

KNOWN_FIELDS = 7
_STARTS_WITH_NUMBER = re.compile(r"^[0-9]{12}\|")
_NUMBER_BEFORE_BAR = re.compile(r"(?=([0-9]{12}\|))")
_NUMBER = re.compile(r"^[0-9]{12}$")
_OLD_NUMBER = re.compile(r"^(?:[0-9]{9}|[0-9]{12})?$")
_DATE_DIGITS = 8
_STRUCTURAL_FIELDS = (0, 1, 3, 6)
_SEXES = {"nam": Sex.MALE, "nu": Sex.FEMALE, "male": Sex.MALE, "female": Sex.FEMALE}


def is_citizen_code(text: str) -> bool:
    return _STARTS_WITH_NUMBER.match(text) is not None


def read_citizen_code(text: str, *, certain: bool, today: date, assurance: Assurance) -> RecognisedCode:
    """Identity of a citizen-card payload. Fewer than seven fields, or two scans run into each other with the second
    torn, or a first field that is no citizen number, give `code.torn`: nothing missing is guessed."""
    fields = _last_glued(text).split("|")
    fault = _fault_of(fields)
    if fault is not None:
        return RecognisedCode(kind=CodeKind.CITIZEN_CARD, fault=fault.value)
    return RecognisedCode(
        kind=CodeKind.CITIZEN_CARD,
        identity=_identity(fields, certain=certain, today=today, assurance=assurance),
        extra_fields=len(fields) - KNOWN_FIELDS,
    )


def _last_glued(text: str) -> str:
    """The last whole payload where scans follow each other without a terminator between them."""
    starts = [match.start() for match in _NUMBER_BEFORE_BAR.finditer(text)]
    for start in reversed(starts):
        fields = text[start:].split("|")
        if len(fields) >= KNOWN_FIELDS and _OLD_NUMBER.match(fields[1]) and parse_birth(fields[3]) is not None:
            return text[start:]
    return text


def _fault_of(fields: list[str]) -> CodeFault | None:
    if len(fields) < KNOWN_FIELDS:
        return CodeFault.TORN
    structural = "".join(fields[index] for index in _STRUCTURAL_FIELDS)
    if has_hidden(structural):
        return CodeFault.HIDDEN_CHARACTERS
    if has_foreign_digits(structural):
        return CodeFault.FOREIGN_DIGITS
    if _NUMBER.match(fields[0]) is None:
        return CodeFault.TORN
    if sum(char.isdigit() for char in fields[6]) > _DATE_DIGITS:
        return CodeFault.TORN
    return None


def _identity(fields: list[str], *, certain: bool, today: date, assurance: Assurance) -> Identity:
    number, name, birth = fields[0], read_name(fields[2]), parse_birth(fields[3])
    sex = read_sex(fields[4])
    warnings = list(citizen_number_warnings(number, today=today, birth=birth, sex=sex))
    if birth is None:
        warnings.append(IdentityWarning.BIRTH_UNREADABLE.value)
    warnings.extend(name_warnings(name, certain=certain))
    return Identity(
        number=number,
        number_kind=NumberKind.CITIZEN,
        assurance=assurance,
        name=name,
        name_certain=certain and name is not None,
        birth=None if birth is None or is_after(birth, today) else birth,
        sex=sex,
        warnings=tuple(warnings),
    )


def read_sex(text: str) -> Sex | None:
    """Sex of `Nam`, `Nữ`, `Nu`, `NỮ`, composed or decomposed; null for anything else."""
    return _SEXES.get(folded_name(unicodedata.normalize("NFC", text)))


def name_warnings(name: str | None, *, certain: bool) -> list[str]:
    if name is None:
        return [IdentityWarning.NAME_UNREADABLE.value]
    return [] if certain else [IdentityWarning.NAME_UNCERTAIN.value]
