"""What the states pcsc-lite reports mean for the card: laid, taken, swapped or not answering. Pure.

State bits as in SCardGetStatusChange (PC/SC part 5): the lower half are flags, in pcsc-lite the upper half counts the
card events, so that a swap between two looks is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

STATE_PRESENT = 0x0020
STATE_MUTE = 0x0200
_COUNT_SHIFT = 16


class CardChange(StrEnum):
    LAID = "laid"
    TAKEN = "taken"
    MUTE = "mute"  # something lies there that does not answer: no card for us, upside down, or lifted too early


@dataclass(frozen=True, kw_only=True)
class CardPresence:
    """What was last seen: `answers` when a card lies there that can be talked to, `mute` when it cannot."""

    answers: bool = False
    mute: bool = False
    count: int = 0

    @classmethod
    def of(cls, state: int, atr: bytes) -> CardPresence:
        """From a reader's state and ATR; pcsc-lite may leave the flag out, then the empty ATR tells a mute card."""
        present = bool(state & STATE_PRESENT)
        mute = present and (bool(state & STATE_MUTE) or not atr)
        return cls(answers=present and not mute, mute=mute, count=state >> _COUNT_SHIFT)

    def changes_to(self, now: CardPresence) -> list[CardChange]:
        """What happened between this look and the next one, in order."""
        changes: list[CardChange] = []
        swapped = self.answers and now.answers and self.count != now.count
        if self.answers and (swapped or not now.answers):
            changes.append(CardChange.TAKEN)
        if now.mute and not self.mute:
            changes.append(CardChange.MUTE)
        if now.answers and (swapped or not self.answers):
            changes.append(CardChange.LAID)
        return changes
