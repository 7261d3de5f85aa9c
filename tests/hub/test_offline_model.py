"""Keys, papers printed without the hub, keys taken back, retries, late answers and calls in any order, against a model
of what people hold in their hands."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.receptions import Clock, open_reception

from kiosk.domain.faults import Refusal
from kiosk.domain.ticket import TicketAction, TicketState, TicketView
from kiosk.services.change import Change, call_next, change_ticket
from kiosk.services.issue import IssueRequest, OfflinePaper, issue_ticket
from kiosk.services.show import counter_list, ticket_detail
from kiosk.services.take_back import take_back

KEYS = tuple(f"key-{n}" for n in range(6))
ENDED = (TicketState.FINISHED, TicketState.NO_SHOW, TicketState.CANCELLED)
SKEWS = (timedelta(0), timedelta(hours=-7), timedelta(hours=5), timedelta(days=-400))


@dataclass
class Known:
    """What must be true of one key."""

    person: str | None
    ticket: str | None = None
    alias: bool = False
    paper: str | None = None
    told: str | None = None
    taken_back: bool = False

    @property
    def label(self) -> str | None:
        """What the holder goes by: the paper, or else what the hub answered."""
        return self.paper or self.told


class AnyOrderOfRequests(RuleBasedStateMachine):
    """Kiosks with clocks of their own, counters, and a network that repeats and delays."""

    @initialize()
    def open(self) -> None:
        self.stack = ExitStack()
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.clock = Clock()
        self.reception = self.stack.enter_context(open_reception(Path(self.folder), clock=self.clock))
        self.keys: dict[str, Known] = {}
        self.printed = 0
        self.called: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    def issue(self, key: str, paper: OfflinePaper | None) -> TicketView | None:
        known = self.keys[key]
        request = IssueRequest(service="one", patient_ref=known.person)
        try:
            issued = self.reception.write(lambda c: issue_ticket(c, key, request, offline=paper)).result(10)
        except Refusal as refusal:
            refused = refusal.fault.code
            assert (refused, known.taken_back) == ("ticket.cancelled_before", True)
            return None
        assert not known.taken_back, "a key taken back made a ticket"
        ticket = msgspec.json.decode(issued.body, type=TicketView)
        if known.ticket not in (None, ticket.id):
            self.require_replaced(key, known, ticket)
        known.ticket, known.alias = ticket.id, ticket.already
        if paper is None:
            known.told = known.told or ticket.label
        return ticket

    def require_replaced(self, key: str, known: Known, ticket: TicketView) -> None:
        assert known.ticket is not None
        assert self.detail(known.ticket).state in ENDED, "one key, two tickets"
        assert known.paper == ticket.label, "only a paper asks for another ticket"
        assert not [k for k in self.holders(known.ticket) if k is not known], "its label was told to somebody"

    def holders(self, ticket_id: str) -> list[Known]:
        return [known for known in self.keys.values() if known.ticket == ticket_id and not known.taken_back]

    @rule(key=st.sampled_from(KEYS), person=st.sampled_from([None, None, "ref-1", "ref-2"]))
    def ask(self, key: str, person: str | None) -> None:
        """A first try, a retry or a late copy of one."""
        self.keys.setdefault(key, Known(person=person))
        self.issue(key, None)

    @rule(
        key=st.sampled_from(KEYS),
        person=st.sampled_from([None, "ref-1"]),
        skew=st.sampled_from(SKEWS),
        ago_s=st.integers(0, 3600),
    )
    def upload(self, key: str, person: str | None, skew: timedelta, ago_s: int) -> None:
        """The kiosk printed a number of its own, and tells so once or more often."""
        known = self.keys.setdefault(key, Known(person=person))
        if known.taken_back:
            return  # a kiosk takes back only what is on no paper
        if known.paper is None:
            self.printed += 1
            known.paper = f"K2-{self.printed:03d}"
        kiosk_now = self.clock.now + skew
        asked_at = kiosk_now - timedelta(seconds=ago_s)
        number = int(known.paper.rpartition("-")[2])
        paper = OfflinePaper(
            label=known.paper, number=number, kiosk="K2", asked_at=asked_at, printed_at=asked_at, kiosk_now=kiosk_now
        )
        ticket = self.issue(key, paper)
        assert ticket is not None
        assert known.paper in (ticket.label, *ticket.printed_labels), "a paper nobody can be called by"
        assert self.clock.now - timedelta(days=1) < ticket.issued_at <= self.clock.now

    @rule(key=st.sampled_from(KEYS))
    def cancel(self, key: str) -> None:
        """The kiosk knows that nobody saw a number of this wish."""
        known = self.keys.setdefault(key, Known(person=None))
        if known.paper is None:
            self.reception.write(lambda c: take_back(c, key)).result(10)
            known.taken_back = True

    @rule(counter=st.sampled_from(["1", "2"]))
    def call(self, counter: str) -> None:
        called = self.reception.write(lambda c: call_next(c, counter, None)).result(10)
        if called is not None:
            assert called.id not in self.called, "called twice"
            self.called.add(called.id)

    @precondition(lambda self: self.called)
    @rule(data=st.data(), action=st.sampled_from([TicketAction.FINISH, TicketAction.NO_SHOW, TicketAction.HOLD]))
    def end(self, data: st.DataObject, action: TicketAction) -> None:
        ticket_id = data.draw(st.sampled_from(sorted(self.called)))
        if self.detail(ticket_id).state is TicketState.CALLED:
            self.reception.write(lambda c: change_ticket(c, ticket_id, Change(action=action))).result(10)

    @rule(seconds=st.integers(1, 1800))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    def detail(self, ticket_id: str) -> TicketView:
        return self.reception.read(lambda c: ticket_detail(c, ticket_id))

    @invariant()
    def nobody_is_lost_and_nobody_is_a_phantom(self) -> None:
        if not hasattr(self, "reception"):
            return
        for key, known in self.keys.items():
            if known.ticket is None:
                continue
            ticket = self.detail(known.ticket)
            holders = self.holders(known.ticket)
            if ticket.state is TicketState.CANCELLED:
                assert not holders, f"{key}: the ticket of somebody who holds it was cancelled"
            elif known.ticket not in self.called:
                assert holders, f"{key}: a ticket waits that nobody holds"
            if holders:
                labels = {ticket.label, *ticket.printed_labels}
                assert labels == {k.label for k in holders}, f"{key}: not called by what its holders hold"

    @invariant()
    def the_queue_is_in_order_and_counts_itself(self) -> None:
        if not hasattr(self, "reception"):
            return
        tickets = self.reception.read(lambda c: counter_list(c, None))
        waiting = [ticket for ticket in tickets if ticket.state is TicketState.WAITING]
        assert [ticket.people_ahead for ticket in waiting] == list(range(len(waiting)))
        assert sorted(waiting, key=lambda ticket: ticket.issued_at) == waiting
        labels = [label for ticket in tickets for label in (ticket.label, *ticket.printed_labels)]
        assert len(labels) == len(set(labels)), "two people with the same number"


AnyOrderOfRequests.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnyOrderOfRequests = AnyOrderOfRequests.TestCase
