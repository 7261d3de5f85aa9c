"""What boards and kiosks are told while a queue is being worked off."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime

import requests
from support.hub_thread import HubThread


def issue(hub: HubThread, service: str, **fields: object) -> dict[str, object]:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    answer = requests.post(f"{hub.url}/v1/tickets", json={"service": service, **fields}, headers=headers, timeout=10)
    assert answer.status_code == 201
    return answer.json()


def post(hub: HubThread, path: str, **body: object) -> dict[str, object]:
    answer = requests.post(hub.url + path, json=body or None, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()


def board(hub: HubThread) -> dict[str, object]:
    return requests.get(f"{hub.url}/v1/board", timeout=10).json()


def queue(hub: HubThread, service: str) -> dict[str, object]:
    return next(queue for queue in board(hub)["queues"] if queue["service"] == service)


def test_an_empty_board_has_every_service_and_nobody_called(own_hub: HubThread) -> None:
    shown = board(own_hub)
    services = requests.get(f"{own_hub.url}/v1/services", timeout=10).json()["services"]
    assert (shown["now_called"], shown["recently_called"], shown["seq"]) == ([], [], 0)
    assert [q["service"] for q in shown["queues"]] == [service["id"] for service in services]
    assert all((q["waiting"], q["next_labels"]) == (0, []) for q in shown["queues"])


def test_the_board_names_at_most_five_next_labels_in_calling_order(own_hub: HubThread) -> None:
    for _ in range(6):
        issue(own_hub, "nhi")
    issue(own_hub, "nhi", priority="emergency")
    assert queue(own_hub, "nhi")["waiting"] == 7
    assert queue(own_hub, "nhi")["next_labels"] == ["E007", "E001", "E002", "E003", "E004"]


def test_a_call_stands_in_front_until_the_ticket_is_finished(own_hub: HubThread) -> None:
    ticket = issue(own_hub, "nhi")
    post(own_hub, "/v1/counters/2/call-next")
    (call,) = board(own_hub)["now_called"]
    assert (call["label"], call["counter"], call["times"]) == ("E001", "2", 1)
    assert call["counter_name"]["vi"] == "Quầy 2"
    post(own_hub, f"/v1/tickets/{ticket['id']}/finish")
    after = board(own_hub)
    assert after["now_called"] == []
    assert [c["label"] for c in after["recently_called"]] == ["E001"]


def test_a_recall_is_a_new_call_and_counts(own_hub: HubThread) -> None:
    ticket = issue(own_hub, "nhi")
    post(own_hub, "/v1/counters/1/call-next")
    (first,) = board(own_hub)["now_called"]
    post(own_hub, f"/v1/tickets/{ticket['id']}/recall")
    (again,) = board(own_hub)["now_called"]
    assert (again["label"], again["times"]) == ("E001", 2)
    assert again["call_id"] > first["call_id"]


def test_the_newest_call_comes_first_and_older_ones_move_on(own_hub: HubThread) -> None:
    for _ in range(8):
        issue(own_hub, "nhi")
    for _ in range(8):
        post(own_hub, "/v1/counters/1/call-next")
    shown = board(own_hub)
    assert [call["label"] for call in shown["now_called"]] == ["E008", "E007", "E006", "E005", "E004", "E003"]
    assert [call["label"] for call in shown["recently_called"]] == ["E002", "E001"]


def test_people_ahead_and_estimate_shrink_as_the_queue_is_worked_off(own_hub: HubThread) -> None:
    tickets = [issue(own_hub, "kham-bhyt") for _ in range(10)]
    last = f"{own_hub.url}/v1/tickets/{tickets[-1]['id']}"
    told = [requests.get(last, timeout=10).json()]
    for _ in range(9):
        post(own_hub, "/v1/counters/1/call-next")
        told.append(requests.get(last, timeout=10).json())
    assert [view["people_ahead"] for view in told] == list(range(9, -1, -1))
    highs = [view["estimate"]["high_min"] for view in told]
    assert highs == sorted(highs, reverse=True)
    assert highs[0] > highs[-1]
    called = post(own_hub, "/v1/counters/1/call-next")
    assert (called["people_ahead"], called["estimate"]) == (None, None)


def test_moments_are_utc_with_a_zone(own_hub: HubThread) -> None:
    ticket = issue(own_hub, "nhi")
    for moment in (ticket["issued_at"], board(own_hub)["at"]):
        parsed = datetime.fromisoformat(str(moment))
        assert parsed.utcoffset() is not None
        assert parsed.utcoffset().total_seconds() == 0


def test_a_board_sees_a_call_within_a_second(own_hub: HubThread) -> None:
    issue(own_hub, "nhi")
    seen = threading.Event()
    with requests.get(f"{own_hub.url}/v1/events", stream=True, timeout=10) as stream:
        lines = stream.iter_lines(chunk_size=1)
        assert next(lines).startswith(b"id: ")
        follower = threading.Thread(target=wait_for, args=(lines, b"event: ticket.called", seen.set))
        follower.start()
        post(own_hub, "/v1/counters/1/call-next")
        assert seen.wait(1.0)
        follower.join(5)


def wait_for(lines: Iterator[bytes], wanted: bytes, found: Callable[[], None]) -> None:
    if any(line == wanted for line in lines):
        found()
