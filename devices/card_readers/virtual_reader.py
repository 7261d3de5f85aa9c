"""A card reader that exists in this process only: cards are laid on it by calls, APDUs go straight to them.

For the demo on a desktop whose user may not start pcscd. It stops at the APDU interface: nothing of PC/SC is emulated.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol


class VirtualCard(Protocol):
    """A card at the APDU interface."""

    @property
    def atr(self) -> bytes:
        """Answer to reset."""

    def reset(self) -> None:
        """Power on or reset: forget the conversation so far."""

    def transmit(self, command: bytes) -> bytes:
        """Answer one command APDU with data and status bytes."""


@dataclass(frozen=True, kw_only=True)
class ReaderView:
    """What lies on the reader. `changes` grows with every card laid or taken and every plug pulled or put in."""

    plugged: bool
    card: VirtualCard | None
    changes: int


class VirtualReader:
    """The reader itself; thread-safe. Starts plugged in and empty."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._view = ReaderView(plugged=True, card=None, changes=0)

    @property
    def view(self) -> ReaderView:
        return self._view

    def lay(self, card: VirtualCard) -> None:
        """Lay a card, taking the one that lies there."""
        card.reset()
        self._change(plugged=self._view.plugged, card=card)

    def take(self) -> None:
        """Take the card; does nothing when none lies there."""
        if self._view.card is not None:
            self._change(plugged=self._view.plugged, card=None)

    def unplug(self) -> None:
        """Pull the reader's plug; a card stays where it lies."""
        self._change(plugged=False, card=self._view.card)

    def replug(self) -> None:
        self._change(plugged=True, card=self._view.card)

    def wait_for_change(self, seen_changes: int, timeout_s: float) -> ReaderView:
        """The view as soon as it differs from what was seen, or after `timeout_s`, or when `wake` is called."""
        with self._changed:
            if self._view.changes == seen_changes:
                self._changed.wait(timeout_s)
            return self._view

    def wake(self) -> None:
        """End a waiting `wait_for_change` early."""
        with self._changed:
            self._changed.notify_all()

    def _change(self, *, plugged: bool, card: VirtualCard | None) -> None:
        with self._changed:
            self._view = ReaderView(plugged=plugged, card=card, changes=self._view.changes + 1)
            self._changed.notify_all()
