"""What a PN532 says of the cards in its field, and what its status bytes mean. Pure.

Source: NXP UM0701-02, 7.3.5 (InListPassiveTarget), 7.3.8 (InDataExchange), 7.1 (error codes); ISO/IEC 14443-3 and -4.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from devices.card_readers.contactless_atr import atr_of_type_a, atr_of_type_b, bit_rates_of

SAK_ISO_14443_4 = 0x20
_ATQB_BYTES = 12
_PROTOCOL_TYPE_PLACE, _IS_ISO_14443_4 = 10, 0x01  # of ATQB: lowest bit of its protocol type

STATUS_MASK, MORE_COMES = 0x3F, 0x40

_READER_FAILED = {
    0x07: "answer too long for the chip's buffer",
    0x09: "RF buffer overflow",
    0x0A: "RF field not on in time",
    0x0D: "overheated",
    0x0E: "internal buffer overflow",
    0x10: "invalid parameter",
    0x2D: "over-current",
}


class BitRate(IntEnum):
    """Over the air, as the chip's InPSL words it."""

    KBIT_106 = 0
    KBIT_212 = 1
    KBIT_424 = 2


@dataclass(frozen=True, kw_only=True)
class Target:
    """A card in the field. `atr` is empty for one that knows no APDUs (no ISO/IEC 14443-4), such as a Mifare Classic.

    `to_card` and `from_card`: the fastest rates that card and chip can do."""

    number: int
    atr: bytes
    to_card: BitRate = BitRate.KBIT_106
    from_card: BitRate = BitRate.KBIT_106


def target_of_type_a(answer: bytes) -> Target | None:
    """From an answer to InListPassiveTarget at 106 kbit/s type A; None when no card (or nothing sensible) answered."""
    if len(answer) < 6 or not answer[0]:
        return None
    ats = answer[6 + answer[5] :]
    if not answer[4] & SAK_ISO_14443_4 or not ats:
        return Target(number=answer[1], atr=b"")
    rates = bit_rates_of(ats)
    return Target(
        number=answer[1],
        atr=atr_of_type_a(ats),
        to_card=_fastest(rates & 0x07),
        from_card=_fastest(rates >> 4 & 0x07),
    )


def target_of_type_b(answer: bytes) -> Target | None:
    """The same for type B."""
    if len(answer) < 2 + _ATQB_BYTES or not answer[0]:
        return None
    atqb, attrib_answer = answer[2 : 2 + _ATQB_BYTES], answer[3 + _ATQB_BYTES :]
    knows_apdus = atqb[_PROTOCOL_TYPE_PLACE] & _IS_ISO_14443_4
    return Target(number=answer[1], atr=atr_of_type_b(atqb, attrib_answer) if knows_apdus else b"")


def reader_fault(status: int) -> str:
    """Why the chip itself failed, or nothing when the card is what does not answer (sensibly) any more."""
    return _READER_FAILED.get(status & STATUS_MASK, "")


def _fastest(divisors: int) -> BitRate:
    """From the divisor bits of TA(1): 1 is 212, 2 is 424 kbit/s (4, 848, is beyond the chip)."""
    if divisors & 0x02:
        return BitRate.KBIT_424
    return BitRate.KBIT_212 if divisors & 0x01 else BitRate.KBIT_106
