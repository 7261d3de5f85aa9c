"""The transition table answers for every state and action, and says the same as this independent list."""

from __future__ import annotations

from itertools import product

import pytest

from kiosk.domain.events import EVENT_OF_ACTION
from kiosk.domain.faults import Refusal
from kiosk.domain.ticket import PERIOD_OF_STATE, TRANSITIONS, TicketAction, TicketState, label_of, state_after

LEGAL = """
waiting:   call>called hold>held transfer>waiting set_priority>waiting cancel>cancelled
called:    recall>called serve>serving hold>held no_show>no_show finish>finished transfer>waiting cancel>cancelled
serving:   hold>held finish>finished transfer>waiting cancel>cancelled
held:      recall>called set_priority>held transfer>waiting no_show>no_show cancel>cancelled
no_show:   recall>called cancel>cancelled
finished:
cancelled:
"""


def legal() -> dict[tuple[str, str], str]:
    table = {}
    for line in LEGAL.strip().splitlines():
        state, _, moves = line.partition(":")
        for move in moves.split():
            action, _, after = move.partition(">")
            table[state, action] = after
    return table


@pytest.mark.parametrize(("state", "action"), list(product(TicketState, TicketAction)))
def test_every_state_answers_every_action(state: TicketState, action: TicketAction) -> None:
    expected = legal().get((state.value, action.value))
    if expected is None:
        with pytest.raises(Refusal) as refused:
            state_after(state, action)
        assert refused.value.fault.code == "ticket.transition_illegal"
        assert refused.value.fault.params == {"state": state.value, "action": action.value}
    else:
        assert state_after(state, action) is TicketState(expected)


def test_every_state_can_be_reached_and_only_two_are_final() -> None:
    assert set(TRANSITIONS.values()) == set(TicketState)
    assert set(TicketState) - {state for state, _ in TRANSITIONS} == {TicketState.FINISHED, TicketState.CANCELLED}


def test_every_action_has_an_event_of_its_own() -> None:
    assert EVENT_OF_ACTION.keys() == set(TicketAction)
    assert len(set(EVENT_OF_ACTION.values())) == len(TicketAction)


def test_only_end_states_and_absence_have_no_period() -> None:
    assert set(TicketState) - PERIOD_OF_STATE.keys() == {
        TicketState.NO_SHOW,
        TicketState.FINISHED,
        TicketState.CANCELLED,
    }


@pytest.mark.parametrize(("number", "label"), [(1, "A001"), (999, "A999"), (1000, "A1000")])
def test_labels_have_at_least_three_digits(number: int, label: str) -> None:
    assert label_of("A", number) == label
