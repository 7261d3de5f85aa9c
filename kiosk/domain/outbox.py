"""What a kiosk keeps of a wish for a number until the hub has settled it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kiosk.domain.paper import Paper
from kiosk.domain.ticket import TicketView
from kiosk.domain.visit.effects import IssueTicket

NEW_SERIES_AFTER = timedelta(hours=4)
"""A new day begins a new series of the kiosk's numbers, but not within this time of the last one: who waits with a
paper of before midnight must not meet another with the same number."""

FIRST_WITHOUT_DISK = 1000
"""From here on are numbers given while the kiosk's disk cannot be written; no kiosk gives so many of its own a day."""


class OutboxFault(Exception):
    """The outbox cannot be used. `code` is dotted (`outbox.corrupt`); `detail` is technical."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class Stage(StrEnum):
    """What is settled: nothing (`asked`), the hub's number (`answered`), the kiosk's own (`own`), or that there shall
    be none (`taken_back`). A later stage is never left for an earlier one."""

    ASKED = "asked"
    ANSWERED = "answered"
    OWN = "own"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, kw_only=True)
class Instant:
    """A moment by the wall clock (UTC), which may be set, and by the clock since the machine's start, named by `boot`,
    which may not."""

    at: datetime
    boot: str
    since_boot: timedelta

    def age(self, now: Instant) -> timedelta:
        """Time from here to `now`; never negative."""
        passed = now.since_boot - self.since_boot if now.boot == self.boot else now.at - self.at
        return max(passed, timedelta(0))


@dataclass(frozen=True, kw_only=True)
class OwnNumber:
    """A number of the kiosk's own series, its label, and when it was given (wall clock, UTC)."""

    number: int
    label: str
    printed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One wish. `wish` and `answer` are null once nothing needs them; `ticket` is the hub's id of it, `label` the
    number that was given, once known.

    `acknowledged`: the hub knows what is settled here. `paper` is null until the slip was handed to the printer;
    `paper_told`: the hub knows of it.
    """

    request_id: str
    stage: Stage
    asked: Instant
    wish: IssueTicket | None
    answer: TicketView | None = None
    ticket: str | None = None
    label: str | None = None
    own: OwnNumber | None = None
    acknowledged: bool = False
    paper: Paper | None = None
    paper_at: datetime | None = None
    paper_told: bool = True

    @property
    def is_open(self) -> bool:
        """Whether the hub has still something to hear of it."""
        return not self.acknowledged or (not self.paper_told and self.ticket is not None)


@dataclass(frozen=True, kw_only=True)
class Series:
    """The latest number of the kiosk's own."""

    day: date
    last_number: int
    given_at: datetime


def next_in_series(series: Series | None, today: date, now: datetime) -> Series:
    """The next number: 1 on a new day, else one more. A clock set back goes on counting."""
    if series is None or (today > series.day and now - series.given_at >= NEW_SERIES_AFTER):
        return Series(day=today, last_number=1, given_at=now)
    return Series(day=max(today, series.day), last_number=series.last_number + 1, given_at=now)


def next_without_disk(series: Series | None, today: date, now: datetime) -> Series:
    """The next number where a restart would not know of it: apart from the series on disk, and from what another run
    gave without its disk at another time of the day, as long as no more than one a second is given."""
    if series is None:
        second = (now.hour * 60 + now.minute) * 60 + now.second
        return Series(day=today, last_number=FIRST_WITHOUT_DISK + second, given_at=now)
    return Series(day=today, last_number=series.last_number + 1, given_at=now)


def own_label(prefix: str, number: int) -> str:
    """What stands on the paper: `K2-007`."""
    return f"{prefix}-{number:03d}"
