"""Whole visits with plain values: who comes, what is said, which number and which next step they leave with."""

from __future__ import annotations

import pytest
from visit_walk import SERVICES, Walk, bad_scan, person, scan, service, ticket, verdict

from kiosk.domain.eligibility import OutcomeClass
from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import BirthDate, CodeKind, RecognisedCode
from kiosk.domain.localized import Language
from kiosk.domain.service import Availability
from kiosk.domain.ticket import Priority
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import (
    AskEligibility,
    CallStaff,
    IssueTicket,
    LoadServices,
    PrintSlip,
    TellStaff,
    WipeTraces,
)
from kiosk.domain.visit.offers import MAX_REPRINTS
from kiosk.domain.visit.state import Claim, HelpState, PrintProgress, Step


def test_an_insured_patient_by_qr_gets_a_number_and_waits_for_the_call():
    walk = Walk().on(scan())
    assert walk.visit.step is Step.CONFIRM
    assert len(walk.said(AskEligibility)) == 1

    walk.answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service="noi"))
    assert walk.visit.step is Step.ISSUING
    request = walk.request()
    assert (request.service, request.patient_ref, request.eligibility_id) == ("noi", "ref-1", "e1")
    assert (request.masked_name, request.priority, request.flags) == ("N*** V** A*", Priority.NORMAL, ())

    walk.issue()
    assert walk.visit.step is Step.TICKET
    slip = walk.visit.slip
    assert slip is not None
    assert walk.said(PrintSlip) == [PrintSlip(slip=slip)]
    assert (slip.label, slip.next_step, slip.coverage) == ("A015", "next_step.wait_for_call", "coverage.valid")
    assert (slip.room.vi, slip.kiosk_id, slip.reprint) == ("Phòng 12", "k1", 0)

    walk.on(ev.PrintChanged(ticket_id=slip.ticket_id, progress=PrintProgress.CONFIRMED), ev.DoneTapped())
    assert walk.visit.step is Step.WELCOME
    assert walk.said(WipeTraces)


def test_a_failed_look_up_still_gives_a_number_that_is_checked_at_the_counter():
    walk = Walk().on(scan()).answer(verdict(OutcomeClass.PORTAL_ERR, pending=True))
    walk.on(ev.Confirmed(), ev.ServiceChosen(service="noi")).issue()
    assert walk.visit.slip is not None
    assert walk.visit.slip.next_step == "next_step.check_at_counter"
    assert walk.visit.slip.coverage == "coverage.still_checking"


def test_a_silent_portal_is_waited_for_eight_seconds_from_the_question_then_the_number_comes():
    walk = Walk().on(scan()).later(3).on(ev.Confirmed(), ev.ServiceChosen(service="noi"))
    assert walk.visit.step is Step.ISSUING
    assert not walk.said(IssueTicket)
    walk.later(4.9)
    assert not walk.said(IssueTicket)
    walk.later(0.2)
    assert walk.request().flags == ("flag.insurance_unanswered",)
    assert walk.request().next_step == "next_step.check_at_counter"
    assert walk.issue().visit.step is Step.TICKET


def test_an_answer_that_comes_while_the_patient_waits_ends_the_wait():
    walk = Walk().on(scan(), ev.Confirmed(), ev.ServiceChosen(service="noi")).answer(verdict())
    assert walk.request().eligibility_id == "e1"


def test_no_answer_is_an_answer_and_ends_the_wait():
    walk = Walk().on(scan(), ev.Confirmed(), ev.ServiceChosen(service="noi")).answer(None)
    assert walk.request().eligibility_id is None


def test_an_answer_after_the_request_went_out_no_longer_changes_the_ticket():
    walk = Walk().on(scan(), ev.Confirmed(), ev.ServiceChosen(service="noi")).later(9).answer(verdict()).issue()
    assert walk.visit.slip is not None
    assert walk.visit.slip.next_step == "next_step.check_at_counter"


def test_a_typed_number_asks_birth_and_name_and_then_insurance():
    walk = Walk().on(ev.Started(), ev.TypeNumberChosen(), ev.NumberTyped(number="001 090 123 456"))
    assert walk.visit.step is Step.ENTER_BIRTH
    walk.on(ev.BirthTyped(birth=BirthDate(year=1990, month=1, day=1)))
    assert walk.visit.step is Step.ENTER_NAME
    assert not walk.said(AskEligibility)
    walk.on(ev.NameTyped(name=" nguyễn  văn an "))
    assert walk.visit.step is Step.CONFIRM
    [asked] = walk.said(AskEligibility)
    assert isinstance(asked, AskEligibility)
    assert (asked.question.card, asked.question.name, asked.question.birth) == (
        "001090123456",
        "nguyễn văn an",
        "01/01/1990",
    )


def test_skipped_birth_and_name_are_checked_at_the_counter_even_when_the_portal_says_yes():
    walk = Walk().on(ev.Started(), ev.TypeNumberChosen(), ev.NumberTyped(number="001090123456"))
    walk.on(ev.BirthTyped(birth=None), ev.NameTyped(name=None)).answer(verdict())
    walk.on(ev.Confirmed(), ev.ServiceChosen(service="noi")).issue()
    assert walk.request().flags == ("flag.number_typed", "flag.birth_skipped", "flag.name_skipped")
    assert walk.visit.slip is not None
    assert walk.visit.slip.next_step == "next_step.check_at_counter"
    assert walk.visit.slip.masked_name is None


def test_a_wrong_number_birth_or_name_is_asked_again_with_a_sentence():
    walk = Walk().on(ev.Started(), ev.TypeNumberChosen(), ev.NumberTyped(number="123"))
    assert (walk.visit.step, walk.visit.notice) == (Step.ENTER_NUMBER, Fault(code="identity.number.too_short"))
    walk.on(ev.NumberTyped(number="001090123456"), ev.BirthTyped(birth=BirthDate(year=2090)))
    assert (walk.visit.step, walk.visit.notice) == (Step.ENTER_BIRTH, Fault(code="notice.birth_not_valid"))
    walk.on(ev.BirthTyped(birth=BirthDate(year=1990)), ev.NameTyped(name="1234\x1b@"))
    assert (walk.visit.step, walk.visit.notice) == (Step.ENTER_NAME, Fault(code="notice.name_not_valid"))


def test_an_old_nine_digit_number_is_not_asked_about_and_does_not_make_the_patient_wait():
    walk = Walk().on(ev.Started(), ev.TypeNumberChosen(), ev.NumberTyped(number="012345678"))
    walk.on(ev.BirthTyped(birth=BirthDate(year=1960)), ev.NameTyped(name="Lê Thị Hoa"), ev.Confirmed())
    walk.on(ev.ServiceChosen(service="noi"))
    assert not walk.said(AskEligibility)
    assert walk.request().next_step == "next_step.check_at_counter"


def test_a_small_child_gets_priority_and_brings_its_papers_without_a_look_up():
    walk = Walk().on(ev.Started(), ev.NoDocumentChosen(), ev.ClaimMade(claim=Claim.CHILD_UNDER_SIX))
    walk.on(ev.ServiceChosen(service="nhi")).issue()
    assert not walk.said(AskEligibility)
    assert walk.request().priority is Priority.PRIORITY
    assert walk.request().flags == ("flag.child_under_six", "flag.priority_claimed")
    assert walk.visit.slip is not None
    assert walk.visit.slip.next_step == "next_step.child_papers_at_counter"
    assert walk.visit.slip.priority is Priority.PRIORITY


def test_without_insurance_there_is_no_look_up_and_only_services_for_everybody():
    walk = Walk().on(ev.Started(), ev.NoDocumentChosen(), ev.ClaimMade(claim=Claim.WITHOUT_INSURANCE))
    walk.on(ev.ServiceChosen(service="bhyt"))
    assert walk.visit.notice == Fault(code="service.unknown")
    walk.on(ev.ServiceChosen(service="noi")).issue()
    assert not walk.said(AskEligibility)
    assert walk.visit.slip is not None
    assert walk.visit.slip.next_step == "next_step.wait_for_call"
    assert walk.visit.slip.coverage == "ticket.without_insurance"


def test_without_a_card_the_document_is_shown_at_the_counter():
    walk = Walk().on(ev.Started(), ev.NoDocumentChosen(), ev.ClaimMade(claim=Claim.NO_CARD))
    walk.on(ev.ServiceChosen(service="noi")).issue()
    assert walk.visit.slip is not None
    assert walk.visit.slip.next_step == "next_step.show_document_at_counter"


@pytest.mark.parametrize(
    ("year", "priority", "flags"),
    [(1940, Priority.PRIORITY, ()), (2023, Priority.PRIORITY, ()), (1990, Priority.NORMAL, ())],
)
def test_age_from_a_read_birth_date_gives_priority(year, priority, flags):
    walk = Walk().on(scan(person(year=year))).answer(verdict())
    walk.on(ev.Confirmed(), ev.ServiceChosen(service="noi"))
    assert (walk.request().priority, walk.request().flags) == (priority, flags)


def test_laying_a_card_asks_for_the_qr_and_taking_it_ends_the_sentence():
    walk = Walk().on(ev.CardLaid())
    assert (walk.visit.step, walk.visit.notice) == (Step.PRESENT, Fault(code="notice.card_show_qr"))
    assert walk.on(ev.CardTaken()).visit.notice is None


def test_a_card_that_does_not_answer_is_said_and_not_taken_for_one_on_the_reader():
    walk = Walk().on(ev.CardLaid(answers=False))
    assert (walk.visit.step, walk.visit.notice) == (Step.PRESENT, Fault(code="notice.card_mute"))
    assert not walk.visit.card_on_reader


def test_a_card_left_on_the_reader_is_reminded_of_at_the_ticket():
    walk = Walk().on(ev.CardLaid()).to_ticket()
    assert walk.visit.notice == Fault(code="notice.take_card")
    assert walk.on(ev.DoneTapped()).visit.card_on_reader


def test_each_unreadable_code_is_explained_where_the_other_ways_are_offered():
    walk = Walk().on(bad_scan())
    assert (walk.visit.step, walk.visit.notice) == (Step.PRESENT, Fault(code="code.torn"))
    walk.on(bad_scan("code.unknown"))
    assert (walk.visit.step, walk.visit.notice) == (Step.PRESENT, Fault(code="code.unknown"))


def test_a_ticket_of_ours_is_explained():
    code = RecognisedCode(kind=CodeKind.TICKET, ticket_id="abc")
    assert Walk().on(ev.CodeScanned(code=code)).visit.notice == Fault(code="notice.code_ticket")


def test_another_persons_code_replaces_the_one_to_confirm_and_asks_anew():
    other = person("001190012345", "Trần Thị Bình")
    walk = Walk().on(scan(), scan(other))
    assert (walk.visit.step, walk.visit.identity) == (Step.CONFIRM, other)
    assert walk.visit.notice == Fault(code="notice.person_replaced")
    walk.on(ev.EligibilityAnswered(request=1, eligibility=verdict()))
    assert walk.visit.eligibility is None


def test_the_same_code_again_changes_nothing():
    walk = Walk().on(scan())
    before = walk.visit
    assert walk.on(scan()).visit.identity is before.identity
    assert len(walk.said(AskEligibility)) == 1


def test_a_code_after_the_confirmation_is_ignored_with_a_sentence():
    walk = Walk().on(scan(), ev.Confirmed(), scan(person("001190012345", "Trần Thị Bình")))
    assert walk.visit.step is Step.CHOOSE_SERVICE
    assert walk.visit.identity == person()
    assert walk.visit.notice == Fault(code="notice.code_ignored")


def test_ones_own_card_shown_again_later_is_no_matter():
    walk = Walk().on(scan(), ev.Confirmed(), scan())
    assert (walk.visit.step, walk.visit.notice) == (Step.CHOOSE_SERVICE, None)


def test_no_that_is_not_me_forgets_the_person():
    walk = Walk().on(scan(), ev.Denied())
    assert (walk.visit.step, walk.visit.identity, walk.visit.eligibility_request) == (Step.PRESENT, None, None)


def test_back_from_the_name_keeps_the_number_to_correct():
    walk = Walk().on(ev.Started(), ev.TypeNumberChosen(), ev.NumberTyped(number="001090123456"))
    walk.on(ev.BirthTyped(birth=None), ev.BackTapped(), ev.BackTapped())
    assert (walk.visit.step, walk.visit.typed_number, walk.visit.identity) == (Step.ENTER_NUMBER, "001090123456", None)
    walk.on(ev.BackTapped())
    assert (walk.visit.step, walk.visit.typed_number) == (Step.PRESENT, "")
    assert walk.on(ev.BackTapped()).visit.step is Step.WELCOME


def test_paper_out_shows_the_trouble_tells_staff_and_reprints_the_same_number_marked():
    walk = Walk().to_ticket()
    first = walk.visit.slip
    assert first is not None
    walk.on(ev.ReprintTapped())
    assert len(walk.said(PrintSlip)) == 1
    failed = ev.PrintChanged(
        ticket_id=first.ticket_id, progress=PrintProgress.FAILED, fault=Fault(code="printer.paper_out")
    )
    walk.on(failed)
    assert walk.visit.print_fault == Fault(code="printer.paper_out")
    assert walk.said(TellStaff) == [TellStaff(code="printer.paper_out")]
    walk.on(ev.ReprintTapped())
    second = walk.visit.slip
    assert second is not None
    assert (second.label, second.reprint, walk.visit.print_progress) == (first.label, 1, PrintProgress.QUEUED)
    for _ in range(5):
        walk.on(failed, ev.ReprintTapped())
    assert len(walk.said(PrintSlip)) == 1 + MAX_REPRINTS


def test_paper_trouble_of_an_earlier_ticket_only_tells_staff():
    walk = Walk().on(
        ev.PrintChanged(ticket_id="gone", progress=PrintProgress.FAILED, fault=Fault(code="printer.cover_open"))
    )
    assert walk.visit.step is Step.WELCOME
    assert walk.said(TellStaff) == [TellStaff(code="printer.cover_open")]


def test_a_service_full_at_the_hub_leads_to_other_services_under_a_new_request():
    walk = Walk().on(scan()).answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service="noi"))
    full = Fault(code="service.full", params={"service": "noi"})
    walk.on(ev.IssueRefused(request_id="r1", fault=full))
    assert (walk.visit.step, walk.visit.notice) == (Step.REFUSED, full)
    walk.on(ev.ServiceChosen(service="nhi"))
    assert (walk.visit.step, walk.request().request_id) == (Step.ISSUING, "r2")
    assert walk.issue().visit.step is Step.TICKET


def test_an_insurance_answer_the_hub_no_longer_knows_does_not_stand_in_the_way_twice():
    walk = Walk().on(scan()).answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service="noi"))
    walk.on(ev.IssueRefused(request_id="r1", fault=Fault(code="eligibility.unknown")), ev.ServiceChosen(service="noi"))
    assert (walk.request().request_id, walk.request().eligibility_id) == ("r2", None)


def test_the_longest_name_still_fits_what_the_hub_takes():
    walk = Walk().on(scan(person(name=" ".join("ABCD" * 15)))).answer(verdict())
    walk.on(ev.Confirmed(), ev.ServiceChosen(service="noi"))
    shown = walk.request().masked_name
    assert shown is not None
    assert len(shown) <= 80


def test_a_service_known_to_be_full_is_refused_without_asking_and_back_leads_to_the_services():
    walk = Walk().on(scan()).answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service="mat"))
    assert walk.visit.step is Step.REFUSED
    assert not walk.said(IssueTicket)
    walk.on(ev.ServiceChosen(service="mat"), ev.BackTapped())
    assert walk.visit.step is Step.CHOOSE_SERVICE
    assert walk.on(ev.BackTapped()).visit.step is Step.CONFIRM


def test_a_service_closed_until_later_says_when_it_opens():
    closed = service("rang", Availability.CLOSED)
    object.__setattr__(closed, "opens_at", "13:00")
    walk = Walk().on(scan()).answer(verdict()).on(ev.ServicesLoaded(services=(closed,)), ev.Confirmed())
    walk.on(ev.ServiceChosen(service="rang"))
    assert walk.visit.notice == Fault(code="service.closed_until", params={"service": "rang", "opens_at": "13:00"})


def test_an_empty_list_of_services_is_said_and_healed_by_the_next_one():
    walk = Walk().on(ev.ServicesLoaded(services=()), scan(), ev.Confirmed())
    assert walk.visit.notice == Fault(code="notice.no_services")
    assert walk.on(ev.ServicesLoaded(services=SERVICES)).visit.notice is None


def test_help_calls_staff_once_and_says_when_nobody_could_be_told():
    walk = Walk().on(ev.HelpTapped(), ev.HelpTapped())
    assert len(walk.said(CallStaff)) == 1
    assert walk.on(ev.HelpAnswered(reached=False)).visit.help is HelpState.UNREACHABLE
    walk.on(ev.HelpTapped(), ev.HelpAnswered(reached=True))
    assert walk.visit.help is HelpState.COMING
    assert walk.on(ev.HelpDismissed()).visit.help is HelpState.NONE


def test_two_people_in_a_row_share_nothing():
    walk = Walk().on(ev.LanguageToggled()).to_ticket()
    assert walk.visit.slip is not None
    assert walk.visit.slip.language is Language.EN
    walk.on(ev.DoneTapped())
    assert walk.visit == Walk().visit
    walk.on(scan(person("001190012345", "Trần Thị Bình")))
    walk.on(ev.EligibilityAnswered(request=1, eligibility=verdict()))
    assert walk.visit.eligibility is None
    walk.on(ev.Confirmed(), ev.ServiceChosen(service="noi")).later(9).issue(16)
    assert (walk.request().request_id, walk.request().masked_name) == ("r2", "T*** T** B***")
    assert walk.visit.slip is not None
    assert (walk.visit.slip.label, walk.visit.slip.language) == ("A016", Language.VI)


def test_a_number_that_comes_after_the_patient_left_is_told_to_staff_not_printed():
    walk = Walk().on(scan()).answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service="noi"))
    request = walk.request()
    walk.later(21)
    assert walk.visit.step is Step.HUB_AWAY
    walk.on(ev.DoneTapped(), ev.TicketIssued(request_id=request.request_id, ticket=ticket(request)))
    assert walk.visit.step is Step.WELCOME
    assert not walk.said(PrintSlip)
    assert walk.said(TellStaff) == [TellStaff(code="ticket.unclaimed", params={"labels": "A015"})]


def test_starting_loads_the_services_anew():
    assert Walk().on(ev.Started()).said(LoadServices)
    assert Walk().on(scan()).said(LoadServices)
