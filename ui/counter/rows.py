"""What the console's tables share: a model of text rows, and a view of it where whole rows are chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.counter import style
from ui.counter.console import Console
from ui.theme import palette

Item = TypeVar("Item")
_Index = QModelIndex | QPersistentModelIndex


class RowModel(QAbstractTableModel, Generic[Item]):
    """Items as rows of text; `refresh` after each change. Each kind of item says what its cells hold.

    `columns` are named by the texts `headings` + column; `strong` ones stand out, `label` most.
    """

    def __init__(self, console: Console, columns: tuple[str, ...], headings: str, strong: tuple[str, ...]) -> None:
        super().__init__()
        self.columns = columns
        self._console = console
        self._headings = headings
        self._strong = strong
        self._items: tuple[Item, ...] = ()
        self._rows: list[tuple[str, ...]] = []

    def refresh(self) -> None:
        """Take over what there is now."""
        items = self._now()
        rows = [tuple(self._cell(item, column) for column in self.columns) for item in items]
        if rows != self._rows or items != self._items:
            self.beginResetModel()
            self._items, self._rows = items, rows
            self.endResetModel()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def item_at(self, row: int) -> Item:
        return self._items[row]

    def row_of(self, ticket_id: str | None) -> int | None:
        return next((row for row, item in enumerate(self._items) if self._ticket_id(item) == ticket_id), None)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._console.wording.say(self._headings + self.columns[section])
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column = self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.FontRole and column in self._strong:
            font = QFont()
            font.setWeight(QFont.Weight.Bold if column == "label" else QFont.Weight.DemiBold)
            font.setPixelSize(17 if column == "label" else 15)
            return font
        if role == Qt.ItemDataRole.ForegroundRole:
            colour = self._ink(self._items[index.row()], column)
            return QBrush(QColor(colour)) if colour else None
        return None

    def _now(self) -> tuple[Item, ...]:
        raise NotImplementedError

    def _ticket_id(self, item: Item) -> str:
        raise NotImplementedError

    def _cell(self, item: Item, column: str) -> str:
        raise NotImplementedError

    def _ink(self, item: Item, column: str) -> str | None:
        """The cell's colour where it is not the usual one."""
        raise NotImplementedError


class RowTable(QTableView, Generic[Item]):
    """Rows to choose from, by mouse or by arrow keys. Empty, it says why in words. A column without a width takes what
    is left."""

    def __init__(self, rows: RowModel[Item], widths_px: dict[str, int], empty_words: Callable[[], str]) -> None:
        super().__init__()
        self._rows = rows
        self._empty_words = empty_words
        self._refreshing = False
        self.setModel(rows)
        self._dress([widths_px.get(column) for column in rows.columns])
        self.selectionModel().selectionChanged.connect(self._selected)

    def refresh(self) -> None:
        """Draw the list and keep the chosen row chosen."""
        self._refreshing = True
        try:
            self._rows.refresh()
            row = self._rows.row_of(self._chosen_id())
            if row is None:
                self.clearSelection()
                self.setCurrentIndex(QModelIndex())
            elif self.currentIndex().row() != row or not self.selectionModel().isRowSelected(row, QModelIndex()):
                self.selectRow(row)
            self.viewport().update()
        finally:
            self._refreshing = False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if self._rows.rowCount() > 0:
            return
        painter = QPainter(self.viewport())
        font = painter.font()
        font.setPixelSize(20)
        painter.setFont(font)
        painter.setPen(QColor(palette.INK_SOFT))
        room = self.viewport().rect().adjusted(40, 0, -40, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_words())
        painter.end()

    def _chosen_id(self) -> str | None:
        """The ticket that is chosen now, also where it was not chosen here."""
        raise NotImplementedError

    def _choose(self, item: Item | None) -> None:
        raise NotImplementedError

    def _selected(self) -> None:
        if self._refreshing:
            return
        rows = self.selectionModel().selectedRows()
        self._choose(self._rows.item_at(rows[0].row()) if rows else None)

    def _dress(self, widths_px: Sequence[int | None]) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(style.ROW_HEIGHT_PX)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for section, width_px in enumerate(widths_px):
            if width_px is None:
                self.horizontalHeader().setSectionResizeMode(section, QHeaderView.ResizeMode.Stretch)
            else:
                self.setColumnWidth(section, width_px)
