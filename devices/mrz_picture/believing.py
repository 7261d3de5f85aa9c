"""From how likely each glyph is in each place to what is believed: only what check digits confirm (ICAO 9303-3 §4.9,
9303-5 §4.2).

A glyph is exchanged for its runner-up only where the two were close, one in a field at most, one or two in all, between
letter and digit only for the classic confusions, and only when exactly one such reading makes every check digit hold:
nothing is guessed. Without these limits print in another face, and a line that is torn or covered above one that is
not, was sometimes read wrong with all check digits right (A, K and U count as 0 in them, for one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from devices.chip.mrz import check_digit, parse_mrz
from devices.mrz_picture.glyphs import ALPHABET, Floats
from devices.mrz_picture.line_reader import DIGITS, LINE_ALPHABETS

Lines = tuple[str, str, str]
_CLOSE = 3.0
"""Runners-up count when they are at most this much (natural logarithm) less likely."""
_LEAST_SURE, _LEAST_SURE_OF_WORST = -0.25, -1.6
"""How likely (natural logarithm) the glyphs of each of the first two lines are in the mean, and their worst three."""
_CLASSIC = frozenset(map(frozenset, ("O0", "Q0", "D0", "I1", "Z2", "S5", "G6", "B8", "OQ", "OD", "UV")))
_VIETNAM = "VNM"
_NUMBER_PLACE, _OPTIONAL_PLACE = slice(5, 14), slice(18, 27)
"""A Vietnamese card bears the last nine of its twelve digits twice in its first line."""


@dataclass(frozen=True, kw_only=True)
class _Field:
    """A field of line `row` with its check digit's place."""

    row: int
    place: slice
    check: int

    def text(self, lines: Sequence[str]) -> str:
        return lines[self.row][self.place]

    def holds(self, lines: Sequence[str]) -> bool:
        return check_digit(self.text(lines)) == lines[self.row][self.check]


_NUMBER = _Field(row=0, place=slice(5, 14), check=14)
_BIRTH = _Field(row=1, place=slice(0, 6), check=6)
_EXPIRY = _Field(row=1, place=slice(8, 14), check=14)
_FIELDS = (_NUMBER, _BIRTH, _EXPIRY)
_DATE = re.compile(r"[0-9]{2}(0[1-9]|1[0-2]|<<)(0[1-9]|[12][0-9]|3[01]|<<)")
"""Of a birth only the year may be known (ICAO 9303-3 §3.8)."""
_UNCHECKED = ((0, range(15, 30)), (1, range(18, 29)))
"""Optional data: only the check digit over all stands for it."""


@dataclass(frozen=True, kw_only=True)
class Believed:
    """`complete`: the check digit over all holds too; otherwise only those of the three fields do."""

    lines: Lines
    complete: bool


@dataclass(frozen=True, kw_only=True)
class _Reading:
    lines: Lines
    exchanges: int = 0


def believe(shares: Sequence[Floats]) -> Believed | None:
    """What the three lines say (`log_shares` of each), or None."""
    likeliest = _likeliest(shares)
    if not _are_sure(likeliest, shares):
        return None
    if likeliest[0][2:5] != _VIETNAM:
        if _has_unchecked_doubt(likeliest, shares):
            return None
        return _settled(likeliest, shares, most_exchanges=1 if _of_one_state(likeliest) else 0)
    if _twins_agree(likeliest):
        return _settled(likeliest, shares, most_exchanges=2)
    joined = _joined(shares)
    found = _settled(_likeliest(joined), joined, most_exchanges=1)
    if found is not None and found.complete:
        return found
    apart = _settled(likeliest, shares, most_exchanges=0)
    return Believed(lines=apart.lines, complete=False) if apart and likeliest[0][_NUMBER_PLACE].isdecimal() else None


def _likeliest(shares: Sequence[Floats]) -> Lines:
    first, second, third = (
        "".join(
            max(allowed, key=lambda glyph, at=at: float(line[at, ALPHABET.index(glyph)]))  # type: ignore[misc]
            for at, allowed in enumerate(LINE_ALPHABETS[row])
        )
        for row, line in enumerate(shares)
    )
    return first, second, third


def _are_sure(lines: Lines, shares: Sequence[Floats]) -> bool:
    for row in (0, 1):
        sure = np.sort([shares[row][at, ALPHABET.index(glyph)] for at, glyph in enumerate(lines[row])])
        if sure.mean() < _LEAST_SURE or sure[:3].mean() < _LEAST_SURE_OF_WORST:
            return False
    return True


def _has_unchecked_doubt(lines: Lines, shares: Sequence[Floats]) -> bool:
    """Whether some glyph of the document number may well be one that counts the same in every check digit (0 and U)."""
    for column in range(_NUMBER.place.start, _NUMBER.place.stop):
        read, likely = lines[0][column], shares[0][column]
        for glyph in LINE_ALPHABETS[0][column]:
            lead = likely[ALPHABET.index(read)] - likely[ALPHABET.index(glyph)]
            if glyph != read and lead <= _CLOSE and check_digit(glyph) == check_digit(read):
                return True
    return False


def _of_one_state(lines: Lines) -> bool:
    """Whether the issuing state is the holder's, as on nearly all cards; otherwise one of them may be misread."""
    return lines[0][2:5] == lines[1][15:18]


def _twins_agree(lines: Lines) -> bool:
    """Whether a Vietnamese card's two copies of its number are the same."""
    number = lines[0][_NUMBER_PLACE]
    return number.isdecimal() and number == lines[0][_OPTIONAL_PLACE]


def _joined(shares: Sequence[Floats]) -> list[Floats]:
    """A Vietnamese card's number as both its copies say together; digits only."""
    first = shares[0].copy()
    digits = [ALPHABET.index(digit) for digit in DIGITS]
    both = np.full_like(first[_NUMBER_PLACE], -100.0)
    both[:, digits] = (first[_NUMBER_PLACE] + first[_OPTIONAL_PLACE])[:, digits]
    first[_NUMBER_PLACE] = first[_OPTIONAL_PLACE] = both
    return [first, *shares[1:]]


def _settled(lines: Lines, shares: Sequence[Floats], *, most_exchanges: int) -> Believed | None:
    variants = [list(_variants(field, lines, shares)) for field in _FIELDS]
    candidates = [_together(lines, chosen) for chosen in product(*variants)]
    candidates = [one for one in candidates if one.exchanges <= most_exchanges and _has_dates(one.lines)]
    whole = [one for one in candidates if _holds_over_all(one.lines)]
    if not whole and lines[0][2:5] != _VIETNAM:  # there the optional data is settled by its copy
        fewer = [one for one in candidates if one.exchanges < most_exchanges]
        whole = [_Reading(lines=made) for one in fewer for made in _exchanged(one.lines, _UNCHECKED, shares)]
        whole = [one for one in whole if _holds_over_all(one.lines)]
    if len(whole) == 1:
        return Believed(lines=whole[0].lines, complete=True)
    plain = [one for one in candidates if one.exchanges == 0]
    return Believed(lines=lines, complete=False) if plain and not whole else None


def _variants(field: _Field, lines: Lines, shares: Sequence[Floats]) -> Iterator[_Reading]:
    """The lines as they are when the field's check digit holds, else with one glyph of it exchanged so that it does."""
    if field.holds(lines):
        yield _Reading(lines=lines)
        return
    places = (*range(field.place.start, field.place.stop), field.check)
    for made in _exchanged(lines, ((field.row, places),), shares):
        if field.holds(made):
            yield _Reading(lines=made, exchanges=1)


def _exchanged(lines: Lines, places: Sequence[tuple[int, Sequence[int]]], shares: Sequence[Floats]) -> Iterator[Lines]:
    for row, columns in places:
        for column in columns:
            likely = shares[row][column]
            best = likely[ALPHABET.index(lines[row][column])]
            for glyph in LINE_ALPHABETS[row][column]:
                if _may_be(glyph, lines[row][column]) and best - likely[ALPHABET.index(glyph)] <= _CLOSE:
                    line = lines[row][:column] + glyph + lines[row][column + 1 :]
                    first, second, third = (line if at == row else other for at, other in enumerate(lines))
                    yield first, second, third


def _may_be(glyph: str, read: str) -> bool:
    """Whether what was read as `read` may be `glyph`."""
    if glyph in DIGITS and read in DIGITS:
        return glyph != read
    return frozenset((glyph, read)) in _CLASSIC


def _together(lines: Lines, chosen: Sequence[_Reading]) -> _Reading:
    """Each field as its own reading has it."""
    rows = [list(line) for line in lines]
    for field, reading in zip(_FIELDS, chosen, strict=True):
        rows[field.row][field.place] = reading.lines[field.row][field.place]
        rows[field.row][field.check] = reading.lines[field.row][field.check]
    first, second, third = ("".join(row) for row in rows)
    return _Reading(lines=(first, second, third), exchanges=sum(reading.exchanges for reading in chosen))


def _holds_over_all(lines: Lines) -> bool:
    return "composite" not in parse_mrz(lines).wrong_digits


def _has_dates(lines: Lines) -> bool:
    return all(_DATE.fullmatch(field.text(lines)) for field in _FIELDS[1:])
