"""Papers printed without the hub around midnight: who waits is called, whose day is over is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from support.receptions import Clock, issue, open_reception

from kiosk.domain.ticket import TicketAction, TicketState, TicketView
from kiosk.services.change import Change, call_next, change_ticket
from kiosk.services.issue import IssueRequest, OfflinePaper, issue_ticket
from kiosk.services.reception import Reception
from kiosk.services.show import board_content, counter_list

AFTER_MIDNIGHT = datetime(2026, 3, 2, 17, 10, tzinfo=UTC)
"""00:10 in Ho Chi Minh City."""


def upload(reception: Reception, label: str, ago: timedelta, kiosk_now: datetime) -> TicketView:
    asked_at = kiosk_now - ago
    number = int(label.rpartition("-")[2])
    paper = OfflinePaper(
        label=label, number=number, kiosk="K2", asked_at=asked_at, printed_at=asked_at, kiosk_now=kiosk_now
    )
    request = IssueRequest(service="one")
    issued = reception.write(lambda context: issue_ticket(context, f"key-{label}", request, offline=paper)).result(10)
    return msgspec.json.decode(issued.body, type=TicketView)


def test_a_paper_of_before_midnight_is_called_before_those_that_came_after(tmp_path: Path) -> None:
    clock = Clock(AFTER_MIDNIGHT)
    with open_reception(tmp_path, clock=clock) as reception:
        after = upload(reception, "K2-002", timedelta(minutes=2), clock.now)
        before = upload(reception, "K2-001", timedelta(minutes=20), clock.now)
        assert (before.people_ahead, after.people_ahead) == (0, 0)
        order = [reception.write(lambda context: call_next(context, "1", None)).result(10).label for _ in range(2)]
    assert order == ["K2-001", "K2-002"]


def test_a_paper_of_yesterday_that_comes_in_the_morning_is_held_for_staff_who_are_told(tmp_path: Path) -> None:
    """A kiosk that started with the clock of yesterday tells the same of somebody who stands there now."""
    clock = Clock(AFTER_MIDNIGHT + timedelta(hours=7))
    with open_reception(tmp_path, clock=clock) as reception:
        kept = upload(reception, "K2-009", timedelta(hours=15), clock.now)
        assert reception.write(lambda context: call_next(context, "1", None)).result(10) is None
        listed = reception.read(lambda context: counter_list(context, "1"))
        assert [(t.id, t.state, t.flags) for t in listed] == [(kept.id, TicketState.HELD, ("flag.earlier_day",))]
        alerts = reception.read(lambda context: context.records.open_alerts())
        assert [(a.kiosk, a.code, a.params) for a in alerts] == [
            ("K2", "ticket.paper_of_earlier_day", {"labels": "K2-009"})
        ]
        recall = Change(action=TicketAction.RECALL, counter="1")
        reception.write(lambda context: change_ticket(context, kept.id, recall)).result(10)
        assert [call.label for call in reception.read(board_content).now_called] == ["K2-009"]


def test_a_paper_of_yesterday_takes_no_place_and_no_label_of_today_from_anybody(tmp_path: Path) -> None:
    clock = Clock(AFTER_MIDNIGHT + timedelta(hours=7))
    with open_reception(tmp_path, clock=clock) as reception:
        today = upload(reception, "K2-009", timedelta(minutes=1), clock.now)
        old = IssueRequest(service="one")
        asked_at = clock.now - timedelta(hours=15)
        paper = OfflinePaper(
            label="K2-009", number=9, kiosk="K2", asked_at=asked_at, printed_at=asked_at, kiosk_now=clock.now
        )
        reception.write(lambda context: issue_ticket(context, "old", old, offline=paper)).result(10)
        assert reception.read(lambda context: context.tickets.issued(context.today, "one")) == 1
        listed = reception.read(lambda context: counter_list(context, "1"))
        assert [ticket.label for ticket in listed] == ["K2-009", "K2-009"]
        assert all("flag.label_twice" in ticket.flags for ticket in listed)
        assert reception.write(lambda context: call_next(context, "1", None)).result(10).id == today.id


def test_a_number_of_before_midnight_whose_paper_comes_in_the_morning_is_held_for_staff(tmp_path: Path) -> None:
    """The first try had arrived in the evening, so the hub has a ticket that nobody can call any more."""
    clock = Clock(AFTER_MIDNIGHT - timedelta(hours=1))
    with open_reception(tmp_path, clock=clock) as reception:
        evening = issue(reception, "key-K2-001")
        clock.advance(hours=8)
        kept = upload(reception, "K2-001", timedelta(hours=8), clock.now)
        assert kept.id != evening.id
        assert (kept.label, kept.state, kept.issued_at) == ("K2-001", TicketState.HELD, evening.issued_at)
        assert [ticket.id for ticket in reception.read(lambda context: counter_list(context, "1"))] == [kept.id]


def test_a_kiosk_whose_clock_is_a_year_off_still_gets_the_right_day(tmp_path: Path) -> None:
    clock = Clock()
    with open_reception(tmp_path, clock=clock) as reception:
        for number, wrong in enumerate((timedelta(days=-365), timedelta(days=365)), 1):
            ticket = upload(reception, f"K2-00{number}", timedelta(minutes=5), clock.now + wrong)
            assert ticket.issued_at == clock.now - timedelta(minutes=5)
        assert reception.write(lambda context: call_next(context, "1", None)).result(10).label == "K2-001"
