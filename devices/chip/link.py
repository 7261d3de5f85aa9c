"""The way to the chip below secure messaging: completes answers that come in parts, counts, speaks in the clear.

ISO/IEC 7816-4, 5.3.4 and 11.8.1 (61xx, 6Cxx, GET RESPONSE).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Protocol

from devices.chip.apdu import MAX_EXTENDED_EXPECTED, MAX_SHORT_EXPECTED, Command, Response, Transmit
from devices.chip.errors import ProtocolBroken

_MORE_DATA = 0x61
_WRONG_LE = 0x6C
_GET_RESPONSE = 0xC0
MAX_APDUS = 4000
"""Enough for a picture of 100 kB in the smallest parts seen on cards, with all else twice."""
_MAX_ANSWER = MAX_EXTENDED_EXPECTED + 64
_MAX_PARTS = 300
"""Enough for the longest answer in parts of a short answer's size."""


class Channel(Protocol):
    """Where commands go: in the clear or protected."""

    def send(self, command: Command, *, extended: bool = False) -> Response:
        """One command and its answer; `extended` asks for the extended form also where the short one would do."""

    def largest_answer(self, limit: int) -> int:
        """The most bytes of data that come back where an answer may have `limit` bytes before its status."""


class Link:
    """A `Transmit` around a transport. Fetches the rest of answers that end in 61xx, repeats a command once with the
    Le a 6Cxx names, and counts `apdus` and `answer_bytes`.

    The repetition is the same command, protected or not: its Le outside is not part of what is protected. Beyond
    `max_apdus` or `max_s` a chip is wasting our time: `ProtocolBroken`.
    """

    def __init__(
        self,
        transmit: Transmit,
        *,
        max_apdus: int = MAX_APDUS,
        max_s: float = math.inf,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transmit = transmit
        self._max_apdus = max_apdus
        self._clock = clock
        self._end_s = clock() + max_s
        self.apdus = 0
        self.answer_bytes = 0

    def __call__(self, apdu: bytes) -> bytes:
        answer = self._once(apdu)
        if len(answer) == 2 and answer[0] == _WRONG_LE and _ends_in_short_le(apdu):
            answer = self._once(apdu[:-1] + answer[1:])
        data, parts = b"", 0
        while len(answer) >= 2 and answer[-2] == _MORE_DATA:
            if len(answer) == 2 and data:
                break
            if len(answer) == 2 and parts:
                raise ProtocolBroken("answer in parts without any")
            data += answer[:-2]
            parts += 1
            if len(data) > _MAX_ANSWER or parts > _MAX_PARTS:
                raise ProtocolBroken("answer in parts without an end")
            more = Command(ins=_GET_RESPONSE, expected=answer[-1] or MAX_SHORT_EXPECTED)
            answer = self._once(more.encode())
        return data + answer

    def _once(self, apdu: bytes) -> bytes:
        if self.apdus >= self._max_apdus:
            raise ProtocolBroken("chip needs too many commands")
        if self._clock() > self._end_s:
            raise ProtocolBroken("chip takes too long")
        self.apdus += 1
        answer = self._transmit(apdu)
        self.answer_bytes += len(answer)
        return answer


class PlainChannel:
    """A channel in the clear."""

    def __init__(self, transmit: Transmit) -> None:
        self._transmit = transmit

    def send(self, command: Command, *, extended: bool = False) -> Response:
        return Response.decode(self._transmit(command.encode(extended=extended)))

    def largest_answer(self, limit: int) -> int:
        return limit


def _ends_in_short_le(apdu: bytes) -> bool:
    """Whether the last byte is a Le of one byte: header and Le alone, or header, Lc, data and Le."""
    return len(apdu) == 5 or (len(apdu) > 5 and apdu[4] != 0 and len(apdu) == 6 + apdu[4])
