"""A kiosk that can give numbers of its own while the hub is away, as the visit decides it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from visit_walk import SERVICES, Walk, scan, ticket, verdict

from kiosk.domain.faults import Fault
from kiosk.domain.ticket import TicketView
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import GiveOwnNumber, IssueTicket, LeaveUnprinted, PrintSlip, TakeBack
from kiosk.domain.visit.offers import can_reprint
from kiosk.domain.visit.state import PrintProgress, Step, Visit


def kiosk() -> Walk:
    return Walk(visit=Visit(services=SERVICES, own_numbers=True))


def chosen(walk: Walk) -> Walk:
    return walk.on(scan()).answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service="noi"))


def own(walk: Walk) -> TicketView:
    request = walk.request()
    return replace(ticket(request), id=request.request_id, label="K2-007", number=7, people_ahead=None, estimate=None)


def test_the_hub_has_a_second_and_a_half_then_the_kiosk_gives_its_own():
    walk = chosen(kiosk()).later(1.4)
    assert not walk.said(GiveOwnNumber)
    walk.later(0.1)
    request = walk.request()
    assert walk.said(GiveOwnNumber) == [GiveOwnNumber(request_id=request.request_id)]
    walk.later(5)
    assert len(walk.said(GiveOwnNumber)) == 1


def test_a_hub_known_to_be_away_is_asked_all_the_same_but_not_waited_for():
    walk = chosen(kiosk().on(ev.HubLost())).later(0.1)
    assert walk.said(IssueTicket)
    assert walk.said(GiveOwnNumber)


def test_insurance_is_not_waited_for_when_who_asks_it_is_silent():
    walk = kiosk().on(scan(), ev.Confirmed(), ev.ServiceChosen(service="noi")).later(1.5).later(0.1)
    assert walk.said(IssueTicket)
    assert walk.said(GiveOwnNumber)


def test_a_hub_that_is_heard_is_given_the_time_insurance_needs():
    walk = kiosk().on(scan(), ev.Confirmed(), ev.ServiceChosen(service="noi"), ev.ServicesLoaded(services=SERVICES))
    walk.later(5)
    assert not walk.said(IssueTicket)


def test_the_own_number_is_shown_and_printed_like_any_other_and_a_late_answer_changes_nothing():
    walk = chosen(kiosk()).later(1.5)
    given = own(walk)
    walk.on(ev.OwnNumberGiven(request_id=given.id, ticket=given))
    assert (walk.visit.step, walk.visit.own_number) == (Step.TICKET, True)
    before = walk.visit
    walk.issue()
    assert walk.visit == before
    [printed] = walk.said(PrintSlip)
    assert isinstance(printed, PrintSlip)
    assert (printed.slip.label, printed.slip.own_number) == ("K2-007", True)


def test_a_refusal_that_came_in_time_is_told_and_gives_no_own_number():
    walk = chosen(kiosk())
    request = walk.request()
    walk.on(ev.IssueRefused(request_id=request.request_id, fault=Fault(code="service.full"))).later(5)
    assert walk.visit.step is Step.REFUSED
    assert not walk.said(GiveOwnNumber)


def test_a_kiosk_whose_own_number_fails_says_where_to_go_as_before():
    walk = chosen(kiosk()).later(1.5)
    walk.on(ev.OwnNumberFailed(request_id=walk.request().request_id)).later(20)
    assert walk.visit.step is Step.HUB_AWAY


def test_only_a_kiosk_that_never_heard_of_services_sends_people_away():
    assert kiosk().on(ev.HubLost()).visit.step is Step.WELCOME
    lost = Walk(visit=Visit(own_numbers=True)).on(ev.HubLost())
    assert lost.visit.step is Step.HUB_AWAY
    assert lost.on(ev.ServicesLoaded(services=SERVICES)).visit.step is Step.WELCOME


@pytest.mark.parametrize("steps", [(), (ev.Started(),)])
def test_a_number_from_before_a_restart_is_shown_to_who_still_stands_there_and_to_nobody_else(steps):
    first = chosen(kiosk())
    draft = first.request().draft
    assert draft is not None
    given = own(first)
    resumed = ev.TicketResumed(request_id=given.id, ticket=given, slip=draft.slip(given, own_number=True))
    walk = kiosk().on(*steps, resumed)
    if steps:
        assert walk.said(LeaveUnprinted) == [LeaveUnprinted(request_id=given.id)]
        assert not walk.said(TakeBack) + walk.said(PrintSlip)
    else:
        assert walk.visit.step is Step.TICKET
        assert len(walk.said(PrintSlip)) == 1


@pytest.mark.parametrize("steps", [(), (ev.Started(),)])
def test_a_number_the_printer_had_before_a_restart_is_shown_and_only_printed_again_when_asked_for(steps):
    first = chosen(kiosk())
    draft = first.request().draft
    assert draft is not None
    given = own(first)
    slip = draft.slip(given, own_number=True)
    walk = kiosk().on(*steps, ev.TicketResumed(request_id=given.id, ticket=given, slip=slip, printed=True))
    assert not walk.said(LeaveUnprinted) + walk.said(TakeBack) + walk.said(PrintSlip)
    if not steps:
        assert (walk.visit.step, walk.visit.print_progress) == (Step.TICKET, PrintProgress.UNCONFIRMED)
        assert can_reprint(walk.visit)


def test_who_has_a_number_already_gets_no_paper_unless_asked_for_and_then_a_marked_copy():
    walk = chosen(kiosk())
    request = walk.request()
    walk.on(ev.TicketIssued(request_id=request.request_id, ticket=replace(ticket(request), already=True)))
    assert (walk.visit.step, walk.visit.print_progress) == (Step.TICKET, PrintProgress.NONE)
    assert not walk.said(PrintSlip)
    assert can_reprint(walk.visit)
    walk.on(ev.ReprintTapped())
    [printed] = walk.said(PrintSlip)
    assert isinstance(printed, PrintSlip)
    assert printed.slip.reprint == 1


def test_a_number_nobody_stands_there_for_is_taken_back():
    walk = kiosk()
    late = ev.TicketIssued(request_id="gone", ticket=ticket(chosen(kiosk()).request()))
    assert walk.on(late).said(TakeBack) == [TakeBack(request_id="gone")]
