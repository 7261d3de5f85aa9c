"""The board against the real hub: follows it, survives its death, shows nothing personal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.hub_process import HubProcess
from support.quick_items import named, texts

from config.catalogue import load_catalogue
from kiosk.app.board import build_board_window
from ui.board.board_window import BoardWindow
from ui.board.options import BoardOptions

WITHIN_MS = 20000


@pytest.fixture
def board(qapp: object, hub: HubProcess) -> Iterator[BoardWindow]:
    options = BoardOptions(fullscreen=False, animations=False, call_stays_s=0.5)
    window = build_board_window(hub.url, options, load_catalogue())
    window.open()
    yield window
    window.close()


def shows(window: BoardWindow, label: str) -> bool:
    return [item.property("text") for item in named(window.view, "calledNumber")] == [label]


def test_a_call_at_a_counter_reaches_the_board(hub: HubProcess, board: BoardWindow, qtbot) -> None:
    qtbot.waitUntil(lambda: "Bệnh viện Đa khoa Hoa Sen" in texts(board.view), timeout=WITHIN_MS)
    label = hub.issue("k1", masked_name="N*** V** A")["label"]
    qtbot.waitUntil(lambda: f"Tiếp: {label}" in texts(board.view), timeout=WITHIN_MS)
    hub.post("/v1/counters/1/call-next", {})
    qtbot.waitUntil(lambda: shows(board, label), timeout=WITHIN_MS)
    assert not any("N***" in text for text in texts(board.view))


def test_calls_at_two_counters_at_once_are_both_announced(hub: HubProcess, board: BoardWindow, qtbot) -> None:
    qtbot.waitUntil(lambda: board.view_model.link["begun"], timeout=WITHIN_MS)
    announced: list[object] = []
    board.view_model.announced.connect(lambda: announced.append(board.view_model.now_called["label"]))
    labels = [hub.issue(f"k{i}")["label"] for i in range(2)]
    hub.post("/v1/counters/1/call-next", {})
    hub.post("/v1/counters/2/call-next", {})
    qtbot.waitUntil(lambda: announced == labels, timeout=WITHIN_MS)


def test_the_board_says_that_the_hub_is_gone_keeps_its_state_and_is_back_by_itself(
    hub: HubProcess, board: BoardWindow, qtbot
) -> None:
    label = hub.issue("k1")["label"]
    hub.post("/v1/counters/1/call-next", {})
    qtbot.waitUntil(lambda: shows(board, label), timeout=WITHIN_MS)
    hub.kill()
    qtbot.waitUntil(lambda: bool(named(board.view, "lostBanner")), timeout=WITHIN_MS)
    assert shows(board, label)
    hub.start()
    second = hub.issue("k2")["label"]
    hub.post("/v1/counters/2/call-next", {})
    qtbot.waitUntil(lambda: not named(board.view, "lostBanner") and shows(board, second), timeout=WITHIN_MS)
