"""Fetching again on demand: wishes together become one fetch, a failed fetch is made again."""

from __future__ import annotations

import queue
import threading

import pytest

from kiosk.domain.faults import Refusal
from kiosk.station.hub_port import HubUnreachable
from kiosk.station.refresher import Refresher


def test_wishes_made_during_one_fetch_become_one_more() -> None:
    fetching, go_on = threading.Event(), threading.Event()
    counts: queue.Queue[int] = queue.Queue()
    made = 0

    def fetch() -> int:
        nonlocal made
        made += 1
        fetching.set()
        assert go_on.wait(5)
        return made

    refresher = Refresher("test-refresh", fetch, counts.put, interval_s=0.01)
    refresher.want()
    refresher.start()
    assert fetching.wait(5)
    for _ in range(10):
        refresher.want()
    go_on.set()
    assert [counts.get(timeout=5), counts.get(timeout=5)] == [1, 2]
    refresher.stop()
    assert made == 2


@pytest.mark.parametrize("failure", [HubUnreachable("x"), Refusal("counter.unknown")])
def test_a_failed_fetch_is_made_again_without_being_asked(failure: Exception) -> None:
    answers: list[Exception | str] = [failure, "there"]
    got: queue.Queue[str] = queue.Queue()
    refused: list[str] = []

    def fetch() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    refresher = Refresher(
        "test-refresh",
        fetch,
        got.put,
        refused=lambda fault: refused.append(fault.code),
        retry_s=0.01,
        refused_retry_s=0.01,
    )
    refresher.want()
    refresher.start()
    assert got.get(timeout=5) == "there"
    refresher.stop()
    assert refused == (["counter.unknown"] if isinstance(failure, Refusal) else [])


def test_without_any_wish_it_is_fetched_now_and_then() -> None:
    got: queue.Queue[str] = queue.Queue()
    refresher = Refresher("test-refresh", lambda: "now", got.put, unasked_s=0.02)
    refresher.start()
    assert got.get(timeout=5) == "now"
    refresher.stop()


def test_nothing_is_delivered_after_stop() -> None:
    fetching, go_on = threading.Event(), threading.Event()
    got: list[str] = []

    def fetch() -> str:
        fetching.set()
        assert go_on.wait(5)
        return "late"

    refresher = Refresher("test-refresh", fetch, got.append)
    refresher.want()
    refresher.start()
    assert fetching.wait(5)
    stopping = threading.Thread(target=refresher.stop)
    stopping.start()
    go_on.set()
    stopping.join(5)
    assert got == []
