"""The console's questions: who works here, why, where to, how urgent. Each opens over the window, none blocks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from kiosk.domain.service import ServiceView
from kiosk.domain.ticket import Priority, TicketView
from ui.counter.parts import label
from ui.counter.wording import Wording

REASON_LIMIT = 300
NAME_LIMIT = 80


class FormDialog(QDialog):
    """A heading, some fields, and two buttons; the first is possible only when `is_complete`."""

    def __init__(self, parent: QWidget, wording: Wording, heading: str, do_it: str) -> None:
        super().__init__(parent)
        self.wording = wording
        self._first: QWidget | None = None
        self.setWindowTitle(heading)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(12)
        title = label("heading", wrap=True)
        title.setText(heading)
        self.column.addWidget(title)
        self.fields = QVBoxLayout()
        self.fields.setSpacing(8)
        self.column.addLayout(self.fields)
        self.do_it = QPushButton(do_it)
        self.do_it.setObjectName("doIt")
        self.do_it.setProperty("primary", True)
        self.do_it.setDefault(True)
        self.do_it.clicked.connect(self.accept)
        self.leave = QPushButton(wording.say("dialog.leave"))
        self.leave.setObjectName("leave")
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.leave)
        row.addStretch()
        row.addWidget(self.do_it)
        self.column.addLayout(row)

    def begin_with(self, first: QWidget, last: QWidget) -> None:
        """The keyboard starts at `first`, comes to the buttons after `last`."""
        self._first = first
        self.setTabOrder(last, self.do_it)
        self.setTabOrder(self.do_it, self.leave)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        if self._first is not None:
            self._first.setFocus()

    def is_complete(self) -> bool:
        return True

    def check(self) -> None:
        """The fields changed: is it complete now?"""
        self.do_it.setEnabled(self.is_complete())

    def caption(self, words: str) -> None:
        made = label("soft", wrap=True)
        made.setText(words)
        self.fields.addWidget(made)


class StaffDialog(FormDialog):
    """Who works at this counter: kept beside everything that is done. Without a name there is no work."""

    def __init__(self, parent: QWidget, wording: Wording, name: str) -> None:
        super().__init__(parent, wording, wording.say("staff.heading"), wording.say("staff.do_it"))
        self.caption(wording.say("staff.hint"))
        self.name = QLineEdit(name)
        self.name.setObjectName("staffName")
        self.name.setMaxLength(NAME_LIMIT)
        self.name.setPlaceholderText(wording.say("staff.example"))
        self.name.selectAll()
        self.name.textChanged.connect(self.check)
        self.fields.addWidget(self.name)
        self.begin_with(self.name, self.name)
        self.check()

    def is_complete(self) -> bool:
        return bool(self.name.text().strip())


class ReasonDialog(FormDialog):
    """A reason in one tap or in free words; nothing happens without one."""

    def __init__(
        self,
        parent: QWidget,
        wording: Wording,
        heading: str,
        do_it: str,
        reasons: Sequence[str],
        *,
        needed: bool = True,
    ) -> None:
        super().__init__(parent, wording, heading, do_it)
        self._needed = needed
        self._group = QButtonGroup(self)
        self._reason = QLineEdit()
        self._reason.setObjectName("reason")
        self._reason.setMaxLength(REASON_LIMIT)
        self.add_choices()
        self.caption(wording.say("reason.caption" if needed else "reason.caption_optional"))
        for place, reason in enumerate(reasons):
            self._fill_in(QRadioButton(reason), place)
        self._reason.setPlaceholderText(wording.say("reason.other"))
        self._reason.textEdited.connect(self._typed)
        self.fields.addWidget(self._reason)
        self.begin_with(self.first_field(), self._reason)
        self.check()

    def add_choices(self) -> None:
        """Fields that come before the reason."""

    def first_field(self) -> QWidget:
        return self._group.buttons()[0]

    def _fill_in(self, choice: QRadioButton, place: int) -> None:
        choice.setObjectName(f"reason{place}")
        self._group.addButton(choice)
        choice.clicked.connect(self._tapped)
        self.fields.addWidget(choice)

    def _tapped(self) -> None:
        self._reason.clear()
        self.check()

    def _typed(self) -> None:
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)
        self.check()

    @property
    def reason(self) -> str | None:
        chosen = self._group.checkedButton()
        return (chosen.text() if chosen else self._reason.text().strip()) or None

    def is_complete(self) -> bool:
        return not self._needed or self.reason is not None


class PriorityDialog(ReasonDialog):
    """A ticket's new standing and the lawful reason for it."""

    def __init__(self, parent: QWidget, wording: Wording, ticket: TicketView) -> None:
        self._others = [priority for priority in Priority if priority is not ticket.priority]
        self._choices = QButtonGroup()
        super().__init__(
            parent,
            wording,
            wording.say("priority_dialog.heading", label=ticket.label),
            wording.say("priority_dialog.do_it"),
            [wording.say(f"reason.priority_{place}") for place in range(1, 7)],
        )

    def add_choices(self) -> None:
        for place, priority in enumerate(self._others):
            choice = QRadioButton(self.wording.say(f"priority_dialog.{priority.value}"))
            choice.setObjectName(f"priority_{priority.value}")
            self._choices.addButton(choice, place)
            choice.setChecked(place == 0)
            self.fields.addWidget(choice)

    def first_field(self) -> QWidget:
        return self._choices.buttons()[0]

    @property
    def priority(self) -> Priority:
        return self._others[self._choices.checkedId()]


class TransferDialog(ReasonDialog):
    """Where a ticket goes; the reason may be left out."""

    def __init__(self, parent: QWidget, wording: Wording, ticket: TicketView, services: Sequence[ServiceView]) -> None:
        self._services = [service for service in services if service.id != ticket.service]
        self._list = service_list(self._services, wording)
        super().__init__(
            parent,
            wording,
            wording.say("transfer.heading", label=ticket.label),
            wording.say("transfer.do_it"),
            [wording.say(f"reason.transfer_{place}") for place in range(1, 4)],
            needed=False,
        )

    def add_choices(self) -> None:
        self.fields.addWidget(self._list)

    def first_field(self) -> QWidget:
        return self._list

    @property
    def service(self) -> str:
        return self._services[self._list.currentRow()].id


def service_list(services: Sequence[ServiceView], wording: Wording) -> QListWidget:
    """Services to choose one from; the first is chosen."""
    made = QListWidget()
    made.setObjectName("services")
    for service in services:
        made.addItem(wording.say("service_line", name=wording.name(service.name), waiting=service.waiting))
    made.setCurrentRow(0)
    made.setMinimumHeight(min(6, max(1, len(services))) * 42 + 20)
    return made


def open_dialog(dialog: FormDialog, done: Callable[[], None]) -> None:
    """Show `dialog`; `done` when it was confirmed."""
    dialog.accepted.connect(done)
    dialog.open()
