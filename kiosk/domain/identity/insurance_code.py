"""The QR of the paper health-insurance card: fields between `|`, names as hex of their UTF-8, `$` at the end.

Fields 0–9 are known of several public sources; 10–13 are not interpreted. Field 13, a hash, cannot be checked by
anybody outside the insurer: the code is never proof of cover, only the input of a look-up.
"""

from __future__ import annotations

import re
from datetime import date

from kiosk.domain.identity.characters import has_foreign_digits, has_hidden
from kiosk.domain.identity.citizen_code import name_warnings
from kiosk.domain.identity.dates import is_after, parse_birth
from kiosk.domain.identity.names import read_name
from kiosk.domain.identity.numbers import INSURANCE_CARD_SHAPE, citizen_number_warnings
from kiosk.domain.identity.values import (
    Assurance,
    BirthDate,
    CodeFault,
    CodeKind,
    Identity,
    IdentityWarning,
    NumberKind,
    RecognisedCode,
    Sex,
)

TERMINATOR = "$"
KNOWN_FIELDS = 10
_FEWEST_FIELDS = 6
_FIELDS_WITH_EXTRAS = 14
_EVEN_HEX = re.compile(r"^(?:[0-9A-Fa-f]{2})+$")
_FACILITY = re.compile(r"^([0-9]{2})\s*[-‐‑‒–—−]?\s*([0-9]{3})$")
_CARD_DIGITS = {10: NumberKind.SOCIAL_INSURANCE, 12: NumberKind.CITIZEN}
_SEXES = {"1": Sex.MALE, "2": Sex.FEMALE}
_STRUCTURAL_FIELDS = (0, 2, 3, 5)


def is_insurance_code(text: str) -> bool:
    """True where the first field is a card number and the rest cannot be a citizen card's."""
    fields = _last_glued(text).split("|")
    if len(fields) < 2 or _kind_of(fields[0]) is None:
        return False
    if _kind_of(fields[0]) is NumberKind.CITIZEN:
        # A citizen card has a number or nothing there, and a name where this card has the birth date.
        return len(fields) > 2 and _is_hex_text(fields[1]) and parse_birth(fields[2]) is not None
    return True


def read_insurance_code(text: str, *, certain: bool, today: date, assurance: Assurance) -> RecognisedCode:
    """Identity of a paper card's payload. Cut short (no `$` and not all known fields) gives `code.torn`."""
    payload = _last_glued(text)
    known = [stripped for field in payload.split("|") if (stripped := field.strip()) != TERMINATOR]
    fault = _fault_of(known, ended=payload.endswith(TERMINATOR))
    if fault is not None:
        return RecognisedCode(kind=CodeKind.INSURANCE_CARD, fault=fault.value)
    return RecognisedCode(
        kind=CodeKind.INSURANCE_CARD,
        identity=_identity(known, certain=certain, today=today, assurance=assurance),
        extra_fields=max(0, len(known) - _FIELDS_WITH_EXTRAS),
    )


def _last_glued(text: str) -> str:
    """The last of several payloads run together; each ends in `$`."""
    ended = text.rstrip().endswith(TERMINATOR)
    scans = [scan for scan in text.split(TERMINATOR) if scan.strip()]
    if not scans:
        return ""
    return scans[-1] + TERMINATOR if ended else scans[-1]


def _fault_of(fields: list[str], *, ended: bool) -> CodeFault | None:
    whole = _FEWEST_FIELDS if ended else KNOWN_FIELDS
    if len(fields) < whole:
        return CodeFault.TORN
    structural = "".join(fields[index] for index in _STRUCTURAL_FIELDS)
    if has_hidden(structural):
        return CodeFault.HIDDEN_CHARACTERS
    return CodeFault.FOREIGN_DIGITS if has_foreign_digits(structural) else None


def _identity(fields: list[str], *, certain: bool, today: date, assurance: Assurance) -> Identity:
    number = fields[0].upper()
    kind = _kind_of(number) or NumberKind.INSURANCE_CARD
    name, birth, sex = read_name(_text_of(fields[1])), parse_birth(fields[2]), _SEXES.get(fields[3])
    # Hex digits come through any wrong decoding unharmed; only a plain-text name can have suffered.
    name_certain = name is not None and (certain or _is_hex_text(fields[1]))
    return Identity(
        number=number,
        number_kind=kind,
        assurance=assurance,
        name=name,
        name_certain=name_certain,
        birth=None if birth is None or is_after(birth, today) else birth,
        sex=sex,
        facility=_facility_of(fields[5]),
        warnings=tuple(_warnings(number, kind, birth, sex, today) + name_warnings(name, certain=name_certain)),
    )


def _warnings(number: str, kind: NumberKind, birth: BirthDate | None, sex: Sex | None, today: date) -> list[str]:
    if birth is None:
        return [IdentityWarning.BIRTH_UNREADABLE.value]
    if kind is NumberKind.CITIZEN:
        return list(citizen_number_warnings(number, today=today, birth=birth, sex=sex))
    return [IdentityWarning.BIRTH_IN_FUTURE.value] if is_after(birth, today) else []


def _kind_of(field: str) -> NumberKind | None:
    number = field.strip().upper()
    if INSURANCE_CARD_SHAPE.match(number):
        return NumberKind.INSURANCE_CARD
    return _CARD_DIGITS.get(len(number)) if number.isascii() and number.isdigit() else None


def _is_hex_text(field: str) -> bool:
    if _EVEN_HEX.match(field) is None:
        return False
    try:
        bytes.fromhex(field).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _text_of(field: str) -> str:
    """Text of a hex field; what is no hex of UTF-8 (odd length, other letters) is plain text; `-` is nothing."""
    if field == "-":
        return ""
    return bytes.fromhex(field).decode("utf-8") if _is_hex_text(field) else field


def _facility_of(field: str) -> str | None:
    match = _FACILITY.match(field)
    return match.group(1) + match.group(2) if match else None
