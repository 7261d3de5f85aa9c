"""Machine readable zones: TD1 of cards, TD2 and TD3 of other documents (ICAO 9303-3, 4.9; 9303-4, -5 and -6, 4.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from devices.chip import tlv
from devices.chip.errors import MalformedData
from devices.chip.values import PartialDate, Sex

_WEIGHTS = (7, 3, 1)
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FILLER = "<"
_ALLOWED = re.compile(r"[0-9A-Z<]*")
_CITIZEN_NUMBER = re.compile(r"([0-9]{12})(?:<+[0-9]?)?")
"""Real cards end the optional data with a check digit of the number, two fillers after it."""
_DATE = re.compile(r"([0-9]{2})([0-9]{2}|<<)([0-9]{2}|<<)")
_NUMBER_SIZE = 9
_MAX_TEXT = 256
_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}
_DG1_TAG = 0x61
_MRZ_TAG = 0x5F1F


def check_digit(field: str) -> str:
    """The check digit over `field`: weights 7, 3, 1; A is 10 … Z is 35, the filler `<` is 0. Raises `MalformedData`
    on any other character."""
    total = 0
    for at, character in enumerate(field):
        value = 0 if character == "<" else _ALPHABET.find(character)
        if value < 0:
            raise MalformedData("mrz: character")
        total += value * _WEIGHTS[at % 3]
    return str(total % 10)


@dataclass(frozen=True, kw_only=True, repr=False)
class Mrz:
    """What a machine readable zone says. `document_number` is whole, also where TD1 continues it in its optional data
    (then not in `optional` any more); `birth` and `expiry` stand as printed, yymmdd with `<<` for what is unknown.
    `wrong_digits` names the fields whose check digit is wrong. Never printed by `repr`."""

    document_code: str
    state: str
    document_number: str
    optional: str
    birth: str
    sex: Sex | None
    expiry: str
    nationality: str
    surname: str
    given_names: str
    wrong_digits: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Surname first, in capitals and without marks."""
        return f"{self.surname} {self.given_names}".strip()

    @property
    def citizen_number(self) -> str | None:
        """The 12-digit number in the optional data (TD1: line 1 from its 16th character), None where it is not."""
        found = _CITIZEN_NUMBER.fullmatch(self.optional)
        return found[1] if found else None

    def birth_date(self, today: date) -> PartialDate | None:
        """The birth date in its century: the one a citizen number tells (its 4th digit), else the last one that is
        not after `today`. None where it is no date or wholly unknown."""
        number = self.citizen_number
        year = int(self.birth[:2]) if self.birth[:2].isdigit() else 0
        if number is not None and int(number[4:6]) == year:
            return _partial_date(self.birth, 1900 + 100 * (int(number[3]) // 2))
        later = _partial_date(self.birth, 2000)
        return later if later is not None and _begin(later) <= today else _partial_date(self.birth, 1900)

    @property
    def expiry_date(self) -> date | None:
        """The last day of validity; chips are younger than 2000. None where none is told."""
        known = _partial_date(self.expiry, 2000)
        return _begin(known) if known is not None and known.day is not None else None


def parse_td1(text: str | Sequence[str]) -> Mrz:
    """A card's zone of three lines of 30, given as lines or as one text; spaces, line breaks and lower case do not
    matter. Raises `MalformedData`, also when a check digit is wrong."""
    zone = _joined(text)
    if len(zone) != 90:
        raise MalformedData("mrz: not 90 characters")
    parsed = _td1(zone)
    if parsed.wrong_digits:
        raise MalformedData(f"mrz: check digit of {', '.join(parsed.wrong_digits)}")
    return parsed


def parse_mrz(text: str | Sequence[str]) -> Mrz:
    """A zone of any of the three sizes, told by its length; wrong check digits are only named (a chip's signature
    says more than they do). Raises `MalformedData`."""
    zone = _joined(text)
    reader = {90: _td1, 72: _td2, 88: _td3}.get(len(zone))
    if reader is None:
        raise MalformedData("mrz: of no known size")
    return reader(zone)


def parse_dg1(file: bytes) -> Mrz:
    """The zone in DG1 (61 → 5F1F; ICAO 9303-10, 4.7.1). Raises `MalformedData`."""
    outer = tlv.parse_first(file)
    if outer.tag != _DG1_TAG:
        raise MalformedData("dg1: tag")
    try:
        text = outer.child(_MRZ_TAG).value.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedData("mrz: character") from None
    return parse_mrz(text)


def _joined(text: str | Sequence[str]) -> str:
    parts = text if isinstance(text, str) else "".join(text)
    if len(parts) > _MAX_TEXT:
        raise MalformedData("mrz: too long")
    zone = "".join(parts.split()).upper()
    if not _ALLOWED.fullmatch(zone):
        raise MalformedData("mrz: character")
    return zone


def _td1(zone: str) -> Mrz:
    first, second, third = zone[:30], zone[30:60], zone[60:]
    number, digit, optional = _document_number(first[5:14], first[14], first[15:30])
    digits = {
        "document_number": (number, digit),
        "birth": (second[0:6], second[6]),
        "expiry": (second[8:14], second[14]),
        "composite": (first[5:30] + second[0:7] + second[8:15] + second[18:29], second[29]),
    }
    surname, given = _names(third)
    return Mrz(
        document_code=_bare(first[0:2]),
        state=_bare(first[2:5]),
        document_number=_bare(number),
        optional=optional,
        birth=second[0:6],
        sex=_SEXES.get(second[7]),
        expiry=second[8:14],
        nationality=_bare(second[15:18]),
        surname=surname,
        given_names=given,
        wrong_digits=_wrong(digits),
    )


def _td2(zone: str) -> Mrz:
    return _two_lines(zone[:36], zone[36:], optional_end=35, own_optional_digit=False)


def _td3(zone: str) -> Mrz:
    return _two_lines(zone[:44], zone[44:], optional_end=42, own_optional_digit=True)


def _two_lines(first: str, second: str, *, optional_end: int, own_optional_digit: bool) -> Mrz:
    whole = second[28:optional_end]
    number, digit, optional = second[0:9], second[9], whole
    if not own_optional_digit:
        number, digit, optional = _document_number(number, digit, whole)
    digits = {
        "document_number": (number, digit),
        "birth": (second[13:19], second[19]),
        "expiry": (second[21:27], second[27]),
        "composite": (second[0:10] + second[13:20] + second[21:-1], second[-1]),
    }
    if own_optional_digit:
        digits["optional"] = (whole, second[optional_end])
    surname, given = _names(first[5:])
    return Mrz(
        document_code=_bare(first[0:2]),
        state=_bare(first[2:5]),
        document_number=_bare(number),
        optional=optional,
        birth=second[13:19],
        sex=_SEXES.get(second[20]),
        expiry=second[21:27],
        nationality=_bare(second[10:13]),
        surname=surname,
        given_names=given,
        wrong_digits=_wrong(digits),
    )


def _document_number(number: str, digit: str, optional: str) -> tuple[str, str, str]:
    """Number, its check digit and the optional data left: a filler as digit says that the number goes on in the
    optional data, its check digit being the last character before the next filler (9303-5, 4.2.4)."""
    if digit != _FILLER or number.endswith(_FILLER):
        return number, digit, optional
    rest, _, left = optional.partition(_FILLER)
    if not rest:
        return number, digit, optional
    return number + rest[:-1], rest[-1], left


def _wrong(digits: dict[str, tuple[str, str]]) -> tuple[str, ...]:
    return tuple(name for name, (field, digit) in digits.items() if not _holds(field, digit))


def _holds(field: str, digit: str) -> bool:
    return digit == check_digit(field) or (digit == _FILLER and not field.strip(_FILLER))


def _names(field: str) -> tuple[str, str]:
    surname, _, given = field.partition("<<")
    return _spaced(surname), _spaced(given)


def _spaced(field: str) -> str:
    return " ".join(field.replace(_FILLER, " ").split())


def _bare(field: str) -> str:
    return field.rstrip(_FILLER)


def _partial_date(field: str, century: int) -> PartialDate | None:
    found = _DATE.fullmatch(field)
    if not found:
        return None
    year, month, day = century + int(found[1]), _known(found[2]), _known(found[3])
    if month is None:
        return PartialDate(year=year)
    try:
        date(year, month, day or 1)
    except ValueError:
        return None
    return PartialDate(year=year, month=month, day=day)


def _known(part: str) -> int | None:
    """Zeros are seen for unknown parts too."""
    return int(part) or None if part != _FILLER * 2 else None


def _begin(known: PartialDate) -> date:
    return date(known.year, known.month or 1, known.day or 1)
