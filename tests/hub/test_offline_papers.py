"""Numbers a kiosk printed while the hub was away, keys taken back and papers told of, over real HTTP."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from support.hub_process import HubProcess
from support.hub_thread import HubThread

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AnyHub = HubProcess | HubThread


def paper(label: str = "K2-007", *, ago_s: float = 60, clock_ahead_s: float = 0, **fields: object) -> dict[str, object]:
    """What the kiosk K2 tells of a paper it printed `ago_s` ago, on a clock that is wrong by `clock_ahead_s`."""
    kiosk_now = datetime.now(UTC) + timedelta(seconds=clock_ahead_s)
    printed_at = kiosk_now - timedelta(seconds=ago_s)
    kiosk, _, number = label.partition("-")
    return {
        "label": label,
        "number": int(number),
        "kiosk": kiosk,
        "printed_at": printed_at.isoformat(),
        "asked_at": printed_at.isoformat(),
        "kiosk_now": kiosk_now.isoformat(),
        **fields,
    }


def ask(hub: AnyHub, key: str, service: str = "nhi", **fields: object) -> requests.Response:
    body = {"service": service, **fields}
    return requests.post(f"{hub.url}/v1/tickets", json=body, headers={"Idempotency-Key": key}, timeout=10)


def new_key() -> str:
    return uuid.uuid4().hex


def call_next(hub: AnyHub) -> dict[str, Any]:
    return requests.post(f"{hub.url}/v1/counters/1/call-next", timeout=10).json()


def act(hub: AnyHub, ticket_id: str, action: str) -> dict[str, Any]:
    answer = requests.post(f"{hub.url}/v1/tickets/{ticket_id}/{action}", json={"counter": "1"}, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()


def detail(hub: AnyHub, ticket_id: str) -> dict[str, Any]:
    return requests.get(f"{hub.url}/v1/tickets/{ticket_id}", timeout=10).json()


def take_back(hub: AnyHub, key: str) -> requests.Response:
    return requests.delete(f"{hub.url}/v1/tickets/by-key/{key}", timeout=10)


def next_labels(hub: AnyHub, service: str = "nhi") -> list[str]:
    board = requests.get(f"{hub.url}/v1/board", timeout=10).json()
    return next(queue["next_labels"] for queue in board["queues"] if queue["service"] == service)


def test_a_paper_the_hub_never_heard_of_becomes_a_ticket_with_the_printed_label(own_hub: HubThread) -> None:
    answer = ask(own_hub, new_key(), offline=paper("K2-007"))
    ticket = answer.json()
    assert (answer.status_code, ticket["label"], ticket["number"], ticket["state"]) == (201, "K2-007", 7, "waiting")
    assert next_labels(own_hub) == ["K2-007"]
    assert ask(own_hub, new_key()).json()["label"] == "E001", "the service's own numbers have no gap"
    assert call_next(own_hub)["label"] == "K2-007"


@pytest.mark.parametrize("clock_ahead_s", [0, 5 * 3600, -3 * 3600])
def test_who_came_first_is_called_first_whatever_the_kiosks_clock_says(own_hub: HubThread, clock_ahead_s: int) -> None:
    ask(own_hub, new_key())
    ask(own_hub, new_key(), offline=paper("K2-001", ago_s=300, clock_ahead_s=clock_ahead_s))
    ask(own_hub, new_key())
    assert next_labels(own_hub) == ["K2-001", "E001", "E002"]


def test_nobody_came_in_the_future(own_hub: HubThread) -> None:
    ask(own_hub, new_key(), offline=paper("K2-001", ago_s=-7200))
    ask(own_hub, new_key())
    assert next_labels(own_hub) == ["K2-001", "E001"]


def test_the_same_paper_again_gets_the_same_answer(own_hub: HubThread) -> None:
    key = new_key()
    first = ask(own_hub, key, offline=paper())
    again = ask(own_hub, key, offline=paper(ago_s=90))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert next_labels(own_hub) == ["K2-007"]


def test_the_first_try_that_comes_after_its_own_paper_makes_no_second_ticket(own_hub: HubThread) -> None:
    key = new_key()
    merged = ask(own_hub, key, offline=paper())
    late = ask(own_hub, key)
    assert (late.status_code, late.content) == (200, merged.content)
    assert next_labels(own_hub) == ["K2-007"]


def test_a_first_try_that_had_arrived_keeps_order_and_number_and_takes_the_printed_label(own_hub: HubThread) -> None:
    key = new_key()
    first = ask(own_hub, key).json()
    ask(own_hub, new_key())
    merged = ask(own_hub, key, offline=paper("K2-007", ago_s=-50))
    assert merged.status_code == 200
    assert (merged.json()["id"], merged.json()["label"], merged.json()["number"]) == (first["id"], "K2-007", 1)
    assert next_labels(own_hub) == ["K2-007", "E002"]
    assert ask(own_hub, key).content == merged.content, "from now on the key means the printed label"


@pytest.mark.parametrize("actions", [["call"], ["call", "serve"], ["call", "hold"], ["hold"]])
def test_a_label_nobody_was_told_gives_way_to_the_printed_one_in_every_live_state(
    own_hub: HubThread, actions: list[str]
) -> None:
    key = new_key()
    ticket = ask(own_hub, key).json()
    for action in actions:
        state = act(own_hub, ticket["id"], action)["state"]
    merged = ask(own_hub, key, offline=paper("K2-007")).json()
    assert (merged["id"], merged["label"], merged["printed_labels"]) == (ticket["id"], "K2-007", [])
    assert merged["state"] == state, "nobody called already is undone"
    assert ("flag.two_labels" in merged["flags"]) == ("call" in actions)
    board = requests.get(f"{own_hub.url}/v1/board", timeout=10).json()
    shown = [*board["now_called"], *board["recently_called"]]
    assert [call["label"] for call in shown] == (["K2-007"] if "call" in actions else [])


def test_a_ticket_sent_on_is_called_by_the_number_on_its_paper(own_hub: HubThread) -> None:
    key = new_key()
    ticket = ask(own_hub, key).json()
    act(own_hub, ticket["id"], "call")
    body = {"service": "kham-bhyt"}
    requests.post(f"{own_hub.url}/v1/tickets/{ticket['id']}/transfer", json=body, timeout=10).raise_for_status()
    merged = ask(own_hub, key, offline=paper("K2-007")).json()
    assert (merged["label"], merged["state"], merged["service"]) == ("K2-007", "waiting", "kham-bhyt")
    assert next_labels(own_hub, "kham-bhyt") == ["K2-007"]


def test_another_wish_without_a_paper_under_the_same_key_is_refused(own_hub: HubThread) -> None:
    key = new_key()
    ask(own_hub, key)
    refused = ask(own_hub, key, "kham-bhyt")
    assert (refused.status_code, refused.json()["code"]) == (409, "request.idempotency_key_reused")


def test_a_paper_is_taken_in_whatever_else_its_key_had_asked(own_hub: HubThread) -> None:
    key = new_key()
    first = ask(own_hub, key, offline=paper("K2-007")).json()
    same_paper = ask(own_hub, key, "kham-bhyt", offline=paper("K2-007"))
    assert (same_paper.status_code, same_paper.json()["id"]) == (200, first["id"])
    assert detail(own_hub, first["id"])["flags"] == ["flag.wish_differs"]
    other_paper = ask(own_hub, key, offline=paper("K2-008")).json()
    assert (other_paper["id"], other_paper["label"]) == (first["id"], "K2-007")
    assert other_paper["printed_labels"] == ["K2-008"]
    assert "flag.two_labels" in other_paper["flags"]
    again = ask(own_hub, key, offline=paper("K2-007")).json()
    assert (again["label"], again["printed_labels"]) == ("K2-007", ["K2-008"])


def test_two_kiosks_of_one_name_lose_no_paper_and_staff_are_told(own_hub: HubThread) -> None:
    tickets = [ask(own_hub, new_key(), offline=paper("K1-001")).json() for _ in range(3)]
    assert [ticket["label"] for ticket in tickets] == ["K1-001"] * 3
    assert ["flag.label_twice" in ticket["flags"] for ticket in tickets] == [False, True, True]
    assert len(next_labels(own_hub)) == 3
    assert all("flag.label_twice" in detail(own_hub, ticket["id"])["flags"] for ticket in tickets)


@pytest.mark.parametrize(
    "label", ["K2", "K2-", "K2-7", "-007", "K2-007\n\n", "K 2-007", "A045", "Kđ-007", "K2-0070000"]
)
def test_a_label_that_could_be_taken_for_another_is_refused(hub: HubProcess, label: str) -> None:
    refused = ask(hub, new_key(), offline={**paper(), "label": label})
    assert (refused.status_code, refused.json()["code"]) == (400, "request.invalid")


def test_times_without_a_zone_are_refused(hub: HubProcess) -> None:
    assert ask(hub, new_key(), offline=paper(asked_at="2026-03-02T08:00:00")).status_code == 400


def test_a_key_taken_back_never_makes_a_ticket(own_hub: HubThread) -> None:
    key = new_key()
    assert (take_back(own_hub, key).status_code, take_back(own_hub, key).json()) == (200, {"ticket": None})
    for refused in (ask(own_hub, key), ask(own_hub, key, offline=paper())):
        assert (refused.status_code, refused.json()["code"]) == (409, "ticket.cancelled_before")
    assert next_labels(own_hub) == []


def test_taking_a_key_back_cancels_its_waiting_ticket_once(own_hub: HubThread) -> None:
    key = new_key()
    ask(own_hub, key)
    assert take_back(own_hub, key).json()["ticket"]["state"] == "cancelled"
    assert take_back(own_hub, key).json()["ticket"]["state"] == "cancelled"
    assert next_labels(own_hub) == []
    assert ask(own_hub, key).status_code == 409


def test_a_ticket_that_was_called_is_not_undone_by_taking_its_key_back(own_hub: HubThread) -> None:
    key = new_key()
    ask(own_hub, key)
    call_next(own_hub)
    assert take_back(own_hub, key).json()["ticket"]["state"] == "called"


def test_the_same_person_gets_the_ticket_they_have(own_hub: HubThread) -> None:
    ask(own_hub, new_key())
    mine = ask(own_hub, new_key(), patient_ref="ref-1").json()
    again = ask(own_hub, new_key(), patient_ref="ref-1")
    assert (again.status_code, again.json()["id"], again.json()["already"]) == (200, mine["id"], True)
    assert (again.json()["label"], again.json()["people_ahead"]) == ("E002", 1)
    assert ask(own_hub, new_key(), "kham-bhyt", patient_ref="ref-1").json()["already"] is False
    assert len(next_labels(own_hub)) == 2


def test_staff_may_want_a_second_ticket_and_who_was_served_gets_a_new_one(own_hub: HubThread) -> None:
    mine = ask(own_hub, new_key(), patient_ref="ref-1").json()
    second = ask(own_hub, new_key(), patient_ref="ref-1", again=True, by="Lan", reason="khám lại")
    assert (second.status_code, second.json()["label"]) == (201, "E002")
    for ticket in (mine, second.json()):
        act(own_hub, ticket["id"], "call")
        act(own_hub, ticket["id"], "finish")
    assert ask(own_hub, new_key(), patient_ref="ref-1").json()["label"] == "E003"


def test_a_lost_answer_that_named_the_ticket_one_has_leaves_that_label_alone(own_hub: HubThread) -> None:
    ask(own_hub, new_key(), patient_ref="ref-1")
    key = new_key()
    ask(own_hub, key, patient_ref="ref-1")
    merged = ask(own_hub, key, patient_ref="ref-1", offline=paper("K2-007")).json()
    assert (merged["label"], merged["printed_labels"], merged["already"]) == ("E001", ["K2-007"], True)
    assert take_back(own_hub, key).json()["ticket"]["state"] == "waiting"


def test_a_ticket_somebody_came_back_for_outlives_the_first_wish(own_hub: HubThread) -> None:
    first = new_key()
    ask(own_hub, first, patient_ref="ref-1")
    ask(own_hub, new_key(), patient_ref="ref-1")
    assert take_back(own_hub, first).json()["ticket"]["state"] == "waiting"
    assert next_labels(own_hub) == ["E001"]


def test_a_second_paper_of_somebody_who_has_a_ticket_is_a_ticket_staff_look_at(own_hub: HubThread) -> None:
    ask(own_hub, new_key(), patient_ref="ref-1")
    second = ask(own_hub, new_key(), patient_ref="ref-1", offline=paper("K2-007")).json()
    assert (second["label"], second["flags"]) == ("K2-007", ["flag.second_ticket"])


def tell(hub: AnyHub, ticket_id: str, state: str, copy: int = 0, code: str | None = None) -> dict[str, Any]:
    body = {"state": state, "copy": copy, "code": code, "at": NOW.isoformat(), "kiosk": "K2"}
    answer = requests.put(f"{hub.url}/v1/tickets/{ticket_id}/print", json=body, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()["paper"]


def test_what_is_known_of_a_paper_only_grows(own_hub: HubThread) -> None:
    ticket_id = ask(own_hub, new_key()).json()["id"]
    assert detail(own_hub, ticket_id)["paper"] is None
    told = [("queued", None), ("sent", None), ("unconfirmed", "printer.silent"), ("sent", None), ("confirmed", None)]
    states = [tell(own_hub, ticket_id, state, code=code)["state"] for state, code in told]
    assert states == ["queued", "sent", "unconfirmed", "unconfirmed", "confirmed"]
    assert tell(own_hub, ticket_id, "failed", copy=1, code="printer.paper_out") == {
        "state": "failed",
        "code": "printer.paper_out",
        "copy": 1,
    }
    papers = detail(own_hub, ticket_id)["papers"]
    assert [(one["copy"], one["state"]) for one in papers] == [
        (0, "queued"),
        (0, "sent"),
        (0, "unconfirmed"),
        (0, "confirmed"),
        (1, "failed"),
    ]


def test_papers_are_told_of_known_tickets_in_known_words(hub: HubProcess) -> None:
    body = {"state": "sent", "at": NOW.isoformat(), "kiosk": "K2"}
    unknown = requests.put(f"{hub.url}/v1/tickets/none/print", json=body, timeout=10)
    wrong = requests.put(f"{hub.url}/v1/tickets/none/print", json={**body, "state": "eaten"}, timeout=10)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "ticket.unknown")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "request.invalid")


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2200-01-01T00:00:00Z"])
def test_a_paper_of_a_time_that_cannot_be_kept_is_refused_and_harms_nothing(hub: HubProcess, at: str) -> None:
    ticket_id = ask(hub, new_key()).json()["id"]
    body = {"state": "confirmed", "at": at, "kiosk": "K2"}
    refused = requests.put(f"{hub.url}/v1/tickets/{ticket_id}/print", json=body, timeout=10)
    assert (refused.status_code, refused.json()["code"]) == (400, "request.invalid")
    assert tell(hub, ticket_id, "sent")["state"] == "sent"
    assert detail(hub, ticket_id)["papers"][0]["state"] == "sent"


@pytest.mark.parametrize("state", ["sent", "unconfirmed", "confirmed"])
def test_a_ticket_whose_paper_may_be_out_is_not_taken_back(own_hub: HubThread, state: str) -> None:
    key = new_key()
    ticket = ask(own_hub, key).json()
    tell(own_hub, ticket["id"], state)
    assert take_back(own_hub, key).json()["ticket"]["state"] == "waiting"
    assert ask(own_hub, key).json()["id"] == ticket["id"], "the key is as good as before"


@pytest.mark.parametrize("states", [["queued"], ["failed"], ["sent", "failed"]])
def test_a_ticket_whose_paper_never_came_is_taken_back(own_hub: HubThread, states: list[str]) -> None:
    key = new_key()
    ticket = ask(own_hub, key).json()
    for state in states:
        tell(own_hub, ticket["id"], state)
    assert take_back(own_hub, key).json()["ticket"]["state"] == "cancelled"


def test_a_copy_that_failed_does_not_hide_the_paper_that_came(own_hub: HubThread) -> None:
    key = new_key()
    ticket = ask(own_hub, key).json()
    tell(own_hub, ticket["id"], "confirmed")
    tell(own_hub, ticket["id"], "failed", copy=1)
    assert take_back(own_hub, key).json()["ticket"]["state"] == "waiting"


def test_a_number_of_the_kiosks_own_is_not_taken_back(own_hub: HubThread) -> None:
    never_heard, merged = new_key(), new_key()
    ask(own_hub, never_heard, offline=paper("K2-001"))
    ask(own_hub, merged)
    ask(own_hub, merged, offline=paper("K2-002"))
    for key in (never_heard, merged):
        assert take_back(own_hub, key).json()["ticket"]["state"] == "waiting"
    assert next_labels(own_hub) == ["K2-001", "K2-002"]


def test_a_wish_taken_back_leaves_no_label_nobody_holds(own_hub: HubThread) -> None:
    first, second = new_key(), new_key()
    ask(own_hub, first, patient_ref="ref-1")
    ask(own_hub, second, patient_ref="ref-1")
    ask(own_hub, second, patient_ref="ref-1", offline=paper("K3-001"))
    assert next_labels(own_hub) == ["E001", "K3-001"]
    assert take_back(own_hub, first).json()["ticket"]["label"] == "K3-001"
    assert next_labels(own_hub) == ["K3-001"]


def test_who_asks_again_as_priority_keeps_the_ticket_and_staff_look(own_hub: HubThread) -> None:
    mine = ask(own_hub, new_key(), patient_ref="ref-1").json()
    again = ask(own_hub, new_key(), patient_ref="ref-1", priority="emergency").json()
    assert (again["id"], again["priority"], again["flags"]) == (mine["id"], "normal", ["flag.priority_claimed"])
    emergency = ask(own_hub, new_key(), patient_ref="ref-2", priority="emergency").json()
    assert ask(own_hub, new_key(), patient_ref="ref-2", priority="priority").json()["flags"] == emergency["flags"] == []
