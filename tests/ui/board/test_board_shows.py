"""What the board shows: calls in turn, pages of queues, the mark of an old state, both languages."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from PySide6.QtGui import QColor
from support import board_contents
from support.board_contents import call, view
from support.quick_items import named, texts

from kiosk.domain.localized import Language
from kiosk.station.event_feed import Following, Lost
from ui.board.options import BoardOptions

BASE = BoardOptions(fullscreen=False, animations=False)


def called(window) -> str:
    (number,) = named(window.view, "calledNumber") or [None]
    return number.property("text") if number is not None else ""


def test_before_the_hub_was_heard_the_board_says_that_it_connects(make_board) -> None:
    window = make_board(BASE)
    assert "Bảng đang kết nối. Xin nghe nhân viên gọi số." in texts(window.view)
    assert not named(window.view, "callList")


def test_with_nobody_called_the_board_asks_to_wait(make_board) -> None:
    window = make_board(BASE)
    window.view_model.show(board_contents.empty())
    assert called(window) == ""
    assert "Xin chờ gọi số" in texts(window.view)


def test_a_call_stands_large_with_its_counter_and_the_earlier_ones_in_the_list(make_board) -> None:
    window = make_board(BASE)
    window.view_model.show(board_contents.busy())
    assert called(window) == "A128"
    assert named(window.view, "calledCounter")[0].property("text") == "Quầy 2"
    labels = [item.property("text") for item in named(window.view, "rowLabel")]
    assert labels[:3] == ["B045", "E009", "A127"]


def test_a_ticket_that_goes_by_several_numbers_is_called_by_all_and_none_runs_into_its_counter(make_board) -> None:
    for width, height in ((1920, 1080), (1080, 1920)):
        window = make_board(replace(BASE, width_px=width, height_px=height))
        window.view_model.show(board_contents.several_labels())
        assert called(window) == "A128 · K2-37655"
        labels = named(window.view, "rowLabel")
        assert [item.property("text") for item in labels][:2] == ["K3-001 · K4-001", "A127 · K2-37655 · K3-1001"]
        for item in labels:
            assert item.property("paintedWidth") <= item.width() + 1 < 0.75 * item.parentItem().width()


def test_two_calls_at_once_get_the_large_place_one_after_the_other(make_board, clock, qtbot) -> None:
    window = make_board(BASE)
    window.view_model.show(board_contents.empty())
    seen = []
    window.view_model.announced.connect(lambda: seen.append(called(window)))
    window.view_model.show(view(3, (call(3, "B001", "2"), call(2, "A001", "1"))))
    assert called(window) == "A001"
    clock.now_s += BASE.call_stays_s
    window.view_model.tick()
    assert called(window) == "B001"
    assert seen == ["A001", "B001"]
    assert [item.property("text") for item in named(window.view, "rowLabel")] == ["A001"]


def test_a_recall_is_marked_and_announced_again(make_board) -> None:
    window = make_board(BASE)
    window.view_model.show(view(3, (call(2, "A001"),)))
    announced = []
    window.view_model.announced.connect(lambda: announced.append(called(window)))
    window.view_model.show(view(4, (call(4, "A001", times=2),)))
    assert announced == ["A001"]
    assert named(window.view, "again")[0].property("text") == "Gọi lần 2"


def test_a_lost_feed_keeps_the_last_state_under_a_mark_with_the_hospital_time(make_board) -> None:
    window = make_board(BASE)
    window.view_model.show(board_contents.busy())
    window.view_model.link_changed(Lost(since=board_contents.NOW))
    assert named(window.view, "lostBanner")
    assert "Bảng chưa cập nhật từ 08:42. Xin nghe nhân viên gọi số." in texts(window.view)
    assert called(window) == "A128"
    window.view_model.link_changed(Following())
    assert not named(window.view, "lostBanner")


def test_each_queue_says_how_many_wait_and_who_is_next(make_board) -> None:
    window = make_board(BASE)
    window.view_model.show(board_contents.busy())
    cells = named(window.view, "queueCell")
    assert len(cells) == 6
    shown = texts(window.view)
    assert "118" in shown
    assert "Khu tiếp đón A, tầng 1" in shown
    assert "Tiếp: A016  A017  A018  A019" in shown
    assert "Chưa có người chờ" in shown


def test_more_queues_than_fit_are_shown_in_turn(make_board, clock) -> None:
    window = make_board(BASE)
    six = board_contents.empty()
    more = replace(six.content, queues=(*six.content.queues, replace(six.content.queues[0], service="x", waiting=77)))
    clock.now_s = 0.0
    window.view_model.show(replace(six, content=more))
    assert "77" not in texts(window.view)
    clock.now_s = BASE.page_s
    window.view_model.tick()
    assert "77" in texts(window.view)


def test_either_language_can_stand_first(make_board) -> None:
    window = make_board(replace(BASE, language=Language.EN))
    window.view_model.show(board_contents.busy())
    shown = texts(window.view)
    assert "Counter 2" in shown
    assert shown.index("Now calling") < shown.index("Mời số")


def test_the_call_for_attention_stays_below_three_flashes_a_second(make_board, qtbot) -> None:
    window = make_board(replace(BASE, animations=True))
    window.view_model.show(board_contents.empty())
    (panel,) = named(window.view, "nowCalled")
    ground = QColor(panel.property("color")).green()
    levels: list[int] = []
    panel.colorChanged.connect(lambda: levels.append(QColor(panel.property("color")).green()))
    window.view_model.show(view(3, (call(3, "B001", "2"),)))
    qtbot.waitUntil(lambda: len(levels) > 20 and levels[-1] == ground and peaks(levels) >= 3, timeout=15000)
    assert peaks(levels) == 3
    assert max(levels) > ground + 20


def peaks(levels: list[int]) -> int:
    """How often the panel became brighter and darker again (plateaus count once)."""
    steps = [later - earlier for earlier, later in pairwise(levels) if later != earlier]
    return sum(one > 0 > two for one, two in pairwise(steps))
