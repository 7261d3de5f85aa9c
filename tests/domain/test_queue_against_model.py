"""Random days at a reception against a small model: numbers, order, states, counts, places in the queue."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.receptions import Clock, issue, open_reception, service, site, text

from kiosk.domain.faults import Refusal
from kiosk.domain.service import Counter
from kiosk.domain.ticket import LIVE_STATES, TRANSITIONS, Priority, TicketAction, TicketState
from kiosk.services.change import Change, call_next, change_ticket
from kiosk.services.show import counter_list, services_now, ticket_detail

SITE = site(
    service("one", "A"),
    service("two", "B"),
    counters=(Counter(id="1", name=text("1")), Counter(id="2", name=text("2"), services=("two",))),
)
LIMIT = timedelta(minutes=15)
services = st.sampled_from(["one", "two"])
actions = st.sampled_from([a for a in TicketAction if a is not TicketAction.CALL])


@dataclass
class ModelTicket:
    day: date
    series: str
    service: str
    number: int
    arrived: datetime
    turn: int
    priority: Priority
    state: TicketState = TicketState.WAITING

    @property
    def order(self) -> tuple[bool, datetime, int]:
        head_start = LIMIT if self.priority is Priority.PRIORITY else timedelta()
        return self.priority is not Priority.EMERGENCY, self.arrived - head_start, self.turn


@dataclass
class Model:
    """What a reception is, said in as few words as possible."""

    tickets: dict[str, ModelTicket] = field(default_factory=dict)

    def queue(self, days: tuple[date, ...], *of: str) -> list[str]:
        waiting = [
            (t.order, key)
            for key, t in self.tickets.items()
            if t.state is TicketState.WAITING and t.day in days and t.service in of
        ]
        return [key for _, key in sorted(waiting)]

    def next_number(self, days: tuple[date, ...], series: str) -> int:
        """The one after the last of today, but none that somebody of last night still holds."""
        *earlier, today = days
        held = {t.number for t in self._of(earlier, series) if t.state in LIVE_STATES}
        last = max((t.number for t in self._of([today], series)), default=0)
        return next(number for number in count(last + 1) if number not in held)

    def _of(self, days: Iterable[date], series: str) -> list[ModelTicket]:
        return [t for t in self.tickets.values() if t.day in days and t.series == series]


class ReceptionMachine(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.clock, self.model = Clock(), Model()
        self.reception = self.stack.enter_context(open_reception(Path(folder), SITE, self.clock))

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    @property
    def today(self) -> date:
        return SITE.day_of(self.clock.now)

    @property
    def live_days(self) -> tuple[date, ...]:
        return SITE.live_days(self.clock.now)

    @rule(service_id=services, priority=st.sampled_from(list(Priority)))
    def issue_one(self, service_id: str, priority: Priority) -> None:
        turn = len(self.model.tickets)
        view = issue(self.reception, f"key-{turn}", service_id, priority)
        assert view.number == self.model.next_number(self.live_days, service_id)
        assert view.id not in self.model.tickets
        self.model.tickets[view.id] = ModelTicket(
            day=self.today,
            series=service_id,
            service=service_id,
            number=view.number,
            arrived=self.clock.now,
            turn=turn,
            priority=priority,
        )
        assert view.people_ahead == self.model.queue(self.live_days, service_id).index(view.id)

    @rule(counter=st.sampled_from(["1", "2"]))
    def call(self, counter: str) -> None:
        queue = self.model.queue(self.live_days, *(("one", "two") if counter == "1" else ("two",)))
        view = self.reception.write(lambda context: call_next(context, counter, None)).result(10)
        assert (view.id if view else None) == (queue[0] if queue else None), "who was next is called, and nobody twice"
        if view:
            assert view.counter == counter
            self.model.tickets[view.id].state = TicketState.CALLED

    @precondition(lambda self: self.model.tickets)
    @rule(data=st.data(), action=actions, goal=services, priority=st.sampled_from(list(Priority)))
    def act(self, data: st.DataObject, action: TicketAction, goal: str, priority: Priority) -> None:
        ticket_id = data.draw(st.sampled_from(sorted(self.model.tickets)))
        ticket = self.model.tickets[ticket_id]
        change = Change(action=action, counter="1", service=goal, priority=priority)
        after = TRANSITIONS.get((ticket.state, action))
        done = self.reception.write(lambda context: change_ticket(context, ticket_id, change))
        if after is None:
            with pytest.raises(Refusal, match=r"ticket\.transition_illegal"):
                done.result(10)
            return
        assert done.result(10).state is after
        ticket.state = after
        ticket.service = goal if action is TicketAction.TRANSFER else ticket.service
        ticket.priority = priority if action is TicketAction.SET_PRIORITY else ticket.priority

    @rule(minutes=st.sampled_from([0, 1, 7, 16, 600]))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @invariant()
    def the_reception_says_what_the_model_says(self) -> None:
        if not hasattr(self, "reception"):
            return
        for view in self.reception.read(services_now):
            assert view.waiting == len(self.model.queue(self.live_days, view.id))
        listed = self.reception.read(lambda context: counter_list(context, None))
        waiting = [view for view in listed if view.state is TicketState.WAITING]
        assert [view.id for view in waiting] == self.model.queue(self.live_days, "one", "two")
        for view in waiting:
            assert view.people_ahead == self.model.queue(self.live_days, view.service).index(view.id)
        for ticket_id, ticket in self.model.tickets.items():
            detail = self.reception.read(lambda context, wanted=ticket_id: ticket_detail(context, wanted))
            assert (detail.state, detail.service, detail.number) == (ticket.state, ticket.service, ticket.number)
            running = [period for period in detail.periods if period.end is None]
            assert len(running) == (ticket.state in LIVE_STATES), "one thing at a time, nothing after the end"


TestReception = ReceptionMachine.TestCase
TestReception.settings = settings(
    max_examples=100,
    stateful_step_count=25,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.long
@pytest.mark.timeout(1800)
class TestReceptionForLong(ReceptionMachine.TestCase):
    settings = settings(
        max_examples=300,
        stateful_step_count=60,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
