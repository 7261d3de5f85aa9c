"""Reads chips on a thread of its own: one at a time, given up between two APDUs as soon as nobody waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from devices.card_readers.channel import CardChannel, CardGone, ChannelLimits
from devices.chip import keys as chip_keys
from devices.chip.errors import ChipError, KeyRefused, ProtocolBroken
from devices.chip.photo import PhotoDecoder
from devices.chip.values import ChipRecord, Listener, Progress, ReadingEvent, TextRead
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_values import CanKey, ChipKey, ChipStage, ChipVerdict
from kiosk.domain.visit.effects import ReadChip
from kiosk.station.devices_bridge.chip_identity import identity_of

log = logging.getLogger("tiepdon.station")

STOP_TIMEOUT_S = 2.0
PREPARE_AFTER_S = 5.0
"""Certificates are loaded once the screen has long been there, or with the first card."""
NOT_AN_ID_CHIP = "chip.not_an_id_chip"
FAILED = "chip.failed"

Connect = Callable[[], AbstractContextManager[CardChannel]]
"""Opens the channel to the card that lies there now. Raises `CardGone`."""


class ReadCard(Protocol):
    """Reads and judges one chip. `ChipError` for all that is the chip's, `CardGone` for all that is the reader's."""

    def __call__(self, channel: CardChannel, keys: Sequence[chip_keys.AccessKey], listener: Listener) -> ChipRecord: ...


MakeReadCard = Callable[[], ReadCard]
"""Makes ready what reading needs (certificates from a folder), on the thread that will read."""


class _Ended(Exception):
    """The reading ends here, by `code`, without the reader or the chip having failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class _Cancellable:
    """A channel that ends the reading instead of sending one more APDU."""

    channel: CardChannel
    is_wanted: Callable[[], bool]

    @property
    def limits(self) -> ChannelLimits:
        return self.channel.limits

    def transmit(self, command: bytes) -> bytes:
        if not self.is_wanted():
            raise _Ended(FAILED)
        return self.channel.transmit(command)


class ChipReadings:
    """`read` and `give_up` return at once; what comes of a reading is posted from this object's thread. Nothing of a
    chip is kept once it was posted, and nothing of it is logged. Without `photos` no photo is shown; they are used and
    closed by this object's thread."""

    def __init__(
        self,
        *,
        post: Callable[[ev.Event], None],
        connect: Connect,
        make_read_card: MakeReadCard,
        photos: PhotoDecoder | None,
        today: Callable[[], date],
    ) -> None:
        self._post = post
        self._connect = connect
        self._make_read_card = make_read_card
        self._photos = photos
        self._today = today
        self._changed = threading.Condition()
        self._wanted: ReadChip | None = None
        self._begun: int | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="chip", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns within `STOP_TIMEOUT_S` whatever the card does."""
        with self._changed:
            self._stopping = True
            self._wanted = None
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(STOP_TIMEOUT_S)

    def read(self, wish: ReadChip) -> None:
        """Read the chip that lies there; an earlier reading is given up."""
        with self._changed:
            self._wanted = wish
            self._changed.notify_all()

    def give_up(self) -> None:
        """Nobody waits any more."""
        with self._changed:
            self._wanted = None
            self._changed.notify_all()

    def _run(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._wanted is not None, PREPARE_AFTER_S)
            if self._stopping:
                return
        read_card = self._make_read_card()
        try:
            while self._reads_next(read_card):
                pass
        finally:
            if self._photos is not None:
                self._photos.close()

    def _reads_next(self, read_card: ReadCard) -> bool:
        """One wish, whose keys are forgotten with this call; false when there will be none any more."""
        wish = self._next()
        if wish is None:
            return False
        try:
            self._carry_out(wish, read_card)
        except Exception as error:  # noqa: BLE001 - this thread's edge
            # neither its text nor its traceback: they may hold what the chip told
            log.error("reading a chip failed: %s", type(error).__name__)
            self._tell(wish, ev.ChipFailed(reading=wish.reading, code=FAILED))
        return True

    def _next(self) -> ReadChip | None:
        with self._changed:
            while not self._stopping and (self._wanted is None or self._wanted.reading == self._begun):
                self._changed.wait()
            wish = None if self._stopping else self._wanted
            self._begun = None if wish is None else wish.reading
            return wish

    def _is_wanted(self, wish: ReadChip) -> bool:
        with self._changed:
            return self._wanted is wish

    def _carry_out(self, wish: ReadChip, read_card: ReadCard) -> None:
        self._prepare_photo()
        try:
            photo = self._read_patiently(wish, read_card)
        except KeyRefused as refused:
            self._tell(wish, ev.ChipFailed(reading=wish.reading, code=refused.code, tries_left=refused.tries_left))
        except (ChipError, CardGone, _Ended) as failure:
            if self._is_wanted(wish):
                log.info("chip not read: %s", failure.code)
            self._tell(wish, ev.ChipFailed(reading=wish.reading, code=failure.code))
        else:
            self._show(wish, photo)

    def _read_patiently(self, wish: ReadChip, read_card: ReadCard) -> bytes | None:
        """Once more from the start where the air garbled an answer, as it does while a hand is still near the card."""
        try:
            return self._read(wish, read_card)
        except ProtocolBroken:
            return self._read(wish, read_card)

    def _read(self, wish: ReadChip, read_card: ReadCard) -> bytes | None:
        """Read and tell; the face as the chip holds it."""

        def hear(told: ReadingEvent) -> None:
            self._tell(wish, self._event_of(wish.reading, told))

        with self._connect() as channel:
            cancellable = _Cancellable(channel=channel, is_wanted=lambda: self._is_wanted(wish))
            record = read_card(cancellable, [_access_key(key) for key in wish.keys], hear)
        verdict = record.judgement.verdict
        log.info("chip read: %s, %s, %d APDUs, %.2f s", verdict, record.access, record.apdus, record.elapsed_s)
        self._tell(wish, ev.ChipJudged(reading=wish.reading, verdict=ChipVerdict(verdict.value)))
        return record.photo

    def _event_of(self, reading: int, told: ReadingEvent) -> ev.Event:
        match told:
            case Progress(stage=stage, fraction=fraction):
                return ev.ChipProgressed(reading=reading, stage=ChipStage(stage.value), fraction=fraction)
            case TextRead(citizen=citizen):
                identity = identity_of(citizen, self._today())
                if identity is None:
                    raise _Ended(NOT_AN_ID_CHIP)
                marked = citizen.name_has_marks
                return ev.ChipTextRead(reading=reading, identity=identity, name_has_marks=marked)

    def _prepare_photo(self) -> None:
        """The picture's own process starts while the card is still being read."""
        if self._photos is not None:
            with suppress(OSError):
                self._photos.prepare()

    def _show(self, wish: ReadChip, photo: bytes | None) -> None:
        if photo is None or self._photos is None or not self._is_wanted(wish):
            return
        try:
            png = self._photos.decode(photo).png()
        except (ChipError, OSError) as error:
            log.info("a chip's photo could not be shown: %s", type(error).__name__)
        else:
            self._tell(wish, ev.ChipPhotoRead(reading=wish.reading, png=png))

    def _tell(self, wish: ReadChip, event: ev.Event) -> None:
        if self._is_wanted(wish):
            self._post(event)


def _access_key(key: ChipKey) -> chip_keys.AccessKey:
    if isinstance(key, CanKey):
        return chip_keys.CanKey(digits=key.digits)
    return chip_keys.MrzKey(document_number=key.document_number, birth=key.birth, expiry=key.expiry)
