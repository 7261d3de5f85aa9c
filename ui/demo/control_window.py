"""The demo's small control window: what in a real lobby hands, cables and paper rolls do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGroupBox,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kiosk.domain.localized import Language, Texts
from ui.theme.palette import ACCENT, ACCENT_MID, ACCENT_PRESSED, ACCENT_SOFT, INK_FAINT, LINE, SURFACE

WIDTH_PX = 420
TWO_LINES_PX = 54
"""Height of a button with its words in both languages."""
STYLE = f"""
QWidget {{ font-size: 15px; }}
QGroupBox {{ font-weight: 600; border: 1px solid {LINE}; border-radius: 8px; margin-top: 22px; padding: 6px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 4px; color: {ACCENT_PRESSED}; }}
QPushButton {{
    background: {SURFACE}; border: 1px solid {ACCENT}; border-radius: 8px; padding: 6px; color: {ACCENT_PRESSED};
}}
QPushButton:hover {{ background: {ACCENT_SOFT}; }}
QPushButton:pressed {{ background: {ACCENT_MID}; }}
QPushButton:disabled {{ color: {INK_FAINT}; border-color: {LINE}; }}
QComboBox {{ min-height: 34px; }}
"""


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """A made-up person to be somebody with: `title` tells what the look-up will come to, `card_digits` are the six that
    open the chip of the person's card; empty where only a code is played."""

    title: str
    code: str
    card_digits: str = ""


@dataclass(frozen=True, kw_only=True)
class PortalMood:
    """A way the emulated insurance portal can behave; `key` names it in the catalogue (`demo.portal.<key>`)."""

    key: str


class DemoControls(Protocol):
    """What the window works on. Every call returns at once."""

    @property
    def people(self) -> Sequence[DemoPerson]: ...
    @property
    def moods(self) -> Sequence[PortalMood]: ...
    def lay_card(self, person: DemoPerson) -> None: ...
    def take_card(self) -> None: ...
    def scan(self, code: str) -> None: ...
    def set_paper(self, present: bool) -> None: ...
    def set_network(self, present: bool) -> None: ...
    def set_mood(self, mood: PortalMood) -> None: ...
    def kill_hub(self) -> None: ...


class ControlWindow(QWidget):
    """Buttons for the emulated devices."""

    def __init__(self, controls: DemoControls, texts: Texts) -> None:
        super().__init__()
        self._controls = controls
        self._texts = texts
        self.setWindowTitle(self._text("title"))
        self.setFixedWidth(WIDTH_PX)
        self.setStyleSheet(STYLE)
        layout = QVBoxLayout(self)
        intro = QLabel(self._text("intro"))
        intro.setWordWrap(True)
        layout.addWidget(intro)
        for group in (self._person_group(), self._card_group(), self._printer_group(), self._network_group()):
            layout.addWidget(group)
        layout.addStretch()
        self._people.currentIndexChanged.connect(self._tell_person)
        self._tell_person()

    def _person_group(self) -> QGroupBox:
        self._people = QComboBox()
        self._people.setObjectName("people")
        self._people.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._people.setMinimumContentsLength(20)
        for person in self._controls.people:
            self._people.addItem(person.title, person)
        scan = self._button("scan", lambda: self._controls.scan(self._person.code))
        return self._group("person", self._people, scan)

    def _card_group(self) -> QGroupBox:
        self._digits = QLabel()
        self._digits.setObjectName("digits")
        self._digits.setMinimumHeight(TWO_LINES_PX - 8)
        self._lay = self._button("lay_card", lambda: self._controls.lay_card(self._person))
        take = self._button("take_card", self._controls.take_card)
        return self._group("card", self._lay, self._digits, take)

    @property
    def _person(self) -> DemoPerson:
        person: DemoPerson = self._people.currentData()
        return person

    def _tell_person(self) -> None:
        """The six digits of the person's card, so that they can be typed at the kiosk."""
        digits = self._person.card_digits
        self._lay.setEnabled(bool(digits))
        self._digits.setText(self._text("digits", digits=digits) if digits else self._text("no_chip"))

    def _printer_group(self) -> QGroupBox:
        return self._group("printer", self._switch("paper", self._controls.set_paper))

    def _network_group(self) -> QGroupBox:
        moods = QComboBox()
        moods.setObjectName("moods")
        moods.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for mood in self._controls.moods:
            moods.addItem(self._text(f"portal.{mood.key}").replace("\n", " · "), mood)
        moods.activated.connect(lambda index: self._controls.set_mood(moods.itemData(index)))
        kill = self._button("kill_hub", self._controls.kill_hub)
        return self._group("network", self._switch("network_present", self._controls.set_network), moods, kill)

    def _group(self, key: str, *parts: QWidget) -> QGroupBox:
        group = QGroupBox(self._text(key).replace("\n", " · "))
        layout = QVBoxLayout(group)
        for part in parts:
            layout.addWidget(part)
        return group

    def _button(self, key: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(self._text(key))
        button.setObjectName(key)
        button.setMinimumHeight(TWO_LINES_PX)
        button.clicked.connect(lambda _checked=False: action())
        return button

    def _switch(self, key: str, action: Callable[[bool], None]) -> QCheckBox:
        switch = QCheckBox(self._text(key))
        switch.setObjectName(key)
        switch.setChecked(True)
        switch.setMinimumHeight(TWO_LINES_PX - 8)
        switch.checkStateChanged.connect(lambda state: action(state is Qt.CheckState.Checked))
        return switch

    def _text(self, key: str, **params: object) -> str:
        """Both languages: whoever tries the demo may read either."""
        return "\n".join(self._texts.text(f"demo.{key}", language, **params) for language in (Language.VI, Language.EN))
