"""Finds the thirty columns of one line and how likely each glyph stands in each (Viterbi over near-constant steps)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.mrz_picture.glyphs import ALPHABET, OFF, PITCH_PX, Floats, GlyphReader
from devices.mrz_picture.line_finder import Grey

_GLYPHS = 30
_LEAST_STEP, _MOST_STEP = PITCH_PX - 2, PITCH_PX + 2
_STEP_COST = 0.25
_NEVER = np.float32(-1e4)

DIGITS, LETTERS, FILLER = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "<"
_ANY = ALPHABET
LINE_ALPHABETS: tuple[tuple[str, ...], ...] = (
    ("IAC", LETTERS + FILLER, *[LETTERS + FILLER] * 3, *[_ANY] * 9, DIGITS + FILLER, *[_ANY] * 15),
    (
        *[DIGITS] * 2,
        *[DIGITS + FILLER] * 4,
        DIGITS,
        "MF" + FILLER,
        *[DIGITS] * 7,
        *[LETTERS + FILLER] * 3,
        *[_ANY] * 11,
        DIGITS,
    ),
    (*[LETTERS + FILLER] * 30,),
)
"""What may stand in each place of each line (ICAO 9303-5 §4.2.2)."""


@dataclass(frozen=True, kw_only=True)
class ReadLine:
    """`log_shares`: 30 × glyphs of `ALPHABET`, natural logarithms. `score`: their mean on the best path; near 0 for
    clear print, below about -1.5 for what is no such line."""

    log_shares: Floats
    score: float


def read_line(strip: Grey, row: int, glyphs: GlyphReader) -> ReadLine:
    """Read a strip as line `row` (0, 1 or 2)."""
    shares = glyphs.log_shares(strip)
    fits = np.stack([_best_of(shares, allowed) for allowed in LINE_ALPHABETS[row]])
    columns, score = _columns(fits)
    near = [np.clip(columns + shift, 0, len(shares) - 1) for shift in (-1, 0, 1)]
    return ReadLine(log_shares=np.mean([shares[at, :OFF] for at in near], axis=0), score=score)


def _best_of(shares: Floats, allowed: str) -> Floats:
    return np.asarray(shares[:, [ALPHABET.index(glyph) for glyph in allowed]].max(1), dtype=np.float32)


def _columns(fits: Floats) -> tuple[NDArray[np.intp], float]:
    """The best left edges of windows, one a glyph, and their mean fit."""
    width = fits.shape[1]
    totals, came_from = fits[0].copy(), np.zeros((_GLYPHS, width), np.intp)
    for glyph in range(1, _GLYPHS):
        best = np.full(width, _NEVER, np.float32)
        for step in range(_LEAST_STEP, _MOST_STEP + 1):
            reached = np.full(width, _NEVER, np.float32)
            reached[step:] = totals[:-step] - _STEP_COST * (step - PITCH_PX) ** 2
            better = reached > best
            best[better] = reached[better]
            came_from[glyph][better] = step
        totals = best + fits[glyph]
    at = int(totals.argmax())
    score = float(totals[at]) / _GLYPHS
    columns = np.zeros(_GLYPHS, np.intp)
    for glyph in range(_GLYPHS - 1, -1, -1):
        columns[glyph] = at
        at -= int(came_from[glyph][at])
    return columns, score
