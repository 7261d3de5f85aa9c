"""Papers printed without the hub around midnight: who waits is called, whose day is over is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from support.receptions import Clock, open_reception

from kiosk.domain.ticket import TicketState, TicketView
from kiosk.services.change import call_next
from kiosk.services.issue import IssueRequest, OfflinePaper, issue_ticket
from kiosk.services.reception import Reception
from kiosk.services.show import ticket_detail

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


def test_a_paper_of_yesterday_that_comes_in_the_morning_is_kept_and_nobody_is_called_by_it(tmp_path: Path) -> None:
    clock = Clock(AFTER_MIDNIGHT + timedelta(hours=7))
    with open_reception(tmp_path, clock=clock) as reception:
        kept = upload(reception, "K2-009", timedelta(hours=15), clock.now)
        assert reception.write(lambda context: call_next(context, "1", None)).result(10) is None
        assert reception.read(lambda context: ticket_detail(context, kept.id)).state is TicketState.WAITING


def test_a_kiosk_whose_clock_is_a_year_off_still_gets_the_right_day(tmp_path: Path) -> None:
    clock = Clock()
    with open_reception(tmp_path, clock=clock) as reception:
        for number, wrong in enumerate((timedelta(days=-365), timedelta(days=365)), 1):
            ticket = upload(reception, f"K2-00{number}", timedelta(minutes=5), clock.now + wrong)
            assert ticket.issued_at == clock.now - timedelta(minutes=5)
        assert reception.write(lambda context: call_next(context, "1", None)).result(10).label == "K2-001"
