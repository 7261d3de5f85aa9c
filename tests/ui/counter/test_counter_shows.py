"""What the console shows and how it can be reached: words, keys, sizes, pictures."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from support import counter_views
from support.board_contents import NOW
from support.counter_views import alert, busy, ticket, view
from support.pictures import require_same

from kiosk.domain.alert import AlertKind
from kiosk.domain.faults import Fault
from kiosk.domain.localized import Language
from kiosk.domain.ticket import TicketState
from kiosk.station.event_feed import Following, Lost
from ui.counter import actions, style
from ui.counter.console import Notice
from ui.counter.counter_window import CounterWindow
from ui.counter.parts import ActionButton

REFERENCE = Path(__file__).parent / "reference"
SAME = 0.002
SIZES = [(1366, 768), (1920, 1080)]


def text(window: CounterWindow, name: str) -> str:
    found = window.findChild(QLabel, name)
    assert found is not None
    return found.text()


def test_who_works_here_is_asked_first_and_nothing_is_done_without(make_console, qtbot) -> None:
    window = make_console(staff="")
    window.console.show(busy())
    asked = QApplication.activeModalWidget()
    assert asked is not None
    name = asked.findChild(QLineEdit, "staffName")
    QTest.qWaitForWindowActive(asked)
    assert name.hasFocus()
    assert not asked.findChild(QPushButton, "doIt").isEnabled()
    assert not any(window.console.can(action) for action in (*actions.FOR_CURRENT, *actions.FOR_CHOSEN))
    QTest.keyClicks(name, "Lan")
    QTest.keyClick(asked, Qt.Key.Key_Return)
    assert window.console.staff == "Lan"
    assert window.console.can(actions.CALL_NEXT)


def test_the_current_ticket_stands_large_with_everything_to_check(make_console) -> None:
    window = make_console()
    window.console.show(busy())
    assert text(window, "number") == "A128"
    checks = text(window, "checks").splitlines()
    assert checks[0] == "• Xem giấy chuyển tuyến, giấy hẹn khám hoặc tình trạng cấp cứu."
    assert len(checks) == 3


@pytest.mark.parametrize("flag", ["flag.chip_forged", "flag.chip_other_person"])
def test_doubt_about_who_somebody_is_stands_before_everything_else(make_console, flag) -> None:
    window = make_console()
    doubted = ticket(
        "A128", TicketState.SERVING, counter="1", staff_action="staff_action.check_referral", flags=("flag.x", flag)
    )
    window.console.show(view(doubted))
    first = text(window, "checks").splitlines()[0]
    assert first == "• " + window.console.wording.known([flag])
    assert "thẻ gốc" in first
    assert window.console.wording.to_do(doubted) == first.removeprefix("• ")


def test_with_nobody_waiting_the_console_says_so(make_console) -> None:
    window = make_console()
    window.console.show(view())
    assert text(window, "who") == "Chưa có số nào tại quầy"
    assert text(window, "heading") in ("Danh sách (0 đang chờ)", "Số tại quầy")


def test_while_somebody_is_at_the_counter_no_other_is_called(make_console) -> None:
    window = make_console()
    window.console.show(busy())
    window.trigger(actions.CALL_NEXT)
    assert not window.console.busy
    assert text(window, "notice").startswith("Số A128 còn ở quầy.")


@pytest.mark.parametrize("action", [actions.SERVE, actions.PRIORITY], ids=lambda action: action.name)
def test_a_key_that_cannot_do_anything_now_says_why(make_console, action) -> None:
    window = make_console()
    window.console.show(busy())
    window.trigger(action)
    assert "A128" in text(window, "notice")
    assert "“Đang làm”" in text(window, "notice")


def test_a_ticket_at_another_counter_is_out_of_reach(make_console) -> None:
    window = make_console()
    window.console.show(busy())
    window.console.choose("id-B045")
    assert not any(window.console.can(action) for action in actions.FOR_CHOSEN)


def test_the_chosen_row_stays_chosen_when_the_list_changes_and_escape_lets_it_go(make_console) -> None:
    window = make_console()
    window.console.show(busy())
    window.console.choose("id-A131")
    window.console.show(view(ticket("A001"), *busy().tickets))
    chosen = window.table.selectionModel().selectedRows()
    assert [index.data() for index in chosen] == ["A131"]
    QTest.keyClick(window.table, Qt.Key.Key_Escape)
    assert window.console.chosen_id is None
    window.console.show(view(ticket("A001")))
    assert window.table.selectionModel().selectedRows() == []


def test_rows_can_be_chosen_with_the_arrow_keys(make_console) -> None:
    window = make_console()
    window.console.show(busy())
    window.table.setFocus()
    QTest.keyClick(window.table, Qt.Key.Key_Down)
    QTest.keyClick(window.table, Qt.Key.Key_Down)
    assert window.console.chosen_id == f"id-{busy().tickets[1].label}"


@pytest.mark.parametrize("language", list(Language))
def test_a_refusal_is_a_sentence_and_an_unknown_one_at_least_names_its_code(make_console, language: Language) -> None:
    wording = make_console(language=language).console.wording
    illegal = Fault(code="ticket.transition_illegal", params={"state": "no_show", "action": "set_priority"})
    for raw in ("no_show", "set_priority", "ticket."):
        assert raw not in wording.fault(illegal)
    assert "x.y" in wording.fault(Fault(code="x.y"))


def test_many_alerts_keep_their_place_and_say_how_many_more(make_console) -> None:
    window = make_console()
    window.console.show(view(alerts=tuple(alert(i, AlertKind.FAULT, "printer.paper_out") for i in range(5))))
    words = [label.text() for label in window.alerts.findChildren(QLabel)]
    assert "… và 2 thông báo khác" in words
    assert len(window.alerts.findChildren(QPushButton)) == 3


def test_the_alert_key_waits_until_a_new_first_alert_could_be_read(make_console) -> None:
    window = make_console()
    console = window.console
    quiet, urgent = alert(1, AlertKind.FAULT, "printer.paper_out"), alert(2, AlertKind.HELP, "help.asked")
    console.show(view(alerts=(quiet,)))
    console.now = lambda: NOW + timedelta(minutes=1)
    console.show(view(alerts=(urgent, quiet)))
    window.trigger(actions.HANDLED)
    assert (console.busy, console.notice) == (
        False,
        Notice(text="Thông báo vừa đổi. Xin đọc rồi bấm F12 lần nữa.", bad=True),
    )
    console.now = lambda: NOW + timedelta(minutes=1, seconds=1)
    console.show(view(alerts=(urgent, quiet)))
    window.trigger(actions.HANDLED)
    assert console.busy, "the alert is being handled"


def test_an_alarm_is_raised_once_for_each_new_alert(make_console) -> None:
    window = make_console()
    alarms: list[int] = []
    window.console.alarmed.connect(lambda: alarms.append(1))
    window.console.show(busy())
    window.console.show(busy())
    assert len(alarms) == 1


def test_a_fault_nobody_has_words_for_still_shows(make_console) -> None:
    wording = make_console().console.wording
    assert "strange.code" in wording.alert(alert(1, AlertKind.FAULT, "strange.code"))


def test_rows_are_high_enough_for_eight_hours(make_console) -> None:
    window = make_console()
    window.console.show(busy())
    assert window.table.rowHeight(0) >= 36
    assert style.ROW_HEIGHT_PX >= 36


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("size", SIZES)
def test_everything_fits_at_both_usual_sizes(make_console, language: Language, size: tuple[int, int]) -> None:
    window = make_console(language=language, size=size)
    window.console.show(busy())
    window.console.tell("notice.still_here", bad=True, label="A128")
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    buttons = [button for button in window.findChildren(ActionButton) if button.isVisible()]
    assert len(buttons) == len((*actions.FOR_CURRENT, *actions.FOR_CHOSEN)) + 5
    for button in buttons:
        assert button.width() >= button.sizeHint().width(), button.words
        assert button.height() >= 36, button.words
        assert window.rect().contains(button.mapTo(window, button.rect().bottomRight())), button.words
    places = [button.rect().translated(button.mapTo(window, button.rect().topLeft())) for button in buttons]
    assert not any(one.intersects(other) for i, one in enumerate(places) for other in places[i + 1 :])


def test_every_button_that_can_be_pressed_is_reached_with_the_tab_key(make_console) -> None:
    window = make_console()
    window.console.show(busy())
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    window.table.setFocus()
    reached = set()
    for _ in range(60):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    wanted = {button for button in window.findChildren(ActionButton) if button.isEnabled() and button.isVisible()}
    assert wanted <= reached
    assert window.table in reached


def test_buttons_tell_a_screen_reader_what_they_do_and_their_key(make_console) -> None:
    window = make_console()
    assert window.panel.buttons[actions.CALL_NEXT].accessibleName() == "Gọi số tiếp theo (F2)"


@pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_console_looks_as_it_was_approved(make_console, request, tmp_path, size, language) -> None:
    window = make_console(language=language, size=size)
    window.console.link_changed(Following())
    window.console.show(busy())
    window.console.choose("id-A131")
    QApplication.processEvents()
    name = f"busy.{size[0]}x{size[1]}.{language.value}.png"
    require_same(window.grab().toImage(), REFERENCE / name, request, tmp_path, SAME)


def test_a_lost_hub_looks_as_it_was_approved(make_console, request, tmp_path) -> None:
    window = make_console()
    window.console.show(view(ticket("A119", TicketState.HELD, counter="1")))
    window.console.link_changed(Lost(since=NOW - timedelta(minutes=4)))
    window.console.refuse(Fault(code="hub.unreachable"))
    window.refresh()
    QApplication.processEvents()
    require_same(window.grab().toImage(), REFERENCE / "lost.1366x768.vi.png", request, tmp_path, SAME)


def test_no_ticket_of_the_samples_is_without_words(make_console) -> None:
    window = make_console()
    window.console.show(counter_views.busy())
    model = window.table.model()
    shown = [
        model.index(row, column).data() for row in range(model.rowCount()) for column in range(model.columnCount())
    ]
    assert not [cell for cell in shown if cell and ("flag." in cell or "coverage." in cell or "staff_action." in cell)]
