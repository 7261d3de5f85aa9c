"""What the hub's clock makes of a machine's clock that is set: doubts, beliefs, and never a step of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.receptions import MORNING, Clock

from kiosk.domain.clock import ClockCondition, StepCause
from kiosk.services.steady_clock import BELIEVED_BEYOND, DOUBTED, STARTING, SteadyClock

pytestmark = pytest.mark.allowed_warnings("tiepdon.clock: the clock")
DAY = timedelta(days=1)


class Machine:
    """A machine that has been up for `up`; `right` is the time it really is."""

    def __init__(self, now: datetime = MORNING, up: timedelta = DAY) -> None:
        self.wall, self.right, self.up = Clock(now), now, up
        self.clock = SteadyClock(self.wall, lambda: self.up.total_seconds())

    def pass_time(self, **by: float) -> datetime:
        self.wall.advance(**by)
        self.right += timedelta(**by)
        self.up += timedelta(**by)
        return self.clock()

    def set_ahead(self, by: timedelta) -> datetime:
        self.wall.now += by
        return self.clock()

    def cause(self) -> StepCause | None:
        return None if self.clock.due is None else self.clock.due.cause

    def follow(self) -> datetime:
        assert self.clock.due is not None
        self.clock.follow(self.clock.due)
        return self.clock()


def test_a_clock_set_ahead_is_doubted_and_nothing_has_happened_when_it_comes_back() -> None:
    machine = Machine()
    machine.set_ahead(DAY)
    assert machine.pass_time(minutes=20) == machine.right
    assert machine.cause() is None
    assert machine.clock.state.condition is ClockCondition.AHEAD
    machine.set_ahead(-DAY)
    assert machine.pass_time(minutes=20) == machine.right
    assert machine.clock.state.condition is ClockCondition.AGREES


def test_a_clock_that_stays_ahead_is_due_after_half_an_hour_and_believed_only_when_followed() -> None:
    machine = Machine()
    machine.set_ahead(DAY)
    machine.pass_time(minutes=29)
    assert machine.cause() is None
    assert machine.pass_time(minutes=2) == machine.right
    assert machine.cause() is StepCause.LASTED
    assert machine.follow() == machine.wall() == machine.right + DAY


def test_another_jump_is_doubted_anew() -> None:
    machine = Machine()
    machine.set_ahead(DAY)
    machine.pass_time(minutes=29)
    machine.set_ahead(DAY)
    machine.pass_time(minutes=29)
    assert machine.cause() is None
    machine.pass_time(minutes=2)
    assert machine.cause() is StepCause.LASTED


def test_what_was_believed_is_undone_at_once() -> None:
    machine = Machine()
    machine.set_ahead(DAY)
    machine.pass_time(minutes=31)
    machine.follow()
    machine.pass_time(minutes=40)
    machine.set_ahead(-DAY)
    assert machine.cause() is StepCause.RETURNED
    assert machine.follow() == machine.right


@pytest.mark.parametrize("by", [timedelta(hours=15), timedelta(hours=-7)])
def test_a_time_service_is_believed_right_after_the_machine_came_up(by: timedelta) -> None:
    machine = Machine(up=timedelta(minutes=1))
    machine.set_ahead(by)
    assert machine.cause() is StepCause.STARTED
    assert machine.follow() == machine.wall()


def test_a_dead_battery_is_set_right_at_once() -> None:
    machine = Machine(datetime(2000, 1, 1, tzinfo=UTC))
    machine.clock.not_before(MORNING)
    assert machine.pass_time(minutes=3) == MORNING + timedelta(minutes=3)
    machine.wall.now = MORNING + timedelta(hours=15)
    machine.clock()
    assert machine.cause() is StepCause.WAS_WRONG
    assert machine.follow() == machine.wall()


def test_a_step_that_could_not_be_stored_is_as_if_it_had_not_been_followed() -> None:
    machine = Machine()
    machine.set_ahead(DAY)
    machine.pass_time(minutes=31)
    due = machine.clock.due
    assert due is not None
    machine.clock.withdraw(due, machine.clock.follow(due))
    assert machine.pass_time(minutes=1) == machine.right
    assert machine.cause() is StepCause.LASTED, "the next look finds it due again"


def test_a_program_started_again_goes_on_from_what_was_kept() -> None:
    machine = Machine()
    kept = machine.clock.offset
    machine.set_ahead(DAY)
    machine.clock = SteadyClock(machine.wall, lambda: machine.up.total_seconds())
    machine.clock.go_on_from(kept)
    assert machine.pass_time(minutes=1) == machine.right
    assert machine.clock.state.condition is ClockCondition.AHEAD


minutes = st.integers(0, 90).map(lambda n: timedelta(minutes=n))
jumps = st.integers(-60 * 60, 60 * 60).map(lambda n: timedelta(minutes=n)) | st.sampled_from([timedelta(), DAY, -DAY])


@settings(deadline=None)
@given(st.lists(st.tuples(minutes, jumps, st.booleans()), max_size=30), st.sampled_from([timedelta(), DAY]))
def test_readings_go_back_only_with_a_step_that_is_followed_and_run_ahead_only_by_doubted_steps(
    acts: list[tuple[timedelta, timedelta, bool]], up: timedelta
) -> None:
    machine = Machine(up=up)
    for passed, jump, follows in acts:
        before = machine.clock()
        reading = machine.pass_time(minutes=passed.total_seconds() / 60)
        assert before <= reading <= before + passed + DOUBTED
        assert reading >= min(machine.wall(), before + passed / 2)
        at_jump = machine.set_ahead(jump)
        assert reading <= at_jump <= reading + DOUBTED
        if (due := machine.clock.due) is not None and follows:
            assert abs(due.by) > DOUBTED
            assert machine.follow() == due.after
        if machine.cause() is StepCause.FAR_BACK:
            assert machine.wall() < machine.clock() - BELIEVED_BEYOND
        if machine.cause() is StepCause.STARTED:
            assert machine.up < STARTING
