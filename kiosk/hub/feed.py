"""The event feed (server-sent events): a snapshot, then every event of the site by its gapless seq.

A subscriber that names the last event it saw (`Last-Event-ID`) gets what it missed; when that is unknown here (another
database, or one restored since), it gets a fresh snapshot. A subscriber too slow to follow is dropped and comes back
the same way.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import msgspec
from litestar.response.sse import ServerSentEventMessage

from kiosk.domain.events import SiteEvent
from kiosk.services.context import ReadContext
from kiosk.services.reception import Reception
from kiosk.services.show import board_content

HEARTBEAT_S = 10.0
REPLAY_LIMIT = 1000
QUEUE_LIMIT = 1024
LINE_END = "\n"
"""Readers that take the stream byte by byte see a CR LF as two line ends."""

_CLOSED = None


class EventFeed:
    """Fans committed events out to subscribers. All methods but `committed` run on the event loop."""

    def __init__(self) -> None:
        self._subscribers: set[asyncio.Queue[SiteEvent | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """The server's loop is running; events committed before had no subscriber to reach."""
        self._loop = loop

    def committed(self, events: tuple[SiteEvent, ...]) -> None:
        """Called on the writer's thread after each commit."""
        if self._loop is not None and not self._closed:
            self._loop.call_soon_threadsafe(self._publish, events)

    def _publish(self, events: tuple[SiteEvent, ...]) -> None:
        for subscriber in list(self._subscribers):
            for event in events:
                if subscriber.qsize() >= QUEUE_LIMIT:
                    self._drop(subscriber)
                    break
                subscriber.put_nowait(event)

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        for subscriber in list(self._subscribers):
            self._drop(subscriber)

    async def stream(self, reception: Reception, last_seen: int | None) -> AsyncIterator[ServerSentEventMessage]:
        """Messages for one subscriber, without end; heartbeats as comments."""
        live: asyncio.Queue[SiteEvent | None] = asyncio.Queue(QUEUE_LIMIT + 1)  # and the end of the stream
        if self._closed:
            return
        self._subscribers.add(live)
        try:
            seq = last_seen
            if seq is None or seq not in await asyncio.to_thread(reception.read, _known_seqs):
                content = await asyncio.to_thread(reception.read, board_content)
                seq = content.seq
                yield _message(seq, "snapshot", msgspec.json.encode(content))
            async for missed in self._missed(reception, seq):
                seq = missed.seq
                yield _message(seq, missed.type.value, msgspec.json.encode(missed))
            async for event in _following(live):
                if event is None:
                    yield ServerSentEventMessage(comment="heartbeat", sep=LINE_END)
                elif event.seq > seq:
                    seq = event.seq
                    yield _message(seq, event.type.value, msgspec.json.encode(event))
        finally:
            self._subscribers.discard(live)

    async def _missed(self, reception: Reception, seq: int) -> AsyncIterator[SiteEvent]:
        while events := await asyncio.to_thread(reception.read, partial(_events_after, seq=seq)):
            for event in events:
                yield event
            seq = events[-1].seq

    def _drop(self, subscriber: asyncio.Queue[SiteEvent | None]) -> None:
        """Let a subscriber finish what it has, without a gap, then end its stream: it comes back for the rest."""
        self._subscribers.discard(subscriber)
        subscriber.put_nowait(_CLOSED)


async def _following(live: asyncio.Queue[SiteEvent | None]) -> AsyncIterator[SiteEvent | None]:
    """Live events; null when a heartbeat is due. Ends when the subscriber was dropped."""
    while True:
        try:
            event = await asyncio.wait_for(live.get(), HEARTBEAT_S)
        except TimeoutError:
            yield None
            continue
        if event is _CLOSED:
            return
        yield event


def _known_seqs(context: ReadContext) -> range:
    """What a reader may have seen of this database. Before a restore's floor it saw another one."""
    return range(context.tables.restores.floor_seq(), context.records.last_seq() + 1)


def _events_after(context: ReadContext, seq: int) -> list[SiteEvent]:
    return context.records.events_after(seq, REPLAY_LIMIT)


def _message(seq: int, event: str, data: bytes) -> ServerSentEventMessage:
    return ServerSentEventMessage(data=data.decode(), event=event, id=seq, sep=LINE_END)
