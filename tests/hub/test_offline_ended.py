"""A paper that comes in for a ticket that is over: nobody waits with a number that will not be called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from support.receptions import Clock, issue, open_reception

from kiosk.domain.ticket import TicketAction, TicketState, TicketView
from kiosk.services.change import Change, call_next, change_ticket
from kiosk.services.issue import IssueRequest, OfflinePaper, issue_ticket
from kiosk.services.reception import Reception
from kiosk.services.show import board_content, ticket_detail

WISH = IssueRequest(service="one", patient_ref="ref-1")
ENDINGS = {
    "finished": (TicketAction.CALL, TicketAction.FINISH),
    "no_show": (TicketAction.CALL, TicketAction.NO_SHOW),
    "cancelled": (TicketAction.CANCEL,),
}


class Desk:
    """Asks, uploads and acts, over the queue without HTTP."""

    def __init__(self, reception: Reception, clock: Clock) -> None:
        self.reception = reception
        self.clock = clock

    def ask(self, key: str, label: str | None = None, wish: IssueRequest = WISH) -> TicketView:
        paper = None if label is None else self.paper(label)
        issued = self.reception.write(lambda c: issue_ticket(c, key, wish, offline=paper)).result(10)
        return msgspec.json.decode(issued.body, type=TicketView)

    def paper(self, label: str) -> OfflinePaper:
        kiosk, _, number = label.partition("-")
        now = self.clock.now
        asked_at = now - timedelta(minutes=10)
        return OfflinePaper(
            label=label, number=int(number), kiosk=kiosk, asked_at=asked_at, printed_at=asked_at, kiosk_now=now
        )

    def act(self, ticket: TicketView, *actions: TicketAction) -> None:
        for action in actions:
            change = Change(action=action, counter="1")
            self.reception.write(lambda c, change=change: change_ticket(c, ticket.id, change)).result(10)

    def now(self, ticket: TicketView) -> TicketView:
        return self.reception.read(lambda c: ticket_detail(c, ticket.id))

    def called(self) -> TicketView | None:
        return self.reception.write(lambda c: call_next(c, "2", None)).result(10)

    def alerts(self) -> list[tuple[str, object]]:
        opened = self.reception.read(lambda c: c.records.open_alerts())
        return [(alert.code, alert.params.get("labels")) for alert in opened]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ExitStack() as stack:
        clock = Clock()
        yield Desk(stack.enter_context(open_reception(tmp_path, clock=clock)), clock)


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_was_never_told_the_number_that_is_over_waits_with_the_printed_one(desk: Desk, ending: str) -> None:
    over = desk.ask("key")
    desk.act(over, *ENDINGS[ending])
    desk.clock.advance(minutes=10)
    later = issue(desk.reception, "later")
    new = desk.ask("key", "K2-007")
    assert new.id != over.id
    assert (new.label, new.state, new.flags) == ("K2-007", TicketState.WAITING, ("flag.number_replaced",))
    assert new.issued_at == over.issued_at, "the place its arrival earned"
    assert (desk.now(over).state, desk.now(over).label) == (TicketState(ending), "A001"), "it stays in the books"
    assert desk.ask("key").id == desk.ask("key", "K2-007").id == new.id, "the key goes with the paper"
    assert [called.id for called in (desk.called(), desk.called()) if called] == [new.id, later.id]
    assert desk.alerts() == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_paper_of_a_ticket_that_was_told_at_another_kiosk_stays_with_it_and_staff_are_told(
    desk: Desk, ending: str
) -> None:
    first = desk.ask("first")
    assert desk.ask("second").id == first.id
    desk.act(first, *ENDINGS[ending])
    merged = desk.ask("second", "K3-001")
    assert (merged.id, merged.label, merged.printed_labels) == (first.id, "A001", ("K3-001",))
    assert merged.state is TicketState(ending)
    assert desk.alerts() == [("ticket.paper_of_ended", "A001,K3-001")]
    assert desk.called() is None


def test_the_second_paper_of_one_person_whose_first_was_served_makes_no_second_visit(desk: Desk) -> None:
    first = desk.ask("first")
    desk.ask("second")
    desk.ask("first", "K4-001")
    desk.act(first, *ENDINGS["finished"])
    assert desk.ask("second", "K3-001").id == first.id
    assert desk.alerts() == [("ticket.paper_of_ended", "K4-001,K3-001")]


def test_a_wish_taken_back_held_nothing_so_the_other_paper_gets_a_ticket(desk: Desk) -> None:
    from kiosk.services.take_back import take_back

    first = desk.ask("first")
    desk.ask("second")
    desk.reception.write(lambda c: take_back(c, "first")).result(10)
    desk.act(first, *ENDINGS["cancelled"])
    new = desk.ask("second", "K3-001")
    assert (new.label, new.state, new.already) == ("K3-001", TicketState.WAITING, False)


def test_who_has_another_ticket_by_then_is_shown_to_staff(desk: Desk) -> None:
    over = desk.ask("key")
    desk.act(over, *ENDINGS["finished"])
    desk.ask("again")
    assert desk.ask("key", "K2-007").flags == ("flag.second_ticket", "flag.number_replaced")


def test_one_person_with_papers_of_two_kiosks_is_called_by_both_and_by_no_number_nobody_has(desk: Desk) -> None:
    first = desk.ask("at-K4")  # neither answer reaches its kiosk
    desk.ask("at-K3")
    between = desk.ask("at-K3", "K3-001")
    assert (between.label, between.printed_labels) == ("A001", ("K3-001",)), "the other kiosk may have shown it"
    both = desk.ask("at-K4", "K4-001")
    assert (both.id, both.label, both.printed_labels) == (first.id, "K3-001", ("K4-001",))
    assert "flag.two_labels" in both.flags
    queue = desk.reception.read(board_content).queues[0]
    assert queue.next_labels == ("K3-001", "K4-001")
    desk.act(both, TicketAction.CALL)
    call = desk.reception.read(board_content).now_called[0]
    assert (call.label, call.printed_labels) == ("K3-001", ("K4-001",))


def test_a_label_on_a_second_ticket_is_flagged_on_both_however_it_came(desk: Desk) -> None:
    """By a merge, under another number of the series, at a kiosk of another name: the paper says the same."""
    tickets = []
    for key, number, kiosk in (("a", 7, "K2"), ("b", 7, "K2x"), ("c", 80, "K2"), ("d", 7, "K2")):
        wish = IssueRequest(service="one")
        if key == "d":
            desk.ask(key, wish=wish)
        paper = replace(desk.paper("K2-007"), number=number, kiosk=kiosk)
        desk.reception.write(lambda c, k=key, w=wish, p=paper: issue_ticket(c, k, w, offline=p)).result(10)
        tickets.append(desk.ask(key, "K2-007", wish))
    assert len({ticket.id for ticket in tickets}) == 4
    assert all("flag.label_twice" in desk.now(ticket).flags for ticket in tickets)


def test_a_label_of_a_ticket_that_is_over_is_free_again(desk: Desk) -> None:
    first = desk.ask("first", "K2-007")
    desk.act(first, *ENDINGS["finished"])
    assert desk.ask("second", "K2-007", IssueRequest(service="one")).flags == ()
