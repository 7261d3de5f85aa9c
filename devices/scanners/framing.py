"""Cuts a scanner's byte stream into frames, one per scan. Pure: the time comes from outside.

A frame ends at a terminator or at silence. How long the silence must be depends on what the scanner is known to send:
a scanner without suffix ends each scan by an idle gap (50 ms); one that has shown a terminator may stall in mid-scan
(USB hubs, slow radio links), so its frames are waited for up to `torn_gap_s`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Terminator(StrEnum):
    """What the scanner sends after a scan. CR, LF and CR LF end a frame in every setting but `NONE`."""

    ANY = "any"  # learnt: CR, LF, CR LF or Tab if one comes, else silence
    LINE = "line"  # CR, LF or CR LF always comes
    TAB = "tab"  # Tab always comes
    NONE = "none"  # silence alone ends a scan; CR, LF and Tab belong to it


_ENDS = {
    Terminator.ANY: b"\r\n\t",
    Terminator.LINE: b"\r\n",
    Terminator.TAB: b"\r\n\t",
    Terminator.NONE: b"",
}


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Bytes of one scan without terminator. `whole` is false when an expected terminator did not come. `terminator` is
    what ended it, as far as it had come by then; empty where silence did."""

    data: bytes
    whole: bool = True
    terminator: bytes = field(default=b"", compare=False)


@dataclass(frozen=True, kw_only=True)
class FrameTooLong:
    """A scan beyond the cap; it was dropped. `limit_bytes` is the cap."""

    limit_bytes: int


Framed = Frame | FrameTooLong


class FramingOptions(Protocol):
    """The part of every scanner's options that says where scans end."""

    @property
    def terminator(self) -> Terminator: ...

    @property
    def idle_gap_s(self) -> float: ...

    @property
    def torn_gap_s(self) -> float: ...

    @property
    def max_frame_bytes(self) -> int: ...


class Framer:
    """Feed it what was read and, when nothing comes, the time; it answers the frames that ended."""

    def __init__(self, *, terminator: Terminator, idle_gap_s: float, torn_gap_s: float, max_frame_bytes: int) -> None:
        self._terminator = terminator
        self._ends = _ENDS[terminator]
        self._idle_gap_s = idle_gap_s
        self._torn_gap_s = torn_gap_s
        self._max_frame_bytes = max_frame_bytes
        self._expects_end = terminator in (Terminator.LINE, Terminator.TAB)
        self.reset()

    @classmethod
    def by(cls, options: FramingOptions) -> Framer:
        """As a scanner's options say."""
        return cls(
            terminator=options.terminator,
            idle_gap_s=options.idle_gap_s,
            torn_gap_s=options.torn_gap_s,
            max_frame_bytes=options.max_frame_bytes,
        )

    def reset(self) -> None:
        """Forget a half-read frame (the link was cut)."""
        self._pending = bytearray()
        self._too_long = False
        self._last_byte_at_s = 0.0

    @property
    def is_waiting(self) -> bool:
        """True in the middle of a frame: `tick` must be called until it ends."""
        return bool(self._pending) or self._too_long

    def feed(self, data: bytes, now_s: float) -> list[Framed]:
        """Take bytes read at `now_s` (seconds of a steady clock); answers the frames that ended in them.

        Only `tick` judges silence: bytes that were read late because this process was busy had no gap between them.
        """
        framed: list[Framed] = []
        start = 0
        for position, byte in enumerate(data):
            if byte in self._ends:
                self._append(data[start:position], framed)
                self._end(framed, whole=True, terminator=_terminator_at(data, position))
                self._expects_end = True
                start = position + 1
        self._append(data[start:], framed)
        if data:
            self._last_byte_at_s = now_s
        return framed

    def tick(self, now_s: float) -> list[Framed]:
        """Nothing came up to `now_s`: end the frame that has been silent for too long, if there is one."""
        framed: list[Framed] = []
        gap_s = self._torn_gap_s if self._expects_end else self._idle_gap_s
        if self.is_waiting and now_s - self._last_byte_at_s >= gap_s:
            self._end(framed, whole=not self._expects_end)
            self._expects_end = self._terminator in (Terminator.LINE, Terminator.TAB)
        return framed

    def _append(self, data: bytes, framed: list[Framed]) -> None:
        if self._too_long:
            return
        self._pending += data
        if len(self._pending) > self._max_frame_bytes:
            self._pending.clear()
            self._too_long = True
            framed.append(FrameTooLong(limit_bytes=self._max_frame_bytes))

    def _end(self, framed: list[Framed], *, whole: bool, terminator: bytes = b"") -> None:
        if self._pending:
            framed.append(Frame(data=bytes(self._pending), whole=whole, terminator=terminator))
        self._pending.clear()
        self._too_long = False


def _terminator_at(data: bytes, position: int) -> bytes:
    pair = data[position : position + 2]
    return pair if pair == b"\r\n" else pair[:1]
