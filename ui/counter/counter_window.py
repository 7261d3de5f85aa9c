"""The console's window: bar, alerts, list, current ticket; every action by button and by key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from kiosk.domain.faults import Fault
from kiosk.domain.localized import LocalizedText
from kiosk.domain.ticket import TicketView
from kiosk.station.counter_view import CounterView
from kiosk.station.event_feed import Following, Lost
from ui.bridge import Inbox
from ui.counter import actions, style
from ui.counter.actions import EVERYWHERE, FOR_CHOSEN, FOR_CURRENT, FOR_WORK, ConsoleAction
from ui.counter.alerts_strip import AlertsStrip
from ui.counter.console import Console
from ui.counter.current_panel import CurrentPanel
from ui.counter.dialogs import PriorityDialog, ReasonDialog, StaffDialog, TransferDialog, open_dialog
from ui.counter.insurance_desk import InsuranceDesk
from ui.counter.issue_dialog import IssueDialog
from ui.counter.options import CounterOptions
from ui.counter.parts import ActionButton, card, label, set_kind
from ui.counter.slip_scans import SlipScans
from ui.counter.ticket_table import TicketTable
from ui.counter.top_bar import TopBar
from ui.counter.work_dialogs import CorrectDialog, DecideDialog
from ui.counter.work_page import WorkPage

PULSE_MS = 500


class Source(Protocol):
    """Where the view comes from (`kiosk.station.site_follower`)."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class CounterWindow(QMainWindow):
    """Draws a console. `receive` may be called from any thread, everything else from the main thread."""

    def __init__(self, console: Console, desk: InsuranceDesk, options: CounterOptions) -> None:
        super().__init__()
        self.console = console
        self.desk = desk
        self._options = options
        self._source: Source | None = None
        self._release: Callable[[], None] = lambda: None
        self._inbox = Inbox(self, self._take)
        self.setStyleSheet(style.SHEET)
        self.resize(options.width_px, options.height_px)
        self.top_bar = TopBar(console, self.trigger)
        self.alerts = AlertsStrip(console)
        self.table = TicketTable(console, self._why_empty)
        self.panel = CurrentPanel(console, self.trigger)
        self.work_page = WorkPage(console, desk, self.trigger)
        self._notice = label("notice", wrap=True)
        self._list_heading = label("heading")
        self._chosen_heading = label("soft")
        self.chosen_buttons = {
            action: ActionButton(action.name, action.key, danger=action is actions.CANCEL) for action in FOR_CHOSEN
        }
        self._lay_out()
        self._make_shortcuts()
        self.slips = SlipScans(self, self._slip_scanned)
        self._pulse = QTimer(self)
        self._pulse.setInterval(PULSE_MS)
        self._pulse.timeout.connect(self.refresh)
        console.changed.connect(self.refresh)
        desk.changed.connect(self._refresh_list)
        console.alarmed.connect(self._alarm)
        self.refresh()

    # -- life

    def follow(self, source: Source, release: Callable[[], None]) -> None:
        """Show what `source` tells while the window is open; `release` is called after `source` was stopped."""
        self._source, self._release = source, release

    def open(self) -> None:
        """Show the window, follow its source, and ask who works here unless that is known."""
        if self._options.fullscreen:
            self.showFullScreen()
        else:
            self.show()
        self.slips.begin()
        self._pulse.start()
        if self._source is not None:
            self._source.start()
        if not self.console.staff:
            self.trigger(actions.STAFF)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self._pulse.stop()
        self._inbox.close()
        source, self._source = self._source, None
        if source is not None:
            source.stop()
        self.console.close()
        self._release()
        super().closeEvent(event)

    def receive(self, message: CounterView | Following | Lost | Fault) -> None:
        """Take what the hub told; from any thread, returns at once."""
        self._inbox.put(message)

    def _take(self, message: CounterView | Following | Lost | Fault) -> None:
        if isinstance(message, CounterView):
            self.console.show(message)
        elif isinstance(message, Fault):
            self.console.refuse(message)
        else:
            self.console.link_changed(message)

    # -- looks

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self.alerts)
        body = QHBoxLayout()
        body.setContentsMargins(16, 12, 16, 16)
        body.setSpacing(14)
        column.addLayout(body, stretch=1)
        left = QVBoxLayout()
        left.setSpacing(8)
        heading = QHBoxLayout()
        heading.addWidget(self._list_heading)
        heading.addSpacing(16)
        heading.addWidget(self._notice, stretch=1)
        left.addLayout(heading)
        left.addWidget(self._pages(), stretch=1)
        body.addLayout(left, stretch=68)
        body.addWidget(self.panel, stretch=32)
        self.panel.setMinimumWidth(390)
        self.setCentralWidget(middle)

    def _pages(self) -> QWidget:
        tickets = QWidget()
        column = QVBoxLayout(tickets)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.table, stretch=1)
        column.addWidget(self._chosen_bar())
        self._stack = QStackedWidget()
        self._stack.addWidget(tickets)
        self._stack.addWidget(self.work_page)
        return self._stack

    def _chosen_bar(self) -> QWidget:
        frame, column = card()
        column.setContentsMargins(14, 8, 14, 10)
        column.addWidget(self._chosen_heading)
        row = QHBoxLayout()
        row.setSpacing(8)
        column.addLayout(row)
        for action, button in self.chosen_buttons.items():
            row.addWidget(button, stretch=1)
            button.clicked.connect(partial(self._clicked, action))
        return frame

    def _make_shortcuts(self) -> None:
        for action in (*FOR_CURRENT, *FOR_CHOSEN, *FOR_WORK, *EVERYWHERE):
            shortcut = QShortcut(QKeySequence(action.key), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(partial(self.trigger, action))

    @Slot()
    def refresh(self) -> None:
        """Draw the console as it is now."""
        console, wording = self.console, self.console.wording
        self.setWindowTitle(wording.say("title", counter=self._counter_name()))
        self.top_bar.refresh()
        self.alerts.refresh()
        self.table.refresh()
        self.panel.refresh()
        self._refresh_list()
        self._notice.setText(console.notice.text if console.notice else "")
        set_kind(self._notice, "kind", "none" if console.notice is None else "bad" if console.notice.bad else "good")
        chosen = console.chosen
        heading = wording.say("chosen.heading", label=chosen.label) if chosen else wording.say("chosen.nobody")
        self._chosen_heading.setText(heading)
        for action, button in self.chosen_buttons.items():
            button.say(wording.say(f"button.{action.name}"))
            button.setEnabled(console.can(action))

    @Slot()
    def _refresh_list(self) -> None:
        """Tickets, or in their place the insurance worklist."""
        wording = self.console.wording
        if self.desk.shown:
            self._list_heading.setText(wording.say("work.heading", count=len(self.desk.items)))
        else:
            self._list_heading.setText(wording.say("list.heading", count=self.console.waiting))
        self.work_page.refresh()
        self._stack.setCurrentIndex(1 if self.desk.shown else 0)

    def _counter_name(self) -> str:
        name = (
            self.console.view.counter_name
            if self.console.view
            else LocalizedText(vi=self.console.counter, en=self.console.counter)
        )
        return self.console.wording.name(name)

    def _why_empty(self) -> str:
        return self.console.wording.say("list.empty" if self.console.view else "connecting")

    @Slot()
    def _alarm(self) -> None:
        """Somebody needs help: also for those who look elsewhere."""
        QApplication.alert(self)
        if self._options.alert_sound:
            QApplication.beep()

    # -- actions

    def _clicked(self, action: ConsoleAction, _checked: bool = False) -> None:
        self.trigger(action)

    def trigger(self, action: ConsoleAction) -> None:
        """Do `action`, or say why it is not possible now."""
        if action in EVERYWHERE:
            self._do_everywhere(action)
        elif action in FOR_WORK:
            self._do_work(action)
        elif self.console.busy:
            return
        elif not self.console.staff:
            self.trigger(actions.STAFF)
        elif not self.console.can(action):
            self._say_impossible(action)
        elif action is actions.CALL_NEXT:
            self.console.call_next()
        elif action is actions.ISSUE:
            IssueDialog(self, self.console).open()
        elif action.route and action is not actions.CANCEL:
            self.console.change(action)
        else:
            self._ask_first(action)

    def _do_everywhere(self, action: ConsoleAction) -> None:
        if action is actions.LANGUAGE:
            self.console.switch_language()
        elif action is actions.STAFF:
            dialog = StaffDialog(self, self.console.wording, self.console.staff)
            open_dialog(dialog, lambda: self.console.name_staff(dialog.name.text()))
        elif action is actions.WORK:
            self._turn_page()
        else:
            self.console.handle_first_alert()

    def _turn_page(self) -> None:
        """To the insurance worklist and back."""
        if self.desk.shown:
            self.desk.leave()
            self.table.setFocus()
        else:
            self.desk.show()
            self.work_page.table.setFocus()

    def _slip_scanned(self, code: str) -> None:
        """Somebody's slip: shown in the list of tickets."""
        if self.desk.shown:
            self._turn_page()
        self.console.find(code)

    def _do_work(self, action: ConsoleAction) -> None:
        """About the chosen look-up; from the list of tickets the key first shows the worklist."""
        item = self.desk.chosen
        if not self.desk.shown:
            self._turn_page()
        elif not self.console.staff:
            self.trigger(actions.STAFF)
        elif item is None or not self.desk.can_act:
            return
        elif action is actions.RETRY_WORK:
            self.desk.retry()
        elif action is actions.CORRECT_WORK:
            sent = self.desk.detail.sent if self.desk.detail else None
            correct = CorrectDialog(self, self.console.wording, item, sent)
            open_dialog(correct, lambda: self.desk.correct(correct.question()))
        else:
            decide = DecideDialog(self, self.console.wording, item, self.console.staff)
            open_dialog(decide, lambda: self._decided(decide))

    def _decided(self, dialog: DecideDialog) -> None:
        if dialog.outcome is not None and dialog.reason is not None:
            self.desk.decide(dialog.outcome, dialog.reason)

    def _say_impossible(self, action: ConsoleAction) -> None:
        ticket = self.console.target(action)
        name = self.console.wording.say(f"button.{action.name}")
        if self.console.view is None:
            self.console.tell("connecting", bad=True)
        elif ticket is None:
            self.console.tell("notice.no_target", bad=True, action=name)
        else:
            state = self.console.wording.say(f"state.{ticket.state.value}")
            self.console.tell("notice.not_now", bad=True, action=name, label=ticket.label, state=state)

    def _ask_first(self, action: ConsoleAction) -> None:
        ticket = self.console.target(action)
        assert ticket is not None
        if action is actions.PRIORITY:
            self._ask_priority(ticket)
        elif action is actions.CANCEL:
            self._ask_cancel(ticket)
        else:
            self._ask_transfer(ticket)

    def _ask_priority(self, ticket: TicketView) -> None:
        dialog = PriorityDialog(self, self.console.wording, ticket)
        open_dialog(dialog, lambda: self.console.set_priority(ticket, dialog.priority, dialog.reason or ""))

    def _ask_transfer(self, ticket: TicketView) -> None:
        services = self.console.view.services if self.console.view else ()
        dialog = TransferDialog(self, self.console.wording, ticket, services)
        open_dialog(dialog, lambda: self.console.transfer(ticket, dialog.service, dialog.reason))

    def _ask_cancel(self, ticket: TicketView) -> None:
        wording = self.console.wording
        dialog = ReasonDialog(
            self,
            wording,
            wording.say("cancel.heading", label=ticket.label),
            wording.say("cancel.do_it"),
            [wording.say(f"reason.cancel_{place}") for place in range(1, 5)],
        )
        open_dialog(dialog, lambda: self.console.cancel(ticket, dialog.reason or ""))
