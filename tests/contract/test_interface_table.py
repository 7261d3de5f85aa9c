"""The table "Interfaces others build on" row by row, as an outsider calls it with a plain HTTP client."""

from __future__ import annotations

import uuid
from pathlib import Path

import msgspec
import pytest
import requests
from support.hub_contract import contract
from support.hub_process import HubProcess

from kiosk.domain.eligibility import EligibilityQuestion
from kiosk.hub.wire import EligibilityBody

TICKET_FIELDS = {"id", "number", "label", "service", "state", "people_ahead", "estimate"}


def issue(hub: HubProcess, key: str | None = None, **fields: object) -> requests.Response:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return requests.post(f"{hub.url}/v1/tickets", json={"service": "nhi", **fields}, headers=headers, timeout=10)


def called_ticket(hub: HubProcess) -> str:
    ticket_id = str(issue(hub).json()["id"])
    answer = requests.post(f"{hub.url}/v1/tickets/{ticket_id}/call", json={"counter": "1"}, timeout=10)
    assert answer.status_code == 200
    return f"{hub.url}/v1/tickets/{ticket_id}"


def test_health_says_ok(contract_hub: HubProcess) -> None:
    answer = requests.get(f"{contract_hub.url}/healthz", timeout=10)
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_services_have_id_prefix_and_both_names(contract_hub: HubProcess) -> None:
    services = requests.get(f"{contract_hub.url}/v1/services", timeout=10).json()["services"]
    assert services
    for service in services:
        assert service["id"]
        assert service["prefix"]
        assert service["name"].keys() == {"vi", "en"}


def test_a_minimal_request_gets_a_ticket(contract_hub: HubProcess) -> None:
    answer = issue(contract_hub)
    ticket = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/json"
    assert ticket.keys() >= TICKET_FIELDS
    assert type(ticket["number"]) is int
    assert ticket["label"] == f"E{ticket['number']:03d}"
    assert (ticket["service"], ticket["state"]) == ("nhi", "waiting")
    assert ticket["estimate"].keys() == {"low_min", "high_min"}


def test_a_request_may_name_priority_and_patient(contract_hub: HubProcess) -> None:
    answer = issue(contract_hub, priority="priority", patient_ref="ref-1")
    assert (answer.status_code, answer.json()["priority"]) == (201, "priority")


def test_the_same_key_again_is_200_with_the_same_body(contract_hub: HubProcess) -> None:
    key = str(uuid.uuid4())
    first, again = issue(contract_hub, key), issue(contract_hub, key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content


def test_the_same_key_with_another_body_is_409(contract_hub: HubProcess) -> None:
    key = str(uuid.uuid4())
    issue(contract_hub, key)
    refused = issue(contract_hub, key, priority="emergency")
    assert (refused.status_code, refused.json()["code"]) == (409, "request.idempotency_key_reused")


def test_a_default_said_aloud_is_the_same_body(contract_hub: HubProcess) -> None:
    key = str(uuid.uuid4())
    issue(contract_hub, key)
    assert issue(contract_hub, key, priority="normal").status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": ""}])
def test_no_key_is_400_with_its_code(contract_hub: HubProcess, headers: dict[str, str]) -> None:
    refused = requests.post(f"{contract_hub.url}/v1/tickets", json={"service": "nhi"}, headers=headers, timeout=10)
    assert (refused.status_code, refused.json()["code"]) == (400, "request.idempotency_key_missing")
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_a_refused_request_does_not_use_its_key_up(contract_hub: HubProcess) -> None:
    key = str(uuid.uuid4())
    assert issue(contract_hub, key, service="khong-co").status_code == 404
    assert issue(contract_hub, key).status_code == 201


def test_one_ticket_is_the_same_with_periods(contract_hub: HubProcess) -> None:
    issued = issue(contract_hub).json()
    answer = requests.get(f"{contract_hub.url}/v1/tickets/{issued['id']}", timeout=10)
    assert answer.status_code == 200
    assert {key: answer.json()[key] for key in issued} == issued
    (period,) = answer.json()["periods"]
    assert (period["kind"], period["end"]) == ("waiting", None)


@pytest.mark.parametrize("body", [None, {}, {"by": "Lan"}])
def test_call_next_is_200_with_the_ticket_then_204(tmp_path: Path, body: dict[str, str] | None) -> None:
    hub = HubProcess(tmp_path / "data").start()
    try:
        ticket = issue(hub).json()
        called = requests.post(f"{hub.url}/v1/counters/1/call-next", json=body, timeout=10)
        nobody = requests.post(f"{hub.url}/v1/counters/1/call-next", json=body, timeout=10)
    finally:
        hub.stop()
    assert (called.status_code, called.json()["id"], called.json()["state"]) == (200, ticket["id"], "called")
    assert (nobody.status_code, nobody.content) == (204, b"")


@pytest.mark.parametrize("body", [None, {}, {"by": "Lan", "reason": "gọi lại"}])
@pytest.mark.parametrize(
    ("action", "state"), [("recall", "called"), ("no-show", "no_show"), ("finish", "finished"), ("cancel", "cancelled")]
)
def test_a_called_ticket_takes_actions_with_and_without_a_body(
    contract_hub: HubProcess, action: str, state: str, body: dict[str, str] | None
) -> None:
    answer = requests.post(f"{called_ticket(contract_hub)}/{action}", json=body, timeout=10)
    assert (answer.status_code, answer.json()["state"]) == (200, state)
    assert answer.json().keys() >= TICKET_FIELDS


def test_a_called_ticket_can_be_transferred(contract_hub: HubProcess) -> None:
    answer = requests.post(f"{called_ticket(contract_hub)}/transfer", json={"service": "vien-phi"}, timeout=10)
    assert (answer.status_code, answer.json()["service"], answer.json()["state"]) == (200, "vien-phi", "waiting")


def test_a_waiting_ticket_can_get_another_priority(contract_hub: HubProcess) -> None:
    ticket = issue(contract_hub).json()
    path = f"{contract_hub.url}/v1/tickets/{ticket['id']}/priority"
    answer = requests.post(path, json={"priority": "emergency", "reason": "khó thở"}, timeout=10)
    assert (answer.status_code, answer.json()["priority"]) == (200, "emergency")


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("recall", None),
        ("no-show", None),
        ("finish", {}),
        ("transfer", {"service": "vien-phi"}),
        ("cancel", {"reason": "về"}),
        ("priority", {"priority": "normal"}),
    ],
)
def test_an_action_on_a_finished_ticket_is_409(
    contract_hub: HubProcess, action: str, body: dict[str, str] | None
) -> None:
    path = called_ticket(contract_hub)
    requests.post(f"{path}/finish", timeout=10)
    refused = requests.post(f"{path}/{action}", json=body, timeout=10)
    assert (refused.status_code, refused.json()["code"]) == (409, "ticket.transition_illegal")


@pytest.mark.parametrize("action", ["recall", "no-show", "finish"])
def test_an_action_that_needs_a_call_first_is_409_on_a_waiting_ticket(contract_hub: HubProcess, action: str) -> None:
    ticket = issue(contract_hub).json()
    refused = requests.post(f"{contract_hub.url}/v1/tickets/{ticket['id']}/{action}", timeout=10)
    assert (refused.status_code, refused.json()["code"]) == (409, "ticket.transition_illegal")


def test_eligibility_and_board_are_in_the_contract_and_answer(contract_hub: HubProcess) -> None:
    asked = requests.post(f"{contract_hub.url}/v1/eligibility", json={"card": "079203001234"}, timeout=10)
    board = requests.get(f"{contract_hub.url}/v1/board", timeout=10)
    assert asked.status_code == board.status_code == 200
    assert asked.json()["next_step"].startswith("next_step.")
    assert {"post"} <= contract()["paths"]["/v1/eligibility"].keys()
    assert {"get"} <= contract()["paths"]["/v1/board"].keys()


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Nguyễn\u0000 Văn\u001b\n An", "Nguyễn Văn An"),
        ("Nguye\u0302\u0303n Va\u0306n An", "Nguyễn Văn An"),
        ("\u0007\u202e", None),
    ],
)
def test_what_the_portal_is_asked_has_nothing_hidden_in_it(name: str, asked: str | None) -> None:
    sent = msgspec.json.encode({"card": "079203001234\n", "name": name, "birth": "05/03/1952\n"})
    question = msgspec.json.decode(sent, type=EligibilityBody).question()
    assert question == EligibilityQuestion(card="079203001234", name=asked, birth="05/03/1952")


def test_a_name_with_control_characters_is_no_reason_to_refuse(contract_hub: HubProcess) -> None:
    body = {"card": "079203001234", "name": "Nguyễn\u0000 Văn An", "birth": "1952"}
    assert requests.post(f"{contract_hub.url}/v1/eligibility", json=body, timeout=10).status_code == 200


def test_wrong_methods_are_405_and_say_which_are_right(contract_hub: HubProcess) -> None:
    for method, path in [("PATCH", "/v1/tickets/x"), ("DELETE", "/v1/tickets"), ("GET", "/v1/counters/1/call-next")]:
        refused = requests.request(method, contract_hub.url + path, timeout=10)
        assert (refused.status_code, refused.json()["code"]) == (405, "request.method_not_allowed")
        assert refused.headers["Allow"]


@pytest.mark.parametrize("last_id", [None, "0"])
def test_events_begin_with_a_snapshot_or_with_what_was_missed(contract_hub: HubProcess, last_id: str | None) -> None:
    issue(contract_hub)
    headers = {"Last-Event-ID": last_id} if last_id else {}
    with requests.get(f"{contract_hub.url}/v1/events", headers=headers, stream=True, timeout=10) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        lines = stream.iter_lines(chunk_size=1)
        told = {field: value for field, _, value in (next(lines).decode().partition(": ") for _ in range(2))}
    if last_id is None:
        assert told["event"] == "snapshot"
    else:
        assert told["event"] != "snapshot"
        assert told["id"] == "1"


@pytest.mark.long
def test_a_silent_stream_beats_every_10_seconds(contract_hub: HubProcess) -> None:
    with requests.get(f"{contract_hub.url}/v1/events", stream=True, timeout=11) as stream:
        lines = stream.iter_lines(chunk_size=1)
        assert any(line.startswith(b":") for line in lines)


@pytest.mark.parametrize("path", ["/favicon.ico", "/openapi", "/openapi.yaml", "/v1", "/v1/nothing", "/a/b/c"])
def test_an_address_that_is_not_there_is_a_problem_and_not_a_page(contract_hub: HubProcess, path: str) -> None:
    answer = requests.get(f"{contract_hub.url}{path}", timeout=10)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (404, "route.unknown")


def test_the_contract_is_served_to_this_machine_only(contract_hub: HubProcess) -> None:
    address = f"{contract_hub.url}/openapi.json"
    assert "/v1/tickets" in requests.get(address, timeout=10).json()["paths"]
    assert requests.get(address, headers={"Host": "evil.example"}, timeout=10).status_code == 403


def test_the_contract_documents_keys_statuses_and_problems() -> None:
    document = contract()
    issue_operation = document["paths"]["/v1/tickets"]["post"]
    (key,) = issue_operation["parameters"]
    assert (key["name"], key["in"], key["required"]) == ("Idempotency-Key", "header", True)
    assert issue_operation["responses"].keys() >= {"200", "201", "400", "409", "503"}
    assert "204" in document["paths"]["/v1/counters/{counter_id}/call-next"]["post"]["responses"]
    assert "code" in document["components"]["schemas"]["Problem"]["required"]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert set(response["content"]) == {"application/problem+json"}, (path, status)
