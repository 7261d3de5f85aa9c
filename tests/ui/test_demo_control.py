"""The demo's control window does what its buttons say to whom was chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton

from config.catalogue import load_catalogue
from ui.demo.control_window import ControlWindow, DemoPerson, PortalMood

AN = DemoPerson(title="Nguyễn Văn An · 000", code="code of An", card_digits="123456")
BINH = DemoPerson(title="Trần Thị Bình · 060", code="code of Bình", card_digits="012345")
CODE_ONLY = DemoPerson(title="VietQR", code="payment")


@dataclass
class NotedControls:
    """Writes down what was asked of it."""

    people: tuple[DemoPerson, ...] = (AN, BINH, CODE_ONLY)
    moods: tuple[PortalMood, ...] = (PortalMood(key="answers"),)
    done: list[object] = field(default_factory=list)

    def lay_card(self, person: DemoPerson) -> None:
        self.done.append(("lay", person))

    def take_card(self) -> None:
        self.done.append("take")

    def scan(self, code: str) -> None:
        self.done.append(("scan", code))

    def set_paper(self, present: bool) -> None:
        self.done.append(("paper", present))

    def set_network(self, present: bool) -> None:
        self.done.append(("network", present))

    def set_mood(self, mood: PortalMood) -> None:
        self.done.append(("mood", mood))

    def kill_hub(self) -> None:
        self.done.append("kill")


@pytest.fixture
def controls() -> NotedControls:
    return NotedControls()


@pytest.fixture
def window(qapp: QApplication, controls: NotedControls) -> Iterator[ControlWindow]:
    window = ControlWindow(controls, load_catalogue())
    window.show()
    yield window
    window.close()


def press(window: ControlWindow, name: str) -> None:
    button = window.findChild(QPushButton, name)
    assert button is not None
    button.click()


def choose(window: ControlWindow, index: int) -> None:
    people = window.findChild(QComboBox, "people")
    assert people is not None
    people.setCurrentIndex(index)


def digits(window: ControlWindow) -> str:
    label = window.findChild(QLabel, "digits")
    assert label is not None
    return label.text()


def test_card_and_code_are_those_of_the_person_chosen(window: ControlWindow, controls: NotedControls) -> None:
    press(window, "lay_card")
    choose(window, 1)
    press(window, "lay_card")
    press(window, "scan")
    press(window, "take_card")
    assert controls.done == [("lay", AN), ("lay", BINH), ("scan", "code of Bình"), "take"]


def test_the_six_digits_to_type_are_told_with_the_person(window: ControlWindow) -> None:
    assert "123456" in digits(window)
    choose(window, 1)
    assert "012345" in digits(window)


def test_a_code_without_a_card_lays_none(window: ControlWindow, controls: NotedControls) -> None:
    choose(window, 2)
    press(window, "lay_card")
    press(window, "scan")
    assert controls.done == [("scan", "payment")]


def test_both_languages_of_every_button_fit_in_it(window: ControlWindow) -> None:
    for button in window.findChildren(QPushButton):
        lines = button.text().splitlines()
        assert len(lines) == 2
        assert button.height() >= 2 * button.fontMetrics().lineSpacing() + 8, button.objectName()
        assert max(map(button.fontMetrics().horizontalAdvance, lines)) <= button.width() - 16, button.objectName()
