"""Card readers over PC/SC (pcscd), by the plain calls of pyscard's `smartcard.scard`.

Not pyscard's CardMonitor: its thread dies when pcscd restarts and it leaks (pyscard issues 27, 37, 82). SCardCancel is
not used either: in pcsc-lite 1.9.9 it fails with INVALID_HANDLE near a time-out (pcsc-lite issue 160), so each wait is
short instead. pcsc-lite locks a context during a wait, so a channel to the card has a context of its own.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import NoReturn

from smartcard import scard

from devices.card_readers.channel import STATUS_BYTES, CardChannel, CardGone
from devices.card_readers.pcsc_properties import carried_lengths
from devices.card_readers.presence import CardChange, CardPresence
from devices.contract import CardPresent, CardRemoved, DeviceLost, DeviceState, DeviceStatus, EventSink

_CLOSE_WAIT_S = 1.5
_SUCCESS = 0
_TIMEOUT = 0x8010000A
_NO_CARD_CODES = {0x8010000C, 0x80100066, 0x80100067}  # NO_SMARTCARD, UNRESPONSIVE_CARD, UNPOWERED_CARD
_TAKEN_CODES = {0x80100068, 0x80100069, 0x80100016}  # RESET_CARD, REMOVED_CARD, NOT_TRANSACTED: pulled in mid-APDU
_BUSY_CODES = {0x8010000B}  # SHARING_VIOLATION
_NO_READER_CODES = {0x8010002E, 0x80100009, 0x80100017}  # NO_READERS_AVAILABLE, UNKNOWN_READER, READER_UNAVAILABLE


@dataclass(frozen=True, kw_only=True)
class PcscReaderOptions:
    """`reader_contains`: part of the reader's PC/SC name, upper or lower case; empty takes the first reader.
    `poll_s`: longest wait of one step, at most 1 s."""

    reader_contains: str = ""
    poll_s: float = 0.5


class PcscReader:
    """Driver of one PC/SC reader for `DeviceWorker`, and a `CardReader`.

    Delivers `CardPresent`, `CardRemoved` (also when reader or pcscd go while a card lies there), and `DeviceStatus`
    READY with the code `card_reader.card_mute` for a card that does not answer. `DeviceLost` codes:
    `card_reader.service_missing` (pcscd), `card_reader.missing` (no reader of that name), `card_reader.closed`.
    """

    def __init__(self, name: str, options: PcscReaderOptions, sink: EventSink) -> None:
        self.name = name
        self._options = options
        self._sink = sink
        self._in_use = threading.Lock()
        self._context: int | None = None
        self._reader = ""
        self._state = scard.SCARD_STATE_UNAWARE
        self._card = CardPresence()

    def open(self) -> None:
        """Connect to pcscd and find the reader. Raises `DeviceLost`."""
        with self._in_use:
            self._release()
            self._context = _establish()
            self._reader = self._find_reader(self._context)
            self._state = scard.SCARD_STATE_UNAWARE
            self._card = CardPresence()

    def step(self) -> None:
        """Wait at most `poll_s` for the card or the reader to change. Raises `DeviceLost`."""
        with self._in_use:
            context = self._context
            if context is None:
                raise DeviceLost("card_reader.closed")
            wait_ms = round(self._options.poll_s * 1000)
            code, states = scard.SCardGetStatusChange(context, wait_ms, [(self._reader, self._state)])
        if _unsigned(code) == _TIMEOUT:
            return
        if code != _SUCCESS:
            self._lose(_lost(code))
        _, state, atr = states[0]
        self._see(state & ~scard.SCARD_STATE_CHANGED, bytes(atr))

    def close(self) -> None:
        """Release the context; a waiting `step` ends by itself within `poll_s`."""
        if not self._in_use.acquire(timeout=_CLOSE_WAIT_S):
            return
        try:
            self._release()
        finally:
            self._in_use.release()

    def connect(self) -> AbstractContextManager[CardChannel]:
        """Talk to the card that lies there now. Raises `CardGone` on entering; leaves the card powered down."""
        return _channel(self._reader)

    def _find_reader(self, context: int) -> str:
        code, readers = scard.SCardListReaders(context, [])
        if code != _SUCCESS:
            raise _lost(code)
        wanted = self._options.reader_contains.casefold()
        reader = choose_reader([str(name) for name in readers], wanted)
        if reader is None:
            raise DeviceLost("card_reader.missing", f"none of {len(readers)} readers is called *{wanted}*")
        return reader

    def _see(self, state: int, atr: bytes) -> None:
        if state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
            self._lose(DeviceLost("card_reader.missing", "reader removed"))
        self._state = state
        self._become(CardPresence.of(state, atr), atr)

    def _become(self, now: CardPresence, atr: bytes = b"") -> None:
        before, self._card = self._card, now
        for change in before.changes_to(now):
            match change:
                case CardChange.LAID:
                    self._sink(CardPresent(device=self.name, atr=atr))
                case CardChange.TAKEN:
                    self._sink(CardRemoved(device=self.name))
                case CardChange.MUTE:
                    self._complain("card_reader.card_mute")

    def _lose(self, lost: DeviceLost) -> NoReturn:
        self._become(CardPresence())
        raise lost

    def _complain(self, code: str) -> None:
        self._sink(DeviceStatus(device=self.name, state=DeviceState.READY, code=code))

    def _release(self) -> None:
        if self._context is not None:
            scard.SCardReleaseContext(self._context)
        self._context = None


class _PcscChannel:
    def __init__(self, card: int, protocol: int) -> None:
        self._card = card
        self._protocol = protocol
        self._is_gone = False
        self.limits = carried_lengths(self._control)

    def transmit(self, command: bytes) -> bytes:
        code, answer = scard.SCardTransmit(self._card, self._protocol, list(command))
        self._is_gone = code != _SUCCESS or len(answer) < STATUS_BYTES
        if code != _SUCCESS:
            raise _gone(code)
        if self._is_gone:  # vpcd calls a transmission without any answer a success
            raise CardGone("card_reader.card_taken", "no status bytes")
        return bytes(value & 0xFF for value in answer)

    def _control(self, code: int, data: bytes) -> bytes | None:
        result, answer = scard.SCardControl(self._card, code, list(data))
        return bytes(value & 0xFF for value in answer) if result == _SUCCESS else None

    def disconnect(self) -> None:
        """Power the card down. One that went away in the middle of a command is left alone: told to power it down,
        pcscd 1.9.9 with vpcd sees no further card for good."""
        scard.SCardDisconnect(self._card, scard.SCARD_LEAVE_CARD if self._is_gone else scard.SCARD_UNPOWER_CARD)


def choose_reader(names: Sequence[str], wanted: str) -> str | None:
    """The reader meant by part of a name, the same one in whatever order pcscd lists them.

    The whole name goes before part of one; last come slots for secure access modules, which many readers have beside
    the one for cards."""
    part = wanted.casefold()

    def rank(name: str) -> tuple[bool, bool, str]:
        plain = name.casefold()
        return plain != part, "sam" in re.split(r"[^a-z0-9]+", plain), plain

    return min((name for name in names if part in name.casefold()), key=rank, default=None)


def reader_names() -> tuple[str, ...]:
    """Names of all readers that pcscd knows, for the doctor. Raises `DeviceLost` (`card_reader.service_missing`)."""
    context = _establish()
    try:
        code, readers = scard.SCardListReaders(context, [])
    finally:
        scard.SCardReleaseContext(context)
    if code == _SUCCESS:
        return tuple(str(reader) for reader in readers)
    if _unsigned(code) in _NO_READER_CODES:
        return ()
    raise _lost(code)


@contextmanager
def _channel(reader: str) -> Iterator[CardChannel]:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    if code != _SUCCESS:
        raise _gone(code)
    try:
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, card, protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_EXCLUSIVE, protocols)
        if code != _SUCCESS:
            raise _gone(code)
        channel = _PcscChannel(card, protocol)
        try:
            yield channel
        finally:
            channel.disconnect()
    finally:
        scard.SCardReleaseContext(context)


def _establish() -> int:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    if code != _SUCCESS:
        raise _lost(code)
    return int(context)


def _unsigned(code: int) -> int:
    return code & 0xFFFFFFFF


def _lost(code: int) -> DeviceLost:
    missing = _unsigned(code) in _NO_READER_CODES
    return DeviceLost("card_reader.missing" if missing else "card_reader.service_missing", f"{_unsigned(code):#010x}")


def _gone(code: int) -> CardGone:
    plain = _unsigned(code)
    for meaning, codes in (("no_card", _NO_CARD_CODES), ("card_taken", _TAKEN_CODES), ("card_busy", _BUSY_CODES)):
        if plain in codes:
            return CardGone(f"card_reader.{meaning}", f"{plain:#010x}")
    return CardGone("card_reader.lost", f"{plain:#010x}")
