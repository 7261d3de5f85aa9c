"""Foreign threads reach Qt through the bridge only, and nothing escapes it."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.bridge import Bridge, Inbox


def test_a_call_from_another_thread_runs_in_the_main_thread(qtbot: QtBot) -> None:
    ran_in: list[threading.Thread] = []
    bridge = Bridge()
    bridge.lead_to(lambda: ran_in.append(threading.current_thread()))
    other = threading.Thread(target=bridge.call)
    other.start()
    other.join()
    qtbot.waitUntil(lambda: bool(ran_in))
    assert ran_in == [threading.main_thread()]


def test_no_call_is_lost_however_many_threads_call(qtbot: QtBot) -> None:
    inbox: list[int] = []
    taken: list[int] = []
    bridge = Bridge()

    def take() -> None:
        while inbox:
            taken.append(inbox.pop())

    def put(first: int) -> None:
        for number in range(first, first + 500):
            inbox.append(number)
            bridge.call()

    bridge.lead_to(take)
    threads = [threading.Thread(target=put, args=(1000 * k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    qtbot.waitUntil(lambda: len(taken) == 2000)
    assert len(set(taken)) == 2000


def test_calls_that_arrive_together_wake_once(qtbot: QtBot) -> None:
    woken: list[int] = []
    bridge = Bridge()
    bridge.lead_to(lambda: woken.append(1))
    for _ in range(10):
        bridge.call()
    qtbot.waitUntil(lambda: bool(woken))
    assert woken == [1]


def test_a_closed_bridge_drops_calls(qtbot: QtBot) -> None:
    woken: list[int] = []
    bridge = Bridge()
    bridge.lead_to(lambda: woken.append(1))
    bridge.call()
    bridge.close()
    bridge.call()
    qtbot.wait(20)
    assert woken == []


@pytest.mark.allowed_warnings("tiepdon.ui.bridge")
def test_an_error_behind_the_bridge_does_not_stop_the_next_call(qtbot: QtBot) -> None:
    outcomes = [ValueError("broken"), None]
    seen: list[object] = []

    def wake() -> None:
        outcome = outcomes[len(seen)]
        seen.append(outcome)
        if isinstance(outcome, Exception):
            raise outcome

    bridge = Bridge()
    bridge.lead_to(wake)
    bridge.call()
    qtbot.waitUntil(lambda: len(seen) == 1)
    bridge.call()
    qtbot.waitUntil(lambda: len(seen) == 2)


def test_an_inbox_hands_over_in_order_on_the_main_thread_and_nothing_once_closed(qtbot: QtBot) -> None:
    taken: list[tuple[int, threading.Thread]] = []
    owner = QObject()
    inbox: Inbox[int] = Inbox(owner, lambda number: taken.append((number, threading.current_thread())))
    other = threading.Thread(target=lambda: [inbox.put(number) for number in range(500)])
    other.start()
    other.join()
    qtbot.waitUntil(lambda: len(taken) == 500)
    assert taken == [(number, threading.main_thread()) for number in range(500)]
    inbox.close()
    inbox.put(500)
    qtbot.wait(20)
    assert len(taken) == 500
