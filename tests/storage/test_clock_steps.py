"""The hub's clock steps while people wait: nobody is lost, no label comes twice, undone it never was."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.receptions import MORNING, Clock, issue, open_reception, service, site

from kiosk.domain.site import Site
from kiosk.domain.ticket import TicketAction
from kiosk.services.change import Change, call_next, change_ticket
from kiosk.services.clock_step import CLOCK_FOLLOWED
from kiosk.services.clock_watch import CLOCK_AHEAD, CLOCK_WRONG, ClockWatch
from kiosk.services.reception import Reception
from kiosk.services.show import board_content, counter_list, services_now
from kiosk.services.steady_clock import SteadyClock

pytestmark = pytest.mark.allowed_warnings("tiepdon.clock: the")
DAY = timedelta(days=1)
HALF_AN_HOUR_AND_MORE = 31


class Hub:
    """A reception whose clock is watched, on a machine whose clock can be set."""

    def __init__(self, folder: Path, now: datetime = MORNING, up: timedelta = DAY, of_site: Site | None = None) -> None:
        self.wall, self.up, self.boot = Clock(now), up, "first"
        self._folder, self._site = folder, of_site
        self._stack = ExitStack()
        self.asked = 0
        self.start()

    def start(self) -> None:
        self.clock = SteadyClock(self.wall, lambda: self.up.total_seconds())
        self.reception: Reception = self._stack.enter_context(open_reception(self._folder, self._site, self.clock))
        self.watch = ClockWatch(self.reception, self.clock, self.boot)
        self.watch.begin()
        self.watch.step()

    def stop(self) -> None:
        self._stack.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def reboot(self, off: timedelta, set_to: datetime | None = None) -> None:
        """The machine is off, and comes up with its clock right unless that is `set_to` another time."""
        self.stop()
        self.wall.now = set_to or self.wall.now + off
        self.boot += "+"
        self.up = timedelta(seconds=30)
        self.start()

    def pass_time(self, **by: float) -> None:
        self.wall.advance(**by)
        self.up += timedelta(**by)
        self.watch.step()

    def set_clock(self, by: timedelta) -> None:
        self.wall.now += by
        self.watch.step()

    def believe(self, by: timedelta) -> None:
        self.set_clock(by)
        self.pass_time(minutes=HALF_AN_HOUR_AND_MORE)
        self.pass_time(seconds=1)
        assert self.clock() == self.wall.now

    def give(self, count: int = 1, service_id: str = "one") -> list[str]:
        self.asked += count
        return [issue(self.reception, f"{self.boot}-{self.asked}-{n}", service_id).label for n in range(count)]

    def call(self) -> str | None:
        view = self.reception.write(lambda context: call_next(context, "1", None)).result(10)
        return None if view is None else view.label

    def call_all(self) -> list[str]:
        return list(iter(self.call, None))

    def serve_one(self, between: Callable[[], None] = lambda: None) -> None:
        ticket = self.reception.write(lambda context: call_next(context, "1", None)).result(10)
        between()
        finish = Change(action=TicketAction.FINISH, counter="1")
        self.reception.write(lambda context: change_ticket(context, ticket.id, finish)).result(10)

    def alerts(self) -> list[str]:
        return [alert.code for alert in self.reception.read(lambda context: context.records.open_alerts())]

    def local(self) -> str:
        return self.reception.site.local(self.clock()).strftime("%d %H:%M")

    def waiting(self) -> int:
        return sum(view.waiting for view in self.reception.read(services_now))


@contextmanager
def hub_of(folder: Path, **how: object) -> Iterator[Hub]:
    hub = Hub(folder, **how)  # type: ignore[arg-type]
    try:
        yield hub
    finally:
        hub.stop()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_of(tmp_path) as opened:
        yield opened


def labels(*numbers: int) -> list[str]:
    return [f"A{number:03}" for number in numbers]


def test_a_day_ahead_for_a_moment_changes_nothing(hub: Hub) -> None:
    waiting = hub.give(10)
    hub.set_clock(DAY)
    waiting += hub.give()
    assert hub.alerts() == [CLOCK_AHEAD]
    hub.set_clock(-DAY)
    assert hub.alerts() == []
    waiting += hub.give(3)
    assert waiting == labels(*range(1, 15))
    hub.restart()
    assert hub.call_all() == waiting


@pytest.mark.parametrize("hours", [7, 12, 20, 24, 26, 24 * 30])
def test_a_believed_step_loses_nobody_and_gives_no_label_again_and_undone_it_never_was(hub: Hub, hours: int) -> None:
    step = timedelta(hours=hours)
    waiting = hub.give(10)
    hub.believe(step)
    assert CLOCK_FOLLOWED in hub.alerts()
    waiting += hub.give(2)
    assert hub.waiting() == 12
    hub.restart()
    assert [ticket.label for ticket in hub.reception.read(lambda context: counter_list(context, "1"))] == waiting
    assert hub.call() == waiting[0]
    hub.set_clock(-step)
    assert hub.clock() == hub.wall.now
    waiting += hub.give(2)
    assert waiting == labels(*range(1, 15))
    assert [call.label for call in hub.reception.read(board_content).now_called] == waiting[:1]
    hub.restart()
    assert hub.call_all() == waiting[1:]
    hub.pass_time(hours=24)
    assert hub.give() == ["A001"], "the day that really comes then is a fresh one"
    assert hub.call_all() == ["A001"]


def test_a_believed_step_that_is_right_ends_with_the_night(hub: Hub) -> None:
    waiting = hub.give(3)
    hub.believe(2 * DAY)
    assert hub.give() == ["A004"]
    assert hub.call_all() == [*waiting, "A004"]
    hub.pass_time(hours=24)
    assert hub.give() == ["A001"]


def test_who_waits_over_midnight_is_taken_along_too(tmp_path: Path) -> None:
    with hub_of(tmp_path, now=MORNING + timedelta(hours=15, minutes=30)) as hub:  # 23:30
        waiting = hub.give(3)
        hub.pass_time(hours=1)
        waiting += hub.give(2)
        hub.believe(timedelta(hours=6))
        waiting += hub.give(2)
        assert len(set(waiting)) == 7
        assert hub.call_all() == waiting


def test_a_step_over_the_end_of_the_night_takes_those_from_before_midnight_along(tmp_path: Path) -> None:
    with hub_of(tmp_path, now=MORNING + timedelta(hours=15, minutes=30)) as hub:
        waiting = hub.give(60)
        while hub.call() != "A058":
            pass
        hub.pass_time(hours=1)
        hub.believe(DAY + timedelta(hours=4))
        after = hub.give(5)
        assert not set(after) & set(waiting)
        assert hub.call_all() == [*waiting[58:], *after]


def test_a_machine_without_a_battery_starts_a_fresh_day_once_its_time_is_right(tmp_path: Path) -> None:
    with hub_of(tmp_path) as hub:
        hub.give(20)
        hub.pass_time(hours=8)
        left_over, stale = hub.waiting(), hub.wall.now
        hub.reboot(timedelta(), set_to=stale)
        given = hub.give(2)
        assert (left_over, given) == (20, ["A021", "A022"])
        hub.set_clock(timedelta(hours=15))
        assert hub.clock() == hub.wall.now
        assert hub.alerts() == []
        given += hub.give(2)
        assert len(set(given)) == 4
        assert hub.call_all() == given, "and nobody of yesterday"


def test_a_reboot_in_the_middle_of_the_day_loses_nobody_to_a_later_step(hub: Hub) -> None:
    waiting = hub.give(5)
    hub.reboot(timedelta(minutes=3))
    waiting += hub.give(2)
    hub.pass_time(hours=1)
    hub.believe(DAY)
    waiting += hub.give(2)
    assert len(set(waiting)) == 9
    hub.set_clock(-DAY)
    waiting += hub.give()
    assert len(set(waiting)) == 10
    assert hub.call_all() == waiting


def test_a_step_seen_over_a_restart_is_doubted_too(hub: Hub) -> None:
    waiting = hub.give(3)
    hub.stop()
    hub.wall.now += DAY
    hub.start()
    waiting += hub.give()
    assert hub.alerts() == [CLOCK_AHEAD]
    hub.stop()
    hub.wall.now -= DAY
    hub.start()
    assert hub.alerts() == []
    waiting += hub.give()
    assert hub.call_all() == waiting == labels(1, 2, 3, 4, 5)


def test_a_step_undone_while_the_machine_was_off_is_undone(hub: Hub) -> None:
    waiting = hub.give(3)
    hub.believe(DAY)
    waiting += hub.give()
    hub.reboot(timedelta(), set_to=hub.wall.now - DAY + timedelta(minutes=5))
    assert hub.clock() == hub.wall.now
    waiting += hub.give()
    assert hub.call_all() == waiting == labels(1, 2, 3, 4, 5)
    hub.pass_time(hours=24)
    assert hub.give() == ["A001"]


def test_a_step_undone_over_night_leaves_the_morning_fresh(hub: Hub) -> None:
    hub.give(3)
    hub.believe(DAY)
    hub.give()
    hub.reboot(timedelta(), set_to=hub.wall.now - DAY + timedelta(hours=22))
    assert hub.give() == ["A001"]
    assert hub.call_all() == ["A001"]


def test_the_days_of_the_past_keep_their_tickets(hub: Hub) -> None:
    """A month back and there again: the day that was lived through already gets ours, and gives them back."""
    old = hub.give(5)
    for _ in old:
        hub.serve_one()
    hub.pass_time(days=30)
    waiting = hub.give(3)
    hub.set_clock(-30 * DAY)
    assert hub.clock() == hub.wall.now
    waiting += hub.give(2)
    assert set(waiting[3:]).isdisjoint(labels(1, 2, 3))
    hub.set_clock(30 * DAY)
    assert hub.clock() == hub.wall.now
    waiting += hub.give()
    assert len(set(waiting)) == 6
    assert hub.call_all() == waiting
    first_day = hub.reception.site.day_of(MORNING)
    assert hub.reception.read(lambda context: context.tickets.issued(first_day, "one")) == 5


def test_places_of_the_day_go_along(tmp_path: Path) -> None:
    limited = site(service("one", "A", daily_limit=10))
    with hub_of(tmp_path, of_site=limited) as hub:
        hub.give(6)
        for by in (DAY, -DAY):
            hub.believe(by) if by > timedelta() else hub.set_clock(by)
            hub.give(2)
            day = hub.reception.site.day_of(hub.clock())
            taken = hub.reception.read(lambda context, day=day: context.tickets.issued(day, "one"))
            assert taken == (8 if by > timedelta() else 10)


def test_a_called_ticket_of_before_can_be_served_after(hub: Hub) -> None:
    hub.give(2)
    hub.serve_one(between=lambda: hub.believe(DAY))
    assert hub.waiting() == 1


def test_a_clock_set_back_is_told(hub: Hub) -> None:
    hub.set_clock(timedelta(hours=-1))
    assert hub.alerts() == [CLOCK_WRONG]


def test_a_step_the_disk_refused_is_not_followed(hub: Hub) -> None:
    waiting = hub.give(3)
    hub.set_clock(DAY)
    hub.reception.write(lambda context: context.tables.clock._db.execute("DROP TABLE clock")).result(10)
    with pytest.raises(Exception, match="storage"):
        hub.pass_time(minutes=HALF_AN_HOUR_AND_MORE)
    assert hub.local() == "02 08:31"
    assert hub.call_all() == waiting


acts = st.lists(
    st.tuples(
        st.integers(0, 50),  # minutes that pass
        st.sampled_from([0, 0, 1, 7, 12, 20, 24, 26, -1, -7, -24, -30, 48, -48, 24 * 30, -24 * 30]),
        st.integers(0, 3),
        st.sampled_from(["", "", "", "restart", "call"]),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts, st.sampled_from([timedelta(minutes=1), DAY]), st.sampled_from([0, 8, 15, 17]))
def test_whatever_the_clock_does_everybody_is_called_once_and_no_label_comes_twice(
    acts: list[tuple[int, int, int, str]], up: timedelta, hours: int
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        hub_of(Path(folder), now=MORNING + timedelta(hours=hours), up=up) as hub,
    ):
        given_labels, called = [], []
        for minutes, jump, count, also in acts:
            hub.pass_time(minutes=minutes)
            hub.set_clock(timedelta(hours=jump))
            given_labels += hub.give(count)
            if also == "restart":
                hub.restart()
            if also == "call" and (label := hub.call()) is not None:
                called.append(label)
        called += hub.call_all()
        assert sorted(called) == sorted(given_labels)
