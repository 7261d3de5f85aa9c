"""Slips scanned at the counter: the ticket is chosen, or the console says why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import requests
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from support.hub_process import HubProcess

from kiosk.station.ids import StationIds
from ui.counter import actions, slip_scans
from ui.counter.counter_window import CounterWindow

WITHIN_MS = 20000


def scan(window: CounterWindow, code: str) -> None:
    """What a scanner types into the window, wherever its focus is."""
    for letter in code:
        QTest.keyClick(window.windowHandle(), letter)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)


def notice(window: CounterWindow) -> str:
    return window.console.notice.text if window.console.notice else ""


def printed_without_hub(hub: HubProcess, key: str) -> None:
    """A kiosk tells of the number K2-007 it gave under `key` five minutes ago."""
    now = datetime.now(UTC)
    then = (now - timedelta(minutes=5)).isoformat()
    paper = {"label": "K2-007", "number": 7, "kiosk": "K2", "printed_at": then, "asked_at": then}
    body = {"service": "nhi", "offline": {**paper, "kiosk_now": now.isoformat()}}
    answer = requests.post(f"{hub.url}/v1/tickets", json=body, headers={"Idempotency-Key": key}, timeout=10)
    assert answer.status_code == 201


def test_a_slip_printed_without_the_hub_is_found_once_its_kiosk_has_told_of_it(
    hub: HubProcess, console: CounterWindow, qtbot
) -> None:
    key = StationIds().request_id()
    scan(console, f"TD:{key}")
    qtbot.waitUntil(lambda: "chưa về máy chủ" in notice(console), timeout=WITHIN_MS)
    hub.issue("another")
    printed_without_hub(hub, key)
    qtbot.waitUntil(lambda: console.console.waiting == 2, timeout=WITHIN_MS)
    scan(console, f"TD:{key}")
    qtbot.waitUntil(lambda: notice(console) == "Đã tìm thấy số K2-007, đang chọn trong danh sách.", timeout=WITHIN_MS)
    assert console.console.chosen is not None
    assert console.console.chosen.label == "K2-007"
    assert console.table.currentIndex().siblingAtColumn(0).data() == "K2-007"


def test_a_hubs_own_slip_is_found_also_from_the_insurance_page(hub: HubProcess, console: CounterWindow, qtbot) -> None:
    ticket = hub.issue("one")
    qtbot.waitUntil(lambda: console.console.waiting == 1, timeout=WITHIN_MS)
    console.trigger(actions.WORK)
    scan(console, f"TD:{ticket['id']}")
    qtbot.waitUntil(lambda: console.console.chosen_id == ticket["id"], timeout=WITHIN_MS)
    assert not console.desk.shown


def test_the_slip_of_somebody_who_is_done_says_so(hub: HubProcess, console: CounterWindow, qtbot) -> None:
    ticket = hub.issue("one")
    requests.post(f"{hub.url}/v1/tickets/{ticket['id']}/cancel", timeout=10)
    scan(console, f"TD:{ticket['id']}")
    qtbot.waitUntil(lambda: str(ticket["label"]) in notice(console), timeout=WITHIN_MS)
    assert "không trong danh sách này" in notice(console)
    assert console.console.chosen_id is None


def test_keys_work_again_after_a_scanner_that_ends_no_line(hub: HubProcess, console: CounterWindow, qtbot) -> None:
    for number in range(2):
        hub.issue(f"key-{number}")
    qtbot.waitUntil(lambda: console.console.waiting == 2, timeout=WITHIN_MS)
    console.table.setFocus()
    console.table.setCurrentIndex(console.table.model().index(0, 0))
    for letter in "TD:abc":
        QTest.keyClick(console.windowHandle(), letter)
    QTest.keyClick(console.windowHandle(), Qt.Key.Key_Down)
    assert console.table.currentIndex().row() == 1


def test_what_was_typed_before_a_pause_is_no_part_of_a_code(console: CounterWindow, monkeypatch) -> None:
    monkeypatch.setattr(slip_scans, "LONGEST_PAUSE_MS", -1)
    scan(console, "TD:ABC")
    assert not console.console.busy


@pytest.mark.parametrize("typed", ["001090123456", "TD:", "TD:../x", "HELLO"])
def test_what_is_no_slip_asks_nothing(console: CounterWindow, typed: str) -> None:
    scan(console, typed)
    assert not console.console.busy
    assert notice(console) == ""


def test_a_slip_scanned_into_a_field_stays_there(console: CounterWindow, qtbot) -> None:
    console.trigger(actions.STAFF)
    field = console.findChild(QLineEdit)
    assert field is not None
    qtbot.waitUntil(field.hasFocus, timeout=WITHIN_MS)
    for letter in "TD:ABC":
        QTest.keyClick(field.window().windowHandle(), letter)
    assert field.text().endswith("TD:ABC")
    assert not console.console.busy
    field.window().close()


def test_a_search_begun_by_hand_does_not_spoil_a_scan(hub: HubProcess, console: CounterWindow, qtbot) -> None:
    ticket = hub.issue("one")
    qtbot.waitUntil(lambda: console.console.waiting == 1, timeout=WITHIN_MS)
    QTest.keyClick(console.windowHandle(), "T")
    scan(console, f"TD:{ticket['id']}")
    qtbot.waitUntil(lambda: console.console.chosen_id == ticket["id"], timeout=WITHIN_MS)


def test_a_scan_that_finds_nobody_leaves_nobody_chosen(hub: HubProcess, console: CounterWindow, qtbot) -> None:
    ticket = hub.issue("one")
    qtbot.waitUntil(lambda: console.console.waiting == 1, timeout=WITHIN_MS)
    console.console.choose(str(ticket["id"]))
    scan(console, "TD:NOBODY")
    qtbot.waitUntil(lambda: "chưa về máy chủ" in notice(console), timeout=WITHIN_MS)
    assert console.console.chosen is None
