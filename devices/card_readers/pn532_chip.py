"""The commands of a PN532 that a card reader needs (NXP UM0701-02, chapter 7)."""

from __future__ import annotations

from devices.card_readers.channel import EXTENDED_LENGTH, STATUS_BYTES, CardGone
from devices.card_readers.pn532_link import CommandRefused, NoAnswer, Pn532Link
from devices.card_readers.pn532_targets import (
    MORE_COMES,
    STATUS_MASK,
    BitRate,
    Target,
    reader_fault,
    target_of_type_a,
    target_of_type_b,
)

MAX_EXCHANGE_BYTES = 262
"""Of one InDataExchange, both ways: 265 less TFI, command word and target or status byte."""

FACTORY_BIT_RATE = 115_200
BIT_RATES = {
    9_600: 0, 19_200: 1, 38_400: 2, 57_600: 3, FACTORY_BIT_RATE: 4, 230_400: 5, 460_800: 6, 921_600: 7
}  # fmt: skip
"""Of the line, with the chip's word for each (7.2.8)."""

_SET_SERIAL_BAUD_RATE = 0x10
_GET_FIRMWARE_VERSION, _SET_PARAMETERS, _SAM_CONFIGURATION, _RF_CONFIGURATION = 0x02, 0x12, 0x14, 0x32
_IN_DATA_EXCHANGE, _IN_LIST_PASSIVE_TARGET, _IN_PSL, _IN_RELEASE = 0x40, 0x4A, 0x4E, 0x52
_NORMAL_MODE = b"\x01"
_AUTOMATIC_ATR_AND_RATS = b"\x14"
_FIELD_OFF = b"\x01\x00"
_TIMINGS = b"\x02\x00\x0b\x0d"
"""ATR_RES 102 ms as ever; 410 ms instead of 51 ms for a card that answers late without asking for more time."""
_FEW_RETRIES = b"\x05\xff\x01\x05"  # else looking for a card lasts until there is one
_TYPE_A, _TYPE_B_ALL_FAMILIES = b"\x01\x00", b"\x01\x03\x00"
_KNOWN_CHIPS = (0x32, 0x33)
_FIELD_OFF_S = 0.006  # ISO/IEC 14443-3, 5: 5 ms without a field reset a card
_BIT_RATE_CHANGE_S = 0.01
_ANSWER_S = 0.4
_LIST_S = 0.6


class Pn532Chip:
    """One chip on its line. Methods raise `LinkLost`, `NoAnswer` and `CommandRefused`, unless they say otherwise."""

    def __init__(self, link: Pn532Link) -> None:
        self._link = link

    def start(self, bit_rate: int = FACTORY_BIT_RATE) -> str:
        """Wake it, make it a reader and let the line run at `bit_rate`; gives its name and firmware (`PN532 1.6`)."""
        if self._wake(bit_rate) != bit_rate:
            self._change_bit_rate(bit_rate)
        firmware = self._link.command(_GET_FIRMWARE_VERSION, answer_s=_ANSWER_S)
        if len(firmware) < 3 or firmware[0] not in _KNOWN_CHIPS:
            raise NoAnswer
        for word, data in (
            (_SET_PARAMETERS, _AUTOMATIC_ATR_AND_RATS),
            (_RF_CONFIGURATION, _TIMINGS),
            (_RF_CONFIGURATION, _FEW_RETRIES),
        ):
            self._configure(word, data)
        return f"PN5{firmware[0]:02X} {firmware[1]}.{firmware[2]}"

    def find_card(self) -> Target | None:
        """Switch the field off, so that a card starts anew, and look for one: type A first, then B."""
        self._configure(_RF_CONFIGURATION, _FIELD_OFF)
        self._link.pause(_FIELD_OFF_S)
        found = target_of_type_a(self._list(_TYPE_A))
        return found or target_of_type_b(self._list(_TYPE_B_ALL_FAMILIES))

    def raise_bit_rates(self, target: Target, fastest: BitRate) -> bool:
        """Agree on faster rates over the air, before the first APDU; a chip that cannot stays as it is. False: the card
        has to be found anew."""
        to_card, from_card = min(target.to_card, fastest), min(target.from_card, fastest)
        if not to_card and not from_card:
            return True
        data = bytes([target.number, to_card, from_card])
        try:
            answer = self._link.command(_IN_PSL, data, answer_s=_ANSWER_S, repeatable=False)
        except CommandRefused:
            return True
        return answer[:1] == b"\0"

    def exchange(self, target: Target, command: bytes, timeout_s: float) -> bytes:
        """One APDU and its answer, chained in parts either way where it is long. Raises `CardGone` too."""
        parts = [command[at : at + MAX_EXCHANGE_BYTES] for at in range(0, len(command), MAX_EXCHANGE_BYTES)] or [b""]
        for part in parts[:-1]:
            self._exchange_part(target.number | MORE_COMES, part, timeout_s)
        more, answer = self._exchange_part(target.number, parts[-1], timeout_s)
        while more:
            more, part = self._exchange_part(target.number, b"", timeout_s)
            answer += part
            if not part or len(answer) > EXTENDED_LENGTH.max_answer_bytes:
                raise CardGone("card_reader.card_taken", "answer without end")
        if len(answer) < STATUS_BYTES:
            raise CardGone("card_reader.card_taken", "no status bytes")
        return answer

    def release(self) -> None:
        """Let go of the cards."""
        self._configure(_IN_RELEASE, b"\0")

    def _wake(self, bit_rate: int) -> int:
        """At which rate it answered: its own, or the one it was left with."""
        for rate in dict.fromkeys((FACTORY_BIT_RATE, bit_rate)):
            self._link.use_bit_rate(rate)
            self._link.wake()
            try:
                self._link.command(_SAM_CONFIGURATION, _NORMAL_MODE, answer_s=_ANSWER_S)
            except NoAnswer:
                continue
            return rate
        raise NoAnswer

    def _change_bit_rate(self, bit_rate: int) -> None:
        """The chip changes when the host has acknowledged its answer. One that cannot stays as it is."""
        try:
            self._link.command(_SET_SERIAL_BAUD_RATE, bytes([BIT_RATES[bit_rate]]), answer_s=_ANSWER_S)
        except CommandRefused:
            return
        self._link.acknowledge()
        self._link.pause(_BIT_RATE_CHANGE_S)
        self._link.use_bit_rate(bit_rate)

    def _exchange_part(self, number: int, data: bytes, timeout_s: float) -> tuple[bool, bytes]:
        answer = self._link.command(_IN_DATA_EXCHANGE, bytes([number]) + data, answer_s=timeout_s, repeatable=False)
        status = answer[0] if answer else 0x10
        if status & STATUS_MASK:
            fault = reader_fault(status)
            code = "card_reader.lost" if fault else "card_reader.card_taken"
            raise CardGone(code, fault or f"status {status & STATUS_MASK:02x}")
        return bool(status & MORE_COMES), answer[1:]

    def _list(self, kind: bytes) -> bytes:
        try:
            return self._link.command(_IN_LIST_PASSIVE_TARGET, kind, answer_s=_LIST_S)
        except CommandRefused:
            return b""  # a chip without type B
        except NoAnswer as none:
            if none.acknowledged:
                return b""  # it goes on looking, whatever it was told of retries
            raise

    def _configure(self, word: int, data: bytes) -> None:
        try:
            self._link.command(word, data, answer_s=_ANSWER_S)
        except CommandRefused:
            return  # a clone that lacks it works with its defaults
        except NoAnswer as none:
            if not none.acknowledged:
                raise
