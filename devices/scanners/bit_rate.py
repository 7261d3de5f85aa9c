"""Finding the bit rate of a scanner on RS-232: scans at a wrong rate arrive as garbage or not at all.

USB-CDC scanners take any rate, and so does a pseudo-terminal: there this has nothing to find.
"""

from __future__ import annotations

DETECT = 0
"""The `baud` setting that means: find it."""

CANDIDATES = (115_200, 9_600, 19_200, 38_400, 57_600)
"""In the order in which scanners are shipped with them."""

_TEXT_CONTROLS = frozenset(b"\t\r\n\x02\x03\x04\x1d\x1e\x1f")
_MOST_HIGH_BYTES = 0.5
_FEWEST_PLAIN_BYTES = 4


class BitRateSearch:
    """Which rate to listen at. With a given rate there is nothing to search."""

    def __init__(self, baud: int) -> None:
        self._candidates = (baud,) if baud != DETECT else CANDIDATES
        self._place = 0
        self._found = baud != DETECT

    @property
    def rate(self) -> int:
        return self._candidates[self._place]

    @property
    def found(self) -> bool:
        """True from the first readable scan on."""
        return self._found

    def heard(self, data: bytes) -> bool:
        """Take one scan's bytes. False where they are garbage and the next rate is to be tried."""
        if self._found or is_readable(data):
            self._found = True
            return True
        self.next()
        return False

    def next(self) -> None:
        """Try the next rate, the first one after the last."""
        self._place = (self._place + 1) % len(self._candidates)


def is_readable(data: bytes) -> bool:
    """Whether bytes are text of some code page: UTF-8, or mostly ASCII, and no controls that text does not have."""
    if any(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in data) or 0x7F in data:
        return False
    plain = sum(0x20 <= byte < 0x7F for byte in data)
    if plain < min(_FEWEST_PLAIN_BYTES, len(data)):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return plain >= len(data) * _MOST_HIGH_BYTES
    return True
