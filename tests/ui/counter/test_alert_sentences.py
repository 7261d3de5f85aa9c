"""What the strip of alerts says: how many are left, which numbers, since when; in both languages, also of old rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from support.board_contents import NOW
from support.counter_views import alert, busy, view
from support.pictures import require_same

from config.catalogue import load_catalogue
from kiosk.domain.alert import HUB, Alert, AlertKind
from kiosk.domain.localized import Language
from kiosk.station.event_feed import Following
from ui.counter import actions
from ui.counter.counter_window import CounterWindow
from ui.counter.wording import Wording

REFERENCE = Path(__file__).parent / "reference"
SAME = 0.002
BOTH = {language: Wording(texts=load_catalogue(), language=language) for language in Language}


def fault(code: str, kiosk: str = "K2", number: int = 1, **params: str | int) -> Alert:
    return replace(alert(number, AlertKind.FAULT, code, kiosk), params=params)


def lines(window: CounterWindow) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in window.alerts.findChildren(QLabel, "alertText") if label.isVisible()]


def test_staff_read_how_many_tickets_are_left_and_where(make_console) -> None:
    window = make_console()
    window.console.show(view(alerts=(fault("printer.paper_low", left=40),)))
    (line,) = lines(window)
    assert " · K2: " in line
    assert "còn khoảng 40 phiếu" in line


def test_a_renewed_alert_changes_its_line_without_another_alarm(make_console) -> None:
    window = make_console()
    alarms: list[int] = []
    window.console.alarmed.connect(lambda: alarms.append(1))
    for left in (40, 20):
        window.console.show(view(alerts=(fault("printer.paper_low", left=left),)))
    assert ["còn khoảng 20 phiếu" in line for line in lines(window)] == [True]
    assert len(alarms) == 1


def test_the_alert_key_waits_until_what_was_added_could_be_read(make_console) -> None:
    window = make_console()
    window.console.show(view(alerts=(fault("printer.paper_out", labels="A045"),)))
    window.console.now = lambda: NOW + timedelta(minutes=1)
    window.console.show(view(alerts=(fault("printer.paper_out", labels="A045,A046"),)))
    window.trigger(actions.HANDLED)
    assert not window.console.busy


@pytest.mark.parametrize(
    ("told", "vi", "en"),
    [
        (fault("printer.paper_out", labels="A045"), "Số có thể chưa in: A045.", "Perhaps not printed: A045."),
        (fault("printer.lost", labels="A045,K2-007"), "A045, K2-007.", "A045, K2-007."),
        (fault("ticket.upload_refused", labels="K2-007"), "Số: K2-007.", "Number: K2-007."),
        (fault("backup.old", HUB, minutes=10), "Hơn 10 phút", "more than 10 minutes"),
        (fault("strange.code", labels="A045"), "(strange.code). Số: A045.", "Number: A045."),
    ],
    ids=lambda case: case.code if isinstance(case, Alert) else "",
)
def test_a_sentence_says_which_numbers_and_how_long(told: Alert, vi: str, en: str) -> None:
    assert vi in BOTH[Language.VI].alert(told)
    assert en in BOTH[Language.EN].alert(told)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("code", ["printer.paper_low", "printer.paper_out", "ticket.upload_refused", "help.asked"])
def test_an_alert_without_parameters_still_reads_well(language: Language, code: str) -> None:
    words = BOTH[language].alert(fault(code))
    assert code not in words
    assert "{" not in words
    assert words.endswith(".")


@pytest.mark.parametrize("language", list(Language))
def test_what_nobody_foresaw_in_the_parameters_breaks_no_line(language: Language) -> None:
    odd = fault("printer.paper_out", keys="x", self="y", text="z", labels="", language="w")
    assert BOTH[language].alert(odd) == BOTH[language].alert(fault("printer.paper_out"))


def test_the_hubs_own_alerts_name_the_hub(make_console) -> None:
    window = make_console()
    window.console.show(view(alerts=(fault("backup.old", HUB, minutes=5),)))
    assert " · Máy chủ: Hơn 5 phút" in lines(window)[0]


@pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)
def test_alerts_that_say_how_much_look_as_approved(make_console, request, tmp_path, language: Language) -> None:
    window = make_console(language=language)
    window.console.link_changed(Following())
    told = (
        fault("printer.paper_low", number=1, left=40),
        fault("printer.paper_out", "Kiosk 1", number=2, labels="A045,A046,K1-007"),
        fault("backup.old", HUB, number=3, minutes=10),
    )
    window.console.show(replace(busy(alerts=False), alerts=told))
    QApplication.processEvents()
    name = f"alerts.1366x768.{language.value}.png"
    require_same(window.grab().toImage(), REFERENCE / name, request, tmp_path, SAME)
