"""What a card reader offers beside its events: talking APDUs to the card that lies on it (ISO/IEC 7816-4)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from devices.worker import Driver


class CardGone(Exception):
    """The card cannot be talked to (any more). `code`: `card_reader.no_card`, `card_reader.card_taken`,
    `card_reader.card_busy` or `card_reader.lost`; `detail` is technical and never personal."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class CardChannel(Protocol):
    """An open conversation with one card; nobody else talks to the card while it lasts."""

    def transmit(self, command: bytes) -> bytes:
        """Send one command APDU; answers data and the two status bytes. Raises `CardGone`."""


class CardReader(Driver, Protocol):
    """A card reader driver: `CardPresent` and `CardRemoved` by events, the card itself by `connect`."""

    def connect(self) -> AbstractContextManager[CardChannel]:
        """Talk to the card that lies there now; callable from any thread. Raises `CardGone` on entering."""
