"""The account of a proof finds every kind of wrong, and nothing where all is right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.app.prove_account import Account, CalledOut, Evidence, PaperOut, Shown, account_of
from kiosk.domain.paper import PaperState
from kiosk.domain.ticket import TicketState
from kiosk.services.show import NOT_SHOWN
from kiosk.station.ticket_desk import STOPPED
from kiosk.storage.books import BookedTicket, Books

FIRST = BookedTicket(
    id="t1",
    day="2026-03-02",
    series="nhi",
    number=1,
    labels=("E001",),
    state=TicketState.FINISHED,
    paper=PaperState.CONFIRMED,
    keys=frozenset({"key-1"}),
    offline=False,
)
OWN = replace(FIRST, id="t2", series="kiosk:K2", labels=("K2-001",), keys=frozenset({"key-2"}), offline=True)
PAPER_1 = PaperOut(kiosk="K1", ref="t1", labels=("E001",), marked=False)
PAPER_2 = PaperOut(kiosk="K2", ref="key-2", labels=("K2-001",), marked=False)
SHOWN_1 = Shown(visit="K1.1.1", ref="t1", label="E001", at_s=10.0)
SHOWN_2 = Shown(visit="K2.1.1", ref="key-2", label="K2-001", at_s=20.0)


def account(
    tickets: tuple[BookedTicket, ...] = (FIRST, OWN),
    papers: tuple[PaperOut, ...] = (PAPER_1, PAPER_2),
    shown: tuple[Shown, ...] = (SHOWN_1, SHOWN_2),
    called: tuple[CalledOut, ...] = (),
) -> Account:
    books = Books(tickets=tickets, taken_back=frozenset())
    return account_of(Evidence(papers=papers, shown=shown, called=called, books=books))


def test_papers_screens_and_books_that_agree_are_clean() -> None:
    clean = account(called=(CalledOut(ticket="t1", label="E001", at_s=11.0),))
    assert clean.is_clean
    assert (clean.issued, clean.confirmed, clean.unconfirmed, clean.offline) == (2, 2, 0, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tickets": (FIRST,)},
        {"tickets": (FIRST, replace(OWN, labels=("B002",)))},
        {"tickets": (FIRST, replace(OWN, state=TicketState.CANCELLED))},
        {"tickets": (FIRST, replace(OWN, state=TicketState.WAITING))},
        {"tickets": (FIRST, replace(OWN, state=TicketState.HELD))},
        {"papers": (PAPER_1,)},
        {"papers": (PAPER_1, replace(PAPER_2, labels=()))},
        {"papers": (PAPER_1, PAPER_2, replace(PAPER_1, ref="t9", labels=()))},
    ],
    ids=[
        "not in the books",
        "another label",
        "cancelled",
        "still waits",
        "held for ever",
        "no paper",
        "another number on it",
        "unknown paper",
    ],
)
def test_a_number_somebody_holds_and_nobody_can_call_is_lost(wrong: dict[str, tuple]) -> None:
    assert account(**wrong).lost


@pytest.mark.parametrize(
    "wrong",
    [
        {"tickets": (FIRST, OWN, replace(FIRST, id="t3", number=2, keys=frozenset({"key-3"})))},
        {"papers": (PAPER_1, PAPER_2, PAPER_2)},
        {"shown": (SHOWN_1, SHOWN_2, replace(SHOWN_2, ref="t1", label="E001"))},
    ],
    ids=["two tickets of one label", "one paper twice", "two numbers in one visit"],
)
def test_a_number_given_twice_is_a_duplicate(wrong: dict[str, tuple]) -> None:
    assert account(**wrong).duplicates


def test_a_ticket_called_twice_is_a_duplicate() -> None:
    call = CalledOut(ticket="t1", label="E001", at_s=11.0)
    assert account(called=(call, replace(call, at_s=12.0))).duplicates == ("E001 was called 2 times",)


def test_a_marked_copy_is_no_duplicate() -> None:
    assert account(papers=(PAPER_1, PAPER_2, replace(PAPER_2, marked=True))).is_clean


def test_a_ticket_nobody_saw_is_a_phantom() -> None:
    unseen = replace(FIRST, id="t3", number=2, labels=("E002",), keys=frozenset({"key-3"}), paper=None)
    assert account(tickets=(FIRST, OWN, unseen)).phantoms
    assert account(tickets=(FIRST, OWN, replace(unseen, state=TicketState.CANCELLED))).is_clean


def test_a_ticket_nobody_saw_is_none_where_staff_were_told_so() -> None:
    unseen = replace(FIRST, id="t3", number=2, labels=("E002",), keys=frozenset({"key-3"}), paper=None)
    flagged = CalledOut(ticket="t3", label="E002", at_s=90.0, flags=(NOT_SHOWN,))
    assert account(tickets=(FIRST, OWN, unseen), called=(flagged,)).is_clean
    assert account(tickets=(FIRST, OWN, unseen), called=(replace(flagged, flags=()),)).phantoms
    stopped = replace(unseen, paper=PaperState.FAILED, paper_code=STOPPED)
    assert account(tickets=(FIRST, OWN, stopped)).is_clean
    assert account(tickets=(FIRST, OWN, replace(stopped, paper_code="printer.paper_out"))).phantoms


def test_a_call_before_anybody_saw_the_number_is_a_phantom_unless_staff_were_told_so() -> None:
    early = CalledOut(ticket="t1", label="E001", at_s=9.0)
    assert account(called=(early,)).phantoms
    assert account(called=(replace(early, flags=(NOT_SHOWN,)),)).is_clean
    shown_again = replace(SHOWN_1, at_s=8.0)
    assert account(called=(early,), shown=(SHOWN_1, shown_again, SHOWN_2)).is_clean


def test_a_call_by_a_label_the_ticket_does_not_have_is_a_phantom() -> None:
    assert account(called=(CalledOut(ticket="t1", label="E009", at_s=11.0),)).phantoms


def test_a_label_called_that_nobody_had_is_none_where_staff_were_told_so() -> None:
    """The kiosk had printed a number of its own, and told of it after the call."""
    called = CalledOut(ticket="t1", label="X001", at_s=90.0)
    assert account(called=(called,)).phantoms
    assert not account(called=(replace(called, flags=(NOT_SHOWN,)),)).phantoms


def test_a_number_left_out_is_a_gap_and_a_cancelled_one_is_not() -> None:
    third = replace(FIRST, id="t3", number=3, labels=("E003",), paper=None)
    second = replace(third, id="t4", number=2, labels=("E002",), state=TicketState.CANCELLED)
    shown = (SHOWN_1, SHOWN_2, replace(SHOWN_1, visit="K1.1.2", ref="t3", label="E003"))
    assert account(tickets=(FIRST, OWN, third), shown=shown).gaps
    assert account(tickets=(FIRST, OWN, third, second), shown=shown).is_clean
