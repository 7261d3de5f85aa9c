"""`tiepdon backup` and `tiepdon restore`, and a hub that finds its database damaged, cut short or gone at the start."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import apsw
import pytest
import requests
from support.copied_hub import backup_state, hub_with_copies, tiepdon, wait_for_copy
from support.hub_process import HubProcess

from kiosk.storage.database import FILE_NAME


def waiting(hub: HubProcess) -> int:
    return sum(queue["waiting"] for queue in hub.get("/v1/board")["queues"])


def spoil_middle(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    database.write_bytes(content)


def spoil_header(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[:100] = bytes(100)
    database.write_bytes(content)


def halve(database: Path) -> None:
    content = database.read_bytes()
    database.write_bytes(content[: len(content) // 2])


def take_away(database: Path) -> None:
    database.unlink()


@pytest.mark.parametrize("harm", [spoil_middle, spoil_header, halve, take_away])
def test_a_hub_with_a_lost_database_comes_back_by_itself_and_says_so(tmp_path: Path, harm: object) -> None:
    data = tmp_path / "data"
    hub = hub_with_copies(data)
    tickets = [hub.issue(f"key-{n}") for n in range(60)]
    wait_for_copy(hub)
    hub.stop()
    harm(data / FILE_NAME)
    hub.start()
    try:
        assert [hub.issue(f"key-{n}") for n in range(60)] == tickets
        assert hub.issue("new")["number"] > 100
        assert hub.get("/healthz")["restored_at"] is not None
        assert [alert["code"] for alert in hub.get("/v1/alerts")["alerts"]] == ["hub.restored"]
        assert bool(list(data.glob(f"{FILE_NAME}.aside-*"))) == (harm is not take_away), "moved aside, never deleted"
    finally:
        hub.stop()


def test_a_write_ahead_log_cut_short_is_noticed_by_the_copies(tmp_path: Path) -> None:
    data = tmp_path / "data"
    hub = hub_with_copies(data)
    tickets = [hub.issue(f"key-{n}") for n in range(20)]
    wait_for_copy(hub)
    hub.kill()
    wal = data / f"{FILE_NAME}-wal"
    wal.write_bytes(wal.read_bytes()[: 32 + 10 * (24 + 4096)])  # its header and ten frames
    hub.start()
    try:
        assert [hub.issue(f"key-{n}") for n in range(20)] == tickets
        assert hub.get("/healthz")["restored_at"] is not None
    finally:
        hub.stop()


def test_copies_of_another_machine_bring_a_lost_machine_back_without_a_number_given_twice(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    hub = hub_with_copies(tmp_path / "data", place)
    kept = [hub.issue(f"key-{n}") for n in range(10)]
    wait_for_copy(hub)
    lost = [hub.issue(f"lost-{n}") for n in range(10)]
    hub.kill()
    shutil.rmtree(tmp_path / "data")
    done = tiepdon("restore", "--from", place, "--data", tmp_path / "new", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["aside"] is None
    assert (tmp_path / "new" / "site.toml").exists()
    again = HubProcess(tmp_path / "new").start()
    try:
        assert [again.issue(f"key-{n}") for n in range(10)] == kept
        fresh = [again.issue(f"fresh-{n}")["number"] for n in range(3)]
        assert not {ticket["number"] for ticket in lost} & set(fresh)
        wait_for_copy(again)
        assert backup_state(again)["condition"] == "working", "the new machine goes on with the same place"
    finally:
        again.stop()


def test_a_restore_refuses_a_running_hub_and_a_database_that_knows_more(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    hub = HubProcess(tmp_path / "data").start()
    hub.issue("a")
    assert tiepdon("backup", "--data", tmp_path / "data", "--to", place).returncode == 0, "beside a running hub"
    hub.issue("b")
    running = tiepdon("restore", "--from", place, "--data", tmp_path / "data", "--force")
    assert (running.returncode, "[restore.hub_runs]" in running.stderr) == (2, True)
    hub.stop()
    newer = tiepdon("restore", "--from", place, "--data", tmp_path / "data")
    assert (newer.returncode, "[restore.newer_data]" in newer.stderr) == (2, True)
    forced = tiepdon("restore", "--from", place, "--data", tmp_path / "data", "--force", "--lang", "en")
    assert (forced.returncode, "complete up to" in forced.stdout) == (0, True)
    (aside,) = (tmp_path / "data").glob(f"{FILE_NAME}.aside-*Z")
    connection = apsw.Connection(str(aside))
    assert connection.execute("SELECT count(*) FROM ticket").get == 2
    connection.close()


@pytest.mark.parametrize(("folder", "code"), [("empty", "restore.none"), ("typo", "restore.folder_missing")])
def test_a_folder_without_copies_is_refused(tmp_path: Path, folder: str, code: str) -> None:
    (tmp_path / "empty").mkdir()
    result = tiepdon("restore", "--from", tmp_path / folder, "--data", tmp_path / "data")
    assert (result.returncode, f"[{code}]" in result.stderr) == (2, True)
    assert not (tmp_path / "data" / FILE_NAME).exists()


def test_copies_that_are_all_spoilt_leave_nothing_behind(tmp_path: Path) -> None:
    place = tmp_path / "place"
    HubProcess(tmp_path / "data").start().stop()
    assert tiepdon("backup", "--data", tmp_path / "data", "--to", place).returncode == 0
    for log in place.glob("*/changes.log"):
        log.write_bytes(log.read_bytes()[:20])
    for base in place.glob("*/base.sqlite3"):
        spoil_middle(base)
    result = tiepdon("restore", "--from", place, "--data", tmp_path / "new")
    assert (result.returncode, "[restore.none]" in result.stderr) == (2, True)
    assert not list((tmp_path / "new").glob(f"{FILE_NAME}*"))


def test_a_copy_into_another_hubs_place_says_what_to_do(tmp_path: Path) -> None:
    for name in ("one", "two"):
        HubProcess(tmp_path / name).start().stop()
    assert tiepdon("backup", "--data", tmp_path / "one", "--to", tmp_path / "place").returncode == 0
    refused = tiepdon("backup", "--data", tmp_path / "two", "--to", tmp_path / "place")
    assert (refused.returncode, "[backup.place_taken]" in refused.stderr, "--to" in refused.stderr) == (2, True, True)


def test_a_place_for_copies_that_is_missing_is_told_to_staff_and_the_hub_goes_on(tmp_path: Path) -> None:
    hub = hub_with_copies(tmp_path / "data", tmp_path / "not-plugged-in")
    try:
        deadline = time.monotonic() + 20
        while not (alerts := hub.get("/v1/alerts")["alerts"]):
            assert time.monotonic() < deadline
        assert [alert["code"] for alert in alerts] == ["backup.place_missing"]
        assert backup_state(hub)["condition"] == "failing"
        assert hub.issue("a")["number"] == 1
    finally:
        hub.stop()


@pytest.mark.parametrize(
    ("line", "word"), [("every_s = 301", "every_s"), ("keep = 0", "keep"), ("foldr = 'x'", "foldr")]
)
def test_a_wrong_backup_setting_is_named(tmp_path: Path, line: str, word: str) -> None:
    (tmp_path / "hub.toml").write_text(f"[backup]\n{line}\n", "utf-8")
    result = tiepdon("hub", "--data", tmp_path, "--listen", "127.0.0.1:0")
    assert (result.returncode, word in result.stderr) == (2, True)


def test_a_503_says_when_to_come_again(tmp_path: Path) -> None:
    import resource

    hub = HubProcess(tmp_path / "data").start()
    try:
        resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        refused = requests.post(
            f"{hub.url}/v1/tickets", json={"service": "nhi"}, headers={"Idempotency-Key": "k"}, timeout=10
        )
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    finally:
        hub.stop()
