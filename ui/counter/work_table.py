"""The list of insurance look-ups that wait or have failed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from kiosk.domain.insurance_work import LookupState, WorkItem
from ui.counter.console import Console
from ui.counter.insurance_desk import InsuranceDesk
from ui.counter.rows import RowModel, RowTable
from ui.counter.wording import NOTHING, minutes_since
from ui.theme import palette

COLUMNS = ("label", "who", "asked", "result", "to_do", "state")
WIDTHS = {"label": 76, "who": 124, "asked": 104, "result": 190, "state": 104}


class WorkModel(RowModel[WorkItem]):
    """The desk's items."""

    def __init__(self, console: Console, desk: InsuranceDesk) -> None:
        super().__init__(console, COLUMNS, "work.column.", ("label", "result"))
        self._desk = desk

    def _now(self) -> tuple[WorkItem, ...]:
        return self._desk.items

    def _ticket_id(self, item: WorkItem) -> str:
        return item.ticket

    def _cell(self, item: WorkItem, column: str) -> str:
        wording = self._console.wording
        match column:
            case "label":
                return item.label
            case "who":
                return item.masked_name or NOTHING
            case "asked":
                zone = self._console.view.time_zone if self._console.view else None
                minutes = wording.say("minutes", count=minutes_since(item.asked_at, self._console.now()))
                return f"{item.asked_at.astimezone(zone):%H:%M} · {minutes}"
            case "result":
                return wording.work_result(item)
            case "to_do":
                return wording.work_advice(item)
        return wording.say(f"state.{item.ticket_state.value}")

    def _ink(self, item: WorkItem, column: str) -> str | None:
        if column != "result":
            return None
        return palette.NOTICE if item.state is LookupState.FAILED else palette.ACCENT


class WorkTable(RowTable[WorkItem]):
    """The choice of a look-up; Escape leaves."""

    left = Signal()

    def __init__(self, console: Console, desk: InsuranceDesk, empty_words: Callable[[], str]) -> None:
        super().__init__(WorkModel(console, desk), WIDTHS, empty_words)
        self.setObjectName("work")
        self._desk = desk

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _chosen_id(self) -> str | None:
        return self._desk.chosen.ticket if self._desk.chosen else None

    def _choose(self, item: WorkItem | None) -> None:
        if item is not None:
            self._desk.choose(item.ticket)
