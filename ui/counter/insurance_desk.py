"""The insurance worklist at one console: what waits or failed, which one is chosen, and what staff do about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion, OutcomeClass
from kiosk.domain.faults import Fault
from kiosk.domain.insurance_work import WorkDetail, WorkItem
from kiosk.station.hub_client import HubClient
from ui.counter.background_calls import Answer
from ui.counter.console import Console

ASK_AGAIN_S = 15.0
"""How long to wait for the hub while it asks the insurer: its own budget is 8 s, and it answers within that."""

_Seen = tuple[str, object, object, int]


class InsuranceDesk(QObject):
    """Works off the look-ups of `console`'s view. Everything here runs in the main thread.

    It is busy apart from the console: while the insurer is asked again, the next patient can be called. The detail of
    the chosen look-up holds personal data: it is fetched when somebody looks at it, and forgotten when nobody does.
    """

    changed = Signal()

    def __init__(self, console: Console, client: HubClient) -> None:
        super().__init__()
        self._console = console
        self._client = client
        self._chosen_id: str | None = None
        self._asked_for: _Seen | None = None
        self.shown = False
        self.busy = False
        self.detail: WorkDetail | None = None
        self.trouble: Fault | None = None
        console.changed.connect(self._follow)

    @property
    def items(self) -> tuple[WorkItem, ...]:
        """Most urgent first."""
        return self._console.view.work if self._console.view else ()

    @property
    def chosen(self) -> WorkItem | None:
        return next((item for item in self.items if item.ticket == self._chosen_id), None)

    @property
    def can_act(self) -> bool:
        """Whether something can be done about the chosen look-up now."""
        return self.shown and self.chosen is not None and not self.busy and bool(self._console.staff)

    def show(self) -> None:
        """Look at the list, beginning with whom the console is about, else with the most urgent one."""
        self.shown = True
        about = self._console.chosen
        listed = {item.ticket for item in self.items}
        self._chosen_id = about.id if about and about.id in listed else None
        self._follow()

    def leave(self) -> None:
        """Nobody looks any more: what was sent is forgotten here."""
        self.shown = False
        self._chosen_id = None
        self._forget()
        self.changed.emit()

    def choose(self, ticket_id: str) -> None:
        if ticket_id != self._chosen_id:
            self._chosen_id = ticket_id
            self._follow()

    # -- what staff do

    def retry(self) -> None:
        """Ask the insurer the same once more."""
        self._do(partial(self._client.ask_insurer_again, budget_s=ASK_AGAIN_S))

    def correct(self, question: EligibilityQuestion) -> None:
        """Ask again with what staff read off the card."""
        self._do(lambda ticket, note: self._client.correct_insurance(ticket, question, note, budget_s=ASK_AGAIN_S))

    def decide(self, outcome: OutcomeClass, reason: str) -> None:
        """Staff's word in place of the insurer's."""
        self._do(lambda ticket, note: self._client.decide_insurance(ticket, outcome, note), reason)

    def _do(self, call: Callable[..., Eligibility], reason: str | None = None) -> None:
        item = self.chosen
        if item is None or not self.can_act:
            return
        self.busy = True
        self.changed.emit()
        note = self._console.note(reason)
        self._console.calls.ask(lambda: call(item.ticket, note=note), partial(self._done, item))

    def _done(self, item: WorkItem, answer: Answer[Eligibility]) -> None:
        self.busy = False
        self._asked_for = None
        if answer.value is None:
            self._console.refuse(answer.fault or Fault(code="counter.failed"))
        elif answer.value.pending:
            self._console.tell("work.notice.pending", label=item.label)
        else:
            sentence = self._console.wording.known([answer.value.coverage]) or ""
            self._console.tell("work.notice.answered", label=item.label, sentence=sentence)
        self._console.refresh()
        self.changed.emit()

    # -- the detail of the chosen one

    def _follow(self) -> None:
        """The list or the choice changed."""
        if self.shown and self.chosen is None:
            self._chosen_id = self.items[0].ticket if self.items else None
        item = self.chosen if self.shown else None
        if item is None:
            self._forget()
        else:
            self._look_at(item)
        self.changed.emit()

    def _forget(self) -> None:
        self._asked_for, self.detail, self.trouble = None, None, None

    def _look_at(self, item: WorkItem) -> None:
        seen = (item.ticket, item.state, item.outcome, item.tries)
        if seen == self._asked_for:
            return
        if self.detail is not None and self.detail.item.ticket != item.ticket:
            self.detail = None
        self._asked_for, self.trouble = seen, None
        self._console.calls.ask(partial(self._client.insurance_detail, item.ticket), partial(self._told, seen))

    def _told(self, seen: _Seen, answer: Answer[WorkDetail]) -> None:
        if seen != self._asked_for:
            return
        self.detail, self.trouble = answer.value, answer.fault
        self.changed.emit()
