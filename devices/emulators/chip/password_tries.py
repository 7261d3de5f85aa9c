"""Counts wrong card access numbers on cards that block them (ISO/IEC 7816-4, 63Cx)."""

from __future__ import annotations

from devices.chip.apdu import Status
from devices.emulators.chip.card_image import CAN_PASSWORD

_TRIES_LEFT = 0x63C0


class PasswordTries:
    """Only the card access number is counted; `most` None counts nothing, as ICAO 9303-11 has it."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._left = most

    def blocked(self, password: int) -> bool:
        return password == CAN_PASSWORD and self._left == 0

    def status(self, password: int) -> int:
        """What MSE:Set AT answers: a warning with the tries left once one was wrong."""
        if password != CAN_PASSWORD or self._left is None or self._left == self._most:
            return Status.OK
        return _TRIES_LEFT | self._left

    def failed(self, password: int) -> int:
        """Count a wrong one; answers the status."""
        if password != CAN_PASSWORD or self._left is None:
            return Status.AUTHENTICATION_FAILED
        self._left = max(self._left - 1, 0)
        return _TRIES_LEFT | self._left

    def succeeded(self, password: int) -> None:
        if password == CAN_PASSWORD:
            self._left = self._most
