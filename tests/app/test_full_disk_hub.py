"""The real hub on a real disk that turns full or read-only, and one that is so when the hub starts.

Beside `test_full_disk.py`, whose disk the kernel emulates by a limit on file sizes.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from support.hub_process import HubProcess
from support.small_disk import EXT4, SmallDisk, why_not

from kiosk.app.doctor_backup import check_backup
from kiosk.app.doctor_findings import State
from kiosk.app.start import utc_now
from kiosk.storage.database import FILE_NAME

WITHIN_S = 30.0
PER_TICKET_BYTES = 64 * 1024


@pytest.fixture(scope="module")
def mountable() -> None:
    if (reason := why_not()) is not None:
        pytest.skip(reason)


@pytest.fixture(scope="module")
def images_mountable(mountable: None) -> None:
    if (reason := why_not(EXT4)) is not None:
        pytest.skip(reason)


@pytest.fixture
def disk(mountable: None, tmp_path: Path) -> Iterator[SmallDisk]:
    with SmallDisk(tmp_path, size_mb=8) as disk:
        yield disk


@pytest.fixture
def breakable_disk(images_mountable: None, tmp_path: Path) -> Iterator[SmallDisk]:
    with SmallDisk(tmp_path, size_mb=16, kind=EXT4) as disk:
        yield disk


@contextmanager
def running(hub: HubProcess) -> Iterator[HubProcess]:
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()


def on(disk: SmallDisk) -> HubProcess:
    return HubProcess(disk.path / "data", disk.inside)


def ask(hub: HubProcess, key: str) -> requests.Response:
    return requests.post(f"{hub.url}/v1/tickets", json={"service": "nhi"}, headers={"Idempotency-Key": key}, timeout=10)


def numbers(hub: HubProcess, *keys: str) -> list[int]:
    answers = [ask(hub, key) for key in keys]
    assert {answer.status_code for answer in answers} <= {200, 201}
    return [answer.json()["number"] for answer in answers]


def ask_until_refused(hub: HubProcess, name: str) -> tuple[list[int], str]:
    """Tickets that still found room in files that are there already, and the key of the first that did not."""
    given = []
    for n in range(PER_TICKET_BYTES):
        key = f"{name}-{n}"
        if (answer := ask(hub, key)).status_code == 503:
            return given, key
        given.append(answer.json()["number"])
    raise AssertionError("the disk is not full")


def healthz(hub: HubProcess) -> dict[str, Any]:
    health: dict[str, Any] = requests.get(f"{hub.url}/healthz", timeout=10).json()
    return health


def refused_start(disk: SmallDisk) -> list[str]:
    """What the hub says when it does not start, a line in each language."""
    command = [sys.executable, "-m", "kiosk.app.cli", "hub", "--data", str(disk.path / "data"), "--listen"]
    result = subprocess.run(
        [*disk.inside, *command, "127.0.0.1:0"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode, "Traceback" in result.stderr) == (2, False), result.stderr
    return [line for line in result.stderr.splitlines() if line.startswith("[start.")]


def until(reached: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + WITHIN_S
    while not reached():
        assert time.monotonic() < deadline_s
        threading.Event().wait(0.05)


def test_another_file_takes_the_space_and_the_next_number_follows_when_it_is_gone(disk: SmallDisk) -> None:
    with running(on(disk)) as hub:
        before = numbers(hub, "a", "b", "c")
        disk.fill()
        meanwhile, first_refused = ask_until_refused(hub, "full")
        refused = [ask(hub, key) for key in (first_refused, "x", "y")]
        unwell, services = healthz(hub), requests.get(f"{hub.url}/v1/services", timeout=10)
        disk.clear()
        after = numbers(hub, first_refused, "x", "y")
        well = healthz(hub)
    assert [(r.status_code, r.json()["code"]) for r in refused] == [(503, "storage.unavailable")] * 3
    assert all(r.json()["next_step"]["vi"] and r.json()["next_step"]["en"] for r in refused)
    assert (unwell["code"], services.status_code, well["status"]) == ("storage.unavailable", 200, "ok")
    assert [*before, *meanwhile, *after] == list(range(1, len(meanwhile) + 7)), "no gap, no duplicate"


def test_killed_on_a_full_disk_it_says_what_to_do_and_has_everything_when_there_is_space(disk: SmallDisk) -> None:
    hub = on(disk).start()
    before = numbers(hub, "a", "b", "c")
    disk.fill()
    meanwhile, first_refused = ask_until_refused(hub, "full")
    hub.kill()
    told = refused_start(disk)
    disk.clear()
    with running(hub):
        assert numbers(hub, "a", "b", "c") == before
        assert numbers(hub, *[f"full-{n}" for n in range(len(meanwhile))]) == meanwhile
        assert numbers(hub, first_refused) == [len(meanwhile) + 4]
    assert [line.split()[0] for line in told] == ["[start.disk_full]"] * 2
    assert all("1 GB" in line and "hub.sqlite3" in line for line in told), told


def test_a_first_start_on_a_full_disk_leaves_nothing_half_made(disk: SmallDisk) -> None:
    for left in (20_000, 100_000):
        disk.fill(but_bytes=left)
        assert [line.split()[0] for line in refused_start(disk)] == ["[start.disk_full]"] * 2, left
        disk.clear()
    with running(on(disk)) as hub:
        assert numbers(hub, "a") == [1]


def test_a_disk_that_broke_is_read_only_for_the_running_hub_and_nothing_acknowledged_is_lost(
    breakable_disk: SmallDisk,
) -> None:
    disk = breakable_disk
    hub = on(disk).start()
    before = numbers(hub, "a", "b", "c")
    disk.break_journal()
    assert [ask(hub, key).status_code for key in "xyz"] == [503] * 3
    assert requests.get(f"{hub.url}/v1/board", timeout=10).status_code == 200, "boards go on"
    hub.kill()
    told = refused_start(disk)
    disk.unplug()
    disk.plug_in()
    with running(hub):
        assert numbers(hub, "a", "b", "c") == before
        assert numbers(hub, *"xyz") == [4, 5, 6]
    assert [line.split()[0] for line in told] == ["[start.disk_read_only]"] * 2
    assert all("dmesg" in line for line in told)


def test_a_disk_mounted_read_only_is_refused_in_words_until_it_is_writable(disk: SmallDisk) -> None:
    with running(on(disk)) as hub:
        given = numbers(hub, "a", "b")
    disk.set_read_only(True)
    told = refused_start(disk)
    disk.set_read_only(False)
    assert [line.split()[0] for line in told] == ["[start.disk_read_only]"] * 2
    with running(hub):
        assert numbers(hub, "a", "b", "c") == [*given, 3]


# -- copies -----------------------------------------------------------------------------------------------------------


def hub_with_copies(data: Path, place: Path, inside: tuple[str, ...]) -> HubProcess:
    data.mkdir()
    (data / "hub.toml").write_text(f'[backup]\nevery_s = 1\nfolder = "{place}"\n', "utf-8")
    return HubProcess(data, inside)


def open_alerts(hub: HubProcess) -> list[str]:
    alerts: Any = hub.get("/v1/alerts")["alerts"]
    return [alert["code"] for alert in alerts if alert["handled_at"] is None]


def copied_until_now(hub: HubProcess) -> None:
    now = healthz(hub)["now"]
    until(lambda: (healthz(hub)["backup"]["complete_until"] or "") >= now)


def test_a_full_place_for_copies_is_told_and_copies_go_on_by_themselves(disk: SmallDisk, tmp_path: Path) -> None:
    (disk.seen / "copies").mkdir()
    with running(hub_with_copies(tmp_path / "data", disk.path / "copies", disk.inside)) as hub:
        copied_until_now(hub)
        disk.fill()
        given = numbers(hub, *[f"key-{n}" for n in range(20)])
        until(lambda: healthz(hub)["backup"]["condition"] == "failing")
        assert healthz(hub)["backup"]["code"] == "backup.place_full"
        assert open_alerts(hub) == ["backup.place_full"]
        assert numbers(hub, "one-more") == [len(given) + 1], "tickets go on"
        disk.clear()
        copied_until_now(hub)
        assert healthz(hub)["backup"]["condition"] == "working"
        until(lambda: open_alerts(hub) == [])


@pytest.mark.long
def test_a_place_for_copies_that_broke_is_told_and_copies_go_on_when_it_is_plugged_in_again(
    breakable_disk: SmallDisk, tmp_path: Path
) -> None:
    disk = breakable_disk
    (disk.seen / "copies").mkdir()
    with running(hub_with_copies(tmp_path / "data", disk.path / "copies", disk.inside)) as hub:
        copied_until_now(hub)
        disk.break_journal()
        numbers(hub, "a", "b")
        until(lambda: healthz(hub)["backup"]["condition"] == "failing")
        assert open_alerts(hub) == [healthz(hub)["backup"]["code"]] == ["backup.place_denied"]
        disk.unplug()
        disk.plug_in()
        copied_until_now(hub)
        until(lambda: open_alerts(hub) == [])
        assert numbers(hub, "a", "b", "c") == [1, 2, 3]


def test_the_doctor_sees_a_place_for_copies_that_is_full_or_can_only_be_read(disk: SmallDisk, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / FILE_NAME).write_bytes(bytes(100_000))
    settings = tmp_path / "hub.toml"
    settings.write_text(f'[backup]\nfolder = "{disk.seen}"\n', "utf-8")

    def found() -> list[str]:
        return [finding.code for finding in check_backup(data, settings, utc_now) if finding.state is not State.OK]

    assert found() == ["backup.none_yet"]
    disk.fill(but_bytes=150_000)
    assert found() == ["backup.place_full", "backup.none_yet"]
    disk.clear()
    disk.set_read_only(True)
    assert found() == ["backup.place_read_only"]


# -- a damaged database -----------------------------------------------------------------------------------------------


def with_a_damaged_database(disk: SmallDisk, tmp_path: Path) -> tuple[HubProcess, list[int]]:
    """A hub that was stopped, its database spoilt and its copies on another disk; what it had given."""
    place = tmp_path / "copies"
    place.mkdir()
    data = disk.seen / "data"
    data.mkdir()
    (data / "hub.toml").write_text(f'[backup]\nevery_s = 1\nfolder = "{place}"\n', "utf-8")
    with running(on(disk)) as hub:
        given = numbers(hub, *[f"key-{n}" for n in range(60)])
        copied_until_now(hub)
    with (data / FILE_NAME).open("r+b") as database:
        database.seek((data / FILE_NAME).stat().st_size // 2)
        database.write(b"\xff" * 8192)
    return hub, given


def test_a_damaged_database_is_put_aside_and_restored_and_that_is_said_loudly(disk: SmallDisk, tmp_path: Path) -> None:
    hub, given = with_a_damaged_database(disk, tmp_path)
    spoilt = (disk.seen / "data" / FILE_NAME).read_bytes()
    with running(hub):
        assert numbers(hub, *[f"key-{n}" for n in range(60)]) == given
        assert numbers(hub, "new")[0] > 60
        assert healthz(hub)["restored_at"] is not None
        assert open_alerts(hub) == ["hub.restored"]
    (aside,) = (disk.seen / "data").glob(f"{FILE_NAME}.aside-*Z")
    assert aside.read_bytes() == spoilt


@pytest.mark.long
def test_a_disk_without_room_for_the_copy_is_said_and_the_damaged_database_stays_until_there_is(
    disk: SmallDisk, tmp_path: Path
) -> None:
    hub, given = with_a_damaged_database(disk, tmp_path)
    spoilt = (disk.seen / "data" / FILE_NAME).read_bytes()
    for left in (len(spoilt) // 2, len(spoilt) + 4096, len(spoilt) + 40_000):
        disk.fill(but_bytes=left)
        free_bytes = disk.free_bytes
        assert [line.split()[0] for line in refused_start(disk)] == ["[start.disk_full]"] * 2
        assert (disk.seen / "data" / FILE_NAME).read_bytes() == spoilt
        assert disk.free_bytes == free_bytes, "nothing half made takes the room that is left"
        disk.clear()
    with running(hub):
        assert numbers(hub, *[f"key-{n}" for n in range(60)]) == given
