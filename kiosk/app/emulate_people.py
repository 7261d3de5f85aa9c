"""The made-up people that emulated scanners and cameras show; the emulated portal knows the same ones."""

from __future__ import annotations

from datetime import date

from kiosk.app.emulate_console import LineRefused
from kiosk.insurance.emulator_people import PEOPLE, EmulatedPerson

SHOWN = 6


def code_of(line: str, today: date) -> str:
    """What to scan for a line: `person N` a citizen card, `insurance N` a paper insurance card, else the line itself.

    Raises `LineRefused`."""
    match line.split():
        case ["person", number]:
            return person_of(number).citizen_code()
        case ["insurance", number]:
            return person_of(number).insurance_code(today)
        case _:
            return line


def people_lines(count: int = SHOWN) -> list[str]:
    """The first people as lines: number, citizen number, insurance card, name, birth, the portal's code."""
    return [
        f"  {number:>2}  {person.citizen}  {person.card}  {person.name}, {person.birth}  [{person.code}]"
        for number, person in enumerate(PEOPLE[:count], start=1)
    ]


def person_of(number: str) -> EmulatedPerson:
    """Made-up person `number`, from 1. Raises `LineRefused`."""
    if not number.isdecimal() or not 1 <= int(number) <= len(PEOPLE):
        raise LineRefused("emulate.person_unknown", number=number, count=len(PEOPLE))
    return PEOPLE[int(number) - 1]
