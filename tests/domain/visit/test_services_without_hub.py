"""What a kiosk with numbers of its own offers while the hub is away: by the hours, from what was heard last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from math import inf

from visit_walk import Walk, scan, service, verdict

from kiosk.domain.faults import Fault
from kiosk.domain.service import Availability, HoursView, ServiceView
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.effects import GiveOwnNumber
from kiosk.domain.visit.state import Step, Visit

TEN = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=7)))
MORNING = (HoursView(opens="06:30", closes="11:00"), HoursView(opens="13:00", closes="16:00"))
HOUR_S = 3600.0
OPEN_TILL_ELEVEN = replace(service("noi"), hours=MORNING)
FULL = replace(service("mat", Availability.FULL), hours=MORNING)
ALWAYS = replace(service("nhi"), hours=())
OFFER = (OPEN_TILL_ELEVEN, FULL, ALWAYS)


def kiosk(*services: ServiceView) -> Walk:
    """A kiosk that heard the hub at ten and lost it then."""
    walk = Walk(visit=Visit(own_numbers=True))
    return walk.on(ev.ServicesLoaded(services=services or OFFER, said=TEN), ev.HubLost())


def offered(walk: Walk) -> dict[str, tuple[str, str | None]]:
    return {view.id: (view.availability.value, view.opens_at) for view in walk.visit.services}


def chosen(walk: Walk, service_id: str) -> Walk:
    return walk.on(scan()).answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service=service_id))


def test_services_open_close_and_begin_anew_while_the_hub_is_away_for_a_day():
    walk = kiosk()
    assert offered(walk) == {"noi": ("open", None), "mat": ("full", None), "nhi": ("open", None)}
    walk.later(HOUR_S)
    assert offered(walk) == {"noi": ("closed", "13:00"), "mat": ("full", None), "nhi": ("open", None)}
    walk.later(2 * HOUR_S)
    assert offered(walk) == {"noi": ("open", None), "mat": ("full", None), "nhi": ("open", None)}
    walk.later(12 * HOUR_S)
    assert offered(walk) == {"noi": ("closed", "06:30"), "mat": ("closed", "06:30"), "nhi": ("open", None)}
    walk.later(6 * HOUR_S)
    assert set(offered(walk).values()) == {("open", None)}


def test_who_chooses_a_service_that_has_closed_meanwhile_is_told_when_it_opens():
    walk = chosen(kiosk().later(HOUR_S), "noi")
    assert walk.visit.step is Step.REFUSED
    assert walk.visit.notice == Fault(code="service.closed_until", params={"service": "noi", "opens_at": "13:00"})


def test_who_chooses_a_service_heard_as_closed_gets_a_number_once_it_opens():
    closed = replace(service("noi", Availability.CLOSED), opens_at="13:00")
    walk = chosen(kiosk(closed).later(3 * HOUR_S), "noi").later(0.1)
    assert walk.said(GiveOwnNumber)


def test_a_service_that_closes_while_its_number_is_being_given_keeps_its_name_on_the_slip():
    walk = chosen(kiosk().later(HOUR_S - 1), "noi").later(2)
    assert walk.visit.services[0].availability is Availability.CLOSED
    assert walk.said(GiveOwnNumber)
    assert walk.issue().visit.slip is not None


def test_the_hub_that_is_back_says_what_is_true():
    walk = kiosk().later(3 * HOUR_S)
    still_closed = replace(OPEN_TILL_ELEVEN, availability=Availability.CLOSED, opens_at="14:00")
    walk.on(ev.ServicesLoaded(services=(still_closed,), said=TEN + timedelta(hours=3)), ev.HubBack()).later(60)
    assert offered(walk) == {"noi": ("closed", "14:00")}


def test_a_hub_lost_twice_is_remembered_as_it_was_the_second_time():
    walk = kiosk().later(3 * HOUR_S)
    full = replace(OPEN_TILL_ELEVEN, availability=Availability.FULL)
    walk.on(ev.ServicesLoaded(services=(full,), said=TEN + timedelta(hours=3)), ev.HubBack(), ev.HubLost()).later(
        HOUR_S
    )
    assert offered(walk) == {"noi": ("full", None)}


def test_the_next_patient_finds_the_same_offer():
    walk = kiosk().on(ev.Started(), ev.CancelTapped()).later(HOUR_S)
    assert offered(walk)["noi"] == ("closed", "13:00")


def test_a_hub_that_does_not_say_the_time_closes_nothing_for_hours():
    walk = Walk(visit=Visit(own_numbers=True)).on(ev.ServicesLoaded(services=OFFER), ev.HubLost()).later(0.1)
    assert set(offered(walk).values()) == {("open", None)}


def test_what_was_kept_on_disk_is_as_old_as_it_is():
    walk = Walk(visit=Visit(own_numbers=True))
    walk.on(ev.ServicesLoaded(services=OFFER, said=TEN, age_s=HOUR_S))
    assert offered(walk)["noi"] == ("closed", "13:00")
    walk.on(ev.HubLost()).later(2 * HOUR_S)
    assert offered(walk) == {"noi": ("open", None), "mat": ("full", None), "nhi": ("open", None)}


def test_what_was_kept_nobody_knows_when_is_all_open():
    walk = Walk(visit=Visit(own_numbers=True)).on(ev.ServicesLoaded(services=OFFER, said=TEN, age_s=inf), ev.HubLost())
    assert set(offered(walk.later(HOUR_S)).values()) == {("open", None)}


def test_what_comes_from_disk_after_the_hub_was_heard_changes_nothing():
    walk = Walk(visit=Visit(own_numbers=True)).on(ev.ServicesLoaded(services=(ALWAYS,), said=TEN))
    for age_s in (60.0, inf):
        walk.on(ev.ServicesLoaded(services=OFFER, said=TEN, age_s=age_s))
        assert walk.visit.services == (ALWAYS,)
