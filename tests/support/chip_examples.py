"""The worked examples of ICAO 9303-11 as data, a chip that plays an exchange, and randomness that is none."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from devices.chip.randomness import Randomness

_DATA = Path(__file__).parent.parent / "devices" / "chip" / "data"


def appendices() -> dict[str, Any]:
    """Appendix D and G.1."""
    return dict(json.loads((_DATA / "icao9303_appendices.json").read_text()))


def pace_examples() -> dict[str, Any]:
    """Appendices G.2, H.1, H.2 and I."""
    return dict(json.loads((_DATA / "icao9303_pace.json").read_text()))


class PlayedChip:
    """A transport that expects given commands and gives given answers, both in hex."""

    def __init__(self, exchange: Sequence[Sequence[str]]) -> None:
        self._left = [(bytes.fromhex(sent), bytes.fromhex(answer)) for sent, answer in exchange]

    def __call__(self, apdu: bytes) -> bytes:
        assert self._left, f"a command too many: {apdu.hex().upper()}"
        expected, answer = self._left.pop(0)
        assert apdu.hex().upper() == expected.hex().upper()
        return answer

    @property
    def done(self) -> bool:
        return not self._left


def fixed(privates: Iterable[str] = (), octets: Iterable[str] = ()) -> Randomness:
    """Randomness that gives these private keys and these octets, in order."""
    keys = [int(each, 16) for each in privates]
    strings = [bytes.fromhex(each) for each in octets]
    return Randomness(below=lambda _: keys.pop(0) - 1, octets=lambda _: strings.pop(0))
