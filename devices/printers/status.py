"""What a printer sends back, told apart byte by byte.

Source: Epson ESC/POS reference, DLE EOT, GS a, GS r, GS ( H. Bits fixed by it: a real-time status has bit 7 = 0, 4 = 1,
1 = 1, 0 = 0; the first byte of an automatic status (ASB) bit 7 = 0, 4 = 1, 1 = 0, 0 = 0; its three further bytes and
the answer to GS r have bits 7 and 4 = 0; XON is 0x11, XOFF 0x13; an end-of-job answer is 37 22, four bytes of tag, 00;
the answer to DLE DC4 function 8 is 37 25 00.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from devices.contract import PrinterCondition

KIND_BITS = 0x93
REAL_TIME_KIND = 0x12
AUTOMATIC_KIND = 0x10
PLAIN_BITS = 0x90
AUTOMATIC_LENGTH = 4
DONE_HEADER = b"\x37\x22"
DONE_LENGTH = 7
CLEARED = b"\x37\x25\x00"
FLOW_SIGNS = (0x11, 0x13)

OFFLINE = 0x08
COVER_OPEN = 0x04
PAPER_END_STOP = 0x20
CUTTER_ERROR = 0x08
UNRECOVERABLE_ERROR = 0x20
RECOVERABLE_ERROR = 0x04
OVERHEATED = 0x40
PAPER_NEAR_END = 0x0C
PAPER_END = 0x60
AUTOMATIC_COVER_OPEN = 0x20  # in the first byte; its bit 3 is OFFLINE, the second byte has the error bits above
AUTOMATIC_NEAR_END = 0x03
AUTOMATIC_PAPER_END = 0x0C
PLAIN_PAPER_END = 0x0C


class Question(IntEnum):
    """The n of DLE EOT n."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4

    @property
    def command(self) -> bytes:
        return bytes((0x10, 0x04, self))


@dataclass(frozen=True, kw_only=True)
class RealTimeStatus:
    """An answer to some DLE EOT; the byte does not say to which."""

    byte: int


@dataclass(frozen=True, kw_only=True)
class AutomaticStatus:
    """Four bytes a printer sends unasked (ASB) when something of it changes."""

    data: bytes


@dataclass(frozen=True, kw_only=True)
class PlainStatus:
    """An answer to GS r 1."""

    byte: int

    @property
    def says_paper_end(self) -> bool:
        """Said by clones that go on without paper; others stop and answer when they have some."""
        return self.byte & PLAIN_PAPER_END == PLAIN_PAPER_END


@dataclass(frozen=True, kw_only=True)
class JobDone:
    """The printer has printed all that was sent before the tag (GS ( H, function 48)."""

    tag: bytes


@dataclass(frozen=True, kw_only=True)
class BufferCleared:
    """The printer has thrown away all it kept (DLE DC4, function 8)."""


Reply = RealTimeStatus | AutomaticStatus | PlainStatus | JobDone | BufferCleared


class ReplyParser:
    """Cuts the bytes of one connection into replies; what fits no pattern is dropped and counted in `misfits`."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self.misfits = 0

    def feed(self, data: bytes) -> list[Reply]:
        self._pending += data
        replies: list[Reply] = []
        while self._pending:
            length = self._length_of_next()
            if length > len(self._pending):
                break
            data = bytes(self._pending[:length])
            reply = _reply(data)
            del self._pending[:length]
            self.misfits += reply is None and data[0] not in FLOW_SIGNS
            if reply is not None:
                replies.append(reply)
        return replies

    def forget_torn(self) -> None:
        """Drop the beginning of a reply whose rest has not come; what follows is read afresh."""
        self._pending.clear()

    def _length_of_next(self) -> int:
        pending = self._pending
        if bytes(pending[: len(CLEARED)]) == CLEARED[: len(pending)] and len(pending) > 1:
            return len(CLEARED)
        if _may_be_done(pending):
            return DONE_LENGTH
        if pending[0] & KIND_BITS == AUTOMATIC_KIND:
            rest = pending[1:AUTOMATIC_LENGTH]
            return AUTOMATIC_LENGTH if all(_is_plain(byte) for byte in rest) else 1
        return 1


def condition(device: str, answers: Mapping[Question, int]) -> PrinterCondition:
    """What the answers say of the printer; a question without an answer leaves its part unknown."""
    printer, cause = answers.get(Question.PRINTER), answers.get(Question.OFFLINE_CAUSE)
    errors, paper = answers.get(Question.ERROR_CAUSE), answers.get(Question.PAPER)
    return PrinterCondition(
        device=device,
        answered=bool(answers),
        online=None if printer is None else not printer & OFFLINE,
        cover_open=_has(cause, COVER_OPEN),
        paper_out=_either(_has(paper, PAPER_END), _has(cause, PAPER_END_STOP)),
        paper_near_end=_has(paper, PAPER_NEAR_END),
        cutter_error=_has(errors, CUTTER_ERROR),
        unrecoverable=_has(errors, UNRECOVERABLE_ERROR),
        recoverable=_has(errors, RECOVERABLE_ERROR),
        overheated=_has(errors, OVERHEATED),
    )


def condition_told(device: str, automatic: AutomaticStatus) -> PrinterCondition:
    """What an automatic status says of the printer."""
    printer, errors, paper, _ = automatic.data
    return PrinterCondition(
        device=device,
        answered=True,
        online=not printer & OFFLINE,
        cover_open=bool(printer & AUTOMATIC_COVER_OPEN),
        paper_out=bool(paper & AUTOMATIC_PAPER_END),
        paper_near_end=bool(paper & AUTOMATIC_NEAR_END),
        cutter_error=bool(errors & CUTTER_ERROR),
        unrecoverable=bool(errors & UNRECOVERABLE_ERROR),
        recoverable=bool(errors & RECOVERABLE_ERROR),
        overheated=bool(errors & OVERHEATED),
    )


def _reply(data: bytes) -> Reply | None:
    first = data[0]
    if len(data) == DONE_LENGTH:
        return JobDone(tag=data[2:6])
    if data == CLEARED:
        return BufferCleared()
    if len(data) == AUTOMATIC_LENGTH:
        return AutomaticStatus(data=data)
    if first & KIND_BITS == REAL_TIME_KIND:
        return RealTimeStatus(byte=first)
    return PlainStatus(byte=first) if _is_plain(first) else None


def _may_be_done(pending: bytes | bytearray) -> bool:
    tag = pending[2:6]
    return (
        bytes(pending[:2]) == DONE_HEADER[: len(pending)]
        and all(0x20 <= byte <= 0x7E for byte in tag)
        and pending[6:7] in (b"", b"\0")
    )


def _is_plain(byte: int) -> bool:
    return byte & PLAIN_BITS == 0


def _has(byte: int | None, bits: int) -> bool | None:
    return None if byte is None else bool(byte & bits)


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return one if other is None else other
