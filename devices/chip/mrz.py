"""Machine readable zones (ICAO 9303-3, 4.9; 9303-5 for TD1)."""

from __future__ import annotations

from devices.chip.errors import MalformedData

_WEIGHTS = (7, 3, 1)
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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
