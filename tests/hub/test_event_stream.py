"""The event feed as a plain SSE client sees it: snapshot, gapless ids, resume."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import requests
from support.hub_process import HubProcess
from support.hub_thread import HubThread


def issue(hub: HubProcess | HubThread) -> dict[str, object]:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    answer = requests.post(f"{hub.url}/v1/tickets", json={"service": "nhi"}, headers=headers, timeout=10)
    return answer.json()


def messages(hub: HubProcess | HubThread, last_id: int | None, count: int) -> list[dict[str, str]]:
    headers = {} if last_id is None else {"Last-Event-ID": str(last_id)}
    with requests.get(f"{hub.url}/v1/events", headers=headers, stream=True, timeout=15) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        reader = parsed(stream.iter_lines(chunk_size=1))
        return [next(reader) for _ in range(count)]


def parsed(lines: Iterator[bytes]) -> Iterator[dict[str, str]]:
    message: dict[str, str] = {}
    for line in lines:
        if not line and message:
            yield message
            message = {}
        elif line and not line.startswith(b":"):
            field, _, value = line.decode().partition(": ")
            message[field] = value


def test_a_new_subscriber_gets_a_snapshot_that_equals_the_board(own_hub: HubThread) -> None:
    issue(own_hub)
    (snapshot,) = messages(own_hub, None, 1)
    board = requests.get(f"{own_hub.url}/v1/board", timeout=5).json()
    shown = json.loads(snapshot["data"])
    assert (snapshot["event"], snapshot["id"]) == ("snapshot", str(board["seq"]))
    assert {**shown, "at": None} == {**board, "at": None}


def test_a_subscriber_resumes_after_the_last_event_it_saw_without_a_gap(own_hub: HubThread) -> None:
    for _ in range(5):
        issue(own_hub)
    requests.post(f"{own_hub.url}/v1/counters/1/call-next", timeout=5)
    seen = messages(own_hub, 2, 4)
    assert [message["id"] for message in seen] == ["3", "4", "5", "6"]
    assert [message["event"] for message in seen] == ["ticket.issued"] * 3 + ["ticket.called"]
    assert json.loads(seen[-1]["data"])["ticket"]["counter"] == "1"


def test_a_subscriber_from_another_database_gets_a_fresh_snapshot(own_hub: HubThread) -> None:
    issue(own_hub)
    (snapshot,) = messages(own_hub, 999, 1)
    assert (snapshot["event"], snapshot["id"]) == ("snapshot", "1")


def test_ids_go_on_gapless_after_a_kill(own_process: HubProcess) -> None:
    issue(own_process)
    own_process.kill()
    own_process.start()
    issue(own_process)
    assert [message["id"] for message in messages(own_process, 0, 2)] == ["1", "2"]


def test_no_event_carries_anything_personal(own_hub: HubThread) -> None:
    body = {"service": "nhi", "masked_name": "N*** V** A", "patient_ref": "ref-canary", "flags": ["flag.canary"]}
    requests.post(f"{own_hub.url}/v1/tickets", json=body, headers={"Idempotency-Key": "p"}, timeout=5)
    (event,) = messages(own_hub, 0, 1)
    assert all(word not in event["data"] for word in ("N***", "ref-canary", "flag.canary"))
