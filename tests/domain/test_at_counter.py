"""Which ticket a counter works on, and what it may do with one."""

from __future__ import annotations

from datetime import UTC, datetime

from kiosk.domain.at_counter import current_ticket, legal_actions
from kiosk.domain.ticket import Priority, TicketAction, TicketState, TicketView


def ticket(label: str, state: TicketState, counter: str | None) -> TicketView:
    return TicketView(
        id=label,
        number=1,
        label=label,
        service="s",
        state=state,
        priority=Priority.NORMAL,
        people_ahead=None,
        estimate=None,
        counter=counter,
        issued_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def test_the_ticket_called_or_served_here_is_the_current_one() -> None:
    here = ticket("A1", TicketState.CALLED, "1")
    others = (ticket("A2", TicketState.SERVING, "2"), ticket("A3", TicketState.HELD, "1"))
    assert current_ticket((*others, here), "1", None) == here
    assert current_ticket(others, "1", None) is None


def test_of_several_the_one_worked_on_before_goes_on_else_the_one_being_served() -> None:
    called, serving = ticket("A1", TicketState.CALLED, "1"), ticket("A2", TicketState.SERVING, "1")
    assert current_ticket((called, serving), "1", "A1") == called
    assert current_ticket((called, serving), "1", "gone") == serving


def test_a_ticket_another_counter_works_on_is_out_of_reach() -> None:
    assert legal_actions(ticket("A1", TicketState.SERVING, "2"), "1") == frozenset()
    assert TicketAction.RECALL in legal_actions(ticket("A1", TicketState.NO_SHOW, "2"), "1")
    assert legal_actions(None, "1") == frozenset()


def test_the_transition_table_decides_what_is_legal() -> None:
    assert legal_actions(ticket("A1", TicketState.NO_SHOW, "1"), "1") == {TicketAction.RECALL, TicketAction.CANCEL}
