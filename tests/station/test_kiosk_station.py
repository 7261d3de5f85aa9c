"""The station over a hub that keeps, loses, refuses and comes back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from keeping_hub import HOSPITAL, OPTIONS, TODAY, VERDICT, Bench, KeepingHub, WaitingExecutor
from support.keepings import keeping

from kiosk.domain.faults import Fault
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.slip import Slip
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import HelpState, PrintProgress, Step, Visit
from kiosk.station.ids import StationIds
from kiosk.station.kiosk_station import KioskStation
from kiosk.station.station_loop import StationLoop

CARD = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường X, Hà Nội|15042021"


def card() -> ev.CodeScanned:
    return ev.CodeScanned(code=recognise(CARD, certain=True, today=TODAY))


def choose(bench: Bench) -> None:
    for event in (card(), ev.Confirmed(), ev.ServiceChosen(service="noi")):
        bench.station.post(event)
        bench.station.process_pending()


def test_a_whole_visit_from_the_card_to_the_slip():
    bench = Bench()
    choose(bench)
    assert bench.station.visit.step is Step.TICKET
    [slip] = bench.slips
    assert (slip.label, slip.next_step, slip.masked_name) == ("A001", "next_step.wait_for_call", "N*** V** A*")
    assert bench.hub.asked[0].card == "001090123456"
    assert bench.station.open_calls == frozenset()


def test_posting_wakes_the_owner_and_changes_nothing_by_itself():
    bench = Bench()
    wakes = bench.wakes
    bench.station.post(ev.Started())
    assert bench.wakes == wakes + 1
    assert bench.station.visit.step is Step.WELCOME


def test_subscribers_see_the_visit_now_and_after_each_change_only():
    bench = Bench()
    seen: list[Visit] = []
    bench.station.subscribe(seen.append)
    assert len(seen) == 1
    bench.later(1)
    assert len(seen) == 1
    bench.station.post(ev.Started())
    bench.station.process_pending()
    assert [visit.step for visit in seen] == [Step.WELCOME, Step.PRESENT]


def test_a_lost_answer_is_asked_for_again_under_the_same_id_and_gives_the_same_number():
    bench = Bench(hub=KeepingHub(answers_lost=3))
    choose(bench)
    assert bench.station.visit.step is Step.ISSUING
    bench.later(5)
    assert bench.station.visit.step is Step.TICKET
    assert len(bench.hub.tickets) == 1
    assert len(bench.hub.attempts) == 4
    assert len(set(bench.hub.attempts)) == 1
    assert len(bench.slips) == 1


def test_attempts_back_off_from_a_third_of_a_second_to_two():
    bench = Bench()
    bench.hub.answers_lost = 1000
    choose(bench)
    bench.later(1.2)
    assert len(bench.hub.attempts) == 3
    bench.later(18.0)
    assert 10 <= len(bench.hub.attempts) <= 14


def test_a_refusal_is_an_answer_and_is_not_repeated():
    bench = Bench(hub=KeepingHub(refuses_with="service.full"))
    choose(bench)
    bench.later(5)
    assert bench.station.visit.step is Step.REFUSED
    assert bench.station.visit.notice == Fault(code="service.full", params={"service": "noi"})
    assert len(bench.hub.attempts) == 1


@pytest.mark.allowed_warnings("hub does not answer")
def test_a_hub_that_goes_and_comes_back_is_noticed_within_seconds_without_a_touch():
    bench = Bench()
    bench.hub.reachable = False
    bench.later(6)
    assert bench.station.visit.step is Step.HUB_AWAY
    bench.hub.reachable = True
    bench.later(1.2)
    assert bench.station.visit.step is Step.WELCOME


def test_one_missed_answer_is_not_yet_a_lost_hub():
    bench = Bench()
    steps: list[Step] = []
    bench.station.subscribe(lambda visit: steps.append(visit.step))
    bench.later(4.9)
    bench.hub.reachable = False
    bench.later(0.2)
    bench.hub.reachable = True
    bench.later(2)
    assert steps == [Step.WELCOME]


@pytest.mark.allowed_warnings("hub does not answer")
def test_a_kiosk_switched_on_without_a_hub_says_so_and_recovers():
    bench = Bench(hub=KeepingHub(reachable=False))
    bench.later(1)
    assert bench.station.visit.step is Step.HUB_AWAY
    bench.hub.reachable = True
    bench.later(1.2)
    assert bench.station.visit.step is Step.WELCOME
    assert bench.station.visit.services


@pytest.mark.allowed_warnings("hub does not answer")
def test_a_kiosk_switched_on_before_its_hub_prints_the_hospitals_name_all_the_same():
    bench = Bench(hub=KeepingHub(reachable=False))
    bench.later(3)
    bench.hub.reachable = True
    bench.later(3)
    choose(bench)
    assert bench.slips[0].hospital == HOSPITAL


@pytest.mark.allowed_warnings("hub does not answer")
def test_the_hub_lost_while_issuing_is_said_and_the_number_comes_when_it_is_back():
    bench = Bench()
    bench.station.post(card())
    bench.station.process_pending()
    bench.hub.reachable = False
    for event in (ev.Confirmed(), ev.ServiceChosen(service="noi")):
        bench.station.post(event)
    bench.station.process_pending()
    bench.later(3)
    assert (bench.station.visit.step, bench.station.visit.hub_away) == (Step.ISSUING, True)
    bench.later(20)
    assert bench.station.visit.step is Step.HUB_AWAY
    bench.hub.reachable = True
    bench.later(1.5)
    assert bench.station.visit.step is Step.TICKET
    assert len(bench.hub.tickets) == 1


def test_a_number_that_was_given_after_the_patient_left_is_told_to_staff():
    bench = Bench()
    bench.hub.answers_lost = 1000
    choose(bench)
    bench.later(21)
    bench.station.post(ev.DoneTapped())
    bench.station.process_pending()
    assert bench.station.visit.identity is None
    bench.hub.answers_lost = 0
    bench.later(3)
    assert bench.hub.faults == ["ticket.unclaimed"]
    assert not bench.slips


@pytest.mark.allowed_warnings("hub does not answer")
def test_a_fault_report_waits_for_the_hub_and_is_told_once():
    bench = Bench()
    bench.hub.reachable = False
    bench.station.report_fault("printer.paper_out")
    bench.station.report_fault("printer.paper_out")
    bench.later(4)
    assert bench.hub.faults == []
    bench.hub.reachable = True
    bench.later(3)
    assert bench.hub.faults == ["printer.paper_out"]


@pytest.mark.parametrize(("reachable", "state"), [(True, HelpState.COMING), (False, HelpState.UNREACHABLE)])
def test_a_call_for_help_is_answered_either_way(reachable, state):
    bench = Bench()
    bench.hub.reachable = reachable
    bench.station.post(ev.HelpTapped())
    bench.station.process_pending()
    assert bench.station.visit.help is state


@pytest.mark.allowed_warnings("hub does not answer", "failed")
def test_a_bug_in_a_call_is_not_the_end_of_the_station(caplog):
    bench = Bench()
    bench.hub.breaks = True
    choose(bench)
    bench.station.post(ev.HelpTapped())
    bench.later(2)
    assert bench.station.visit.help is HelpState.UNREACHABLE
    bench.hub.breaks = False
    bench.later(3)
    assert bench.station.visit.step is Step.TICKET
    assert "Nguyễn" not in caplog.text
    assert "001090123456" not in caplog.text


def test_a_question_of_a_patient_who_left_is_not_asked_any_more():
    questions = WaitingExecutor()
    bench = Bench(questions=questions)
    bench.station.post(card())
    bench.station.post(ev.CancelTapped())
    bench.station.process_pending()
    questions.run_all()
    bench.station.process_pending()
    assert bench.hub.asked == []
    assert bench.station.visit.eligibility is None


@pytest.mark.allowed_warnings("a slip could not be handed")
def test_a_slip_that_cannot_be_made_leaves_the_number_on_the_screen(caplog):
    def torn(slip: Slip) -> None:
        raise KeyError("ticket.slip.caption")

    bench = Bench(print_slip=torn)
    choose(bench)
    assert bench.station.visit.step is Step.TICKET
    assert bench.station.visit.print_progress is PrintProgress.FAILED
    assert bench.station.visit.print_fault == Fault(code="printer.failed")


def test_a_stopped_station_starts_nothing():
    bench = Bench()
    bench.station.stop()
    bench.station.post(card())
    bench.later(1)
    assert bench.station.visit.step is Step.WELCOME
    assert bench.hub.asked == []


def test_request_ids_never_repeat_and_question_numbers_count():
    ids = StationIds()
    assert len({ids.request_id() for _ in range(100)}) == 100
    assert [ids.question_number() for _ in range(3)] == [1, 2, 3]


def test_with_real_threads_the_portal_may_be_silent_while_the_patient_goes_on():
    hub = KeepingHub(insurance_waits=True, verdict=replace(VERDICT, id="late"))
    loop = StationLoop()
    slips: list[Slip] = []
    done = threading.Event()

    def on_visit(visit: Visit) -> None:
        if visit.step is Step.CONFIRM:
            station.post(ev.Confirmed())
        elif visit.step is Step.CHOOSE_SERVICE and visit.services:
            station.post(ev.ServiceChosen(service="noi"))
        elif visit.step is Step.ISSUING:
            hub.may_answer_insurance.set()
        elif visit.step is Step.TICKET:
            done.set()

    with ThreadPoolExecutor(2) as calls, ThreadPoolExecutor(1) as questions:
        station = KioskStation(
            hub=hub,
            print_slip=slips.append,
            keeping=keeping(),
            options=OPTIONS,
            ids=StationIds(),
            clock_s=lambda: 0.0,
            today=lambda: TODAY,
            calls=calls,
            questions=questions,
            wake=loop.wake,
        )
        station.subscribe(on_visit)
        owner = threading.Thread(target=loop.run, args=(station,), name="station-test")
        owner.start()
        station.post(card())
        assert done.wait(10)
        loop.stop()
        owner.join(2)
        station.stop()
    assert not owner.is_alive()
    assert [slip.label for slip in slips] == ["A001"]
    assert station.visit.eligibility is not None
    assert station.visit.eligibility.id == "late"
