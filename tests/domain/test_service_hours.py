"""When a service gives numbers, and when it opens next."""

from __future__ import annotations

from datetime import time

import pytest
from support.receptions import service

from kiosk.domain.service import Availability, availability_at, next_opening

TWO_STRETCHES = service("one", "A", hours=(("06:30", "11:00"), ("13:00", "16:00")), daily_limit=3)


@pytest.mark.parametrize(
    ("local_time", "availability", "opens"),
    [
        ("00:00", Availability.CLOSED, "06:30"),
        ("06:29:59", Availability.CLOSED, "06:30"),
        ("06:30", Availability.OPEN, "13:00"),
        ("10:59:59", Availability.OPEN, "13:00"),
        ("11:00", Availability.CLOSED, "13:00"),
        ("13:00", Availability.OPEN, None),
        ("16:00", Availability.CLOSED, None),
        ("23:59", Availability.CLOSED, None),
    ],
)
def test_hours_begin_inclusive_and_end_exclusive(
    local_time: str, availability: Availability, opens: str | None
) -> None:
    moment = time.fromisoformat(local_time)
    assert availability_at(TWO_STRETCHES, moment, 0) is availability
    assert next_opening(TWO_STRETCHES, moment) == (time.fromisoformat(opens) if opens else None)


@pytest.mark.parametrize("local_time", ["07:00", "12:00", "20:00"])
def test_a_full_service_is_full_also_outside_its_hours(local_time: str) -> None:
    assert availability_at(TWO_STRETCHES, time.fromisoformat(local_time), 2) is not Availability.FULL
    assert availability_at(TWO_STRETCHES, time.fromisoformat(local_time), 3) is Availability.FULL


def test_a_service_without_hours_or_limit_is_always_open() -> None:
    always = service("one", "A")
    assert availability_at(always, time(3), 100_000) is Availability.OPEN
    assert next_opening(always, time(3)) is None
