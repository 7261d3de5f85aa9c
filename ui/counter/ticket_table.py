"""The list of everybody this counter may call, in the hub's order."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent

from kiosk.domain.ticket import Priority, TicketState, TicketView
from ui.counter.console import Console
from ui.counter.rows import RowModel, RowTable
from ui.counter.wording import NOTHING, waited_min
from ui.theme import palette

COLUMNS = ("label", "priority", "who", "service", "cover", "to_do", "since", "state")
WIDTHS = {"label": 76, "priority": 100, "who": 118, "service": 140, "cover": 122, "since": 98, "state": 106}
WIDE_SERVICE_FROM_PX, WIDE_SERVICE_PX = 1100, 270

_STATE_INK = {
    TicketState.CALLED: palette.ACCENT,
    TicketState.SERVING: palette.GOOD,
    TicketState.HELD: palette.NOTICE,
    TicketState.NO_SHOW: palette.INK_FAINT,
}
_PRIORITY_INK = {Priority.PRIORITY: palette.NOTICE, Priority.EMERGENCY: palette.URGENT}


class TicketModel(RowModel[TicketView]):
    """The console's tickets."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, COLUMNS, "column.", ("label", "priority", "state"))

    def _now(self) -> tuple[TicketView, ...]:
        return self._console.tickets

    def _ticket_id(self, item: TicketView) -> str:
        return item.id

    def _cell(self, item: TicketView, column: str) -> str:
        wording = self._console.wording
        match column:
            case "label":
                return item.label
            case "priority":
                return "" if item.priority is Priority.NORMAL else wording.say(f"priority.{item.priority.value}")
            case "who":
                return item.masked_name or NOTHING
            case "service":
                services = self._console.view.services if self._console.view else ()
                return next((wording.name(s.name) for s in services if s.id == item.service), item.service)
            case "cover":
                return wording.cover(item)
            case "to_do":
                return wording.to_do(item)
            case "since":
                return self._since(item)
        state = wording.say(f"state.{item.state.value}")
        elsewhere = item.counter not in (None, self._console.counter) and item.state is not TicketState.WAITING
        return f"{state} · {item.counter}" if elsewhere else state

    def _since(self, ticket: TicketView) -> str:
        zone = self._console.view.time_zone if self._console.view else None
        minutes = self._console.wording.say("minutes", count=waited_min(ticket, self._console.now()))
        return f"{ticket.issued_at.astimezone(zone):%H:%M} · {minutes}"

    def _ink(self, item: TicketView, column: str) -> str | None:
        if column == "state" or item.state is TicketState.NO_SHOW:
            return _STATE_INK.get(item.state)
        return _PRIORITY_INK.get(item.priority) if column == "priority" else None


class TicketTable(RowTable[TicketView]):
    """The choice of a ticket; Escape chooses none."""

    def __init__(self, console: Console, empty_words: Callable[[], str]) -> None:
        super().__init__(TicketModel(console), WIDTHS, empty_words)
        self.setObjectName("tickets")
        self._console = console

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        wide = event.size().width() >= WIDE_SERVICE_FROM_PX
        self.setColumnWidth(COLUMNS.index("service"), WIDE_SERVICE_PX if wide else WIDTHS["service"])
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self._console.choose(None)
            return
        super().keyPressEvent(event)

    def _chosen_id(self) -> str | None:
        return self._console.chosen_id

    def _choose(self, item: TicketView | None) -> None:
        self._console.choose(item.id if item else None)
