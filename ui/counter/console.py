"""One counter at work: what it shows, who works there, and every action sent to the hub. Widgets draw it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal

from kiosk.domain.alert import Alert
from kiosk.domain.at_counter import current_ticket, legal_actions
from kiosk.domain.faults import Fault
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.localized import Language, Texts
from kiosk.domain.ticket import Priority, TicketAction, TicketState, TicketView
from kiosk.domain.visit.effects import IssueTicket
from kiosk.station.counter_view import CounterView
from kiosk.station.event_feed import Following, Lost
from kiosk.station.hub_client import HubClient, StaffNote
from kiosk.station.hub_port import HubUnreachable
from ui.counter.actions import ConsoleAction, Scope
from ui.counter.background_calls import Answer, BackgroundCalls
from ui.counter.wording import Wording

ISSUE_ATTEMPTS = 3
OVER = (TicketState.FINISHED, TicketState.CANCELLED)
ALERT_SETTLES_AFTER = timedelta(seconds=1)
"""So long after another alert came first its key does nothing: it was meant for the one before."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The last thing the console has to say; `bad` for refusals."""

    text: str
    bad: bool = False


class Console(QObject):
    """Counter `counter` of the hub behind `client`. Everything here runs in the main thread.

    `refresh` asks for a fresh view soon and is set once there is somebody to ask; `new_id` makes idempotency keys;
    `now` gives UTC.
    """

    changed = Signal()
    alarmed = Signal()

    def __init__(
        self,
        *,
        client: HubClient,
        counter: str,
        texts: Texts,
        language: Language,
        new_id: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self._client = client
        self.calls = BackgroundCalls(self)
        self._texts = texts
        self._last_id: str | None = None
        self._known_alerts: frozenset[str] = frozenset()
        self._first_alert_since: datetime | None = None
        self.refresh: Callable[[], None] = lambda: None
        self.new_id = new_id
        self.now = now
        self.counter = counter
        self.language = language
        self.staff = ""
        self.view: CounterView | None = None
        self.lost_since: datetime | None = None
        self.heard = False
        self.busy = False
        self.notice: Notice | None = None
        self.chosen_id: str | None = None

    def close(self) -> None:
        self.calls.close()

    # -- what is true now

    @property
    def wording(self) -> Wording:
        return Wording(texts=self._texts, language=self.language)

    @property
    def tickets(self) -> tuple[TicketView, ...]:
        return self.view.tickets if self.view else ()

    @property
    def current(self) -> TicketView | None:
        """The ticket this counter works on."""
        return current_ticket(self.tickets, self.counter, self._last_id)

    @property
    def chosen(self) -> TicketView | None:
        """The row chosen in the list, else the current ticket."""
        found = next((ticket for ticket in self.tickets if ticket.id == self.chosen_id), None)
        return found or self.current

    @property
    def first_alert(self) -> Alert | None:
        """The alert its key handles: the most urgent one."""
        return self.view.alerts[0] if self.view and self.view.alerts else None

    @property
    def first_alert_settled(self) -> bool:
        """Whether the first alert has stood there long enough to be read."""
        since = self._first_alert_since
        return since is None or not timedelta(0) <= self.now() - since < ALERT_SETTLES_AFTER

    @property
    def waiting(self) -> int:
        return sum(ticket.state is TicketState.WAITING for ticket in self.tickets)

    def target(self, action: ConsoleAction) -> TicketView | None:
        """The ticket `action` would be done to."""
        return self.chosen if action.scope is Scope.CHOSEN else self.current

    def can(self, action: ConsoleAction) -> bool:
        """Whether `action` is possible now."""
        if self.view is None or self.busy or not self.staff:
            return False
        if action.transition is None:
            return True
        legal = legal_actions(self.target(action), self.counter)
        # Calling a chosen ticket that is set aside or did not come is a recall.
        recalled = action.transition is TicketAction.CALL and TicketAction.RECALL in legal
        return action.transition in legal or (recalled and self.target(action) != self.current)

    # -- what arrives

    def show(self, view: CounterView) -> None:
        """A fresh view came from the hub."""
        first_before = self.first_alert
        self.view = view
        if self.first_alert and first_before != self.first_alert:
            self._first_alert_since = self.now()
        alerts = frozenset(alert.id for alert in view.alerts)
        alarmed = bool(alerts - self._known_alerts)
        self._known_alerts = alerts
        current = self.current
        self._last_id = current.id if current else self._last_id
        if self.chosen_id and all(ticket.id != self.chosen_id for ticket in view.tickets):
            self.chosen_id = None
        self.changed.emit()
        if alarmed:
            self.alarmed.emit()

    def link_changed(self, link: Following | Lost) -> None:
        self.heard = True
        self.lost_since = link.since if isinstance(link, Lost) else None
        self.changed.emit()

    # -- what staff do

    def name_staff(self, name: str) -> None:
        self.staff = name.strip()
        self.changed.emit()

    def switch_language(self) -> None:
        self.language = Language.EN if self.language is Language.VI else Language.VI
        self.notice = None
        self.changed.emit()

    def choose(self, ticket_id: str | None) -> None:
        if ticket_id != self.chosen_id:
            self.chosen_id = ticket_id
            self.changed.emit()

    def tell(self, key: str, *, bad: bool = False, **params: object) -> None:
        """Show a sentence of the catalogue as the notice."""
        self.notice = Notice(text=self.wording.say(key, **params), bad=bad)
        self.changed.emit()

    def call_next(self) -> None:
        """Call who is next, unless somebody is still at this counter."""
        if self._nobody_here():
            self._send(partial(self._client.call_next, self.counter, self.staff), self._called)

    def _nobody_here(self) -> bool:
        """Whether another may be called; says who is in the way."""
        if self.current is not None:
            self.tell("notice.still_here", bad=True, label=self.current.label)
        return self.current is None

    def change(self, action: ConsoleAction) -> None:
        """An action that one request without a target does (`action.route`)."""
        ticket = self.target(action)
        if ticket is None:
            return
        route = action.route
        if route == "call" and ticket.state is not TicketState.WAITING:
            route = "recall"
        if ticket != self.current and route in ("call", "recall") and not self._nobody_here():
            return
        self._send(partial(self._client.change, ticket.id, route, self.note(None)), partial(self._changed, route))

    def find(self, code: str) -> None:
        """Choose the ticket whose slip was scanned, or nobody and say where it is. A slip its kiosk has not told of yet
        is unknown to the hub, which says so."""
        ticket_id = recognise(code, certain=True, today=self.now().date()).ticket_id
        if ticket_id is not None and not self.busy:
            self.choose(None)
            self._send(partial(self._client.ticket, ticket_id), self._found)

    def cancel(self, ticket: TicketView, reason: str) -> None:
        call = partial(self._client.change, ticket.id, "cancel", self.note(reason))
        self._send(call, partial(self._changed, "cancel"))

    def transfer(self, ticket: TicketView, service: str, reason: str | None) -> None:
        call = partial(self._client.transfer, ticket.id, service, self.note(reason))
        self._send(call, partial(self._changed, "transfer"))

    def set_priority(self, ticket: TicketView, priority: Priority, reason: str) -> None:
        call = partial(self._client.set_priority, ticket.id, priority, self.note(reason))
        self._send(call, partial(self._changed, "priority"))

    def note(self, reason: str | None) -> StaffNote:
        """Who does something here, and why, for the audit trail."""
        return StaffNote(counter=self.counter, by=self.staff, reason=reason)

    def handle_alert(self, alert_id: str) -> None:
        self._send(partial(self._client.handle_alert, alert_id, self.staff), lambda _alert: None)

    def handle_first_alert(self) -> None:
        """What the key does: handle the first alert, unless it has only just come first."""
        first = self.first_alert
        if first is None or self.busy:
            return
        if self.first_alert_settled:
            self.handle_alert(first.id)
        else:
            self.tell("notice.alert_changed", bad=True)

    def issue(self, key: str, service: str, priority: Priority, then: Callable[[Answer[TicketView]], None]) -> None:
        """Give a number by hand under the idempotency `key`; the same key may be sent again without harm."""
        request = IssueTicket(
            request_id=key,
            service=service,
            priority=priority,
            patient_ref=None,
            eligibility_id=None,
            masked_name=None,
            flags=(),
        )
        self.calls.ask(partial(self._issued, request), then)

    def _issued(self, request: IssueTicket) -> TicketView:
        for _ in range(ISSUE_ATTEMPTS - 1):
            try:
                return self._client.issue(request)
            except HubUnreachable:
                continue
        return self._client.issue(request)

    # -- answers

    def _send(self, call: Callable[[], object], then: Callable[[object], None]) -> None:
        """One staff action at a time: a key pressed twice must not call two people."""
        self.busy = True
        self.notice = None
        self.changed.emit()
        self.calls.ask(call, partial(self._answered, then))

    def _answered(self, then: Callable[[object], None], answer: Answer[object]) -> None:
        self.busy = False
        if answer.fault is not None:
            self.refuse(answer.fault)
        else:
            then(answer.value)
        self.refresh()
        self.changed.emit()

    def refuse(self, fault: Fault) -> None:
        """Say in words why something was not done."""
        self.notice = Notice(text=self.wording.fault(fault), bad=True)
        self.changed.emit()

    def _called(self, ticket: object) -> None:
        if isinstance(ticket, TicketView):
            self._work_on(ticket)
            self.tell("notice.called", label=ticket.label)
        elif waiting := next((known for known in self.tickets if known.state is TicketState.WAITING), None):
            self.tell("notice.not_shown_yet", label=waiting.label)
        else:
            self.tell("notice.nobody_waiting")

    def _found(self, ticket: object) -> None:
        assert isinstance(ticket, TicketView)
        if ticket.state not in OVER and any(known.id == ticket.id for known in self.tickets):
            self.choose(ticket.id)
            self.tell("notice.found", label=ticket.label)
            return
        services = self.view.services if self.view else ()
        service = next((self.wording.name(s.name) for s in services if s.id == ticket.service), ticket.service)
        state = self.wording.say(f"state.{ticket.state.value}")
        self.tell("notice.found_elsewhere", label=ticket.label, service=service, state=state)

    def _changed(self, route: str, ticket: object) -> None:
        assert isinstance(ticket, TicketView)
        if route in ("call", "recall"):
            self._work_on(ticket)
        else:
            self._replace(ticket)
        self.tell(f"notice.{route.replace('-', '_')}", label=ticket.label)

    def _work_on(self, ticket: TicketView) -> None:
        self._last_id = ticket.id
        self.chosen_id = None
        self._replace(ticket)

    def _replace(self, ticket: TicketView) -> None:
        """Show the answer at once; the whole view follows with the event."""
        if self.view is not None:
            others = tuple(known for known in self.tickets if known.id != ticket.id)
            kept = tuple(ticket if known.id == ticket.id else known for known in self.tickets)
            tickets = kept if len(others) < len(self.tickets) else (ticket, *others)
            self.view = replace(self.view, tickets=tickets)
