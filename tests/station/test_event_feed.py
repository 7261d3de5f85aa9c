"""The feed reader against the real hub: resume without loss, a killed hub, a cable that says nothing any more."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from support.hub_process import HubProcess

from devices.emulators.network import TcpProxy
from kiosk.domain.events import EventType, SiteEvent
from kiosk.station.event_feed import FeedMessage, FeedOptions, FeedReader, Following, Lost, Snapshot

T = TypeVar("T")
WITHIN_S = 20.0


class Ear:
    """A sink that keeps everything and lets a test wait for the next message of a kind."""

    def __init__(self) -> None:
        self._messages: queue.Queue[FeedMessage] = queue.Queue()

    def __call__(self, message: FeedMessage) -> None:
        self._messages.put(message)

    def next(self, kind: type[T]) -> T:
        deadline_s = time.monotonic() + WITHIN_S
        while True:
            message = self._messages.get(timeout=max(0.01, deadline_s - time.monotonic()))
            if isinstance(message, kind):
                return message

    def events(self, count: int) -> list[SiteEvent]:
        return [self.next(SiteEvent) for _ in range(count)]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    hub = HubProcess(tmp_path / "hub")
    hub.start()
    yield hub
    hub.stop()


@contextmanager
def following(url: str, options: FeedOptions | None = None) -> Iterator[Ear]:
    ear = Ear()
    reader = FeedReader(url, ear, options=options)
    reader.start()
    try:
        yield ear
    finally:
        began_s = time.monotonic()
        reader.stop()
        assert time.monotonic() - began_s < 2.0


def test_the_first_thing_told_is_a_snapshot_then_every_event_in_order(hub: HubProcess) -> None:
    hub.issue("before")
    with following(hub.url) as ear:
        ear.next(Following)
        seq = ear.next(Snapshot).content.seq
        labels = [hub.issue(f"k{i}")["label"] for i in range(5)]
        events = ear.events(5)
    assert [e.seq for e in events] == list(range(seq + 1, seq + 6))
    assert [e.ticket.label for e in events if e.ticket] == labels
    assert {e.type for e in events} == {EventType.TICKET_ISSUED}


def test_a_killed_hub_is_noticed_and_nothing_is_missed_after_its_restart(hub: HubProcess) -> None:
    with following(hub.url) as ear:
        seq = ear.next(Snapshot).content.seq
        hub.issue("k1")
        ear.events(1)
        before = datetime.now(UTC)
        hub.kill()
        lost = ear.next(Lost)
        assert abs((lost.since - before).total_seconds()) < 5
        hub.start()
        hub.issue("k2")
        ear.next(Following)
        hub.issue("k3")
        assert [e.seq for e in ear.events(2)] == [seq + 2, seq + 3]


def test_events_made_while_the_connection_was_cut_are_told_on_resume(hub: HubProcess) -> None:
    proxy = TcpProxy(hub.port)
    options = FeedOptions(dead_s=0.5, first_retry_s=0.05, answer_s=0.5)
    try:
        with following(proxy.url, options) as ear:
            seq = ear.next(Snapshot).content.seq
            proxy.silence()
            hub.issue("unheard-1")
            hub.issue("unheard-2")
            ear.next(Lost)
            proxy.speak()
            assert [e.seq for e in ear.events(2)] == [seq + 1, seq + 2]
    finally:
        proxy.close()


def test_a_half_open_connection_is_declared_dead_and_does_not_hold_up_stop(hub: HubProcess) -> None:
    proxy = TcpProxy(hub.port)
    try:
        with following(proxy.url, FeedOptions(dead_s=0.4, answer_s=30.0)) as ear:
            ear.next(Snapshot)
            proxy.silence()
            ear.next(Lost)
            # The reader now waits up to 30 s for the answer of a connection that is silent from its first byte.
    finally:
        proxy.close()


def test_stop_returns_at_once_while_waiting_for_events(hub: HubProcess) -> None:
    with following(hub.url, FeedOptions(dead_s=3600.0)) as ear:
        ear.next(Snapshot)


def test_no_hub_at_all_is_told_once_and_found_when_it_comes(hub: HubProcess) -> None:
    hub.kill()
    with following(hub.url, FeedOptions(first_retry_s=0.02, last_retry_s=0.05)) as ear:
        ear.next(Lost)
        hub.start()
        ear.next(Following)
        ear.next(Snapshot)


class ScriptedHub:
    """Answers each connection with the next prepared body; keeps the Last-Event-ID of each."""

    def __init__(self, *bodies: bytes) -> None:
        import socket

        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.asked: queue.Queue[str | None] = queue.Queue()
        self._thread = threading.Thread(target=self._serve, args=(bodies,), name="scripted-hub", daemon=True)
        self._thread.start()

    def _serve(self, bodies: tuple[bytes, ...]) -> None:
        with self._listener:
            for body in bodies:
                client, _ = self._listener.accept()
                with client:
                    request = client.recv(65536).decode()
                    ids = [line.split(":")[1].strip() for line in request.splitlines() if "Last-Event-ID" in line]
                    self.asked.put(ids[0] if ids else None)
                    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + body)


def board(seq: int) -> bytes:
    text = '{"vi":"","en":""}'
    return (
        f'id: {seq}\r\nevent: snapshot\r\ndata: {{"seq":{seq},"at":"2026-11-22T00:00:00Z","hospital":{text},'
        '"now_called":[],"recently_called":[],"queues":[]}\r\n\r\n'
    ).encode()


def event(seq: int) -> bytes:
    return (
        f'id: {seq}\r\nevent: alert.raised\r\ndata: {{"seq":{seq},"at":"2026-11-22T00:00:00Z","type":"alert.raised"}}'
        "\r\n\r\n"
    ).encode()


FAST = FeedOptions(first_retry_s=0.01, last_retry_s=0.01)


@pytest.mark.parametrize(
    "trouble", [event(9), b"id: 8\r\nevent: ticket.issued\r\ndata: {nonsense\r\n\r\n", b"data: \xff\xfe[]\r\n\r\n"]
)
def test_a_gap_or_nonsense_asks_for_a_fresh_snapshot(trouble: bytes) -> None:
    hub = ScriptedHub(board(7) + trouble, board(20) + event(21))
    with following(hub.url, FAST) as ear:
        assert ear.next(Snapshot).content.seq == 7
        assert ear.next(Snapshot).content.seq == 20
        assert ear.next(SiteEvent).seq == 21
    assert [hub.asked.get(timeout=5), hub.asked.get(timeout=5)] == [None, None]


def test_an_event_told_twice_is_handed_on_once_and_the_next_connection_resumes_after_it() -> None:
    hub = ScriptedHub(board(7) + event(8) + event(8) + b": heartbeat\r\n\r\n", event(9))
    with following(hub.url, FAST) as ear:
        assert [e.seq for e in ear.events(2)] == [8, 9]
    assert [hub.asked.get(timeout=5), hub.asked.get(timeout=5)] == [None, "8"]


def test_steps_run_without_a_thread_and_with_an_injected_clock() -> None:
    hub = ScriptedHub(board(7))
    moments = iter([datetime(2026, 11, 22, 1, minute, tzinfo=UTC) for minute in range(10)])
    told: list[FeedMessage] = []
    reader = FeedReader(hub.url, told.append, options=FAST, now=lambda: next(moments), jitter=lambda: 0.0)
    for _ in range(3):  # connect, snapshot, end of stream
        reader.step()
    kinds = [type(message) for message in told]
    assert kinds == [Following, Snapshot, Lost]
    assert told[2] == Lost(since=datetime(2026, 11, 22, 1, 2, tzinfo=UTC))
    reader.stop()


def test_an_answer_that_is_no_event_stream_counts_as_no_hub(hub: HubProcess) -> None:
    told: list[FeedMessage] = []
    reader = FeedReader(hub.url + "/somewhere", told.append, options=replace(FAST, last_retry_s=0.01))
    reader.step()
    reader.stop()
    assert [type(message) for message in told] == [Lost]
