"""The hospital's day begins at midnight of its own time zone, not of UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.receptions import Clock, issue, open_reception, service, site

from kiosk.domain.faults import Refusal
from kiosk.domain.ticket import TicketAction
from kiosk.services.change import Change, call_next, change_ticket
from kiosk.services.show import services_now

BEFORE_MIDNIGHT = datetime(2026, 3, 2, 16, 59, 59, 999999, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


def test_the_day_changes_at_17_utc() -> None:
    assert site().day_of(BEFORE_MIDNIGHT) == date(2026, 3, 2)
    assert site().day_of(MIDNIGHT) == date(2026, 3, 3)


def test_numbers_begin_anew_at_midnight(tmp_path: Path) -> None:
    clock = Clock(BEFORE_MIDNIGHT)
    with open_reception(tmp_path, clock=clock) as reception:
        assert [issue(reception, key).label for key in ("a", "b")] == ["A001", "A002"]
        finish = Change(action=TicketAction.FINISH)
        for _ in range(2):
            called = reception.write(lambda context: call_next(context, "1", None)).result(10)
            reception.write(lambda context, id_=called.id: change_ticket(context, id_, finish)).result(10)
        clock.now = MIDNIGHT
        assert (new := issue(reception, "c")).label == "A001"
        assert new.people_ahead == 0


def test_nobody_gets_the_number_of_somebody_who_still_waits_from_before_midnight(tmp_path: Path) -> None:
    clock = Clock(BEFORE_MIDNIGHT)
    with open_reception(tmp_path, clock=clock) as reception:
        for key in ("a", "b"):
            issue(reception, key)
        clock.now = MIDNIGHT
        new = [issue(reception, key) for key in ("c", "d")]
        assert [(ticket.label, ticket.people_ahead) for ticket in new] == [("A003", 2), ("A004", 3)]


def test_the_same_key_after_midnight_is_still_yesterdays_ticket(tmp_path: Path) -> None:
    clock = Clock(BEFORE_MIDNIGHT)
    with open_reception(tmp_path, clock=clock) as reception:
        first = issue(reception, "a")
        clock.now = MIDNIGHT
        assert issue(reception, "a") == first


def test_yesterdays_called_ticket_can_still_be_finished(tmp_path: Path) -> None:
    clock = Clock(BEFORE_MIDNIGHT)
    with open_reception(tmp_path, clock=clock) as reception:
        ticket = issue(reception, "a")
        reception.write(lambda context: call_next(context, "1", None)).result(10)
        clock.now = MIDNIGHT + timedelta(minutes=5)
        finish = Change(action=TicketAction.FINISH)
        finished = reception.write(lambda context: change_ticket(context, ticket.id, finish)).result(10)
        assert finished.state == "finished"


def test_a_closed_or_full_service_gives_no_number_but_says_when(tmp_path: Path) -> None:
    hours = (("07:00", "08:30"), ("13:00", "16:00"))
    of_site = site(service("one", "A", hours=hours, daily_limit=2))
    clock = Clock()  # 08:00
    with open_reception(tmp_path, of_site, clock) as reception:
        issue(reception, "a")
        clock.advance(hours=1)
        with pytest.raises(Refusal) as closed:
            issue(reception, "b")
        (view,) = reception.read(services_now)
        assert (closed.value.fault.code, closed.value.fault.params["opens_at"]) == ("service.closed_until", "13:00")
        assert (view.availability, view.opens_at) == ("closed", "13:00")
        clock.advance(hours=4)
        assert issue(reception, "b").number == 2
        (view,) = reception.read(services_now)
        assert (view.availability, view.opens_at) == ("full", None)
        with pytest.raises(Refusal, match=r"service\.full"):
            issue(reception, "c")
        clock.advance(days=1, hours=-5)
        assert issue(reception, "c").number == 1
        clock.advance(hours=9)
        with pytest.raises(Refusal, match=r"^service\.closed$"):
            issue(reception, "d")


def test_a_ticket_at_a_counter_that_was_taken_out_of_the_site_can_be_finished(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        ticket = issue(reception, "a")
        reception.write(lambda context: call_next(context, "2", None)).result(10)
    smaller = site(counters=site().counters[:1])
    with open_reception(tmp_path, smaller) as reception:
        finish = Change(action=TicketAction.FINISH)
        finished = reception.write(lambda context: change_ticket(context, ticket.id, finish)).result(10)
        assert (finished.state, finished.counter) == ("finished", "2")
