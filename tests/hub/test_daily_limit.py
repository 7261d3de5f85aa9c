"""A service's places of a day, whoever gave the numbers: the hub, kiosks without it, staff who send people on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from support.receptions import Clock, issue, open_reception, service, site

from kiosk.domain.faults import Refusal
from kiosk.domain.service import Availability
from kiosk.domain.ticket import TicketAction, TicketView
from kiosk.services.change import Change, call_next, change_ticket
from kiosk.services.issue import IssueRequest, OfflinePaper, issue_ticket
from kiosk.services.reception import Reception
from kiosk.services.show import services_now
from kiosk.services.take_back import take_back

LIMIT = 10


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reception(tmp_path: Path, clock: Clock) -> Iterator[Reception]:
    of_site = site(service("one", "A", daily_limit=LIMIT), service("two", "B", daily_limit=LIMIT))
    with open_reception(tmp_path, of_site, clock) as opened:
        yield opened


def upload(reception: Reception, key: str, number: int, *, ago: timedelta = timedelta(minutes=1)) -> TicketView:
    """The kiosk K2 tells of its own number, given `ago`."""
    now = reception.now()
    paper = OfflinePaper(
        label=f"K2-{number:03d}",
        number=number,
        kiosk="K2",
        asked_at=now - ago,
        printed_at=now - ago,
        kiosk_now=now,
    )
    request = IssueRequest(service="one")
    issued = reception.write(lambda context: issue_ticket(context, key, request, offline=paper)).result(10)
    return msgspec.json.decode(issued.body, type=TicketView)


def taken(reception: Reception, service_id: str = "one") -> int:
    return reception.read(lambda context: context.tickets.issued(context.today, service_id))


def availability(reception: Reception, service_id: str = "one") -> Availability:
    return next(view.availability for view in reception.read(services_now) if view.id == service_id)


def give_back(reception: Reception, key: str) -> None:
    reception.write(lambda context: take_back(context, key)).result(10)


def change(reception: Reception, ticket_id: str, action: TicketAction, target: str | None = None) -> None:
    wanted = Change(action=action, service=target)
    reception.write(lambda context: change_ticket(context, ticket_id, wanted)).result(10)


def test_numbers_given_without_the_hub_take_places_of_the_day(reception: Reception) -> None:
    for number in (1, 2):
        upload(reception, f"own-{number}", number)
    for number in range(LIMIT - 2):
        assert issue(reception, f"hub-{number}").number == number + 1, "the service's own numbers have no gap"
    assert availability(reception) is Availability.FULL
    with pytest.raises(Refusal, match=r"^service\.full$"):
        issue(reception, "one too many")


def test_a_paper_is_taken_in_also_where_no_place_is_left(reception: Reception) -> None:
    for number in range(LIMIT):
        issue(reception, f"hub-{number}")
    assert upload(reception, "own", 1).label == "K2-001"
    assert taken(reception) == LIMIT + 1
    give_back(reception, "hub-0")
    with pytest.raises(Refusal, match=r"^service\.full$"):
        issue(reception, "still none")


def test_one_ticket_takes_one_place_however_often_it_is_told_of(reception: Reception) -> None:
    issue(reception, "answer lost")
    for _ in range(2):
        assert upload(reception, "answer lost", 1).label == "K2-001"
        upload(reception, "never heard", 2)
    assert taken(reception) == 2


def test_a_paper_of_yesterday_takes_a_place_of_yesterday(reception: Reception, clock: Clock) -> None:
    clock.advance(hours=17)
    upload(reception, "own", 1, ago=timedelta(hours=10))
    assert taken(reception) == 0
    yesterday = clock.now - timedelta(days=1)
    assert reception.read(lambda context: context.tickets.issued(context.site.day_of(yesterday), "one")) == 1


def test_a_transfer_takes_no_place_and_gives_none_back(reception: Reception) -> None:
    for number in range(LIMIT):
        issue(reception, f"two-{number}", "two")
    moved = [issue(reception, "hub").id, upload(reception, "own", 1).id]
    for ticket_id in moved:
        change(reception, ticket_id, TicketAction.TRANSFER, "two")
    assert (taken(reception), taken(reception, "two")) == (2, LIMIT)


def test_a_number_nobody_saw_gives_its_place_back_once(reception: Reception) -> None:
    for number in range(LIMIT):
        issue(reception, f"hub-{number}")
    for _ in range(2):
        give_back(reception, "hub-3")
    assert availability(reception) is Availability.OPEN
    assert issue(reception, "next").number == LIMIT + 1, "the number itself is never given again"
    assert availability(reception) is Availability.FULL


def test_the_place_comes_back_where_the_number_was_taken_and_a_paper_keeps_its_place(reception: Reception) -> None:
    hub, own = issue(reception, "hub"), upload(reception, "own", 1)
    for ticket in (hub, own):
        change(reception, ticket.id, TicketAction.TRANSFER, "two")
    for key in ("hub", "own"):
        give_back(reception, key)
    assert (taken(reception), taken(reception, "two")) == (1, 0)


def test_a_key_taken_back_before_it_came_takes_and_gives_no_place(reception: Reception) -> None:
    issue(reception, "other")
    give_back(reception, "late")
    with pytest.raises(Refusal, match=r"^ticket\.cancelled_before$"):
        upload(reception, "late", 1)
    assert taken(reception) == 1


def test_who_was_called_or_was_cancelled_by_staff_keeps_the_place_taken(reception: Reception) -> None:
    issue(reception, "called")
    reception.write(lambda context: call_next(context, "1", None)).result(10)
    give_back(reception, "called")
    change(reception, issue(reception, "cancelled").id, TicketAction.CANCEL)
    give_back(reception, "cancelled")
    assert taken(reception) == 2
