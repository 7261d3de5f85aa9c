"""The single writer: shared commits, refusals and bugs that stay with their caller, a close that loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import apsw
import pytest
from support.receptions import issue, open_reception
from support.recording_disk import recording_disk

from kiosk.domain.events import SiteEvent
from kiosk.domain.faults import Refusal
from kiosk.services.context import WriteContext
from kiosk.services.issue import Issued, IssueRequest, issue_ticket
from kiosk.services.reception import Reception
from kiosk.storage.database import FILE_NAME
from kiosk.storage.faults import StorageFault
from kiosk.storage.session import TransactionLost

T = TypeVar("T")


def asking(key: str, service: str = "one") -> Callable[[WriteContext], Issued]:
    return lambda context: issue_ticket(context, key, IssueRequest(service=service))


class Gate:
    """Keeps the writer busy until everything that belongs into one group has been submitted."""

    def __init__(self, reception: Reception) -> None:
        self._open, reached = threading.Event(), threading.Event()

        def wait(_: WriteContext) -> None:
            reached.set()
            assert self._open.wait(10)

        self._done = reception.write(wait)
        assert reached.wait(10)

    def open(self) -> None:
        self._open.set()
        self._done.result(10)


def as_one_group(reception: Reception, works: list[Callable[[WriteContext], T]]) -> list[Future[T]]:
    gate = Gate(reception)
    futures = [reception.write(work) for work in works]
    gate.open()
    return futures


def numbers(futures: list[Future[Issued]]) -> list[int]:
    return [int(future.result(10).body.split(b'"number":')[1].split(b",")[0]) for future in futures]


def seqs_stored(data: Path) -> list[int]:
    connection = apsw.Connection(str(data / FILE_NAME))
    try:
        return [seq for (seq,) in connection.execute("SELECT seq FROM event ORDER BY seq")]
    finally:
        connection.close()


def test_waiting_requests_share_one_flush(tmp_path: Path) -> None:
    with recording_disk() as disk, open_reception(tmp_path) as reception:
        issue(reception, "first")
        before = disk.flushes()
        futures = as_one_group(reception, [asking(f"key-{n}") for n in range(40)])
        assert numbers(futures) == list(range(2, 42))
        assert disk.flushes() - before == 1


def test_every_commit_alone_is_flushed_before_its_answer(tmp_path: Path) -> None:
    with recording_disk() as disk, open_reception(tmp_path) as reception:
        issue(reception, "first")
        for n in range(5):
            before = disk.flushes()
            issue(reception, f"key-{n}")
            assert disk.flushes() == before + 1


def test_a_refusal_leaves_its_neighbours_and_the_sequence_untouched(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        good, refused, also_good = as_one_group(reception, [asking("a"), asking("b", "unknown"), asking("c")])
        assert numbers([good, also_good]) == [1, 2]
        with pytest.raises(Refusal, match=r"service\.unknown"):
            refused.result(10)
    assert seqs_stored(tmp_path) == [1, 2]


def test_a_refusal_after_writing_takes_its_own_writes_back(tmp_path: Path) -> None:
    def give_and_refuse(context: WriteContext) -> Issued:
        issue_ticket(context, "taken-back", IssueRequest(service="one"))
        raise Refusal("service.full", service="one")

    told: list[SiteEvent] = []
    with open_reception(tmp_path, on_events=told.extend) as reception:
        futures = as_one_group(reception, [asking("a"), give_and_refuse, asking("c")])
        assert numbers([futures[0], futures[2]]) == [1, 2]
    assert seqs_stored(tmp_path) == [event.seq for event in told] == [1, 2]


@pytest.mark.allowed_warnings("tiepdon.storage: a write request failed")
def test_a_bug_in_one_use_case_stays_with_its_caller(tmp_path: Path) -> None:
    def buggy(_: WriteContext) -> Issued:
        raise ZeroDivisionError

    with open_reception(tmp_path) as reception:
        futures = as_one_group(reception, [asking("a"), buggy, asking("c")])
        assert numbers([futures[0], futures[2]]) == [1, 2]
        with pytest.raises(ZeroDivisionError):
            futures[1].result(10)
        assert issue(reception, "later").number == 3


@pytest.mark.allowed_warnings("tiepdon.storage: telling of a commit failed")
def test_a_listener_that_fails_does_not_stop_the_writer(tmp_path: Path) -> None:
    def failing(_: tuple[SiteEvent, ...]) -> None:
        raise RuntimeError("Event loop is closed")

    with open_reception(tmp_path, on_events=failing) as reception:
        assert [issue(reception, key).number for key in "abc"] == [1, 2, 3]


def test_a_caller_that_goes_away_cannot_cancel_what_is_queued(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        gate = Gate(reception)
        future = reception.write(asking("a"))
        assert not future.cancel()
        gate.open()
        assert numbers([future]) == [1]
        assert issue(reception, "b").number == 2


@pytest.mark.allowed_warnings("tiepdon.storage: commit failed")
def test_a_lost_transaction_fails_the_whole_group_and_nothing_of_it_stays(tmp_path: Path) -> None:
    def lose(context: WriteContext) -> Issued:
        # What SQLite does by itself when the disk is full or fails in the middle of a statement.
        context.session._connection.execute("ROLLBACK")
        raise apsw.FullError("database or disk is full")

    with open_reception(tmp_path) as reception:
        futures = as_one_group(reception, [asking("a"), lose, asking("c")])
        for future in futures:
            with pytest.raises(StorageFault, match=r"storage\.write_failed"):
                future.result(10)
        assert [issue(reception, key).number for key in "abc"] == [1, 2, 3]
    assert seqs_stored(tmp_path) == [1, 2, 3]
    assert not issubclass(TransactionLost, apsw.Error)


def test_close_commits_what_waits(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        gate = Gate(reception)
        futures = [reception.write(asking(f"key-{n}")) for n in range(100)]
        gate.open()
    assert numbers(futures) == list(range(1, 101))
    assert seqs_stored(tmp_path) == list(range(1, 101))


def test_a_closed_writer_refuses_and_closes_twice(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        pass
    with pytest.raises(StorageFault, match=r"storage\.closed"):
        reception.write(asking("late")).result(10)


def test_a_folder_takes_one_writer_at_a_time(tmp_path: Path) -> None:
    with open_reception(tmp_path) as first:
        with pytest.raises(StorageFault, match=r"storage\.in_use"), open_reception(tmp_path):
            pass
        assert issue(first, "a").number == 1
    with open_reception(tmp_path) as again:
        assert issue(again, "b").number == 2
