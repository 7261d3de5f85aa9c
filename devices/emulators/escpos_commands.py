"""Lengths of the ESC/POS commands that the emulator passes over (Epson ESC/POS command reference)."""

from __future__ import annotations

SKIPPED_PARAMETERS: dict[bytes, int] = {
    b"\x10\x05": 1,  # DLE ENQ n: answered on arrival
    b"\x1b ": 1,  # right-side character spacing
    b"\x1b%": 1,  # user-defined character set
    b"\x1b<": 0,  # return home
    b"\x1b=": 1,  # select peripheral
    b"\x1b?": 1,
    b"\x1bB": 2,  # buzzer of clones
    b"\x1bK": 1,  # reverse feed: paper of an emulator does not come back
    b"\x1bL": 0,  # page mode is not emulated
    b"\x1bR": 1,  # international characters
    b"\x1bS": 0,
    b"\x1bT": 1,
    b"\x1bU": 1,
    b"\x1bV": 1,
    b"\x1bW": 8,
    b"\x1b\\": 2,
    b"\x1bc": 2,  # ESC c 3/4/5 n: sensors and buttons
    b"\x1be": 1,
    b"\x1bp": 3,  # drawer pulse
    b"\x1br": 1,
    b"\x1bu": 1,
    b"\x1bv": 0,
    b"\x1b{": 1,  # upside down
    b"\x1c!": 1,
    b"\x1c&": 0,  # Kanji mode on
    b"\x1c-": 1,
    b"\x1c.": 0,  # Kanji mode off
    b"\x1cC": 1,
    b"\x1cS": 2,
    b"\x1cW": 1,
    b"\x1cp": 2,  # stored image
    b"\x1d$": 2,
    b"\x1d/": 1,
    b"\x1d:": 0,
    b"\x1dH": 1,
    b"\x1dI": 1,  # printer identity: not answered
    b"\x1dL": 2,  # left margin
    b"\x1dP": 2,
    b"\x1dT": 1,
    b"\x1dW": 2,  # print area
    b"\x1d\\": 2,
    b"\x1db": 1,
    b"\x1df": 1,
    b"\x1dh": 1,
    b"\x1dw": 1,
}
"""Command → number of parameter bytes that follow its two bytes."""

TERMINATED_BY_NUL = frozenset({b"\x1bD"})  # tab stops
