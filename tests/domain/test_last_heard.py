"""Services while the hub is away: the hospital's time goes on, and with it what opens, closes and begins anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from math import inf

import pytest

from kiosk.domain.kept_site import KeptSite
from kiosk.domain.last_heard import LastHeard, services_by
from kiosk.domain.localized import LocalizedText
from kiosk.domain.outbox import Instant
from kiosk.domain.service import Availability, HoursView, ServiceView
from kiosk.domain.visit.events import ServicesLoaded

HOSPITAL_TIME = timezone(timedelta(hours=7))
OPEN, CLOSED, FULL = Availability.OPEN, Availability.CLOSED, Availability.FULL
HOURS = (HoursView(opens="06:30", closes="11:00"), HoursView(opens="13:00", closes="16:00"))
TEN = datetime(2026, 11, 22, 10, 0, tzinfo=HOSPITAL_TIME)
NAME = LocalizedText(vi="Khám", en="Clinic")


def view(
    availability: Availability, opens_at: str | None = None, hours: tuple[HoursView, ...] | None = HOURS
) -> ServiceView:
    return ServiceView(
        id="noi",
        prefix="A",
        name=NAME,
        room=NAME,
        directions=NAME,
        availability=availability,
        opens_at=opens_at,
        waiting=7,
        for_insured=True,
        for_uninsured=True,
        hours=hours,
    )


def by_now(told: ServiceView, passed: timedelta, said: datetime | None = TEN) -> tuple[Availability, str | None]:
    """What `told` has become after `passed`."""
    heard = LastHeard(services=(told,), said=said, at_s=100.0)
    (now,) = services_by(heard, 100.0 + passed.total_seconds())
    return now.availability, now.opens_at


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (timedelta(minutes=59, seconds=59), (OPEN, None)),
        (timedelta(hours=1), (CLOSED, "13:00")),
        (timedelta(hours=2, minutes=59), (CLOSED, "13:00")),
        (timedelta(hours=3), (OPEN, None)),
        (timedelta(hours=6), (CLOSED, None)),
        (timedelta(hours=14), (CLOSED, "06:30")),
        (timedelta(hours=20, minutes=30), (OPEN, None)),
        (timedelta(days=3), (OPEN, None)),
    ],
)
def test_a_service_opens_and_closes_by_its_hours(passed: timedelta, expected: tuple[Availability, str | None]) -> None:
    assert by_now(view(OPEN), passed) == expected


def test_one_heard_as_closed_until_one_is_open_from_one_also_where_its_hours_are_not_known() -> None:
    told = view(CLOSED, "13:00", hours=None)
    at_twelve = datetime(2026, 11, 22, 12, 0, tzinfo=HOSPITAL_TIME)
    assert by_now(told, timedelta(minutes=59, seconds=59), at_twelve) == (CLOSED, "13:00")
    assert by_now(told, timedelta(hours=1), at_twelve) == (OPEN, None)


def test_without_known_hours_what_was_closed_for_the_day_opens_on_the_next() -> None:
    told = view(CLOSED, hours=None)
    assert by_now(told, timedelta(hours=13, minutes=59)) == (CLOSED, None)
    assert by_now(told, timedelta(hours=14)) == (OPEN, None)


@pytest.mark.parametrize("hours", [HOURS, (), None])
def test_full_holds_until_the_hospitals_day_changes(hours: tuple[HoursView, ...] | None) -> None:
    told = view(FULL, hours=hours)
    assert by_now(told, timedelta(hours=13, minutes=59)) == (FULL, None)
    assert by_now(told, timedelta(hours=14))[0] is (CLOSED if hours else OPEN)
    assert by_now(told, timedelta(hours=21)) == (OPEN, None)


def test_the_day_changes_at_the_hospitals_midnight_not_at_that_of_utc() -> None:
    at_six = datetime(2026, 11, 22, 6, 0, tzinfo=HOSPITAL_TIME)
    assert by_now(view(FULL), timedelta(hours=2), at_six) == (FULL, None)


def test_nobody_of_yesterday_waits_on_a_new_day() -> None:
    heard = LastHeard(services=(view(OPEN),), said=TEN, at_s=0.0)
    assert [services_by(heard, hours * 3600.0)[0].waiting for hours in (1, 15)] == [7, 0]


def test_where_nobody_knows_the_time_every_service_is_open() -> None:
    assert by_now(view(FULL), timedelta(hours=1), said=None) == (OPEN, None)
    assert by_now(view(CLOSED, "13:00"), timedelta(hours=1), said=None) == (OPEN, None)


def test_what_the_hub_says_now_stands_whatever_the_hours_say() -> None:
    assert by_now(view(CLOSED), timedelta(0)) == (CLOSED, None)


# -- kept on disk -----------------------------------------------------------------------------------------------------


def instant(at: datetime, since_s: float = 500.0, boot: str = "first") -> Instant:
    return Instant(at=at, boot=boot, since_boot=timedelta(seconds=since_s))


def kept(said: datetime | None = TEN, *, clock: datetime = TEN, told: ServiceView | None = None) -> KeptSite:
    return KeptSite(site=ServicesLoaded(services=(told or view(OPEN),), said=said), kept=instant(clock))


def test_within_one_run_of_the_machine_the_wall_clock_has_no_say() -> None:
    wrong = TEN + timedelta(days=-4000)
    resumed = kept(clock=wrong).resumed(instant(TEN + timedelta(hours=9), since_s=560.0))
    assert (resumed.said, resumed.age_s) == (TEN, 60.0)


def test_after_the_machine_was_off_the_wall_clock_tells_against_the_hubs_word() -> None:
    wrong_then = TEN - timedelta(hours=9)
    now = instant(TEN + timedelta(hours=2), since_s=20.0, boot="second")
    assert kept(clock=wrong_then).resumed(now).age_s == 7200.0


@pytest.mark.parametrize(
    "now", [TEN - timedelta(seconds=1), datetime(1970, 1, 1, tzinfo=HOSPITAL_TIME), TEN + timedelta(days=32)]
)
def test_a_clock_that_cannot_be_right_closes_nothing(now: datetime) -> None:
    resumed = kept(told=view(FULL)).resumed(instant(now, since_s=20.0, boot="second"))
    assert resumed.age_s == inf


def test_only_what_lasts_is_worth_a_write() -> None:
    first = kept()
    more_waiting = replace(first.site, services=(replace(view(OPEN), waiting=8),), said=TEN + timedelta(minutes=5))
    assert first.says_the_same(KeptSite(site=more_waiting, kept=instant(TEN, since_s=800.0)))
    assert not first.says_the_same(kept(told=view(FULL)))
    assert not first.says_the_same(kept(said=TEN + timedelta(hours=14)))
    assert not first.says_the_same(replace(first, kept=instant(TEN, boot="second")))
