"""One reading of one card on one reader, without a kiosk around it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date

from devices.card_readers.channel import CardGone, CardReader
from devices.chip.errors import MalformedData
from devices.chip.judge import Judge
from devices.chip.keys import AccessKey
from devices.chip.photo import PhotoDecoder
from devices.chip.reader import read_chip
from devices.chip.trust_store import TrustStore
from devices.chip.values import ChipRecord
from devices.contract import CardPresent, CardRemoved, DeviceEvent, DeviceStatus, EventSink
from kiosk.app.chip_parts import read_options

CARD_MUTE = "card_reader.card_mute"
NO_CARD = "card_reader.no_card"
PNG = ".png"


class CardWait:
    """Waits for a card by stepping a reader's driver on the caller's thread."""

    def __init__(self, make: Callable[[EventSink], CardReader], clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._lies_there = False
        self._is_mute = False
        self.reader = make(self._hear)

    def for_card(self, wait_s: float) -> None:
        """Return as soon as a card lies there. Raises `DeviceLost`, and `CardGone` when none came or the one that
        lies there does not answer."""
        end_s = self._clock_s() + wait_s
        while not self._lies_there:
            self.reader.step()
            if not self._lies_there and self._clock_s() >= end_s:
                raise CardGone(CARD_MUTE if self._is_mute else NO_CARD)

    def _hear(self, event: DeviceEvent) -> None:
        match event:
            case CardPresent():
                self._lies_there = True
            case CardRemoved():
                self._lies_there = self._is_mute = False
            case DeviceStatus(code=code):
                self._is_mute = code == CARD_MUTE


def read_card(
    make: Callable[[EventSink], CardReader],
    keys: Sequence[AccessKey],
    trust: TrustStore,
    today: date,
    *,
    wait_s: float,
) -> ChipRecord:
    """Wait for a card, read all of it, judge it. Raises `DeviceLost`, `CardGone` and `ChipError`."""
    waiting = CardWait(make)
    try:
        waiting.reader.open()
        waiting.for_card(wait_s)
        with waiting.reader.connect() as channel:
            options = read_options(channel.limits, today, photo=True)
            return read_chip(channel.transmit, keys, options, Judge(trust, today).judge)
    finally:
        waiting.reader.close()


def photo_file(face: bytes, suffix: str) -> bytes:
    """The face for a file: decoded and written as PNG for the suffix `.png`, else as the chip holds it (JPEG or
    JPEG 2000). Raises `MalformedData` where it is no picture."""
    if suffix.lower() != PNG:
        return face
    with PhotoDecoder() as decoder:
        try:
            return decoder.decode(face).png()
        except OSError as error:
            raise MalformedData("photo: no process to decode it") from error
