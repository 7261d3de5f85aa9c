"""Card readers made of an NXP PN532 on a serial line (HSU), such as a breakout board behind a USB adapter.

Whether a card lies there is found out by switching the field off and looking again: a card that was activated before
does not answer a second call, its number is random each time, and the chip's own presence check (Diagnose 06) fails
with some cards (seen by libnfc with a JCOP 31, and with type B). Nothing of this happens while somebody talks to the
card.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import NoReturn

from devices.card_readers.channel import CardChannel, CardGone, ChannelLimits
from devices.card_readers.pn532_chip import BIT_RATES, FACTORY_BIT_RATE, MAX_EXCHANGE_BYTES, Pn532Chip
from devices.card_readers.pn532_link import (
    CommandRefused,
    LinkLost,
    NoAnswer,
    Pn532Link,
    PortOpener,
    open_port,
)
from devices.card_readers.pn532_targets import BitRate, Target
from devices.contract import CardPresent, CardRemoved, DeviceLost, DeviceState, DeviceStatus, EventSink

_MISSES_UNTIL_TAKEN = 2  # a card that is being laid down or shifted may miss one look
_OPEN_WAIT_S = 1.0
_WIRE_WAIT_S = 3.0
_CLOSE_WAIT_S = 1.5
_CHIP_SILENT = (NoAnswer, CommandRefused)
_LIMITS = ChannelLimits(max_command_bytes=MAX_EXCHANGE_BYTES, max_answer_bytes=MAX_EXCHANGE_BYTES)


@dataclass(frozen=True, kw_only=True)
class Pn532ReaderOptions:
    """`port`: path of the serial port, best one that survives replugging (`/dev/serial/by-id/…`). `bit_rate`: of the
    line in bit/s: 115,200 is the chip's own, any other of `BIT_RATES` is agreed on with it; 460,800 reads a card
    faster, where adapter and wires are good enough.

    `poll_s`: pause between two looks for a card, at most 0.4 s, so that a card taken is told within 1 s.
    `apdu_timeout_s`: longest wait for the answer to one APDU. `fast_card`: talk at up to 424 kbit/s to cards that can;
    after a failure the card is tried again at 106."""

    port: str
    bit_rate: int = 115_200
    poll_s: float = 0.25
    apdu_timeout_s: float = 5.0
    fast_card: bool = True

    def __post_init__(self) -> None:
        if self.bit_rate not in BIT_RATES:
            raise ValueError("card_reader.bit_rate_unknown")


class Pn532Reader:
    """Driver of one chip for `DeviceWorker`, and a `CardReader`; same events as `PcscReader`.

    `DeviceLost` codes: `card_reader.missing` (no port, or no PN532 behind it), `card_reader.port_denied`,
    `card_reader.port_busy`, `card_reader.closed`. A channel carries APDUs and answers of up to 262 bytes in one piece
    and longer ones chained, which not every card and chip firmware takes.
    """

    def __init__(
        self, name: str, options: Pn532ReaderOptions, sink: EventSink, *, opener: PortOpener = open_port
    ) -> None:
        self.name = name
        self._options = options
        self._sink = sink
        self._opener = opener
        self._link: Pn532Link | None = None
        self._chip: Pn532Chip | None = None
        self._wire = threading.Lock()  # held for a look at the field, and for a whole conversation
        self._talking = threading.Lock()
        self._look_now = threading.Event()
        self._card: Target | None = None
        self._misses = 0
        self._failed = False
        self._slowly = False  # the card failed at a raised bit rate
        self._broken: str | None = None

    def open(self) -> None:
        """Open the port and wake the chip. Raises `DeviceLost`."""
        if not self._wire.acquire(timeout=_OPEN_WAIT_S):
            raise DeviceLost("card_reader.closed", "a conversation has not ended yet")
        try:
            self._release()
            self._forget()
            self._start()
        except LinkLost as lost:
            raise DeviceLost(lost.code, lost.detail) from lost
        except _CHIP_SILENT as silent:
            raise DeviceLost("card_reader.missing", "no PN532 answers") from silent
        finally:
            self._wire.release()

    def step(self) -> None:
        """Wait `poll_s`, then look for a card, unless somebody talks to it. Raises `DeviceLost`."""
        if self._chip is None:
            raise DeviceLost("card_reader.closed")
        self._look_now.wait(self._options.poll_s)
        self._look_now.clear()
        if not self._wire.acquire(blocking=False):
            return
        try:
            chip = self._chip
            if chip is None:
                raise DeviceLost("card_reader.closed")
            if self._broken is not None:
                self._lose(DeviceLost("card_reader.missing", self._broken))
            found = self._look(chip)
            if self._chip is not None:
                self._see(found)
        finally:
            self._wire.release()

    def close(self) -> None:
        """Wake a waiting `step`, end a conversation, release the port."""
        self._chip = None
        self._look_now.set()
        link = self._link
        if link is not None:
            link.interrupt()
        if self._wire.acquire(timeout=_CLOSE_WAIT_S):
            self._release()
            self._wire.release()

    def connect(self) -> AbstractContextManager[CardChannel]:
        """Talk to the card that lies there now, reset. Raises `CardGone` on entering."""
        return self._channel()

    @contextmanager
    def _channel(self) -> Iterator[CardChannel]:
        if not self._talking.acquire(blocking=False):
            raise CardGone("card_reader.card_busy")
        try:
            if not self._wire.acquire(timeout=_WIRE_WAIT_S):
                raise CardGone("card_reader.card_busy")
            try:
                with self._conversation() as channel:
                    yield channel
            finally:
                self._wire.release()
        finally:
            self._talking.release()

    @contextmanager
    def _conversation(self) -> Iterator[CardChannel]:
        chip = self._chip
        if chip is None:
            raise CardGone("card_reader.lost", "closed")
        try:
            target = self._activate(chip)
        except (LinkLost, *_CHIP_SILENT) as error:
            raise self.broken(error) from error
        channel = _Pn532Channel(self, chip, target, self._options.apdu_timeout_s)
        try:
            yield channel
        finally:
            if not channel.is_over:
                with suppress(LinkLost, *_CHIP_SILENT):
                    chip.release()
            self._look_now.set()

    def _activate(self, chip: Pn532Chip) -> Target:
        target = chip.find_card() or chip.find_card()
        if target is not None and target.atr and self._options.fast_card and not self._slowly:
            if chip.raise_bit_rates(target, BitRate.KBIT_424):
                return target
            self._slowly = True
            target = chip.find_card()
        if target is None or not target.atr:
            raise CardGone("card_reader.no_card")
        return target

    def failed(self, target: Target) -> None:
        """The card failed in mid-conversation. Whatever lies there after that counts as laid anew, as it may be another
        one, and is spoken to more slowly."""
        self._failed = True
        self._slowly = bool(target.to_card or target.from_card)

    def broken(self, error: Exception) -> CardGone:
        """The chip failed in mid-conversation: the next step tells so."""
        self._broken = type(error).__name__
        return CardGone("card_reader.lost", self._broken)

    def _start(self) -> None:
        self._link = Pn532Link.opened(self._options.port, FACTORY_BIT_RATE, self._opener)
        chip = Pn532Chip(self._link)
        chip.start(self._options.bit_rate)
        self._chip = chip
        self._look_now.set()

    def _look(self, chip: Pn532Chip) -> Target | None:
        try:
            return chip.find_card()
        except LinkLost as lost:
            if self._chip is None:
                return None  # closed in the middle of it
            self._lose(DeviceLost(lost.code, lost.detail))
        except _CHIP_SILENT as silent:
            self._lose(DeviceLost("card_reader.missing", type(silent).__name__))

    def _see(self, found: Target | None) -> None:
        before, failed = self._card, self._failed
        self._failed = False
        if found is None and before is not None and not failed and self._misses + 1 < _MISSES_UNTIL_TAKEN:
            self._misses += 1
            return
        self._misses = 0
        self._slowly = self._slowly and found is not None
        if not failed and (before.atr if before else None) == (found.atr if found else None):
            return
        self._card = found
        if before is not None and before.atr:
            self._sink(CardRemoved(device=self.name))
        if found is not None and found.atr:
            self._sink(CardPresent(device=self.name, atr=found.atr))
        elif found is not None:
            self._complain("card_reader.card_mute")

    def _lose(self, lost: DeviceLost) -> NoReturn:
        self._failed = True
        self._see(None)
        raise lost

    def _complain(self, code: str) -> None:
        self._sink(DeviceStatus(device=self.name, state=DeviceState.READY, code=code))

    def _forget(self) -> None:
        self._card, self._misses, self._broken = None, 0, None
        self._failed = self._slowly = False

    def _release(self) -> None:
        link, self._link, self._chip = self._link, None, None
        if link is not None:
            link.close()


class _Pn532Channel:
    """A conversation. After a failure it is over: every further APDU fails the same way."""

    limits = _LIMITS

    def __init__(self, reader: Pn532Reader, chip: Pn532Chip, target: Target, timeout_s: float) -> None:
        self._reader = reader
        self._chip = chip
        self._target = target
        self._timeout_s = timeout_s
        self._over: CardGone | None = None

    @property
    def is_over(self) -> bool:
        return self._over is not None

    def transmit(self, command: bytes) -> bytes:
        if self._over is not None:
            raise self._over
        try:
            return self._chip.exchange(self._target, command, self._timeout_s)
        except CardGone as gone:
            self._reader.failed(self._target)
            self._over = gone
            raise
        except (LinkLost, *_CHIP_SILENT) as error:
            self._over = self._reader.broken(error)
            raise self._over from error
