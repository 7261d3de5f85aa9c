"""Between the hub's commit and its kiosk's screen nobody knows a number: nobody is called by it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from support.receptions import Clock, open_reception

from kiosk.domain.paper import PaperReport, PaperState
from kiosk.domain.queue import LONGEST_UNSEEN
from kiosk.domain.ticket import TicketAction, TicketState, TicketView
from kiosk.services.change import Change, call_next, change_ticket
from kiosk.services.issue import IssueRequest, OfflinePaper, issue_ticket
from kiosk.services.paper import tell_paper
from kiosk.services.reception import Reception
from kiosk.services.show import ticket_detail
from kiosk.services.take_back import take_back

NOT_SHOWN = "flag.maybe_not_shown"


def issue(
    reception: Reception,
    key: str,
    *,
    tells_paper: bool = True,
    paper: OfflinePaper | None = None,
    person: str | None = None,
) -> TicketView:
    request = IssueRequest(service="one", patient_ref=person)
    issued = reception.write(
        lambda context: issue_ticket(context, key, request, offline=paper, tells_paper=tells_paper)
    ).result(10)
    return msgspec.json.decode(issued.body, type=TicketView)


def called(reception: Reception) -> str | None:
    ticket = reception.write(lambda context: call_next(context, "1", None)).result(10)
    return None if ticket is None else ticket.label


def flags(reception: Reception, ticket: TicketView) -> tuple[str, ...]:
    return reception.read(lambda context: ticket_detail(context, ticket.id)).flags


@pytest.mark.parametrize("state", PaperState)
def test_a_number_is_called_once_its_kiosk_has_told_of_it_whatever_became_of_the_paper(
    tmp_path: Path, state: PaperState
) -> None:
    clock = Clock()
    report = PaperReport(state=state, code=None, copy=0, at=clock.now, kiosk="K1")
    with open_reception(tmp_path, clock=clock) as reception:
        ticket = issue(reception, "a")
        assert called(reception) is None
        reception.write(lambda context: tell_paper(context, ticket.id, report)).result(10)
        assert called(reception) == ticket.label
        clock.now += LONGEST_UNSEEN
        assert flags(reception, ticket) == ()


def test_those_behind_it_are_called_meanwhile_and_it_keeps_its_place(tmp_path: Path) -> None:
    clock = Clock()
    report = PaperReport(state=PaperState.SENT, code=None, copy=0, at=clock.now, kiosk="K1")
    with open_reception(tmp_path, clock=clock) as reception:
        unseen = issue(reception, "a")
        behind = [issue(reception, key, tells_paper=False).label for key in ("b", "c")]
        assert called(reception) == behind[0]
        reception.write(lambda context: tell_paper(context, unseen.id, report)).result(10)
        assert (called(reception), called(reception)) == (unseen.label, behind[1])


def test_a_kiosk_that_stays_silent_does_not_keep_a_number_from_being_called_for_ever(tmp_path: Path) -> None:
    clock = Clock()
    with open_reception(tmp_path, clock=clock) as reception:
        ticket = issue(reception, "a")
        clock.now += LONGEST_UNSEEN - timedelta(seconds=1)
        assert (called(reception), flags(reception, ticket)) == (None, ())
        clock.now += timedelta(seconds=1)
        assert flags(reception, ticket) == (NOT_SHOWN,)
        assert called(reception) == ticket.label


def test_a_clock_set_far_back_does_not_keep_it_either(tmp_path: Path) -> None:
    clock = Clock()
    with open_reception(tmp_path, clock=clock) as reception:
        ticket = issue(reception, "a")
        clock.now -= timedelta(minutes=5)
        assert called(reception) == ticket.label


def test_whoever_tells_of_no_paper_can_be_called_at_once(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        ticket = issue(reception, "a", tells_paper=False)
        assert called(reception) == ticket.label


def test_staff_may_call_it_by_hand(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        ticket = issue(reception, "a")
        call = Change(action=TicketAction.CALL, counter="1")
        assert reception.write(lambda context: change_ticket(context, ticket.id, call)).result(10).counter == "1"


@pytest.mark.parametrize("first_arrived", [True, False])
def test_a_paper_printed_meanwhile_lets_it_be_called_once_it_is_told_of(tmp_path: Path, first_arrived: bool) -> None:
    clock = Clock()
    report = PaperReport(state=PaperState.FAILED, code="printer.kiosk_stopped", copy=0, at=clock.now, kiosk="K1")
    with open_reception(tmp_path, clock=clock) as reception:
        if first_arrived:
            issue(reception, "a")
        ticket = issue(reception, "a", paper=printed(clock))
        assert called(reception) is None
        reception.write(lambda context: tell_paper(context, ticket.id, report)).result(10)
        assert called(reception) == "K1-001"


@pytest.mark.parametrize("first_arrived", [True, False])
def test_a_printed_paper_of_which_nothing_more_will_be_told_is_called_at_once(
    tmp_path: Path, first_arrived: bool
) -> None:
    clock = Clock()
    with open_reception(tmp_path, clock=clock) as reception:
        if first_arrived:
            issue(reception, "a")
        assert issue(reception, "a", paper=printed(clock), tells_paper=False).label == "K1-001"
        assert called(reception) == "K1-001"


def printed(clock: Clock) -> OfflinePaper:
    return OfflinePaper(
        label="K1-001", number=1, kiosk="K1", asked_at=clock.now, printed_at=clock.now, kiosk_now=clock.now
    )


def test_the_same_person_at_another_kiosk_has_not_seen_it_yet_either(tmp_path: Path) -> None:
    clock = Clock()
    with open_reception(tmp_path, clock=clock) as reception:
        first = issue(reception, "a", person="p")
        assert issue(reception, "b", person="p").id == first.id
        assert called(reception) is None
        clock.now += LONGEST_UNSEEN
        assert called(reception) == first.label


def test_the_same_person_at_a_counter_has_seen_it(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        first = issue(reception, "a", person="p")
        assert issue(reception, "b", person="p", tells_paper=False).id == first.id
        assert called(reception) == first.label


def test_one_taken_back_before_it_was_shown_is_never_called(tmp_path: Path) -> None:
    clock = Clock()
    with open_reception(tmp_path, clock=clock) as reception:
        ticket = issue(reception, "a")
        reception.write(lambda context: take_back(context, "a")).result(10)
        clock.now += 2 * LONGEST_UNSEEN
        assert called(reception) is None
        assert reception.read(lambda context: ticket_detail(context, ticket.id)).state is TicketState.CANCELLED


@pytest.mark.parametrize("tells_paper", [True, False])
def test_a_kiosks_own_number_is_taken_back_only_by_a_kiosk_that_has_told_of_no_paper(
    tmp_path: Path, tells_paper: bool
) -> None:
    clock = Clock()
    paper = OfflinePaper(
        label="K1-001", number=1, kiosk="K1", asked_at=clock.now, printed_at=clock.now, kiosk_now=clock.now
    )
    with open_reception(tmp_path, clock=clock) as reception:
        issue(reception, "a", paper=paper, tells_paper=tells_paper)
        reception.write(lambda context: take_back(context, "a")).result(10)
        clock.now += LONGEST_UNSEEN
        assert called(reception) == (None if tells_paper else "K1-001")


def test_a_paper_told_of_late_is_answered_without_the_doubt_it_ends(tmp_path: Path) -> None:
    clock = Clock()
    report = PaperReport(state=PaperState.SENT, code=None, copy=0, at=clock.now, kiosk="K1")
    with open_reception(tmp_path, clock=clock) as reception:
        ticket = issue(reception, "a")
        clock.now += 2 * LONGEST_UNSEEN
        answer = reception.write(lambda context: tell_paper(context, ticket.id, report)).result(10)
        assert answer.flags == flags(reception, ticket) == ()


def test_a_paper_of_an_earlier_day_taken_back_frees_no_place_of_today(tmp_path: Path) -> None:
    clock = Clock()
    asked_at = clock.now - timedelta(days=3)
    paper = OfflinePaper(
        label="K1-001", number=1, kiosk="K1", asked_at=asked_at, printed_at=asked_at, kiosk_now=clock.now
    )
    with open_reception(tmp_path, clock=clock) as reception:
        issue(reception, "today", tells_paper=False)
        issue(reception, "a", paper=paper)
        reception.write(lambda context: take_back(context, "a")).result(10)
        assert reception.read(lambda context: context.tickets.issued(context.today, "one")) == 1
