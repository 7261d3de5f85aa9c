"""How much to ask of a chip at once; what was learned is kept when a session has to be opened anew."""

from __future__ import annotations

from devices.chip import tlv
from devices.chip.apdu import MAX_EXTENDED_EXPECTED, MAX_SHORT_EXPECTED
from devices.chip.errors import MalformedData
from devices.chip.link import Channel

_SHORT_STEPS = (224, 160, 112, 64, 32, 16, 8)
_LONG_STEPS = (4096, 1024)
_ONLY_A_HEADER = 8
_STATUS_SIZE = 2
_CAPABILITIES = 0x47
_EXTENDED_LENGTH_INFORMATION = 0x7F66
_EXTENDED_LENGTHS = 0x40


class ChunkSizes:
    """Starts as high as the transport carries, and goes down where the chip refuses: first out of the extended form,
    then step by step within the short one."""

    def __init__(self, max_answer_bytes: int = MAX_SHORT_EXPECTED + _STATUS_SIZE) -> None:
        """`max_answer_bytes`: the longest answer the transport carries, its two status bytes included."""
        self._limit = min(max_answer_bytes - _STATUS_SIZE, MAX_EXTENDED_EXPECTED)
        self._short_ceiling = MAX_SHORT_EXPECTED
        self._long = self._limit if self._limit > 2 * MAX_SHORT_EXPECTED else 0
        self._headers_first = False

    @property
    def may_be_long(self) -> bool:
        """Whether answers beyond the short form are still hoped for."""
        return self._long > 0

    def short(self, channel: Channel) -> int:
        """Bytes to ask for in the short form."""
        return min(channel.largest_answer(min(self._limit, MAX_SHORT_EXPECTED)), self._short_ceiling)

    def long(self, channel: Channel) -> int:
        """Bytes to ask for in the extended form; 0 where it is not used."""
        return channel.largest_answer(self._long) if self._long else 0

    def first(self, channel: Channel) -> int:
        """Bytes to ask for of a file whose length is not known."""
        return min(self.short(channel), _ONLY_A_HEADER if self._headers_first else MAX_SHORT_EXPECTED)

    def ask_headers_first(self) -> bool:
        """From now on only the header of files whose length is not known: this chip refuses to be asked for more
        than there is. False when that was done already."""
        before, self._headers_first = self._headers_first, True
        return not before

    def stay_short(self) -> None:
        """The chip does not speak the extended form."""
        self._long = 0

    def lower_long(self) -> None:
        """The chip refused an answer of the extended form."""
        self._long = next((step for step in _LONG_STEPS if step < self._long), 0)

    def lower_short(self, refused: int, proposed: int | None = None) -> bool:
        """Goes below `refused`, to `proposed` where the chip names a size; False when there is nothing below."""
        if proposed is not None and 0 < proposed < refused:
            self._short_ceiling = proposed
            return True
        below = next((step for step in _SHORT_STEPS if step < min(refused, self._short_ceiling)), None)
        self._short_ceiling = below or self._short_ceiling
        return below is not None

    def raise_short(self, ceiling: int) -> None:
        """Back to what it was: going down did not help, so the size was not what the chip refused."""
        self._short_ceiling = ceiling

    @property
    def short_ceiling(self) -> int:
        return self._short_ceiling

    def heed(self, information: bytes) -> None:
        """Keeps within what the chip itself says in EF.ATR/INFO (ISO/IEC 7816-4, 12.7.1 and table 119)."""
        answer_limit = _said_limit(information)
        if answer_limit is not None:
            self._long = min(self._long, answer_limit) if answer_limit > MAX_SHORT_EXPECTED else 0


def _said_limit(information: bytes) -> int | None:
    """The longest answer's data field the chip says it gives; None where it says nothing."""
    try:
        objects = tlv.parse_all(information)
        lengths = tlv.find(objects, _EXTENDED_LENGTH_INFORMATION)
        if lengths is not None and len(numbers := lengths.children()) >= 2:
            return max(int.from_bytes(numbers[1].value, "big") - _STATUS_SIZE, 0)
    except MalformedData:
        return None
    capabilities = tlv.find(objects, _CAPABILITIES)
    if capabilities is not None and len(capabilities.value) >= 3 and not capabilities.value[2] & _EXTENDED_LENGTHS:
        return MAX_SHORT_EXPECTED
    return None
