"""The insurance worklist against the real hub and the emulated portal: late answers show, actions are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QRadioButton
from support.hub_thread import HubThread
from support.insurance_hub import ask, get, settings_file, take_number

from config.catalogue import load_catalogue
from kiosk.app.counter import build_counter_window
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_people import PEOPLE, EmulatedPerson
from ui.counter import actions
from ui.counter.actions import ConsoleAction
from ui.counter.counter_window import CounterWindow
from ui.counter.options import CounterOptions
from ui.counter.work_dialogs import CorrectDialog

WITHIN_MS = 20000
AN = PEOPLE[0]
MISNAMED = next(person for person in PEOPLE if person.registered_name == "Đoàn Thị Én")


@pytest.fixture
def insured_hub(portal: PortalEmulator, tmp_path: Path) -> Iterator[HubThread]:
    hub = HubThread(tmp_path / "data", settings_file(tmp_path / "settings", portal)).start()
    yield hub
    hub.stop()


@pytest.fixture
def window(qapp: QApplication, insured_hub: HubThread, qtbot) -> Iterator[CounterWindow]:
    made = build_counter_window(insured_hub.url, "1", CounterOptions(alert_sound=False), load_catalogue(), staff="Lan")
    made.open()
    qtbot.waitUntil(lambda: made.console.view is not None and made.console.heard, timeout=WITHIN_MS)
    yield made
    made.close()


def press(window: CounterWindow, action: ConsoleAction) -> None:
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    combination = QKeySequence(action.key)[0]
    QTest.keyClick(window, combination.key(), combination.keyboardModifiers())


def wait(qtbot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=WITHIN_MS)


def came(hub: HubThread, person: EmulatedPerson) -> dict[str, object]:
    """A ticket of a person whose insurance was asked about."""
    return take_number(hub, ask(hub, person), next_step="next_step.check_at_counter")


def opened(window: CounterWindow, qtbot) -> None:
    wait(qtbot, lambda: len(window.desk.items) == 1)
    press(window, actions.WORK)
    wait(qtbot, lambda: window.desk.detail is not None)


def coverage(window: CounterWindow) -> str | None:
    return window.console.tickets[0].coverage


def test_a_late_answer_shows_by_itself_and_leaves_the_worklist(window, insured_hub, portal, qtbot) -> None:
    portal.faults.status = 502
    came(insured_hub, AN)
    wait(qtbot, lambda: len(window.desk.items) == 1)
    assert coverage(window) == "coverage.still_checking"
    portal.faults.status = None
    wait(qtbot, lambda: window.desk.items == ())
    wait(qtbot, lambda: coverage(window) == "coverage.valid")


def test_what_is_wrong_is_corrected_by_keyboard_alone_and_asked_again(window, insured_hub, qtbot) -> None:
    came(insured_hub, MISNAMED)
    opened(window, qtbot)
    assert window.desk.detail.told is not None
    assert window.desk.detail.told.name == "Đoàn Thị Én"
    press(window, actions.CORRECT_WORK)
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, CorrectDialog)
    shown.edits["name"].setText("Đoàn Thị Én")
    QTest.keyClick(shown.edits["name"], Qt.Key.Key_Return)
    wait(qtbot, lambda: window.desk.items == ())
    wait(qtbot, lambda: coverage(window) == "coverage.valid")
    wait(qtbot, lambda: window.console.notice is not None)
    assert window.findChild(QLabel, "notice").text().endswith("Thẻ bảo hiểm y tế còn giá trị.")


def test_asking_again_says_what_came_of_it(window, insured_hub, portal, qtbot) -> None:
    came(insured_hub, MISNAMED)
    opened(window, qtbot)
    press(window, actions.RETRY_WORK)
    assert not window.desk.can_act, "one question at a time"
    assert window.console.can(actions.CALL_NEXT), "the next patient need not wait for the portal"
    wait(qtbot, lambda: window.console.notice is not None)
    assert window.findChild(QLabel, "notice").text() == "Số B001: Họ tên chưa khớp với thông tin thẻ."


def test_a_decision_by_hand_is_kept_with_name_and_reason(window, insured_hub, qtbot) -> None:
    ticket = came(insured_hub, MISNAMED)
    opened(window, qtbot)
    press(window, actions.DECIDE_WORK)
    shown = QApplication.activeModalWidget()
    assert shown is not None
    shown.findChild(QRadioButton, "decide_ok_manual").click()
    shown.findChild(QRadioButton, "reason0").click()
    QTest.mouseClick(shown.findChild(QPushButton, "doIt"), Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: window.desk.items == ())
    wait(qtbot, lambda: coverage(window) == "coverage.show_document")
    item = get(insured_hub, f"/v1/tickets/{ticket['id']}/insurance")["item"]
    assert (item["decided_by"], item["decided_reason"]) == ("Lan", "Đã xem thẻ hoặc ứng dụng VssID, VNeID")
