"""Reader driver over a virtual reader of this process: the demo's reader where pcscd may not be started."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from devices.card_readers.channel import EXTENDED_LENGTH, CardChannel, CardGone
from devices.card_readers.virtual_reader import ReaderView, VirtualReader
from devices.contract import CardPresent, CardRemoved, DeviceLost, EventSink

_NEVER_SEEN = -1


@dataclass(frozen=True, kw_only=True)
class ApduReaderOptions:
    """`poll_s`: longest wait of one step, at most 1 s."""

    poll_s: float = 0.5


class ApduReader:
    """Driver for `DeviceWorker`, and a `CardReader`; same events as `PcscReader`.

    `DeviceLost` codes: `card_reader.missing` (unplugged), `card_reader.closed`.
    """

    def __init__(self, name: str, reader: VirtualReader, sink: EventSink, options: ApduReaderOptions) -> None:
        self.name = name
        self._reader = reader
        self._sink = sink
        self._options = options
        self._is_open = False
        self._seen = ReaderView(plugged=True, card=None, changes=_NEVER_SEEN)
        self._channel_free = threading.Lock()

    def open(self) -> None:
        """Raises `DeviceLost` when the reader is unplugged."""
        if not self._reader.view.plugged:
            raise DeviceLost("card_reader.missing", "unplugged")
        self._seen = ReaderView(plugged=True, card=None, changes=_NEVER_SEEN)
        self._is_open = True

    def step(self) -> None:
        """Wait at most `poll_s` for the card to change. Raises `DeviceLost`."""
        if not self._is_open:
            raise DeviceLost("card_reader.closed")
        view = self._reader.wait_for_change(self._seen.changes, self._options.poll_s)
        before, self._seen = self._seen, view
        if view.changes == before.changes:
            return
        if before.card is not None:
            self._sink(CardRemoved(device=self.name))
        if not view.plugged:
            self._seen = ReaderView(plugged=False, card=None, changes=view.changes)
            raise DeviceLost("card_reader.missing", "unplugged")
        if view.card is not None:
            self._sink(CardPresent(device=self.name, atr=view.card.atr))

    def close(self) -> None:
        """Wake a waiting `step`."""
        self._is_open = False
        self._reader.wake()

    def connect(self) -> AbstractContextManager[CardChannel]:
        """Talk to the card that lies there now. Raises `CardGone` on entering."""
        return self._channel()

    @contextmanager
    def _channel(self) -> Iterator[CardChannel]:
        if not self._channel_free.acquire(blocking=False):
            raise CardGone("card_reader.card_busy")
        try:
            view = self._reader.view
            if not view.plugged:
                raise CardGone("card_reader.lost")
            if view.card is None:
                raise CardGone("card_reader.no_card")
            view.card.reset()
            yield _VirtualChannel(self._reader, view)
        finally:
            self._channel_free.release()


class _VirtualChannel:
    limits = EXTENDED_LENGTH

    def __init__(self, reader: VirtualReader, connected: ReaderView) -> None:
        self._reader = reader
        self._connected = connected

    def transmit(self, command: bytes) -> bytes:
        now = self._reader.view
        if not now.plugged:
            raise CardGone("card_reader.lost")
        if self._connected.card is None or now.changes != self._connected.changes:
            raise CardGone("card_reader.card_taken")
        answer = self._connected.card.transmit(command)
        if not answer:
            raise CardGone("card_reader.card_taken")
        return answer
