"""The list of everybody this counter may call, in the hub's order."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTableView

from kiosk.domain.ticket import Priority, TicketState, TicketView
from ui.counter.console import Console
from ui.counter.table_look import dress
from ui.counter.wording import NOTHING, waited_min
from ui.theme import palette

COLUMNS = ("label", "priority", "who", "service", "cover", "to_do", "since", "state")
WIDTHS = {"label": 76, "priority": 100, "who": 118, "service": 140, "cover": 122, "since": 98, "state": 106}
WIDE_SERVICE_FROM_PX, WIDE_SERVICE_PX = 1100, 270

_Index = QModelIndex | QPersistentModelIndex

_STATE_INK = {
    TicketState.CALLED: palette.ACCENT,
    TicketState.SERVING: palette.GOOD,
    TicketState.HELD: palette.NOTICE,
    TicketState.NO_SHOW: palette.INK_FAINT,
}
_PRIORITY_INK = {Priority.PRIORITY: palette.NOTICE, Priority.EMERGENCY: palette.URGENT}


class TicketModel(QAbstractTableModel):
    """The console's tickets as rows; `refresh` after each change of the console."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._tickets: tuple[TicketView, ...] = ()
        self._rows: list[tuple[str, ...]] = []

    def refresh(self) -> bool:
        """Take over what the console has now; whether anything differs."""
        tickets = self._console.tickets
        rows = [tuple(self._cell(ticket, column) for column in COLUMNS) for ticket in tickets]
        if rows == self._rows and tickets == self._tickets:
            return False
        self.beginResetModel()
        self._tickets, self._rows = tickets, rows
        self.endResetModel()
        return True

    def ticket_at(self, row: int) -> TicketView:
        return self._tickets[row]

    def row_of(self, ticket_id: str | None) -> int | None:
        return next((row for row, ticket in enumerate(self._tickets) if ticket.id == ticket_id), None)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(self._tickets)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._console.wording.say(f"column.{COLUMNS[section]}")
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        ticket, column = self._tickets[index.row()], COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.FontRole and column in ("label", "priority", "state"):
            font = QFont()
            font.setWeight(QFont.Weight.Bold if column == "label" else QFont.Weight.DemiBold)
            font.setPixelSize(17 if column == "label" else 15)
            return font
        if role == Qt.ItemDataRole.ForegroundRole:
            return _ink(ticket, column)
        return None

    def _cell(self, ticket: TicketView, column: str) -> str:
        wording = self._console.wording
        match column:
            case "label":
                return ticket.label
            case "priority":
                return "" if ticket.priority is Priority.NORMAL else wording.say(f"priority.{ticket.priority.value}")
            case "who":
                return ticket.masked_name or NOTHING
            case "service":
                services = self._console.view.services if self._console.view else ()
                return next((wording.name(s.name) for s in services if s.id == ticket.service), ticket.service)
            case "cover":
                return wording.cover(ticket)
            case "to_do":
                return wording.to_do(ticket)
            case "since":
                return self._since(ticket)
        state = wording.say(f"state.{ticket.state.value}")
        elsewhere = ticket.counter not in (None, self._console.counter) and ticket.state is not TicketState.WAITING
        return f"{state} · {ticket.counter}" if elsewhere else state

    def _since(self, ticket: TicketView) -> str:
        zone = self._console.view.time_zone if self._console.view else None
        minutes = self._console.wording.say("minutes", count=waited_min(ticket, self._console.now()))
        return f"{ticket.issued_at.astimezone(zone):%H:%M} · {minutes}"


def _ink(ticket: TicketView, column: str) -> QBrush | None:
    colour = None
    if column == "state" or ticket.state is TicketState.NO_SHOW:
        colour = _STATE_INK.get(ticket.state)
    elif column == "priority":
        colour = _PRIORITY_INK.get(ticket.priority)
    return QBrush(QColor(colour)) if colour else None


class TicketTable(QTableView):
    """Rows to choose from, by mouse or by arrow keys; Escape chooses none. Empty, it says why in words."""

    def __init__(self, console: Console, empty_words: Callable[[], str]) -> None:
        super().__init__()
        self.setObjectName("tickets")
        self._console = console
        self._empty_words = empty_words
        self._model = TicketModel(console)
        self._refreshing = False
        self.setModel(self._model)
        dress(self, [WIDTHS.get(column) for column in COLUMNS])
        self.selectionModel().selectionChanged.connect(self._choose)

    def refresh(self) -> None:
        """Draw the console's list and keep the chosen row chosen."""
        self._refreshing = True
        try:
            if self._model.refresh():
                self.viewport().update()
            self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
            row = self._model.row_of(self._console.chosen_id)
            if row is None:
                self.clearSelection()
                self.setCurrentIndex(QModelIndex())
            elif self.currentIndex().row() != row or not self.selectionModel().isRowSelected(row, QModelIndex()):
                self.selectRow(row)
        finally:
            self._refreshing = False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        wide = event.size().width() >= WIDE_SERVICE_FROM_PX
        self.setColumnWidth(COLUMNS.index("service"), WIDE_SERVICE_PX if wide else WIDTHS["service"])
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self._console.choose(None)
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
        room: QRect = self.viewport().rect().adjusted(40, 0, -40, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_words())
        painter.end()

    def _choose(self) -> None:
        if self._refreshing:
            return
        rows = self.selectionModel().selectedRows()
        self._console.choose(self._model.ticket_at(rows[0].row()).id if rows else None)
