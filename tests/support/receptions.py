"""A reception over a data folder with a clock and ids of the test's own: the queue without HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from kiosk.domain.events import SiteEvent
from kiosk.domain.localized import LocalizedText
from kiosk.domain.service import Counter, OpenHours, Service
from kiosk.domain.site import Site
from kiosk.domain.ticket import Priority, TicketView
from kiosk.services.issue import IssueRequest, issue_ticket
from kiosk.services.reception import Reception

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""08:00 of a Monday in Ho Chi Minh City."""


class Clock:
    """UTC time that moves only when told to."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


def text(words: str) -> LocalizedText:
    return LocalizedText(vi=words, en=words)


def service(
    service_id: str,
    prefix: str,
    *,
    hours: tuple[tuple[str, str], ...] = (),
    daily_limit: int | None = None,
) -> Service:
    return Service(
        id=service_id,
        prefix=prefix,
        name=text(service_id),
        room=text("room"),
        directions=text("ahead"),
        hours=tuple(OpenHours(opens=time.fromisoformat(o), closes=time.fromisoformat(c)) for o, c in hours),
        daily_limit=daily_limit,
    )


def site(*services: Service, counters: tuple[Counter, ...] = ()) -> Site:
    return Site(
        id="main",
        hospital=text("Hospital"),
        time_zone=ZoneInfo("Asia/Ho_Chi_Minh"),
        services=services or (service("one", "A"), service("two", "B")),
        counters=counters or (Counter(id="1", name=text("1")), Counter(id="2", name=text("2"))),
    )


@contextmanager
def open_reception(
    data: Path,
    of_site: Site | None = None,
    clock: Callable[[], datetime] | None = None,
    on_events: Callable[[tuple[SiteEvent, ...]], None] = lambda events: None,
) -> Iterator[Reception]:
    data.mkdir(parents=True, exist_ok=True)
    reception = Reception(
        site=of_site or site(), data=data, now=clock or Clock(), new_id=lambda: uuid.uuid4().hex, on_events=on_events
    )
    with closing(reception):
        yield reception


def issue(reception: Reception, key: str, service_id: str = "one", priority: Priority = Priority.NORMAL) -> TicketView:
    """A ticket as the hub would answer it, once its commit is durable."""
    request = IssueRequest(service=service_id, priority=priority)
    issued = reception.write(lambda context: issue_ticket(context, key, request)).result(10)
    return msgspec.json.decode(issued.body, type=TicketView)
