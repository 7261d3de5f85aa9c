"""A card behind a slow link, and one that is pulled away while it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

_BITS_PER_BYTE = 8


class Card(Protocol):
    """A card at the APDU interface."""

    @property
    def atr(self) -> bytes: ...

    def reset(self) -> None: ...

    def transmit(self, command: bytes) -> bytes: ...


NO_ANSWER = b""
"""What a command gets that is on its way when the card is taken: not even status bytes."""


@dataclass(frozen=True, kw_only=True)
class LinkSpeed:
    """How long a command takes: a fixed time for each, and the bytes both ways at the air's bit rate."""

    bit_rate_kbit_s: float = 424
    per_command_s: float = 0.010

    def time_s(self, byte_count: int) -> float:
        return self.per_command_s + byte_count * _BITS_PER_BYTE / (self.bit_rate_kbit_s * 1000)


class _Wrapped:
    """`card` with something done to its answers."""

    def __init__(self, card: Card) -> None:
        self._card = card

    @property
    def atr(self) -> bytes:
        return self._card.atr

    def reset(self) -> None:
        self._card.reset()


class SlowCard(_Wrapped):
    """`card` with the time a link takes: `wait` is `time.sleep`, or adds up for a virtual clock."""

    def __init__(self, card: Card, speed: LinkSpeed, wait: Callable[[float], None]) -> None:
        super().__init__(card)
        self._speed = speed
        self._wait = wait

    def transmit(self, command: bytes) -> bytes:
        answer = self._card.transmit(command)
        self._wait(self._speed.time_s(len(command) + len(answer)))
        return answer


class CardPulledAway(_Wrapped):
    """`card` that is taken while its command number `after` is on its way, and dumb from then on; `taken` tells
    whoever holds the reader, and must not wait for it. Laid again (`lay_again`) it works to the end."""

    def __init__(self, card: Card, *, after: int, taken: Callable[[], None] | None = None) -> None:
        super().__init__(card)
        self._left = after
        self._taken = taken

    def lay_again(self) -> None:
        """From now on it stays."""
        self._left = -1

    def transmit(self, command: bytes) -> bytes:
        """The answer, or `NO_ANSWER` when it is gone."""
        if self._left == 0:
            return NO_ANSWER
        self._left -= 1
        if self._left == 0:
            if self._taken is not None:
                self._taken()
            return NO_ANSWER
        return self._card.transmit(command)


class StuckCard(_Wrapped):
    """`card` that from its command number `after` on gives one and the same answer to everything."""

    def __init__(self, card: Card, *, after: int, answer: bytes) -> None:
        super().__init__(card)
        self._left = after
        self._answer = answer

    def transmit(self, command: bytes) -> bytes:
        self._left -= 1
        return self._answer if self._left < 0 else self._card.transmit(command)
