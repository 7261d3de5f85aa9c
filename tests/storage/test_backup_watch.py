"""Staff hear of copies that are too old, also when the back-up hangs and can say nothing itself."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from support.receptions import Clock, issue, open_reception

from kiosk.domain.alert import HUB, Alert, AlertKind
from kiosk.domain.backup import BackupCondition, BackupState
from kiosk.services.alerts import handle_alert, raise_alert
from kiosk.services.backup_watch import BackupWatch
from kiosk.services.backup_work import BackupPlan, BackupWork
from kiosk.services.reception import Reception
from kiosk.storage.backup.generations import OWNER

NO_COPY = "tiepdon.backup: no copy of the database"
COPIED_AGAIN = "tiepdon.backup: the database is copied again"


def open_alerts(reception: Reception) -> list[Alert]:
    return reception.read(lambda context: context.records.open_alerts())


def said(reception: Reception) -> list[tuple[str, str, dict[str, str | int]]]:
    return [(alert.kiosk, alert.code, dict(alert.params)) for alert in open_alerts(reception)]


def old(minutes: int) -> tuple[str, str, dict[str, str | int]]:
    return ("hub", "backup.old", {"minutes": minutes})


class Watched:
    """A watch over a back-up whose state the test says: when it last copied, and how it does."""

    def __init__(self, reception: Reception, clock: Clock) -> None:
        self._clock = clock
        self.reception = reception
        self.state = BackupState(condition=BackupCondition.STARTING)
        self.watch = BackupWatch(reception, lambda: self.state)

    def copied(self) -> None:
        self.state = BackupState(condition=BackupCondition.WORKING, complete_until=self._clock())

    def pass_minutes(self, minutes: int) -> None:
        for _ in range(minutes * 4):
            self._clock.advance(seconds=15)
            self.watch.step()

    def raise_other(self, code: str) -> Alert:
        return self.reception.write(lambda context: raise_alert(context, HUB, AlertKind.FAULT, code)).result(10)

    def handle(self, alert: Alert) -> None:
        self.reception.write(lambda context: handle_alert(context, alert.id, "Lan")).result(10)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    clock = Clock()
    with open_reception(tmp_path / "data", clock=clock) as reception:
        yield Watched(reception, clock)


def test_fresh_copies_are_nobodys_concern(watched: Watched) -> None:
    for _ in range(10):
        watched.copied()
        watched.pass_minutes(4)
    assert said(watched.reception) == []


@pytest.mark.allowed_warnings(NO_COPY, COPIED_AGAIN)
def test_copies_older_than_may_be_lost_are_told_renewed_seldom_and_closed(watched: Watched) -> None:
    watched.copied()
    watched.pass_minutes(5)
    assert said(watched.reception) == []
    watched.pass_minutes(1)
    assert said(watched.reception) == [old(5)]
    first = open_alerts(watched.reception)[0]
    before = watched.reception.read(lambda context: context.records.last_seq())
    watched.pass_minutes(40)
    assert said(watched.reception) == [old(40)]
    assert open_alerts(watched.reception)[0].id == first.id
    assert watched.reception.read(lambda context: context.records.last_seq()) == before + 3, "10, 20, 40"
    watched.copied()
    watched.pass_minutes(1)
    assert said(watched.reception) == []


@pytest.mark.allowed_warnings(NO_COPY)
def test_a_back_up_that_never_got_to_a_first_copy_is_told_too(watched: Watched) -> None:
    watched.pass_minutes(6)
    assert said(watched.reception) == [old(5)]


@pytest.mark.allowed_warnings(NO_COPY)
def test_staff_who_closed_it_hear_again_when_twice_as_much_time_has_passed(watched: Watched) -> None:
    watched.pass_minutes(6)
    watched.handle(open_alerts(watched.reception)[0])
    watched.pass_minutes(3)
    assert said(watched.reception) == []
    watched.pass_minutes(2)
    assert said(watched.reception) == [old(10)]


@pytest.mark.allowed_warnings(NO_COPY)
def test_an_alert_that_says_why_is_enough_until_somebody_closes_it(watched: Watched) -> None:
    why = watched.raise_other("backup.place_missing")
    watched.pass_minutes(6)
    assert [code for _, code, _ in said(watched.reception)] == ["backup.place_missing"]
    watched.handle(why)
    watched.pass_minutes(5)
    assert said(watched.reception) == [old(10)]


def test_alerts_of_the_hubs_last_run_go_with_the_first_good_copy_and_no_others(watched: Watched) -> None:
    for code in ("backup.place_missing", "backup.old", "hub.restored"):
        watched.raise_other(code)
    watched.pass_minutes(1)
    assert len(said(watched.reception)) == 3, "there is no copy yet"
    watched.copied()
    watched.pass_minutes(1)
    assert [code for _, code, _ in said(watched.reception)] == ["hub.restored"]


def test_a_leap_of_the_clock_alarms_nobody_while_the_next_copy_is_on_its_way(watched: Watched) -> None:
    watched.copied()
    watched.pass_minutes(1)
    watched._clock.advance(hours=8)
    watched.watch.step()
    watched.copied()
    watched.pass_minutes(1)
    assert said(watched.reception) == []


@contextmanager
def backed_up(tmp_path: Path, clock: Clock) -> Iterator[tuple[Reception, BackupWork]]:
    """A running back-up that makes a whole copy every time the test's clock has moved on by an hour."""
    plan = BackupPlan(
        folder=tmp_path / "place",
        owner="me",
        second_place=True,
        every_s=0.02,
        whole_every=timedelta(hours=1),
        keep=3,
    )
    plan.folder.mkdir()
    with open_reception(tmp_path / "data", clock=clock) as reception:
        work = BackupWork(reception=reception, data=tmp_path / "data", plan=plan, now=clock)
        work.start()
        try:
            yield reception, work
        finally:
            work.close()


def soon(holds: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end_s
        os.sched_yield()


@pytest.mark.allowed_warnings(NO_COPY, COPIED_AGAIN)
def test_a_place_that_hangs_is_told_while_tickets_are_given_and_closed_when_it_answers(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        watch = BackupWatch(reception, lambda: work.state)
        soon(lambda: work.state.condition is BackupCondition.WORKING)
        owner = tmp_path / "place" / OWNER
        owner.unlink()
        os.mkfifo(owner)  # reading it waits, as on a disk that hangs
        clock.advance(hours=2)
        issue(reception, "a")
        copied = work.state.complete_until
        for _ in range(2):
            clock.advance(minutes=6)
            watch.step()
        assert issue(reception, "b").number == 2
        assert work.state.condition is BackupCondition.WORKING, "it hangs and cannot say so"
        assert [code for _, code, _ in said(reception)] == ["backup.old"]
        owner.write_text("me")  # it answers
        soon(lambda: work.state.complete_until is not None and work.state.complete_until != copied)
        soon(lambda: (watch.step(), said(reception) == [])[1])
