"""The ticket at this counter, large, with what to check and everything that can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kiosk.domain.ticket import Priority, TicketState, TicketView
from ui.counter.actions import CALL_NEXT, FOR_CURRENT, ISSUE, ConsoleAction
from ui.counter.console import Console
from ui.counter.parts import ActionButton, label, set_kind
from ui.counter.wording import waited_min

COLUMNS = 2


class CurrentPanel(QFrame):
    """Draws the console's current ticket; `trigger` does an action."""

    def __init__(self, console: Console, trigger: Callable[[ConsoleAction], None]) -> None:
        super().__init__()
        self.setObjectName("card")
        self._console = console
        self._heading = label("heading")
        self._number = label("number")
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._chip = label("chip")
        self._state = label("soft")
        self._who = label("who", wrap=True)
        self._service = label("soft", wrap=True)
        self._cover = label("soft", wrap=True)
        self._checks = label("checks", wrap=True)
        self.buttons = {
            action: ActionButton(action.name, action.key, primary=action is CALL_NEXT) for action in FOR_CURRENT
        }
        self._lay_out()
        for action, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, action=action: trigger(action))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(self._heading)
        top.addStretch()
        top.addWidget(self._state)
        top.addWidget(self._chip)
        column.addLayout(top)
        column.addWidget(self._number)
        column.addWidget(self._details(), stretch=1)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.buttons[CALL_NEXT], stretch=3)
        first.addWidget(self.buttons[ISSUE], stretch=2)
        self.buttons[CALL_NEXT].setMinimumHeight(56)
        self.buttons[ISSUE].setMinimumHeight(56)
        column.addLayout(first)
        grid = QGridLayout()
        grid.setSpacing(8)
        column.addLayout(grid)
        others = [button for action, button in self.buttons.items() if action not in (CALL_NEXT, ISSUE)]
        for place, button in enumerate(others):
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)

    def _details(self) -> QScrollArea:
        """Who it is and what to check; scrolls when a small screen has no room for a long list of checks."""
        inside = QWidget()
        inside.setObjectName("details")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self._who, self._service, self._cover, self._checks):
            column.addWidget(part)
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        return area

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._size_number()

    def refresh(self) -> None:
        wording, ticket = self._console.wording, self._console.current
        self._heading.setText(wording.say("current.heading"))
        for action, button in self.buttons.items():
            button.say(wording.say(f"button.{action.name}"))
            button.setEnabled(self._console.can(action))
        if ticket is None:
            self._show_nobody()
        else:
            self._show(ticket)
        self._size_number()

    def _show_nobody(self) -> None:
        wording = self._console.wording
        self._number.setText("–")
        waiting = self._console.waiting
        hint = "current.nobody_waits" if waiting == 0 else "current.press_to_call"
        self._who.setText(wording.say("current.nobody"))
        self._service.setText(wording.say(hint, count=waiting) if self._console.view else wording.say("connecting"))
        for part in (self._cover, self._checks, self._chip, self._state):
            part.hide()

    def _show(self, ticket: TicketView) -> None:
        wording = self._console.wording
        services = self._console.view.services if self._console.view else ()
        service = next((wording.name(s.name) for s in services if s.id == ticket.service), ticket.service)
        checks = wording.checks(ticket)
        self._number.setText(ticket.label)
        self._who.setText(ticket.masked_name or wording.say("current.no_name"))
        waited = wording.say("current.waited", count=waited_min(ticket, self._console.now()))
        self._service.setText(f"{service} · {waited}")
        sentence = wording.known([ticket.coverage]) if ticket.coverage else None
        self._cover.setText(sentence or wording.say("current.not_asked"))
        self._checks.setText("\n".join(f"• {check}" for check in checks) or wording.say("current.nothing_to_check"))
        set_kind(self._checks, "kind", "some" if checks else "none")
        self._chip.setText(wording.say(f"priority.{ticket.priority.value}"))
        set_kind(self._chip, "kind", ticket.priority.value)
        self._chip.setVisible(ticket.priority is not Priority.NORMAL)
        self._state.setText(wording.say(f"state.{ticket.state.value}"))
        set_kind(self._state, "serving", ticket.state is TicketState.SERVING)
        for part in (self._cover, self._checks, self._state):
            part.show()

    def _size_number(self) -> None:
        """As large as the panel allows: the number is what staff compare with the paper in the patient's hand."""
        wide = (self.width() - 40) / (0.72 * max(4, len(self._number.text())))
        high = self.height() * (0.1 if self.height() < 620 else 0.17)
        self._number.setStyleSheet(f"font-size: {int(max(48, min(wide, high)))}px;")
