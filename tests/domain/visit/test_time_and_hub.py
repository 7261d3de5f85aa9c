"""Idle time, the hub away on every step, and the ways out of every step."""

from __future__ import annotations

import pytest
from visit_walk import SERVICES, Walk, scan, ticket, verdict

from kiosk.domain.faults import Fault
from kiosk.domain.localized import Language, LocalizedText
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import CallStaff, IssueTicket, LoadServices, PrintSlip, TellStaff, WipeTraces
from kiosk.domain.visit.offers import can_cancel, can_finish, can_go_back, hospital_shown, seconds_left, text_key
from kiosk.domain.visit.state import HelpState, PrintProgress, Step, Visit
from kiosk.domain.visit.surroundings import VisitOptions

TO_STEP: dict[Step, tuple[ev.Event, ...]] = {
    Step.PRESENT: (ev.Started(),),
    Step.NO_DOCUMENT: (ev.Started(), ev.NoDocumentChosen()),
    Step.ENTER_NUMBER: (ev.Started(), ev.TypeNumberChosen()),
    Step.ENTER_BIRTH: (ev.Started(), ev.TypeNumberChosen(), ev.NumberTyped(number="001090123456")),
    Step.ENTER_NAME: (
        ev.Started(),
        ev.TypeNumberChosen(),
        ev.NumberTyped(number="001090123456"),
        ev.BirthTyped(birth=None),
    ),
    Step.CONFIRM: (scan(),),
    Step.CHOOSE_SERVICE: (scan(), ev.Confirmed()),
    Step.REFUSED: (scan(), ev.Confirmed(), ev.ServiceChosen(service="mat")),
}
WITH_WAY_BACK = sorted(TO_STEP)


@pytest.mark.parametrize("step", WITH_WAY_BACK)
def test_every_step_warns_twenty_seconds_before_it_wipes(step):
    walk = Walk().on(*TO_STEP[step])
    assert walk.visit.step is step
    left = seconds_left(walk.visit, walk.now_s)
    assert left is not None
    walk.later(left - 20.1)
    assert not walk.visit.warning_shown
    walk.later(0.2)
    assert walk.visit.warning_shown
    walk.later(19.8)
    assert walk.visit.step is step
    walk.later(0.2)
    assert walk.visit == Walk().visit
    assert walk.said(WipeTraces)


def test_typing_has_more_time_than_looking():
    typing, looking = Walk().on(*TO_STEP[Step.ENTER_NUMBER]), Walk().on(*TO_STEP[Step.CONFIRM])
    assert seconds_left(typing.visit, typing.now_s) == 90
    assert seconds_left(looking.visit, looking.now_s) == 60


@pytest.mark.parametrize("step", WITH_WAY_BACK)
def test_one_tap_extends_the_time_as_often_as_needed(step):
    walk = Walk().on(*TO_STEP[step])
    for _ in range(12):
        left = seconds_left(walk.visit, walk.now_s)
        assert left is not None
        walk.later(left - 1)
        assert walk.visit.warning_shown
        walk.on(ev.MoreTimeTapped())
        assert (walk.visit.step, walk.visit.warning_shown) == (step, False)


def test_any_touch_starts_the_time_anew_but_answers_of_machines_do_not():
    walk = Walk().on(scan()).later(30).on(ev.Touched())
    assert seconds_left(walk.visit, walk.now_s) == 60
    walk.later(30).answer(verdict())
    assert seconds_left(walk.visit, walk.now_s) == 30


def test_the_next_person_in_line_does_not_keep_a_ticket_on_the_screen():
    walk = Walk().to_ticket().later(25).on(scan(), ev.CardLaid()).later(5)
    assert walk.visit.step is Step.WELCOME


def test_trouble_with_the_paper_gives_the_patient_time_to_read_it():
    walk = Walk().to_ticket().later(25)
    assert walk.visit.ticket is not None
    walk.on(ev.PrintChanged(ticket_id=walk.visit.ticket.id, progress=PrintProgress.UNCONFIRMED))
    assert seconds_left(walk.visit, walk.now_s) == 30
    assert walk.said(TellStaff) == [TellStaff(code="printer.unconfirmed")]


def test_a_welcome_in_english_or_with_a_help_notice_goes_back_to_rest():
    walk = Walk().on(ev.LanguageToggled(), ev.HelpTapped())
    assert (walk.visit.step, walk.visit.language) == (Step.WELCOME, Language.EN)
    assert walk.later(60).visit == Walk().visit


def test_a_resting_welcome_has_no_time_out():
    walk = Walk().on(ev.Touched()).later(100_000)
    assert walk.visit.deadline_s is None
    assert not walk.effects


@pytest.mark.parametrize("step", WITH_WAY_BACK)
def test_cancel_forgets_the_visit_on_every_step_before_the_number(step):
    walk = Walk().on(*TO_STEP[step])
    assert can_cancel(walk.visit)
    assert can_go_back(walk.visit)
    assert walk.on(ev.CancelTapped()).visit == Walk().visit
    assert walk.said(WipeTraces)


@pytest.mark.parametrize("step", WITH_WAY_BACK)
def test_going_back_again_and_again_ends_at_the_welcome(step):
    walk = Walk().on(*TO_STEP[step])
    for _ in range(8):
        walk.on(ev.BackTapped())
    assert walk.visit == Walk().visit


def test_wavering_between_two_ways_does_not_lengthen_the_way_back():
    walk = Walk().on(ev.Started())
    for _ in range(5):
        walk.on(ev.NoDocumentChosen(), ev.TypeNumberChosen())
    walk.on(ev.BackTapped(), ev.BackTapped(), ev.BackTapped())
    assert walk.visit.step is Step.WELCOME


def test_while_insurance_is_awaited_the_visit_can_still_be_cancelled_without_a_number():
    walk = Walk().on(scan(), ev.Confirmed(), ev.ServiceChosen(service="noi"))
    assert can_cancel(walk.visit)
    assert not can_go_back(walk.visit)
    assert walk.on(ev.CancelTapped()).later(20).visit.step is Step.WELCOME
    assert not walk.said(IssueTicket)


def test_once_the_number_is_asked_for_neither_cancel_nor_back_nor_finished_is_there():
    walk = Walk().on(scan()).answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service="noi"))
    assert not can_cancel(walk.visit)
    walk.on(ev.CancelTapped(), ev.BackTapped(), ev.DoneTapped())
    assert walk.visit.step is Step.ISSUING
    walk.issue().on(ev.BackTapped(), ev.CancelTapped())
    assert walk.visit.step is Step.TICKET
    assert can_finish(walk.visit)


def test_a_welcome_without_a_hub_says_so_and_recovers_by_itself():
    walk = Walk().on(ev.HubLost())
    assert walk.visit.step is Step.HUB_AWAY
    walk.on(ev.Started(), scan(), ev.CardLaid(), ev.BackTapped(), ev.CancelTapped(), ev.DoneTapped())
    assert walk.visit.step is Step.HUB_AWAY
    assert not can_cancel(walk.visit)
    assert not can_finish(walk.visit)
    walk.on(ev.HubBack())
    assert walk.visit.step is Step.WELCOME
    assert walk.said(LoadServices)


@pytest.mark.parametrize("step", [step for step in WITH_WAY_BACK if step not in (Step.CHOOSE_SERVICE, Step.REFUSED)])
def test_a_lost_hub_lets_the_patient_finish_what_was_begun(step):
    walk = Walk().on(*TO_STEP[step], ev.HubLost())
    assert (walk.visit.step, walk.visit.hub_away) == (step, True)
    assert walk.on(ev.HubBack()).visit.step is step


def test_confirming_without_a_hub_waits_for_it_before_the_services():
    walk = Walk().on(scan(), ev.HubLost(), ev.Confirmed())
    assert (walk.visit.step, walk.visit.resume) == (Step.HUB_AWAY, Step.CHOOSE_SERVICE)
    assert can_cancel(walk.visit)
    walk.on(ev.HubBack())
    assert walk.visit.step is Step.CHOOSE_SERVICE


def test_services_give_way_to_the_message_and_come_back_with_the_hub():
    walk = Walk().on(scan(), ev.Confirmed(), ev.HubLost())
    assert walk.visit.step is Step.HUB_AWAY
    walk.on(ev.HubBack(), ev.ServiceChosen(service="noi"))
    assert walk.visit.step is Step.ISSUING


def test_a_refused_patient_who_chooses_again_without_a_hub_is_told_and_goes_on_later():
    walk = Walk().on(*TO_STEP[Step.REFUSED], ev.HubLost())
    assert walk.visit.step is Step.REFUSED
    walk.on(ev.ServiceChosen(service="noi"))
    assert walk.visit.step is Step.HUB_AWAY
    assert walk.on(ev.HubBack()).visit.step is Step.CHOOSE_SERVICE


def test_a_waiting_visit_without_a_hub_is_wiped_when_idle_and_the_screen_stays_away():
    walk = Walk().on(scan(), ev.Confirmed(), ev.HubLost()).later(60)
    assert (walk.visit.step, walk.visit.identity, walk.visit.deadline_s) == (Step.HUB_AWAY, None, None)
    assert walk.on(ev.HubBack()).visit == Walk().visit


def test_issuing_says_that_the_hub_is_away_then_where_to_go_and_still_shows_a_late_number():
    walk = Walk().on(scan()).answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service="noi"), ev.HubLost())
    assert (walk.visit.step, walk.visit.hub_away) == (Step.ISSUING, True)
    walk.later(20)
    assert (walk.visit.step, walk.visit.resume, can_finish(walk.visit)) == (Step.HUB_AWAY, Step.ISSUING, True)
    assert not can_cancel(walk.visit)
    walk.on(ev.HubBack())
    assert walk.visit.step is Step.ISSUING
    walk.later(20)
    assert walk.visit.step is Step.HUB_AWAY
    walk.issue()
    assert walk.visit.step is Step.TICKET
    assert len(walk.said(IssueTicket)) == 1


def test_giving_up_twice_and_idling_ends_the_visit_and_the_late_number_goes_to_staff():
    walk = Walk().on(scan()).answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service="noi"), ev.HubLost())
    request = walk.request()
    walk.later(20).later(60)
    assert walk.visit.identity is None
    walk.on(ev.HubBack(), ev.TicketIssued(request_id=request.request_id, ticket=ticket(request)))
    assert walk.said(TellStaff) == [TellStaff(code="ticket.unclaimed", params={"labels": "A015"})]
    assert not walk.said(PrintSlip)


def test_the_ticket_stays_on_the_screen_when_the_hub_goes():
    walk = Walk().to_ticket().on(ev.HubLost())
    assert walk.visit.step is Step.TICKET
    assert walk.on(ev.DoneTapped()).visit.step is Step.HUB_AWAY


def test_help_without_a_hub_says_that_nobody_could_be_told():
    walk = Walk().on(ev.HubLost(), ev.HelpTapped(), ev.HelpAnswered(reached=False))
    assert walk.said(CallStaff)
    assert walk.visit.help is HelpState.UNREACHABLE


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("code.torn", "code.torn"),
        ("identity.number.empty", "identity.number.empty"),
        ("notice.take_card", "notice.take_card"),
        ("service.full", "fault.service.full"),
        ("printer.paper_out", "fault.printer.paper_out"),
    ],
)
def test_every_fault_has_one_key_in_the_catalogue(code, key):
    assert text_key(Fault(code=code)) == key


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"warning_s": 19.0}, "visit.warning_too_short"),
        ({"ticket_idle_s": 20.0}, "visit.idle_shorter_than_warning"),
        ({"issue_give_up_s": 0.0}, "visit.option_negative"),
    ],
)
def test_times_nobody_could_live_with_are_refused(changes, code):
    with pytest.raises(ValueError, match=code):
        VisitOptions(hospital=LocalizedText(vi="", en=""), kiosk_id="k1", **changes)


def test_a_name_set_at_the_kiosk_stands_before_the_hubs():
    hub, own = LocalizedText(vi="Bệnh viện A", en="Hospital A"), LocalizedText(vi="Phòng khám B", en="Clinic B")
    visit = Walk().on(ev.ServicesLoaded(services=SERVICES, hospital=hub)).visit
    assert hospital_shown(visit, None) == hub
    assert hospital_shown(visit, own) == own
    assert hospital_shown(Visit(), None).vi
