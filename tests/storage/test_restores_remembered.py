"""What a restore knows beside its copy: earlier restores from it, and what the lost file still tells."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.receptions import Clock, issue, open_reception

from kiosk.domain.number_jump import missing_on
from kiosk.services.backup_work import BackupPlan, BackupWork
from kiosk.services.restored import settle_restores
from kiosk.storage.backup.remembered import FILE_NAME as REMEMBERED
from kiosk.storage.backup.remembered import remembered
from kiosk.storage.backup.restoring import restore
from kiosk.storage.database import FILE_NAME

AS_OF = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def copied(tmp_path: Path, clock: Clock, after: int = 0) -> Path:
    """A place with a copy of five tickets; the data folder goes on for `after` more."""
    data, place = tmp_path / "data", tmp_path / "place"
    place.mkdir()
    plan = BackupPlan(folder=place, owner="me", second_place=True, every_s=10, whole_every=timedelta(days=1), keep=3)
    with (
        open_reception(data, clock=clock) as reception,
        closing(BackupWork(reception=reception, data=data, plan=plan, now=clock)) as work,
    ):
        for n in range(5):
            issue(reception, f"kept-{n}")
        work.step()
        for n in range(after):
            issue(reception, f"lost-{n}")
    return place


def numbers_after_restore(place: Path, data: Path, clock: Clock, count: int) -> list[int]:
    data.mkdir(exist_ok=True)
    restore(place, data / FILE_NAME, now=clock(), cause="test")
    with open_reception(data, clock=clock) as reception:
        reception.write(settle_restores).result(10)
        return [issue(reception, f"{data.name}-{n}").number for n in range(count)]


def test_a_lost_file_that_can_still_be_read_tells_how_far_its_numbers_went(tmp_path: Path) -> None:
    clock = Clock()
    place = copied(tmp_path, clock, after=350)
    assert numbers_after_restore(place, tmp_path / "data", clock, 1) == [501]


def test_every_restore_leaps_beyond_what_followed_the_ones_before(tmp_path: Path) -> None:
    clock = Clock()
    place = copied(tmp_path, clock)
    newest = 5
    for _ in range(4):
        clock.advance(minutes=1)
        fresh = numbers_after_restore(place, tmp_path / "data", clock, 60)
        assert fresh[0] > newest
        newest = fresh[-1]
        for file in (tmp_path / "data").glob(f"{FILE_NAME}*"):
            file.unlink()


@pytest.mark.allowed_warnings("tiepdon.backup: the restore could not be noted", "tiepdon.backup: earlier restores")
def test_copies_that_take_no_note_are_still_good_for_many_machines(tmp_path: Path) -> None:
    clock = Clock()
    place = copied(tmp_path, clock)
    (place / REMEMBERED).mkdir()  # as a place that can only be read: nothing gets this name
    newest = 5
    for machine in range(4):
        clock.advance(minutes=2)
        fresh = numbers_after_restore(place, tmp_path / f"machine-{machine}", clock, 120)
        assert fresh[0] > newest, machine
        newest = fresh[-1]


def test_a_restore_is_noted_with_the_copies_and_beside_the_database(tmp_path: Path) -> None:
    clock = Clock()
    place = copied(tmp_path, clock)
    clock.advance(minutes=3)
    numbers_after_restore(place, tmp_path / "new", clock, 1)
    (noted,) = remembered([place])
    assert remembered([tmp_path / "new"]) == (noted,)
    assert noted.at - noted.as_of == 3 * 60 * 1_000_000


def test_a_copy_that_knows_of_the_restore_leaps_for_the_new_one_only(tmp_path: Path) -> None:
    clock = Clock()
    place = copied(tmp_path, clock)
    numbers_after_restore(place, tmp_path / "new", clock, 1)
    shutil.rmtree(tmp_path / "data")
    (tmp_path / "new").rename(tmp_path / "data")
    plan = BackupPlan(folder=place, owner="me", second_place=True, every_s=10, whole_every=timedelta(days=1), keep=3)
    with (
        open_reception(tmp_path / "data", clock=clock) as reception,
        closing(BackupWork(reception=reception, data=tmp_path / "data", plan=plan, now=clock)) as work,
    ):
        work.step()
    assert numbers_after_restore(place, tmp_path / "third", clock, 1) == [401]


@pytest.mark.parametrize(
    ("day_begins", "lost_at", "missing"),
    [
        (AS_OF - timedelta(hours=3), AS_OF + timedelta(minutes=4), timedelta(minutes=4)),
        (AS_OF + timedelta(hours=21), AS_OF + timedelta(hours=23), timedelta(hours=2)),
        (AS_OF + timedelta(hours=21), AS_OF + timedelta(hours=1), timedelta()),
        (AS_OF - timedelta(hours=3), AS_OF - timedelta(hours=1), timedelta(days=1)),
        (AS_OF - timedelta(hours=3), AS_OF + timedelta(days=300), timedelta(days=1)),
    ],
)
def test_how_much_of_a_day_a_copy_misses(day_begins: datetime, lost_at: datetime, missing: timedelta) -> None:
    assert missing_on(day_begins, AS_OF, lost_at) == missing
