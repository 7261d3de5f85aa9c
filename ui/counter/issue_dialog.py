"""A number given by hand: to somebody who cannot use the kiosk."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from kiosk.domain.ticket import Priority, TicketView
from ui.counter.background_calls import Answer
from ui.counter.console import Console
from ui.counter.dialogs import FormDialog, service_list
from ui.counter.parts import label


class IssueDialog(FormDialog):
    """Asks for service and standing, then shows the number to write down or tell.

    One idempotency key per dialog: after an unanswered attempt the same wish is sent again under the same key, so
    that a lost answer never costs a second number. A refusal ends the wish, and the next one has a fresh key.
    """

    def __init__(self, parent: QWidget, console: Console) -> None:
        super().__init__(
            parent, console.wording, console.wording.say("issue.heading"), console.wording.say("issue.do_it")
        )
        self._console = console
        self._key = console.new_id()
        self._issued = False
        self._left = False
        self._services = console.view.services if console.view else ()
        self._list = service_list(self._services, console.wording)
        self.fields.addWidget(self._list)
        self._standing = QButtonGroup(self)
        row = QHBoxLayout()
        for place, priority in enumerate(Priority):
            choice = QRadioButton(console.wording.say(f"priority.{priority.value}"))
            choice.setObjectName(f"standing_{priority.value}")
            choice.setChecked(place == 0)
            self._standing.addButton(choice, place)
            row.addWidget(choice)
        self.fields.addLayout(row)
        self._number = label("issuedNumber")
        self._number.setStyleSheet("font-size: 72px; font-weight: 800;")
        self._number.hide()
        self.fields.addWidget(self._number)
        self._error = label("error", wrap=True)
        self._error.hide()
        self.fields.addWidget(self._error)
        self.begin_with(self._list, self._standing.buttons()[-1])

    def accept(self) -> None:
        """The first button: give the number, and when it was given, leave."""
        if self._issued:
            super().accept()
            return
        self._lock(True)
        self._error.hide()
        priority = list(Priority)[self._standing.checkedId()]
        self._console.issue(self._key, self._services[self._list.currentRow()].id, priority, self._answered)

    def done(self, result: int) -> None:
        self._left = True
        super().done(result)

    def _lock(self, locked: bool) -> None:
        """While a wish is under way or unanswered it must not change: its key stands for exactly this wish."""
        self._list.setEnabled(not locked)
        for choice in self._standing.buttons():
            choice.setEnabled(not locked)
        self.do_it.setEnabled(not locked)

    def _answered(self, answer: Answer[TicketView]) -> None:
        if self._left:
            return
        if answer.value is not None:
            self._show(answer.value)
            return
        assert answer.fault is not None
        unanswered = answer.fault.code in ("hub.unreachable", "counter.failed")
        if not unanswered:
            self._key = self._console.new_id()
            self._lock(False)
        self.do_it.setEnabled(True)
        self.do_it.setText(self.wording.say("issue.again" if unanswered else "issue.do_it"))
        self._error.setText(self.wording.fault(answer.fault))
        self._error.show()

    def _show(self, ticket: TicketView) -> None:
        self._issued = True
        self._number.setText(ticket.label)
        self._number.show()
        self.leave.hide()
        self.do_it.setText(self.wording.say("issue.done"))
        self.do_it.setEnabled(True)
        self.do_it.setFocus()
