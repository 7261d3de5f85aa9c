"""Numbers, idempotency, calls and transitions over real HTTP against a real hub process."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from support.hub_process import HubProcess
from support.hub_thread import HubThread


def issue(hub: HubProcess | HubThread, service: str, key: str | None = None, **extra: object) -> requests.Response:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return requests.post(f"{hub.url}/v1/tickets", json={"service": service, **extra}, headers=headers, timeout=10)


def post(hub: HubProcess | HubThread, path: str, **body: object) -> requests.Response:
    return requests.post(hub.url + path, json=body or None, timeout=10)


def test_an_empty_data_folder_starts_with_example_services_and_counters_1_and_2(hub: HubProcess) -> None:
    services = requests.get(f"{hub.url}/v1/services", timeout=5).json()["services"]
    counters = requests.get(f"{hub.url}/v1/counters", timeout=5).json()["counters"]
    assert {"id", "prefix", "name"} <= services[0].keys()
    assert services[0]["name"].keys() == {"vi", "en"}
    assert [counter["id"] for counter in counters] == ["1", "2"]


def test_numbers_count_from_one_without_gaps_and_labels_carry_the_prefix(own_hub: HubThread) -> None:
    tickets = [issue(own_hub, "kham-bhyt").json() for _ in range(5)]
    other = issue(own_hub, "nhi").json()
    assert [ticket["number"] for ticket in tickets] == [1, 2, 3, 4, 5]
    assert [ticket["label"] for ticket in tickets] == ["A001", "A002", "A003", "A004", "A005"]
    assert [ticket["people_ahead"] for ticket in tickets] == [0, 1, 2, 3, 4]
    assert other["label"] == "E001"


def test_the_same_key_gives_the_same_ticket_byte_for_byte(hub: HubProcess) -> None:
    first, again = issue(hub, "nhi", "same-key"), issue(hub, "nhi", "same-key")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content


def test_the_same_key_with_another_request_is_refused(hub: HubProcess) -> None:
    issue(hub, "nhi", "reused-key")
    refused = issue(hub, "kham-bhyt", "reused-key")
    assert refused.status_code == 409
    assert refused.json()["code"] == "request.idempotency_key_reused"


def test_a_request_without_a_key_is_refused(hub: HubProcess) -> None:
    refused = requests.post(f"{hub.url}/v1/tickets", json={"service": "nhi"}, timeout=5)
    assert refused.status_code == 400
    assert refused.json()["code"] == "request.idempotency_key_missing"


@pytest.mark.parametrize("key", ["x" * 201, "khóa".encode().decode("latin-1"), "tab\tinside", "a/b"])
def test_a_key_that_is_not_short_printable_ascii_is_refused(hub: HubProcess | HubThread, key: str) -> None:
    refused = issue(hub, "nhi", key)
    assert refused.status_code == 400
    assert refused.json()["code"] == "request.idempotency_key_invalid"


def test_an_unknown_service_is_named_in_both_languages(hub: HubProcess) -> None:
    refused = issue(hub, "khong-co")
    assert refused.status_code == 404
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "service.unknown"
    assert "khong-co" in refused.json()["message"]["vi"]
    assert "khong-co" in refused.json()["message"]["en"]


@pytest.mark.parametrize("service", ["Nguyễn Văn A", "001090012345", "x" * 81, "kham\n"])
def test_what_does_not_look_like_a_service_is_not_repeated(hub: HubProcess, service: str) -> None:
    refused = issue(hub, service)
    assert refused.status_code in (400, 404)
    assert service.strip() not in refused.text


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"service": 1}', b'{"service": null}', b"\xff\xfe", b"", b'"nhi"'])
def test_wrong_json_is_refused_with_a_code_and_gives_no_number(own_hub: HubThread, body: bytes) -> None:
    headers = {"Idempotency-Key": "wrong", "Content-Type": "application/json"}
    refused = requests.post(f"{own_hub.url}/v1/tickets", data=body, headers=headers, timeout=5)
    assert refused.status_code == 400
    assert refused.json()["code"] == "request.invalid"
    assert issue(own_hub, "nhi").json()["number"] == 1


def test_a_huge_body_is_refused(hub: HubProcess) -> None:
    refused = issue(hub, "n" * 200_000)
    assert refused.status_code == 413
    assert refused.json()["code"] == "request.too_large"


def test_a_web_page_from_elsewhere_cannot_take_numbers(hub: HubProcess) -> None:
    headers = {"Idempotency-Key": "csrf", "Origin": "https://evil.example"}
    refused = requests.post(f"{hub.url}/v1/tickets", json={"service": "nhi"}, headers=headers, timeout=5)
    rebound = requests.get(f"{hub.url}/healthz", headers={"Host": "evil.example"}, timeout=5)
    assert refused.status_code == rebound.status_code == 403
    assert refused.json()["code"] == "request.origin_refused"


def test_8_clients_get_2000_numbers_without_duplicate_or_gap(own_process: HubProcess) -> None:
    local = threading.local()

    def take(_: int) -> tuple[int, str]:
        if not hasattr(local, "session"):
            local.session = requests.Session()
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        answer = local.session.post(
            f"{own_process.url}/v1/tickets", json={"service": "kham-bhyt"}, headers=headers, timeout=30
        )
        assert answer.status_code == 201
        return answer.json()["number"], answer.json()["id"]

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(2000)))
    assert sorted(number for number, _ in taken) == list(range(1, 2001))
    assert len({ticket_id for _, ticket_id in taken}) == 2000


def test_two_counters_calling_at_once_never_get_the_same_ticket(own_hub: HubThread) -> None:
    for _ in range(60):
        issue(own_hub, "kham-bhyt")

    def call(counter: str) -> list[str]:
        labels = []
        while (answer := post(own_hub, f"/v1/counters/{counter}/call-next")).status_code == 200:
            labels.append(answer.json()["label"])
        return labels

    with ThreadPoolExecutor(4) as pool:
        calls = [label for labels in pool.map(call, ["1", "2", "1", "2"]) for label in labels]
    assert len(calls) == 60
    assert Counter(calls).most_common(1)[0][1] == 1


def test_nobody_waiting_is_a_normal_answer(own_hub: HubThread) -> None:
    answer = post(own_hub, "/v1/counters/1/call-next")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_priority_patient_is_called_before_normal_ones_and_an_emergency_before_all(own_hub: HubThread) -> None:
    issue(own_hub, "nhi")
    issue(own_hub, "nhi", priority="priority")
    issue(own_hub, "nhi", priority="emergency")
    called = [post(own_hub, "/v1/counters/1/call-next").json()["label"] for _ in range(3)]
    assert called == ["E003", "E002", "E001"]


def test_a_whole_life_is_kept_in_periods(own_hub: HubThread) -> None:
    ticket = issue(own_hub, "nhi").json()
    post(own_hub, "/v1/counters/2/call-next", by="Lan")
    path = f"/v1/tickets/{ticket['id']}"
    assert post(own_hub, f"{path}/recall", by="Lan").json()["state"] == "called"
    assert post(own_hub, f"{path}/hold").json()["state"] == "held"
    assert post(own_hub, f"{path}/recall").json()["counter"] == "2"
    assert post(own_hub, f"{path}/serve").json()["state"] == "serving"
    assert post(own_hub, f"{path}/finish").json()["state"] == "finished"
    periods = requests.get(own_hub.url + path, timeout=5).json()["periods"]
    assert [period["kind"] for period in periods] == ["waiting", "called", "held", "called", "served"]
    assert all(period["end"] is not None for period in periods)
    assert [p["end"] for p in periods[:-1]] == [p["start"] for p in periods[1:]]


def test_an_illegal_transition_is_refused_and_changes_nothing(hub: HubProcess) -> None:
    ticket = issue(hub, "nhi").json()
    refused = post(hub, f"/v1/tickets/{ticket['id']}/finish")
    assert refused.status_code == 409
    problem = refused.json()
    assert (problem["code"], problem["params"]) == (
        "ticket.transition_illegal",
        {"state": "waiting", "action": "finish"},
    )
    assert problem["message"] == {
        "vi": "Số đang ở trạng thái “Đang chờ” nên không làm được việc “xong”.",
        "en": "The ticket is “Waiting”, so “finish” is not possible.",
    }
    after = requests.get(f"{hub.url}/v1/tickets/{ticket['id']}", timeout=5).json()
    assert after["state"] == "waiting"
    assert [period["kind"] for period in after["periods"]] == ["waiting"]


def test_a_no_show_can_be_recalled(own_hub: HubThread) -> None:
    ticket = issue(own_hub, "nhi").json()
    post(own_hub, "/v1/counters/1/call-next")
    assert post(own_hub, f"/v1/tickets/{ticket['id']}/no-show").json()["state"] == "no_show"
    assert post(own_hub, f"/v1/tickets/{ticket['id']}/recall").json()["state"] == "called"


def test_a_transferred_ticket_keeps_its_label_and_waits_in_the_other_queue(own_hub: HubThread) -> None:
    ticket = issue(own_hub, "nhi").json()
    moved = post(own_hub, f"/v1/tickets/{ticket['id']}/transfer", service="kham-bhyt", reason="nhầm quầy").json()
    assert (moved["service"], moved["label"], moved["state"]) == ("kham-bhyt", "E001", "waiting")
    waiting = {s["id"]: s["waiting"] for s in requests.get(f"{own_hub.url}/v1/services", timeout=5).json()["services"]}
    assert (waiting["nhi"], waiting["kham-bhyt"]) == (0, 1)
    assert issue(own_hub, "nhi").json()["label"] == "E002"


def test_a_changed_priority_moves_the_ticket_in_the_queue(own_hub: HubThread) -> None:
    issue(own_hub, "nhi")
    second = issue(own_hub, "nhi").json()
    changed = post(
        own_hub, f"/v1/tickets/{second['id']}/priority", priority="priority", reason="trên 75 tuổi", by="Lan"
    )
    assert changed.json()["people_ahead"] == 0
    assert post(own_hub, "/v1/counters/1/call-next").json()["label"] == "E002"


def test_a_cancelled_ticket_is_never_called_and_its_number_never_given_again(own_hub: HubThread) -> None:
    ticket = issue(own_hub, "nhi").json()
    assert post(own_hub, f"/v1/tickets/{ticket['id']}/cancel", reason="về").json()["state"] == "cancelled"
    assert post(own_hub, "/v1/counters/1/call-next").status_code == 204
    assert issue(own_hub, "nhi").json()["number"] == 2


@pytest.mark.parametrize("path", ["/v1/tickets/none", "/v1/khong-co"])
def test_what_is_not_there_is_a_404_with_a_code(hub: HubProcess | HubThread, path: str) -> None:
    answer = requests.get(hub.url + path, timeout=5)
    assert answer.status_code == 404
    assert answer.json()["code"] in {"ticket.unknown", "route.unknown"}


def test_an_unknown_counter_is_refused(hub: HubProcess) -> None:
    refused = post(hub, "/v1/counters/9/call-next")
    assert (refused.status_code, refused.json()["code"]) == (404, "counter.unknown")


def test_a_call_out_of_turn_needs_a_counter(hub: HubProcess) -> None:
    ticket = issue(hub, "nhi").json()
    refused = post(hub, f"/v1/tickets/{ticket['id']}/call")
    assert (refused.status_code, refused.json()["code"]) == (400, "counter.missing")
    assert post(hub, f"/v1/tickets/{ticket['id']}/call", counter="2").json()["counter"] == "2"


def test_the_board_shows_the_call_and_nothing_personal(own_hub: HubThread) -> None:
    issue(own_hub, "nhi", masked_name="N*** V** A", patient_ref="ref-1")
    issue(own_hub, "nhi")
    post(own_hub, "/v1/counters/1/call-next")
    answer = requests.get(f"{own_hub.url}/v1/board", timeout=5)
    board = answer.json()
    assert [(call["label"], call["counter"]) for call in board["now_called"]] == [("E001", "1")]
    assert next(queue for queue in board["queues"] if queue["service"] == "nhi")["next_labels"] == ["E002"]
    assert "N***" not in answer.text
    assert "ref-1" not in answer.text


def test_help_reaches_staff_once_it_is_handled_it_is_gone(own_hub: HubThread) -> None:
    raised = post(own_hub, "/v1/alerts", kiosk="K1", kind="help").json()
    alerts = requests.get(f"{own_hub.url}/v1/alerts", timeout=5).json()["alerts"]
    assert [alert["id"] for alert in alerts] == [raised["id"]]
    assert post(own_hub, f"/v1/alerts/{raised['id']}/handled", by="Lan").json()["handled_by"] == "Lan"
    assert requests.get(f"{own_hub.url}/v1/alerts", timeout=5).json()["alerts"] == []


def test_the_same_open_fault_is_told_once(own_hub: HubThread) -> None:
    first = post(own_hub, "/v1/alerts", kiosk="K1", kind="fault", code="printer.paper_out").json()
    again = post(own_hub, "/v1/alerts", kiosk="K1", kind="fault", code="printer.paper_out").json()
    assert first["id"] == again["id"]


@pytest.mark.parametrize(
    "body", [b"\xff{}", b'{"kind":"help","kiosk":"\xff"}', b'{"kind":"help","kiosk":"K1","\xff":1}']
)
def test_a_body_that_is_no_text_is_the_callers_fault(hub: HubProcess, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    refused = requests.post(f"{hub.url}/v1/alerts", data=body, headers=headers, timeout=5)
    assert (refused.status_code, refused.json()["code"]) == (400, "request.invalid")


def test_a_missing_field_is_named(hub: HubProcess) -> None:
    refused = requests.post(f"{hub.url}/v1/tickets", json={}, headers={"Idempotency-Key": "m"}, timeout=5)
    assert refused.json()["params"] == {"field": "service"}
