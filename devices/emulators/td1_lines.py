"""The three lines of a made-up person's card (ICAO 9303-5 §4.2), for what emulators draw or store."""

from __future__ import annotations

from dataclasses import dataclass

from devices.chip.mrz import check_digit

_LINE_LENGTH = 30


@dataclass(frozen=True, kw_only=True)
class Td1Person:
    """Dates are YYMMDD, names Latin capitals with single spaces; `optional` goes into the first line (a Vietnamese
    card has the 12-digit number there and its last nine digits as document number)."""

    document_number: str
    birth: str
    sex: str
    expiry: str
    family_name: str
    given_names: str
    optional: str = ""
    state: str = "VNM"
    nationality: str | None = None


def td1_lines(person: Td1Person) -> tuple[str, str, str]:
    """Three lines of 30 with their check digits. Raises ValueError for what does not fit or has other characters."""
    number = person.document_number.ljust(9, "<")
    first = f"ID{person.state}{number}{check_digit(number)}{person.optional.ljust(15, '<')}"
    dates = f"{person.birth}{check_digit(person.birth)}{person.sex}{person.expiry}{check_digit(person.expiry)}"
    second = f"{dates}{(person.nationality or person.state).ljust(3, '<')}".ljust(_LINE_LENGTH - 1, "<")
    whole = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    names = f"{person.family_name}  {person.given_names}".replace(" ", "<")
    lines = (first, second + check_digit(whole), names[:_LINE_LENGTH].ljust(_LINE_LENGTH, "<"))
    if any(len(line) != _LINE_LENGTH for line in lines):
        raise ValueError("a field is too long for its place")
    return lines
