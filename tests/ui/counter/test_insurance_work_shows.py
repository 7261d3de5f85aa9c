"""The insurance worklist as staff see it: order, words, comparison, keys, pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QRadioButton, QWidget
from support.board_contents import NOW
from support.counter_views import busy, view
from support.insurance_work_samples import DETAILS, ITEMS, LONG_NAME, busy_with_work
from support.pictures import require_same

from kiosk.domain.insurance_work import HAND_DECISIONS, SentQuestion, ToldRecord, most_urgent_work
from kiosk.domain.localized import Language
from kiosk.station.event_feed import Following, Lost
from ui.counter import actions
from ui.counter.counter_window import CounterWindow
from ui.counter.parts import ActionButton
from ui.counter.work_dialogs import DECISIONS, CorrectDialog, DecideDialog
from ui.counter.work_page import differing_fields

REFERENCE = Path(__file__).parent / "reference"
SAME = 0.002
SIZES = [(1366, 768), (1920, 1080)]


@pytest.fixture
def open_work(make_console, qtbot):
    def make(*, chosen: str = "A128", **options) -> CounterWindow:
        window = make_console(details=DETAILS, **options)
        window.console.link_changed(Following())
        window.console.show(busy_with_work())
        window.trigger(actions.WORK)
        window.desk.choose(f"id-{chosen}")
        qtbot.waitUntil(lambda: window.desk.detail is not None)
        QApplication.processEvents()
        return window

    return make


def rows(window: CounterWindow) -> list[list[str]]:
    model = window.work_page.table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def words(window: CounterWindow) -> str:
    shown = window.work_page.findChildren(QLabel)
    return "\n".join(label.text() for label in shown if label.isVisibleTo(window.work_page))


def dialog() -> QWidget:
    found = QApplication.activeModalWidget()
    assert found is not None
    return found


def test_the_button_counts_what_is_not_done(make_console) -> None:
    window = make_console()
    window.console.show(busy_with_work())
    assert window.top_bar.work.words == f"Bảo hiểm ({len(ITEMS)})"


def test_who_stands_at_a_counter_comes_first_then_what_failed_then_what_still_runs(open_work) -> None:
    assert [row[0] for row in rows(open_work())] == ["A128", "A133", "A131", "A135", "A137", "A138", "A136", "A140"]


def test_every_row_says_how_long_it_waits_why_and_what_to_do(open_work) -> None:
    by_label = {row[0]: row for row in rows(open_work())}
    assert by_label["A133"][2].endswith("14′")
    assert by_label["A133"][3:5] == ["Sai ngày sinh", "Sửa ngày sinh đúng như trên thẻ; có thẻ chỉ ghi năm sinh."]
    assert by_label["A140"][3] == "Đang hỏi · Cổng chưa trả lời"
    assert by_label["A138"][3] == "Chưa rõ"


def test_what_was_sent_stands_beside_the_record_and_what_differs_is_marked(open_work) -> None:
    window = open_work(chosen="A131")
    assert LONG_NAME in words(window)
    marked = {label.text() for label in window.work_page.findChildren(QLabel) if label.property("differs")}
    assert marked == {LONG_NAME, LONG_NAME.replace("Nhàn", "Nhã")}
    assert "Ghi chú của cổng: Sai họ tên." in words(window)


def test_spellings_of_one_name_do_not_differ_but_a_year_alone_does() -> None:
    sent = SentQuestion(card="1", name="H'Hen Niê", birth="15/07/1960")
    assert differing_fields(sent, ToldRecord(card="1", name="H HEN NIÊ", birth="15/07/1960")) == frozenset()
    assert differing_fields(sent, ToldRecord(card="1", name="H'Hen Niê", birth="1960")) == {"birth"}
    assert differing_fields(sent, None) == frozenset()


def test_purged_details_are_said_to_be_gone(open_work) -> None:
    assert "Không còn lưu" in words(open_work(chosen="A135"))


def test_details_that_cannot_be_fetched_are_said_and_the_rest_stays(make_console, qtbot) -> None:
    window = make_console()
    window.console.show(busy_with_work())
    window.trigger(actions.WORK)
    qtbot.waitUntil(lambda: window.desk.trouble is not None)
    assert "Chưa nhận được trả lời của máy chủ." in words(window)
    assert "A128" in words(window)


def test_pending_ones_say_that_nothing_need_be_done(open_work) -> None:
    assert "Máy đang tự hỏi lại." in words(open_work(chosen="A140"))


def test_a_wrong_account_is_told_to_it_though_the_hub_goes_on_asking(open_work) -> None:
    assert "Báo phòng công nghệ thông tin: cán bộ tra cứu chưa được đăng ký" in words(open_work(chosen="A136"))


def test_what_was_sent_is_forgotten_when_nobody_looks(open_work) -> None:
    window = open_work(chosen="A131")
    window.trigger(actions.WORK)
    assert window.desk.detail is None
    assert not window.desk.shown
    assert LONG_NAME not in words(window)
    assert window.table.isVisible()


def test_the_list_begins_with_whom_the_counter_is_about(make_console) -> None:
    window = make_console(details=DETAILS)
    window.console.show(busy_with_work())
    window.console.choose("id-A131")
    window.trigger(actions.WORK)
    assert window.desk.chosen is not None
    assert window.desk.chosen.label == "A131"


def test_an_answered_look_up_leaves_the_list_and_the_next_one_is_shown(open_work) -> None:
    window = open_work(chosen="A131")
    window.console.show(replace(busy_with_work(), work=most_urgent_work(one for one in ITEMS if one.label != "A131")))
    assert window.desk.chosen is not None
    assert window.desk.chosen.label == "A128"


def test_nothing_left_to_do_is_said(open_work) -> None:
    window = open_work()
    window.console.show(view())
    assert window.desk.chosen is None
    assert not any(button.isVisible() for button in window.work_page.buttons.values())
    assert window.top_bar.work.words == "Bảo hiểm (0)"


def test_calling_goes_on_beside_the_worklist(open_work) -> None:
    window = open_work()
    assert window.panel.isVisible()
    assert all(window.console.can(action) for action in (actions.FINISH, actions.HOLD, actions.TRANSFER))


def test_without_a_name_nothing_is_decided(make_console) -> None:
    window = make_console(details=DETAILS, staff="")
    dialog().reject()
    window.console.show(busy_with_work())
    window.trigger(actions.WORK)
    assert not window.desk.can_act
    assert not any(button.isEnabled() for button in window.work_page.buttons.values())


def test_arrow_keys_choose_and_escape_goes_back(open_work) -> None:
    window = open_work()
    table = window.work_page.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert window.desk.chosen is not None
    assert window.desk.chosen.label == "A133"
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert not window.desk.shown


def test_every_button_of_the_worklist_is_reached_with_the_tab_key(open_work) -> None:
    window = open_work()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    window.work_page.table.setFocus()
    reached = set()
    for _ in range(60):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert set(window.work_page.buttons.values()) <= reached
    assert window.work_page.table in reached


# -- corrections ------------------------------------------------------------------------------------------------------


def correcting(window: CounterWindow) -> CorrectDialog:
    window.trigger(actions.CORRECT_WORK)
    found = dialog()
    assert isinstance(found, CorrectDialog)
    QTest.qWaitForWindowActive(found)
    return found


def test_a_correction_begins_with_what_was_sent_at_the_field_that_is_wrong(open_work) -> None:
    shown = correcting(open_work(chosen="A133"))
    assert shown.focusWidget() is shown.edits["birth"]
    assert shown.edits["card"].text() == "DN4010000000029"
    assert shown.do_it.isEnabled()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("card", "123", "Số thẻ gồm 10, 12 hoặc 15 ký tự."),
        ("name", "Nguyễn 2", "Xin nhập họ tên như trên thẻ."),
        ("birth", "31/02/1990", "Xin nhập ngày sinh, ví dụ 05/09/1958 hoặc 1958."),
    ],
)
def test_a_field_that_cannot_be_sent_is_named(open_work, field: str, typed: str, said: str) -> None:
    shown = correcting(open_work(chosen="A133"))
    shown.edits[field].setText(typed)
    assert not shown.do_it.isEnabled()
    assert said in [label.text() for label in shown.findChildren(QLabel)]


def test_a_year_alone_and_a_loosely_typed_date_are_sent_as_the_portal_wants_them(open_work) -> None:
    shown = correcting(open_work(chosen="A133"))
    shown.edits["birth"].setText("1958")
    assert shown.question().birth == "1958"
    shown.edits["birth"].setText("05-09-1958")
    assert shown.question().birth == "05/09/1958"


# -- decisions --------------------------------------------------------------------------------------------------------


def test_everything_the_hub_takes_as_a_decision_is_offered() -> None:
    assert frozenset(DECISIONS) == HAND_DECISIONS


def test_a_decision_needs_a_class_and_a_reason_and_says_what_it_means(open_work) -> None:
    open_work(chosen="A131").trigger(actions.DECIDE_WORK)
    shown = dialog()
    assert isinstance(shown, DecideDialog)
    do_it = shown.findChild(QPushButton, "doIt")
    meaning = shown.findChild(QLabel, "meaning")
    assert not do_it.isEnabled()
    assert "Tên Lan và lý do" in meaning.text()
    shown.findChild(QRadioButton, "decide_deny_card").click()
    assert "Người bệnh vẫn giữ số" in meaning.text()
    assert not do_it.isEnabled()
    QTest.keyClicks(shown.findChild(QLineEdit, "reason"), "da xem the")
    assert do_it.isEnabled()


# -- looks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("size", SIZES)
def test_the_buttons_fit_at_both_usual_sizes(open_work, language: Language, size: tuple[int, int]) -> None:
    window = open_work(language=language, size=size, chosen="A131")
    assert (window.width(), window.height()) == size
    for button in window.findChildren(ActionButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.words
            assert window.rect().contains(button.mapTo(window, button.rect().bottomRight())), button.words


@pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_worklist_looks_as_it_was_approved(open_work, request, tmp_path, size, language) -> None:
    window = open_work(language=language, size=size, chosen="A131")
    name = f"work.{size[0]}x{size[1]}.{language.value}.png"
    require_same(window.grab().toImage(), REFERENCE / name, request, tmp_path, SAME)


def test_an_empty_worklist_looks_as_it_was_approved(make_console, request, tmp_path) -> None:
    window = make_console()
    window.console.link_changed(Following())
    window.console.show(busy(alerts=False))
    window.trigger(actions.WORK)
    QApplication.processEvents()
    require_same(window.grab().toImage(), REFERENCE / "work_empty.1366x768.vi.png", request, tmp_path, SAME)


def test_the_worklist_without_a_hub_looks_as_it_was_approved(open_work, request, tmp_path) -> None:
    window = open_work(chosen="A140")
    window.console.link_changed(Lost(since=NOW - timedelta(minutes=4)))
    QApplication.processEvents()
    require_same(window.grab().toImage(), REFERENCE / "work_lost.1366x768.vi.png", request, tmp_path, SAME)


@pytest.mark.parametrize("action", [actions.CORRECT_WORK, actions.DECIDE_WORK], ids=lambda action: action.name)
@pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)
def test_its_questions_look_as_they_were_approved(open_work, request, tmp_path, action, language) -> None:
    window = open_work(chosen="A131", language=language)
    window.trigger(action)
    shown = dialog()
    chosen = shown.findChild(QRadioButton, "decide_ok_manual")
    if chosen:
        chosen.click()
    shown.findChild(QPushButton, "leave").setFocus()
    QApplication.processEvents()
    assert shown.height() <= SIZES[0][1]
    name = f"{action.name}.{language.value}.png"
    require_same(shown.grab().toImage(), REFERENCE / name, request, tmp_path, SAME)
