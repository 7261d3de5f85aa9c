"""A reader too slow to follow loses its stream, but never an event."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from litestar.response.sse import ServerSentEventMessage
from support.receptions import Clock, issue, open_reception

from kiosk.domain.events import SiteEvent
from kiosk.hub import feed as feeds
from kiosk.services.reception import Reception

LIMIT = 8


async def ids_until_end(reception: Reception, made: list[SiteEvent], last_seen: int) -> tuple[list[int], list[int]]:
    """What a reader gets that stands still while twenty events come, and what it gets when it comes back."""
    feed = feeds.EventFeed()
    feed.attach(asyncio.get_running_loop())
    stream = feed.stream(reception, last_seen)
    assert (await anext(stream)).comment == "heartbeat", "it has caught up"
    for n in range(20):
        await tell(feed, reception, made, f"late-{n}")
    seen = [seq(message) async for message in stream if message.comment is None]
    again = feed.stream(reception, seen[-1])
    rest: list[int] = []
    while [*seen, *rest][-1] < 23:
        message = await anext(again)
        rest += [] if message.comment else [seq(message)]
    feed.close()
    await again.aclose()  # type: ignore[attr-defined]
    return seen, rest


async def tell(feed: feeds.EventFeed, reception: Reception, made: list[SiteEvent], key: str) -> None:
    await asyncio.to_thread(issue, reception, key)
    feed.committed(tuple(made))
    made.clear()
    await asyncio.sleep(0)


def seq(message: ServerSentEventMessage) -> int:
    assert isinstance(message.id, int)
    return message.id


def test_a_slow_readers_stream_ends_after_the_last_event_without_a_gap_and_goes_on_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "QUEUE_LIMIT", LIMIT)
    monkeypatch.setattr(feeds, "HEARTBEAT_S", 0.05)
    made: list[SiteEvent] = []
    with open_reception(tmp_path, clock=Clock(), on_events=made.extend) as reception:
        for n in range(3):
            issue(reception, f"early-{n}")
        made.clear()
        seen, rest = asyncio.run(ids_until_end(reception, made, 3))
    assert seen + rest == list(range(4, 24))
    assert len(seen) == LIMIT
