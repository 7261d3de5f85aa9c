"""Continuous copies of the database: complete up to the last turn, checked, and never in the way of a ticket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import apsw
import pytest
from support.receptions import Clock, issue, open_reception

from kiosk.domain.backup import BackupCondition
from kiosk.services.backup_work import BackupPlan, BackupWork
from kiosk.services.reception import Reception
from kiosk.services.restored import settle_restores
from kiosk.storage.backup import generations as gens
from kiosk.storage.backup.restoring import finish_interrupted, restore
from kiosk.storage.database import FILE_NAME
from kiosk.storage.faults import StorageFault


@contextmanager
def backed_up(tmp_path: Path, clock: Clock, **plan: object) -> Iterator[tuple[Reception, BackupWork]]:
    place = tmp_path / "place"
    place.mkdir(exist_ok=True)
    defaults: dict[str, object] = {
        "folder": place,
        "owner": "me",
        "second_place": True,
        "every_s": 10.0,
        "whole_every": timedelta(hours=24),
        "keep": 3,
    }
    with open_reception(tmp_path / "data", clock=clock) as reception:
        work = BackupWork(reception=reception, data=tmp_path / "data", plan=BackupPlan(**(defaults | plan)), now=clock)
        with closing(work):
            yield reception, work


def rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = apsw.Connection(str(database))
    try:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'restore'").get
        tables = [tables] if isinstance(tables, str) else tables
        return {name: list(connection.execute(f"SELECT * FROM {name}")) for name in tables if name != "site"}
    finally:
        connection.close()


def bring_back(tmp_path: Path, clock: Clock, name: str = "back") -> Path:
    (tmp_path / name).mkdir()
    restore(tmp_path / "place", tmp_path / name / FILE_NAME, now=clock(), cause="test")
    return tmp_path / name


def test_a_restored_copy_holds_every_row_up_to_the_last_turn(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        for n in range(50):
            issue(reception, f"before-{n}")
        work.step()
        for n in range(150):
            issue(reception, f"after-{n}")
            if n % 7 == 0:
                work.step()
        work.step()
        live = rows(tmp_path / "data" / FILE_NAME)
        assert work.state.condition is BackupCondition.WORKING
        assert work.state.complete_until == clock()
    assert rows(bring_back(tmp_path, clock) / FILE_NAME) == live
    assert len(live["ticket"]) == 200


def test_checkpoints_that_begin_the_log_anew_lose_no_change(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        work.step()
        wal = tmp_path / "data" / f"{FILE_NAME}-wal"
        salts = set()
        for n in range(450):
            issue(reception, f"key-{n}")
            salts.add(wal.read_bytes()[16:24])
            if n in (100, 101, 260):
                work.step()
        work.step()
        live = rows(tmp_path / "data" / FILE_NAME)
        assert len(salts) > 2, "the log must have begun anew for this test to mean something"
        assert len(gens.generations(tmp_path / "place")) == 1, "no new whole copy was needed"
    assert rows(bring_back(tmp_path, clock) / FILE_NAME) == live


def test_a_new_whole_copy_every_so_often_and_old_ones_go(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock, keep=2) as (reception, work):
        for n in range(4):
            issue(reception, f"key-{n}")
            work.step()
            clock.advance(hours=25)
        found = gens.generations(tmp_path / "place")
        assert [g.ordinal for g in found] == [4, 3]
        live = rows(tmp_path / "data" / FILE_NAME)
        shutil.rmtree(found[0].folder)  # the one before reaches as far: it was followed to the end
    assert rows(bring_back(tmp_path, clock) / FILE_NAME) == live


def test_a_torn_end_of_the_changes_costs_only_the_torn_turn(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        work.step()
        issue(reception, "a")
        work.step()
        kept = rows(tmp_path / "data" / FILE_NAME)
        issue(reception, "b")
        work.step()
    log = gens.generations(tmp_path / "place")[0].log
    log.write_bytes(log.read_bytes()[:-5])
    assert rows(bring_back(tmp_path, clock) / FILE_NAME) == kept


def test_a_spoilt_copy_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        for n in range(60):
            issue(reception, f"key-{n}")
        work.step()
        clock.advance(hours=25)
        work.step()
    newest = gens.generations(tmp_path / "place")[0]
    content = bytearray(newest.base.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    newest.base.write_bytes(content)
    (tmp_path / "back").mkdir()
    back = restore(tmp_path / "place", tmp_path / "back" / FILE_NAME, now=clock(), cause="test")
    assert back.generation.ordinal == 1
    assert [word.split(":")[0] for word in back.passed_over] == [newest.folder.name]


def test_no_number_of_the_missing_minutes_is_given_again(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        for n in range(7):
            issue(reception, f"key-{n}")
        work.step()
        lost = []
        for n in range(40):
            clock.advance(seconds=5)
            lost.append(issue(reception, f"lost-{n}").number)
            lost.append(issue(reception, f"other-{n}", "two").number)
    data = bring_back(tmp_path, clock)
    with open_reception(data, clock=clock) as reception:
        assert reception.write(settle_restores).result(10) == 1
        assert reception.write(settle_restores).result(10) == 0
        assert issue(reception, "key-3").number == 4, "what the copy knows is as it was"
        for service in ("one", "two"):
            following = issue(reception, f"next-{service}", service)
            assert following.number > max(lost)
            assert following.number % 100 == 1, "staff see that numbers leapt"
        alerts = reception.read(lambda context: context.records.open_alerts())
        assert [(alert.kiosk, alert.code) for alert in alerts] == [("hub", "hub.restored")]
        assert reception.read(lambda c: c.tickets.issued(c.today, "one")) == 8, "left-out numbers fill no daily limit"


def test_events_after_a_restore_are_never_taken_for_lost_ones(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        work.step()
        for n in range(5):
            issue(reception, f"lost-{n}")
        seen = reception.read(lambda context: context.records.last_seq())
    with open_reception(bring_back(tmp_path, clock), clock=clock) as reception:
        reception.write(settle_restores).result(10)
        issue(reception, "new")
        assert (
            seen
            < reception.read(lambda c: c.tables.restores.floor_seq())
            < reception.read(lambda c: c.records.last_seq())
        )


@pytest.mark.allowed_warnings("tiepdon.backup: back-up failed", "tiepdon.backup: the back-up works again")
def test_a_place_that_is_not_there_is_told_once_and_the_queue_goes_on(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        (tmp_path / "place").rename(tmp_path / "unplugged")
        pauses = [work.step() for _ in range(3)]
        assert issue(reception, "a").number == 1
        assert (work.state.condition, work.state.code) == (BackupCondition.FAILING, "backup.place_missing")
        assert pauses == sorted(pauses)
        assert not (tmp_path / "place").exists(), "a disk that is not plugged in is not replaced by a folder"
        alerts = reception.read(lambda context: context.records.open_alerts())
        assert [(a.kiosk, a.code) for a in alerts] == [("hub", "backup.place_missing")]
        (tmp_path / "unplugged").rename(tmp_path / "place")
        work.step()
        assert work.state.condition is BackupCondition.WORKING
        reception.write(lambda _: None).result(10)
        assert reception.read(lambda context: context.records.open_alerts()) == []


@pytest.mark.allowed_warnings("tiepdon.backup: back-up failed")
def test_another_hubs_place_is_left_alone(tmp_path: Path) -> None:
    clock = Clock()
    (tmp_path / "place").mkdir()
    gens.claim(tmp_path / "place", "somebody else")
    with backed_up(tmp_path, clock) as (_, work):
        work.step()
        assert work.state.code == "backup.place_taken"
    assert gens.generations(tmp_path / "place") == []


def test_a_restore_cut_off_between_two_names_is_finished(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        issue(reception, "a")
        work.step()
    database = bring_back(tmp_path, clock) / FILE_NAME
    content = rows(database)
    database.rename(database.with_name(f"{FILE_NAME}.restoring"))
    assert finish_interrupted(database)
    assert rows(database) == content
    assert not finish_interrupted(database)


def test_what_a_killed_restore_left_is_no_part_of_the_next_and_goes(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        issue(reception, "a")
        work.step()
    (tmp_path / "back").mkdir()
    left = [tmp_path / "back" / f"{FILE_NAME}.assembling{beside}" for beside in ("", "-wal", "-shm")]
    for path in left:
        path.write_bytes(b"half of something")
    restore(tmp_path / "place", tmp_path / "back" / FILE_NAME, now=clock(), cause="test")
    assert not any(path.exists() for path in left)
    left[0].write_bytes(b"half of something")
    assert not finish_interrupted(tmp_path / "back" / FILE_NAME)
    assert not left[0].exists()


def test_two_restores_in_one_second_keep_both_files_found(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        issue(reception, "a")
        work.step()
    data = bring_back(tmp_path, clock)
    asides = {restore(tmp_path / "place", data / FILE_NAME, now=clock(), cause="test").aside for _ in range(2)}
    assert len(asides) == 2
    assert all(aside is not None and aside.exists() for aside in asides)


def test_a_folder_without_copies_restores_nothing_and_touches_nothing(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    database = tmp_path / FILE_NAME
    database.write_bytes(b"whatever it is")
    with pytest.raises(StorageFault, match=r"backup\.none"):
        restore(tmp_path / "place", database, now=Clock()(), cause="test")
    assert database.read_bytes() == b"whatever it is"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [FILE_NAME]


@pytest.mark.allowed_warnings("tiepdon.backup: back-up failed")
def test_a_full_place_is_told_and_left_without_rubbish(tmp_path: Path) -> None:
    clock = Clock()
    with backed_up(tmp_path, clock, spare_bytes=2**60) as (reception, work):
        work.step()
        assert work.state.code == "backup.place_full"
        assert issue(reception, "a").number == 1
    assert gens.generations(tmp_path / "place") == []


def test_a_change_log_that_grew_too_fast_leads_to_a_new_whole_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.storage.wal_tap.PENDING_LIMIT_BYTES", 4096)
    clock = Clock()
    with backed_up(tmp_path, clock) as (reception, work):
        work.step()
        for n in range(20):
            issue(reception, f"key-{n}")
        assert work.step() == 0.0
        work.step()
        live = rows(tmp_path / "data" / FILE_NAME)
        assert [g.ordinal for g in gens.generations(tmp_path / "place")] == [2, 1]
    assert rows(bring_back(tmp_path, clock) / FILE_NAME) == live
