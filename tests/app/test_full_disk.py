"""A disk that is full: tickets are refused with a next step, nothing acknowledged is lost, and it heals by itself.

Emulated by the kernel's limit on file sizes, raised again from outside: no write beyond it succeeds.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from support.hub_process import HubProcess

UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    process = HubProcess(tmp_path / "data").start()
    yield process
    process.stop()


def limit_files(hub: HubProcess, size: int) -> None:
    resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def issue(hub: HubProcess, key: str) -> requests.Response:
    return requests.post(f"{hub.url}/v1/tickets", json={"service": "nhi"}, headers={"Idempotency-Key": key}, timeout=10)


def test_a_full_disk_refuses_tickets_says_where_to_go_and_heals(hub: HubProcess) -> None:
    before = [issue(hub, f"before-{n}").json() for n in range(3)]
    limit_files(hub, 4096)
    refused = [issue(hub, f"full-{n}") for n in range(3)]
    unwell = requests.get(f"{hub.url}/healthz", timeout=10)
    services = requests.get(f"{hub.url}/v1/services", timeout=10)
    resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE, UNLIMITED)
    after = [issue(hub, f"full-{n}") for n in range(3)]

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(503, "storage.unavailable")] * 3
    assert all(answer.json()["next_step"]["vi"] for answer in refused)
    assert (unwell.status_code, unwell.json()["code"]) == (503, "storage.unavailable")
    assert services.status_code == 200, "reading goes on"
    assert [answer.status_code for answer in after] == [201] * 3
    assert [ticket["number"] for ticket in before] == [1, 2, 3]
    assert [answer.json()["number"] for answer in after] == [4, 5, 6], "no gap, no duplicate"
    assert requests.get(f"{hub.url}/healthz", timeout=10).json()["seq"] == 6


def test_what_was_acknowledged_before_the_disk_filled_is_there_after_a_restart(hub: HubProcess) -> None:
    tickets = [issue(hub, f"key-{n}").json() for n in range(20)]
    limit_files(hub, 4096)
    assert issue(hub, "full").status_code == 503
    hub.kill()
    hub.start()
    assert [issue(hub, f"key-{n}").json() for n in range(20)] == tickets
    assert issue(hub, "full").json()["number"] == 21
