"""`[card_reader]`: which kind of reader, and what the driver of that kind needs to know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from config.problems import Misfit
from devices.card_readers.channel import CardReader
from devices.card_readers.pcsc_reader import PcscReader, PcscReaderOptions
from devices.card_readers.pn532 import Pn532Reader, Pn532ReaderOptions
from devices.card_readers.pn532_chip import BIT_RATES
from devices.contract import EventSink


class CardReaderKind(StrEnum):
    PCSC = "pcsc"  # any reader pcscd knows
    PN532 = "pn532"  # an NXP PN532 on a serial port


@dataclass(frozen=True, kw_only=True)
class CardReaderSettings:
    """One card reader. `reader_contains` is part of a PC/SC reader's name, empty for the first one there is; `port`
    the serial port of a PN532. `poll_s` is the longest wait between two looks for a card, at most 1 s (a PN532: at
    most 0.4 s); `bit_rate`, `apdu_timeout_s` and `fast_card` are of a PN532 only.

    Raises `Misfit` for a key the kind has no use for: it would look as if it did something."""

    kind: CardReaderKind = CardReaderKind.PCSC
    reader_contains: str = ""
    port: str = ""
    poll_s: float | None = None
    bit_rate: int = 115_200
    apdu_timeout_s: float = 5.0
    fast_card: bool = True

    def __post_init__(self) -> None:
        if self.kind is CardReaderKind.PN532 and not self.port:
            raise Misfit("settings.wanted", '"/dev/serial/by-id/…"', key="port")
        if self.kind is CardReaderKind.PCSC and self.port:
            raise Misfit("settings.only_with", 'kind = "pn532"', key="port")
        if self.kind is CardReaderKind.PN532 and self.reader_contains:
            raise Misfit("settings.only_with", 'kind = "pcsc"', key="reader_contains")
        if self.bit_rate not in BIT_RATES:
            raise Misfit("settings.not_allowed", ", ".join(map(str, sorted(BIT_RATES))), key="bit_rate")
        longest_s = 1.0 if self.kind is CardReaderKind.PCSC else 0.4
        if self.poll_s is not None and not 0 < self.poll_s <= longest_s:
            raise Misfit("settings.not_allowed", f"0 < poll_s ≤ {longest_s:g}", key="poll_s")
        if not 0 < self.apdu_timeout_s <= 10:
            raise Misfit("settings.not_allowed", "0 < apdu_timeout_s ≤ 10", key="apdu_timeout_s")

    @property
    def place(self) -> str:
        """What tells this reader from another, for people."""
        return self.port if self.kind is CardReaderKind.PN532 else self.reader_contains

    def driver(self, name: str, sink: EventSink) -> CardReader:
        """The driver that the kind asks for."""
        if self.kind is CardReaderKind.PN532:
            return Pn532Reader(name, self._pn532(), sink)
        return PcscReader(name, self._pcsc(), sink)

    def _pcsc(self) -> PcscReaderOptions:
        usual = PcscReaderOptions(reader_contains=self.reader_contains)
        return usual if self.poll_s is None else replace(usual, poll_s=self.poll_s)

    def _pn532(self) -> Pn532ReaderOptions:
        usual = Pn532ReaderOptions(
            port=self.port, bit_rate=self.bit_rate, apdu_timeout_s=self.apdu_timeout_s, fast_card=self.fast_card
        )
        return usual if self.poll_s is None else replace(usual, poll_s=self.poll_s)
