"""Every action of the console by key and by mouse against the real hub, and what the hub keeps of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QPushButton, QRadioButton, QWidget
from support.hub_process import HubProcess

from config.catalogue import load_catalogue
from kiosk.app.counter import build_counter_window
from ui.counter import actions
from ui.counter.actions import ConsoleAction
from ui.counter.counter_window import CounterWindow
from ui.counter.options import CounterOptions

# The offscreen platform says so of every window; it is about the platform, not about us.

WITHIN_MS = 20000
Press = Callable[[CounterWindow, ConsoleAction], None]


def by_key(window: CounterWindow, action: ConsoleAction) -> None:
    window.activateWindow()  # off screen nobody gives the focus back when a dialog has closed
    QTest.qWaitForWindowActive(window)
    combination = QKeySequence(action.key)[0]
    QTest.keyClick(window, combination.key(), combination.keyboardModifiers())


def by_mouse(window: CounterWindow, action: ConsoleAction) -> None:
    buttons = {**window.panel.buttons, **window.chosen_buttons}
    buttons |= {actions.STAFF: window.top_bar.staff, actions.LANGUAGE: window.top_bar.language}
    if action is actions.HANDLED:
        buttons[action] = window.alerts.findChildren(QPushButton)[0]
    QTest.mouseClick(buttons[action], Qt.MouseButton.LeftButton)


either_way = pytest.mark.parametrize("press", [by_key, by_mouse], ids=["key", "mouse"])


def wait(qtbot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=WITHIN_MS)


def issued(hub: HubProcess, window: CounterWindow, qtbot, count: int = 1) -> list[str]:
    labels = [str(hub.issue(f"key-{i}")["label"]) for i in range(count)]
    wait(qtbot, lambda: window.console.waiting == count)
    return labels


def state_of(window: CounterWindow, label: str) -> str:
    return next((str(t.state) for t in window.console.tickets if t.label == label), "gone")


def settled(window: CounterWindow, label: str, state: str) -> Callable[[], bool]:
    return lambda: not window.console.busy and state_of(window, label) == state


def choose(window: CounterWindow, qtbot, label: str) -> None:
    """Click the row of `label`."""
    row = next(row for row, ticket in enumerate(window.console.tickets) if ticket.label == label)
    place = window.table.visualRect(window.table.model().index(row, 0)).center()
    QTest.mouseClick(window.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.console.chosen is not None
    assert window.console.chosen.label == label


def dialog(qtbot) -> QWidget:
    wait(qtbot, lambda: QApplication.activeModalWidget() is not None)
    found = QApplication.activeModalWidget()
    assert found is not None
    return found


def child(parent: QWidget, kind: type, name: str):
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def confirm(shown: QWidget) -> None:
    QTest.mouseClick(child(shown, QPushButton, "doIt"), Qt.MouseButton.LeftButton)


def audited(hub_data: Path, action: str) -> tuple[str, str, str | None]:
    """Counter, name and reason of the last change of this kind, from the hub's own book."""
    with closing(sqlite3.connect(f"file:{hub_data / 'hub.sqlite3'}?mode=ro", uri=True)) as database:
        row = database.execute(
            "SELECT counter, actor, reason FROM audit WHERE action = ? ORDER BY seq DESC", (action,)
        ).fetchone()
    assert row is not None, action
    return row


def called(hub: HubProcess, window: CounterWindow, qtbot) -> str:
    (label,) = issued(hub, window, qtbot)
    by_key(window, actions.CALL_NEXT)
    wait(qtbot, settled(window, label, "called"))
    return label


@either_way
def test_call_next_calls_the_first_one_waiting(hub, console, qtbot, press: Press, tmp_path) -> None:
    labels = issued(hub, console, qtbot, 2)
    press(console, actions.CALL_NEXT)
    wait(qtbot, settled(console, labels[0], "called"))
    assert console.console.current is not None
    assert console.console.current.label == labels[0]
    assert child(console.panel, QLabel, "number").text() == labels[0]
    assert audited(tmp_path / "hub", "call") == ("1", "Lan", None)


@either_way
def test_nobody_waiting_is_said_plainly(hub, console, qtbot, press: Press) -> None:
    press(console, actions.CALL_NEXT)
    wait(qtbot, lambda: console.console.notice is not None)
    assert child(console, QLabel, "notice").text() == "Không có ai đang chờ."


@either_way
def test_a_number_its_kiosk_has_not_shown_yet_is_not_called_and_the_console_says_why(
    hub, console, qtbot, press: Press
) -> None:
    label = str(hub.issue("key", tells_paper=True)["label"])
    wait(qtbot, lambda: console.console.waiting == 1)
    press(console, actions.CALL_NEXT)
    wait(qtbot, lambda: console.console.notice is not None)
    assert child(console, QLabel, "notice").text().startswith(f"Chưa gọi được {label}:")
    assert state_of(console, label) == "waiting"


@either_way
@pytest.mark.parametrize(
    ("action", "state"),
    [
        (actions.RECALL, "called"),
        (actions.SERVE, "serving"),
        (actions.NO_SHOW, "no_show"),
        (actions.FINISH, "gone"),
        (actions.HOLD, "held"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_ticket_at_the_counter(
    hub, console, qtbot, tmp_path, press: Press, action: ConsoleAction, state: str
) -> None:
    label = called(hub, console, qtbot)
    press(console, action)
    wait(qtbot, settled(console, label, state))
    assert audited(tmp_path / "hub", action.transition.value) == ("1", "Lan", None)


@either_way
def test_transfer_asks_where_to(hub, console, qtbot, tmp_path, press: Press) -> None:
    label = called(hub, console, qtbot)
    press(console, actions.TRANSFER)
    shown = dialog(qtbot)
    child(shown, QListWidget, "services").setCurrentRow(1)
    QTest.mouseClick(child(shown, QRadioButton, "reason0"), Qt.MouseButton.LeftButton)
    confirm(shown)
    wait(qtbot, settled(console, label, "waiting"))
    assert next(t.service for t in console.console.tickets if t.label == label) == "tai-kham"
    assert audited(tmp_path / "hub", "transfer") == ("1", "Lan", "Chọn nhầm dịch vụ")


@either_way
def test_a_chosen_ticket_is_called_out_of_turn(hub, console, qtbot, press: Press) -> None:
    labels = issued(hub, console, qtbot, 3)
    choose(console, qtbot, labels[2])
    press(console, actions.CALL_CHOSEN)
    wait(qtbot, settled(console, labels[2], "called"))
    assert state_of(console, labels[0]) == "waiting"


def test_an_absent_person_who_comes_after_all_is_called_again_from_the_list(hub, console, qtbot) -> None:
    label = called(hub, console, qtbot)
    by_key(console, actions.NO_SHOW)
    wait(qtbot, settled(console, label, "no_show"))
    choose(console, qtbot, label)
    by_key(console, actions.CALL_CHOSEN)
    wait(qtbot, settled(console, label, "called"))


@either_way
def test_priority_changes_only_with_a_reason(hub, console, qtbot, tmp_path, press: Press) -> None:
    labels = issued(hub, console, qtbot, 2)
    choose(console, qtbot, labels[1])
    press(console, actions.PRIORITY)
    shown = dialog(qtbot)
    do_it = child(shown, QPushButton, "doIt")
    assert not do_it.isEnabled()
    QTest.mouseClick(child(shown, QRadioButton, "priority_emergency"), Qt.MouseButton.LeftButton)
    assert not do_it.isEnabled()
    QTest.keyClicks(child(shown, QLineEdit, "reason"), "ngat")
    assert do_it.isEnabled()
    confirm(shown)
    wait(qtbot, lambda: console.console.tickets[0].label == labels[1] and not console.console.busy)
    assert console.console.tickets[0].priority.value == "emergency"
    assert audited(tmp_path / "hub", "set_priority") == ("1", "Lan", "ngat")


@either_way
def test_hold_and_transfer_work_on_the_chosen_row_too(hub, console, qtbot, press: Press) -> None:
    labels = issued(hub, console, qtbot, 2)
    choose(console, qtbot, labels[1])
    press(console, actions.HOLD_CHOSEN)
    wait(qtbot, settled(console, labels[1], "held"))
    choose(console, qtbot, labels[0])
    press(console, actions.TRANSFER_CHOSEN)
    confirm(dialog(qtbot))
    wait(qtbot, lambda: next(t.service for t in console.console.tickets if t.label == labels[0]) == "kham-bhyt")


@either_way
def test_cancel_needs_a_reason_and_takes_the_ticket_off_the_list(hub, console, qtbot, tmp_path, press: Press) -> None:
    labels = issued(hub, console, qtbot, 2)
    choose(console, qtbot, labels[0])
    press(console, actions.CANCEL)
    shown = dialog(qtbot)
    assert not child(shown, QPushButton, "doIt").isEnabled()
    QTest.mouseClick(child(shown, QRadioButton, "reason2"), Qt.MouseButton.LeftButton)
    confirm(shown)
    wait(qtbot, settled(console, labels[0], "gone"))
    assert audited(tmp_path / "hub", "cancel") == ("1", "Lan", "Lấy trùng số")


@either_way
def test_a_number_given_by_hand_is_shown_large_and_waits(hub, console, qtbot, press: Press) -> None:
    press(console, actions.ISSUE)
    shown = dialog(qtbot)
    child(shown, QListWidget, "services").setCurrentRow(1)
    QTest.mouseClick(child(shown, QRadioButton, "standing_priority"), Qt.MouseButton.LeftButton)
    confirm(shown)
    number = child(shown, QLabel, "issuedNumber")
    wait(qtbot, lambda: number.text() == "B001")
    confirm(shown)
    wait(qtbot, lambda: [t.label for t in console.console.tickets] == ["B001"])
    assert console.console.tickets[0].priority.value == "priority"


def test_a_number_by_hand_survives_a_hub_that_dies_and_is_given_once(hub, console, qtbot) -> None:
    hub.kill()
    by_key(console, actions.ISSUE)
    shown = dialog(qtbot)
    confirm(shown)
    do_it = child(shown, QPushButton, "doIt")
    wait(qtbot, lambda: do_it.isEnabled() and do_it.text() == "Thử lại")
    assert not child(shown, QListWidget, "services").isEnabled()
    hub.start()
    confirm(shown)
    wait(qtbot, lambda: child(shown, QLabel, "issuedNumber").text() == "A001")
    confirm(shown)
    wait(qtbot, lambda: [t.label for t in console.console.tickets] == ["A001"])


@either_way
def test_a_call_for_help_stands_across_the_window_until_handled(hub, console, qtbot, press: Press) -> None:
    hub.post("/v1/alerts", {"kiosk": "Kiosk 1", "kind": "help"})
    wait(qtbot, console.alerts.isVisible)
    assert "Kiosk 1: Có người cần giúp ở máy lấy số." in console.alerts.findChild(QLabel, "alertText").text()
    wait(qtbot, lambda: console.console.first_alert_settled)
    press(console, actions.HANDLED)
    wait(qtbot, lambda: not console.alerts.isVisible())
    assert hub.get("/v1/alerts") == {"alerts": []}


@either_way
def test_the_language_changes_everywhere_at_once(console, press: Press) -> None:
    press(console, actions.LANGUAGE)
    assert console.panel.buttons[actions.CALL_NEXT].words == "Call next"
    assert console.windowTitle().startswith("Counter 1")
    press(console, actions.LANGUAGE)
    assert console.panel.buttons[actions.CALL_NEXT].words == "Gọi số tiếp theo"


@either_way
def test_the_name_at_work_can_be_changed(hub, console, qtbot, tmp_path, press: Press) -> None:
    press(console, actions.STAFF)
    shown = dialog(qtbot)
    QTest.keyClicks(child(shown, QLineEdit, "staffName"), "Minh")  # the old name is selected and goes
    QTest.keyClick(shown, Qt.Key.Key_Return)
    wait(qtbot, lambda: console.console.staff == "Minh")
    called(hub, console, qtbot)
    assert audited(tmp_path / "hub", "call")[1] == "Minh"


def test_two_consoles_never_get_the_same_ticket(hub, console, qtbot) -> None:
    labels = issued(hub, console, qtbot, 2)
    other = hub.post("/v1/counters/2/call-next", {"by": "Minh"}).json()["label"]
    by_key(console, actions.CALL_NEXT)
    wait(qtbot, lambda: console.console.current is not None and not console.console.busy)
    assert {other, console.console.current.label} == set(labels)


def test_what_the_hub_refuses_is_said_in_words(hub, console, qtbot) -> None:
    label = called(hub, console, qtbot)
    ticket = console.console.current
    assert ticket is not None
    console.console.refresh = lambda: None
    hub.post(f"/v1/tickets/{ticket.id}/finish", {})
    console.console.change(actions.SERVE)
    wait(qtbot, lambda: console.console.notice is not None and console.console.notice.bad)
    assert "“Xong”" in console.console.notice.text
    assert label not in console.console.notice.text


def test_a_console_whose_counter_the_hub_does_not_know_says_so(hub, qapp, qtbot) -> None:
    window = build_counter_window(hub.url, "9", CounterOptions(alert_sound=False), load_catalogue(), staff="Lan")
    window.open()
    try:
        wait(qtbot, lambda: child(window, QLabel, "notice").text() == "Không có quầy “9”.")
    finally:
        window.close()


def test_a_hub_that_is_gone_is_said_and_the_console_recovers(hub, console, qtbot) -> None:
    hub.kill()
    wait(qtbot, lambda: console.console.lost_since is not None)
    assert "Mất kết nối từ" in child(console, QLabel, "link").text()
    by_key(console, actions.CALL_NEXT)
    wait(qtbot, lambda: console.console.notice is not None)
    assert child(console, QLabel, "notice").text().startswith("Chưa nhận được trả lời của máy chủ.")
    hub.start()
    wait(qtbot, lambda: console.console.lost_since is None)
    called(hub, console, qtbot)


def test_a_roll_that_runs_down_is_followed_on_one_line(hub, console, qtbot) -> None:
    def shown() -> list[str]:
        return [line.text() for line in console.alerts.findChildren(QLabel, "alertText") if line.isVisible()]

    for left in (40, 20):
        report = {"kiosk": "K2", "kind": "fault", "code": "printer.paper_low", "params": {"left": left}}
        hub.post("/v1/alerts", report)
        wait(qtbot, lambda left=left: [f"còn khoảng {left} phiếu" in line for line in shown()] == [True])
