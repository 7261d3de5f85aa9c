"""Clock jumps, day roll-over and midnight: no day goes back, no number comes twice, nobody who waits is sent away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.receptions import MORNING, Clock, issue, open_reception

from kiosk.domain.number_jump import next_after
from kiosk.services.change import call_next
from kiosk.services.show import board_content, counter_list
from kiosk.services.steady_clock import SteadyClock

pytestmark = pytest.mark.allowed_warnings("tiepdon.clock: the clock")


UP_S = 86_400.0
"""The machine has been up for a day."""


class Machine:
    """A machine whose clock can be set while time passes."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.wall, self.elapsed_s = Clock(now), UP_S
        self.clock = SteadyClock(self.wall, lambda: self.elapsed_s)

    def pass_time(self, **by: float) -> datetime:
        self.wall.advance(**by)
        self.elapsed_s += timedelta(**by).total_seconds()
        return self.clock()


def test_the_clock_is_the_machines_as_long_as_nobody_sets_it() -> None:
    machine = Machine()
    assert [machine.pass_time(minutes=7) for _ in range(3)] == [MORNING + timedelta(minutes=7 * n) for n in (1, 2, 3)]


def test_an_hour_back_is_walked_off_at_half_speed_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    before = machine.pass_time(minutes=10)
    machine.wall.advance(hours=-1)
    readings = [machine.pass_time(minutes=10) for _ in range(12)]
    assert readings[0] == before + timedelta(minutes=5)
    assert readings == sorted(readings)
    assert readings[-1] == machine.wall(), "after two hours both agree again"
    assert caplog.text.count("the clock went back") == 1


def test_small_steps_of_a_time_service_neither_go_back_nor_are_told(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    before = machine.pass_time(minutes=1)
    machine.wall.advance(seconds=-20)
    assert machine.clock() == before
    assert machine.pass_time(seconds=60) == machine.wall()
    assert caplog.text == ""


def test_a_dead_battery_goes_on_from_what_is_stored(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine(datetime(2000, 1, 1, tzinfo=UTC))
    machine.clock.not_before(MORNING)
    assert machine.pass_time(minutes=3) == MORNING + timedelta(minutes=3)
    assert caplog.text.count("the clock went back") == 1


def test_a_clock_that_was_days_ahead_is_not_followed_for_days() -> None:
    machine = Machine()
    machine.clock.not_before(MORNING + timedelta(days=400))
    machine.pass_time(minutes=1)
    assert machine.clock.due is not None
    machine.clock.follow(machine.clock.due)
    assert machine.pass_time(minutes=1) == machine.wall()


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(hours=-20), timedelta(days=-3)])
def test_numbers_are_never_reused_and_order_stands_whatever_the_clock_does(tmp_path: Path, jump: timedelta) -> None:
    machine = Machine(MORNING + timedelta(hours=12))
    with open_reception(tmp_path, clock=machine.clock) as reception:
        numbers = []
        for n in range(6):
            machine.pass_time(minutes=1)
            if n == 3:
                machine.wall.advance(seconds=jump.total_seconds())
            ticket = issue(reception, f"key-{n}")
            numbers.append((machine.clock().astimezone(reception.site.time_zone).date(), ticket.number))
        assert len(set(numbers)) == 6


def test_those_who_wait_over_midnight_are_called_first_and_seen_on_the_board(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 3, 2, 16, 50, tzinfo=UTC))  # 23:50 in Ho Chi Minh City
    with open_reception(tmp_path, clock=clock) as reception:
        late = [issue(reception, f"late-{n}") for n in range(5)]
        called = reception.write(lambda context: call_next(context, "1", None)).result(10)
        clock.advance(minutes=20)
        early = issue(reception, "after midnight")
        assert (early.label, early.people_ahead) == ("A006", 4), "behind those from before, with no number of theirs"
        board = reception.read(board_content)
        assert [call.label for call in board.now_called] == [called.label]
        queue = next(queue for queue in board.queues if queue.service == "one")
        assert (queue.waiting, queue.next_labels[0]) == (5, late[1].label)
        assert len(reception.read(lambda context: counter_list(context, "1"))) == 6
        order = [reception.write(lambda context: call_next(context, "1", None)).result(10).id for _ in range(5)]
        assert order == [ticket.id for ticket in [*late[1:], early]]
        assert reception.write(lambda context: call_next(context, "1", None)).result(10) is None


def test_by_morning_the_day_before_is_over(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 3, 2, 16, 50, tzinfo=UTC))
    with open_reception(tmp_path, clock=clock) as reception:
        issue(reception, "late")
        clock.advance(hours=4, minutes=15)
        assert reception.write(lambda context: call_next(context, "1", None)).result(10) is None
        assert issue(reception, "morning").people_ahead == 0


@pytest.mark.parametrize(
    ("last", "missing", "jump", "goes_on_after"),
    [
        (0, timedelta(), None, 100),
        (45, timedelta(seconds=10), None, 200),
        (45, timedelta(minutes=5), None, 500),
        (45, timedelta(hours=4), None, 1700),
        (45, timedelta(seconds=-5), None, 200),
        (45, timedelta(hours=4), 30, 100),
        (100, timedelta(), 0, 100),
    ],
)
def test_how_far_numbers_leap_after_a_restore(
    last: int, missing: timedelta, jump: int | None, goes_on_after: int
) -> None:
    assert next_after(last, missing, jump) == goes_on_after
