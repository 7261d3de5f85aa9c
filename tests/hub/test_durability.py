"""A hub killed with -9 in the middle of issuing loses, doubles and invents nothing."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path

import pytest
import requests
from support.hub_process import HubProcess

CLIENTS = 6


class Client(threading.Thread):
    """Takes numbers; after a broken connection it repeats the same key until it is answered."""

    def __init__(self, hub: HubProcess, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._hub, self._stop_wanted = hub, stop
        self.taken: dict[str, dict[str, object]] = {}

    def run(self) -> None:
        session = requests.Session()
        while not self._stop_wanted.is_set():
            key = str(uuid.uuid4())
            while True:
                try:
                    answer = session.post(
                        f"{self._hub.url}/v1/tickets",
                        json={"service": "kham-bhyt"},
                        headers={"Idempotency-Key": key},
                        timeout=10,
                    )
                except requests.RequestException:
                    if self._stop_wanted.wait(0.02):
                        return
                    continue
                self.taken[key] = answer.json()
                break


def kill_loop(data: Path, kills: int) -> None:
    hub = HubProcess(data).start()
    stop = threading.Event()
    clients = [Client(hub, stop) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for round_ in range(kills):
        wanted = 40 * (round_ + 1)
        while sum(len(client.taken) for client in clients) < wanted:
            stop.wait(0.01)
        hub.kill()
        hub.start()
    stop.set()
    for client in clients:
        client.join(20)
    taken = {key: ticket for client in clients for key, ticket in client.taken.items()}
    try:
        assert len({ticket["number"] for ticket in taken.values()}) == len(taken), "a number was given twice"
        for key, ticket in list(taken.items())[-40:]:
            again = requests.post(
                f"{hub.url}/v1/tickets",
                json={"service": "kham-bhyt"},
                headers={"Idempotency-Key": key},
                timeout=10,
            )
            assert (again.status_code, again.json()) == (200, ticket), "the same key must give the same ticket"
        for ticket in taken.values():
            stored = requests.get(f"{hub.url}/v1/tickets/{ticket['id']}", timeout=10)
            assert stored.json()["number"] == ticket["number"], "an acknowledged ticket was lost"
        everything = requests.get(f"{hub.url}/v1/board", timeout=10).json()
        waiting = next(q["waiting"] for q in everything["queues"] if q["service"] == "kham-bhyt")
        numbers = {ticket["number"] for ticket in taken.values()}
        # What was being asked when the clients stopped may stand in the hub without its answer having been read.
        assert 0 <= waiting - len(taken) <= CLIENTS
        assert set(range(1, len(taken) + 1)) - numbers <= set(range(1, waiting + 1))
        assert max(numbers) <= waiting, "a gap: more numbers given than tickets stored"
    finally:
        hub.stop()


def test_a_hub_killed_during_issuing_keeps_every_acknowledged_ticket_once(tmp_path: Path) -> None:
    kill_loop(tmp_path / "data", kills=4)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_100_kills_lose_nothing(tmp_path: Path) -> None:
    kill_loop(tmp_path / "data", kills=100)
