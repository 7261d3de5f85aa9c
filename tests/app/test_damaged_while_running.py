"""A database damaged under a running hub: it says so, ends, and its next start brings everything back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import apsw
import pytest
import requests
from support.copied_hub import hub_with_copies, numbers, spoil_index, spoil_pages, wait_for_copy
from support.hub_process import HubProcess
from support.receptions import open_reception

from kiosk.app.hub_child import HubChild
from kiosk.app.start import EXIT_DATABASE_DAMAGED
from kiosk.services.context import ReadContext
from kiosk.services.issue import IssueRequest, issue_ticket
from kiosk.services.reception import Reception
from kiosk.storage.database import FILE_NAME
from kiosk.storage.faults import StorageFault

DEADLINE_S = 30.0


def ask_until_it_ends(hub: HubProcess) -> int:
    """Go on as kiosks and boards do; the exit code."""
    deadline = time.monotonic() + DEADLINE_S
    n = 0
    while hub.process.poll() is None:
        assert time.monotonic() < deadline, "the hub goes on with a damaged database"
        n += 1
        try:
            asked = {"service": "kham-dich-vu"}, {"Idempotency-Key": f"during-{n}"}
            assert hub.post("/v1/tickets", *asked).status_code in (201, 503)
            assert requests.get(f"{hub.url}/v1/board", timeout=5).status_code in (200, 503)
        except requests.RequestException:
            hub.process.wait(DEADLINE_S)
    return hub.process.returncode


def test_a_hub_whose_database_is_damaged_under_it_ends_and_its_next_start_heals_it(tmp_path: Path) -> None:
    hub = hub_with_copies(tmp_path / "data")
    given = numbers(hub, 200, "first")
    wait_for_copy(hub)
    hub.stop()
    hub.start()
    spoil_pages(tmp_path / "data")
    assert ask_until_it_ends(hub) == EXIT_DATABASE_DAMAGED
    hub.start()
    try:
        assert hub.issue("first-7")["number"] == given[7]
        assert not set(given) & set(numbers(hub, 3, "new"))
        assert [alert["code"] for alert in hub.get("/v1/alerts")["alerts"]] == ["hub.restored"]
    finally:
        hub.stop()


@pytest.mark.allowed_warnings("tiepdon.demo: the hub ended by itself")
def test_the_demo_and_the_proof_start_such_a_hub_anew(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = HubChild(tmp_path / "data", log_file=log)
    child.start()
    try:
        for n in range(60):
            ask(child.url, f"first-{n}")
        deadline = time.monotonic() + DEADLINE_S
        while requests.get(f"{child.url}/healthz", timeout=5).json()["backup"]["condition"] != "working":
            assert time.monotonic() < deadline
        os.kill(child_pid(child), signal.SIGTERM)  # so that nothing is left in its memory
        wait_until(lambda: ask(child.url, "again") in (200, 201))
        spoil_pages(tmp_path / "data")
        first = child_pid(child)
        wait_until(lambda: (look(child.url), child_pid(child))[1] != first)
        wait_until(lambda: ask(child.url, "after") == 201)
    finally:
        child.stop()
    assert "THE DATABASE IS DAMAGED" in log.read_text("utf-8")


def child_pid(child: HubChild) -> int:
    process = child._process
    assert process is not None
    return process.pid


def ask(url: str, key: str) -> int:
    try:
        headers = {"Idempotency-Key": key}
        return requests.post(f"{url}/v1/tickets", json={"service": "nhi"}, headers=headers, timeout=10).status_code
    except requests.RequestException:
        return 0


def look(url: str) -> None:
    with suppress(requests.RequestException):
        requests.get(f"{url}/v1/board", timeout=10)


def wait_until(done: object) -> None:
    assert callable(done)
    deadline = time.monotonic() + DEADLINE_S
    while not done():
        assert time.monotonic() < deadline


def read_all(context: ReadContext) -> None:
    for event in context.records.events_after(0, 100_000):
        assert event.ticket is not None
        context.tickets.get(event.ticket.id)
        context.tickets.periods(event.ticket.id)


def through_the_writer(reception: Reception) -> None:
    reception.write(read_all).result(10)


def through_a_reader(reception: Reception) -> None:
    reception.read(read_all)


@pytest.mark.parametrize("through", [through_the_writer, through_a_reader])
@pytest.mark.allowed_warnings("tiepdon.storage: THE DATABASE IS DAMAGED", "tiepdon.storage: commit failed")
def test_damage_is_told_once_whoever_meets_it(tmp_path: Path, through: Callable[[Reception], None]) -> None:
    told: list[str] = []
    with open_reception(tmp_path) as reception:
        issue_many(reception, 3000)  # more than SQLite keeps in memory
    with open_reception(tmp_path) as reception:
        reception.when_damaged(lambda: told.append("damaged"))
        spoil_pages(tmp_path)
        for _ in range(2):
            with pytest.raises(StorageFault):
                through(reception)
        assert (reception.is_damaged, told) == (True, ["damaged"])
        reception.when_damaged(lambda: told.append("known already"))
    assert told == ["damaged", "known already"]


def issue_many(reception: Reception, count: int) -> None:
    wish = IssueRequest(service="one")
    for future in [reception.write(partial(issue_ticket, key=f"key-{n}", request=wish)) for n in range(count)]:
        future.result(30)


def test_an_index_that_lost_people_is_made_anew_at_the_start_and_all_are_called(tmp_path: Path) -> None:
    data = tmp_path / "data"
    hub = hub_with_copies(data)
    given = set(numbers(hub, 20, "key"))
    hub.stop()
    assert spoil_index(data) > 0
    with closing(apsw.Connection(str(data / FILE_NAME))) as connection:
        assert connection.pragma("quick_check") == "ok", "only the whole check sees it"
    hub.start()
    try:
        called = {hub.post("/v1/counters/1/call-next", {}).json()["number"] for _ in range(20)}
        assert called == given
        assert hub.get("/healthz")["restored_at"] is None, "nothing was lost, so nothing had to come back"
    finally:
        hub.stop()
