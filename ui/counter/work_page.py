"""The insurance worklist in place of the list of tickets: look-ups, the chosen one in detail, what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from kiosk.domain.identity.dates import agree, parse_birth
from kiosk.domain.identity.names import same_name
from kiosk.domain.insurance_work import SentQuestion, ToldRecord, WorkDetail, WorkItem
from ui.counter.actions import FOR_WORK, RETRY_WORK, WORK, ConsoleAction
from ui.counter.console import Console
from ui.counter.insurance_desk import InsuranceDesk
from ui.counter.parts import ActionButton, card, label, set_kind
from ui.counter.wording import NOTHING
from ui.counter.work_table import WorkTable

FIELDS = ("card", "name", "birth")


class WorkPage(QWidget):
    """Draws an insurance desk; `trigger` does an action."""

    def __init__(self, console: Console, desk: InsuranceDesk, trigger: Callable[[ConsoleAction], None]) -> None:
        super().__init__()
        self._console = console
        self._desk = desk
        self.table = WorkTable(console, desk, self._why_empty)
        self.table.left.connect(lambda: trigger(WORK))
        self.buttons = {
            action: ActionButton(action.name, action.key, primary=action is RETRY_WORK) for action in FOR_WORK
        }
        self._heading = label("workHeading", wrap=True)
        self._advice = label("workAdvice", wrap=True)
        self._note = label("soft", wrap=True)
        self._technical = label("soft", wrap=True)
        self._captions: dict[str, QLabel] = {}
        self._cells: dict[tuple[str, str], QLabel] = {}
        self._lay_out()
        for action, button in self.buttons.items():
            button.clicked.connect(partial(self._clicked, trigger, action))

    def _clicked(self, trigger: Callable[[ConsoleAction], None], action: ConsoleAction, _checked: bool = False) -> None:
        trigger(action)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.table, stretch=5)
        self._card, inside = card()
        inside.setContentsMargins(14, 10, 14, 12)
        inside.addWidget(self._scrolling(), stretch=1)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in self.buttons.values():
            row.addWidget(button, stretch=1)
        inside.addLayout(row)
        column.addWidget(self._card, stretch=6)

    def _scrolling(self) -> QScrollArea:
        """The detail; scrolls where a long name or note has no room."""
        inside = QWidget()
        inside.setObjectName("details")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._heading)
        column.addWidget(self._advice)
        column.addLayout(self._comparison())
        column.addWidget(self._note)
        column.addWidget(self._technical)
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        return area

    def _comparison(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for place, name in enumerate(("sent", "told")):
            self._captions[name] = label("soft")
            grid.addWidget(self._captions[name], 0, place + 1)
        for row, field in enumerate(FIELDS, start=1):
            self._captions[field] = label("soft")
            grid.addWidget(self._captions[field], row, 0)
            for place, side in enumerate(("sent", "told")):
                cell = label("compared", wrap=True)
                self._cells[field, side] = cell
                grid.addWidget(cell, row, place + 1)
        return grid

    def refresh(self) -> None:
        wording = self._console.wording
        self.table.refresh()
        item = self._desk.chosen
        self._card.setVisible(item is not None)
        for action, button in self.buttons.items():
            button.say(wording.say(f"button.{action.name}"))
            button.setEnabled(self._desk.can_act)
        if item is None:
            self._compare(None)  # what was sent does not stay in a widget nobody sees
        else:
            self._show(item)

    def _show(self, item: WorkItem) -> None:
        wording, detail = self._console.wording, self._desk.detail
        who = item.masked_name or wording.say("current.no_name")
        self._heading.setText(f"{item.label} · {who} · {wording.work_result(item)}")
        self._advice.setText("• " + wording.work_advice(item))
        note = detail.note if detail else None
        self._note.setText(wording.say("work.note", note=note) if note else "")
        self._note.setVisible(bool(note))
        self._technical.setText(self._technical_words(item))
        for name in ("sent", "told", *FIELDS):
            self._captions[name].setText(wording.say(f"work.compare.{name}"))
        self._compare(detail)

    def _technical_words(self, item: WorkItem) -> str:
        wording = self._console.wording
        if self._desk.trouble is not None:
            return wording.fault(self._desk.trouble)
        if self._desk.busy:
            return wording.say("work.busy")
        codes = " · ".join(part for part in (item.code, item.detail) if part) or NOTHING
        return wording.say("work.technical", codes=codes, tries=item.tries, kiosk=item.kiosk or NOTHING)

    def _compare(self, detail: WorkDetail | None) -> None:
        sent, told = (detail.sent, detail.told) if detail else (None, None)
        differing = differing_fields(sent, told)
        for field in FIELDS:
            self._cells[field, "sent"].setText(self._value(sent, field, detail))
            self._cells[field, "told"].setText((getattr(told, field) or NOTHING) if told else NOTHING)
            for side in ("sent", "told"):
                set_kind(self._cells[field, side], "differs", field in differing)

    def _value(self, sent: SentQuestion | None, field: str, detail: WorkDetail | None) -> str:
        if sent is None:
            return self._console.wording.say("work.purged") if detail is not None and field == "card" else NOTHING
        return getattr(sent, field) or NOTHING

    def _why_empty(self) -> str:
        return self._console.wording.say("work.empty" if self._console.view else "connecting")


def differing_fields(sent: SentQuestion | None, told: ToldRecord | None) -> frozenset[str]:
    """Which of `name` and `birth` the insurer's record has otherwise; spellings of the same name do not count."""
    if sent is None or told is None:
        return frozenset()
    found = set()
    if sent.name and told.name and not same_name(sent.name, told.name):
        found.add("name")
    ours, theirs = parse_birth(sent.birth or ""), parse_birth(told.birth or "")
    if ours is not None and theirs is not None and (ours != theirs or not agree(ours, theirs)):
        found.add("birth")
    return frozenset(found)
