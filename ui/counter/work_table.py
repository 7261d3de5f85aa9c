"""The list of insurance look-ups that wait or have failed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QTableView

from kiosk.domain.insurance_work import LookupState, WorkItem
from ui.counter.console import Console
from ui.counter.insurance_desk import InsuranceDesk
from ui.counter.table_look import dress
from ui.counter.wording import NOTHING, minutes_since
from ui.theme import palette

COLUMNS = ("label", "who", "asked", "result", "to_do", "state")
WIDTHS = {"label": 76, "who": 124, "asked": 104, "result": 190, "state": 104}

_Index = QModelIndex | QPersistentModelIndex


class WorkModel(QAbstractTableModel):
    """The desk's items as rows; `refresh` after each change."""

    def __init__(self, console: Console, desk: InsuranceDesk) -> None:
        super().__init__()
        self._console = console
        self._desk = desk
        self._items: tuple[WorkItem, ...] = ()
        self._rows: list[tuple[str, ...]] = []

    def refresh(self) -> None:
        items = self._desk.items
        rows = [tuple(self._cell(item, column) for column in COLUMNS) for item in items]
        if rows == self._rows and items == self._items:
            return
        self.beginResetModel()
        self._items, self._rows = items, rows
        self.endResetModel()

    def item_at(self, row: int) -> WorkItem:
        return self._items[row]

    def row_of(self, ticket_id: str | None) -> int | None:
        return next((row for row, item in enumerate(self._items) if item.ticket == ticket_id), None)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._console.wording.say(f"work.column.{COLUMNS[section]}")
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item, column = self._items[index.row()], COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.FontRole and column in ("label", "result"):
            font = QFont()
            font.setWeight(QFont.Weight.Bold if column == "label" else QFont.Weight.DemiBold)
            font.setPixelSize(17 if column == "label" else 15)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and column == "result":
            return QBrush(QColor(palette.NOTICE if item.state is LookupState.FAILED else palette.ACCENT))
        return None

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


class WorkTable(QTableView):
    """Rows to choose from, by mouse or by arrow keys; Escape leaves. Empty, it says why in words."""

    left = Signal()

    def __init__(self, console: Console, desk: InsuranceDesk, empty_words: Callable[[], str]) -> None:
        super().__init__()
        self.setObjectName("work")
        self._desk = desk
        self._empty_words = empty_words
        self._model = WorkModel(console, desk)
        self._refreshing = False
        self.setModel(self._model)
        dress(self, [WIDTHS.get(column) for column in COLUMNS])
        self.selectionModel().selectionChanged.connect(self._choose)

    def refresh(self) -> None:
        """Draw the list and keep the chosen row chosen."""
        self._refreshing = True
        try:
            self._model.refresh()
            self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
            row = self._model.row_of(self._desk.chosen.ticket if self._desk.chosen else None)
            if row is None:
                self.clearSelection()
            elif self.currentIndex().row() != row or not self.selectionModel().isRowSelected(row, QModelIndex()):
                self.selectRow(row)
            self.viewport().update()
        finally:
            self._refreshing = False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if self._model.rowCount() > 0:
            return
        painter = QPainter(self.viewport())
        font = painter.font()
        font.setPixelSize(20)
        painter.setFont(font)
        painter.setPen(QColor(palette.INK_SOFT))
        room = self.viewport().rect().adjusted(40, 0, -40, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_words())
        painter.end()

    def _choose(self) -> None:
        rows = self.selectionModel().selectedRows()
        if rows and not self._refreshing:
            self._desk.choose(self._model.item_at(rows[0].row()).ticket)
