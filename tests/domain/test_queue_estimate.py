"""The expected wait: a range that grows with the people ahead and follows what was observed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.queue import expected_wait

minutes = st.floats(0.1, 60)


@given(st.integers(0, 300), minutes, st.lists(minutes, max_size=40), st.integers(1, 20))
def test_more_people_ahead_never_mean_a_shorter_wait(
    ahead: int, mean: float, recent: list[float], counters: int
) -> None:
    now = expected_wait(ahead, mean, tuple(recent), counters)
    later = expected_wait(ahead + 1, mean, tuple(recent), counters)
    assert now is not None
    assert later is not None
    assert 0 <= now.low_min < now.high_min
    assert now.low_min <= later.low_min
    assert now.high_min <= later.high_min


@given(st.integers(0, 300), minutes, st.integers(1, 20))
def test_another_counter_never_means_a_longer_wait(ahead: int, mean: float, counters: int) -> None:
    few, more = expected_wait(ahead, mean, (), counters), expected_wait(ahead, mean, (), counters + 1)
    assert few is not None
    assert more is not None
    assert (more.low_min, more.high_min) <= (few.low_min, few.high_min)


def test_observed_times_pull_the_configured_mean_towards_them() -> None:
    configured, slower = expected_wait(10, 5, (), 1), expected_wait(10, 5, (15.0,) * 25, 1)
    assert (configured.low_min, configured.high_min) == (35, 70)
    assert (slower.low_min, slower.high_min) == (70, 140)


def test_nobody_ahead_is_said_as_about_a_minute_and_no_counter_as_nothing() -> None:
    at_once = expected_wait(0, 5, (), 2)
    assert (at_once.low_min, at_once.high_min) == (0, 1)
    assert expected_wait(3, 5, (), 0) is None
