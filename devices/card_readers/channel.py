"""What a card reader offers beside its events: talking APDUs to the card that lies on it (ISO/IEC 7816-4)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from devices.worker import Driver


class CardGone(Exception):
    """The card cannot be talked to (any more). `code`: `card_reader.no_card`, `card_reader.card_taken`,
    `card_reader.card_busy` or `card_reader.lost`; `detail` is technical and never personal."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class ChannelLimits:
    """The longest APDUs a channel carries: whole commands, and answers with their two status bytes. What the card
    itself can take is for the card to say."""

    max_command_bytes: int
    max_answer_bytes: int


STATUS_BYTES = 2
"""Without them it is no answer to an APDU."""
EXTENDED_LENGTH = ChannelLimits(max_command_bytes=65_544, max_answer_bytes=65_538)
"""Every APDU of ISO/IEC 7816-4: header, 3 + 65,535 + 2 bytes; 65,536 + 2 bytes back."""
SHORT_LENGTH = ChannelLimits(max_command_bytes=261, max_answer_bytes=258)
"""The short form alone: header, 1 + 255 + 1 bytes; 256 + 2 bytes back."""


class CardChannel(Protocol):
    """An open conversation with one card; nobody else talks to the card while it lasts."""

    @property
    def limits(self) -> ChannelLimits:
        """What fits, so that nobody has to find out by failing."""

    def transmit(self, command: bytes) -> bytes:
        """Send one command APDU; answers data and the two status bytes. Raises `CardGone`."""


class CardReader(Driver, Protocol):
    """A card reader driver: `CardPresent` and `CardRemoved` by events, the card itself by `connect`."""

    def connect(self) -> AbstractContextManager[CardChannel]:
        """Talk to the card that lies there now; callable from any thread. Raises `CardGone` on entering."""
