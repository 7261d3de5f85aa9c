"""Where cards lie: of several readers, the one whose card was laid down last is the one to talk to."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager

from devices.card_readers.channel import CardChannel, CardGone, CardReader


class CardPlaces:
    """Readers by name and which of them hold a card. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers: dict[str, CardReader] = {}
        self._occupied: list[str] = []

    def add(self, reader: CardReader) -> None:
        with self._lock:
            self._readers[reader.name] = reader

    def laid(self, device: str) -> None:
        """A card lies on the reader named `device` now."""
        with self._lock:
            self._occupied = [*(name for name in self._occupied if name != device), device]

    def emptied(self, device: str) -> bool:
        """The card is gone from there, or its reader is; true where that leaves no card anywhere."""
        with self._lock:
            before = self._occupied
            self._occupied = [name for name in before if name != device]
            return bool(before) and not self._occupied

    def connect(self) -> AbstractContextManager[CardChannel]:
        """A channel to the card laid down last. Raises `CardGone`, now or on entering."""
        with self._lock:
            reader = next((self._readers[name] for name in reversed(self._occupied) if name in self._readers), None)
        if reader is None:
            raise CardGone("card_reader.no_card")
        return reader.connect()
