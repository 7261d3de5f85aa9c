"""Alerts that say how much and which: renewed and not doubled, told to the feed, kept on disk, never about a person."""

from __future__ import annotations

import json

import pytest
import requests
from support.hub_process import HubProcess
from support.hub_thread import HubThread

from kiosk.domain.alert import AlertKind
from kiosk.station.hub_client import HubClient

Hub = HubProcess | HubThread


def report(hub: Hub, code: str = "printer.paper_low", **params: object) -> requests.Response:
    body = {"kiosk": "K2", "kind": "fault", "code": code, "params": params}
    return requests.post(f"{hub.url}/v1/alerts", json=body, timeout=5)


def open_alerts(hub: Hub) -> list[dict[str, object]]:
    alerts: list[dict[str, object]] = requests.get(f"{hub.url}/v1/alerts", timeout=5).json()["alerts"]
    return alerts


def told(hub: Hub, count: int) -> list[tuple[str, dict[str, object]]]:
    """The first `count` events of the hub: what happened and the alert's parameters."""
    found: list[tuple[str, dict[str, object]]] = []
    headers = {"Last-Event-ID": "0"}
    with requests.get(f"{hub.url}/v1/events", headers=headers, stream=True, timeout=15) as stream:
        for line in stream.iter_lines(chunk_size=1):
            if line.startswith(b"data:"):
                event = json.loads(line[5:])
                found.append((event["type"], event["alert"]["params"]))
                if len(found) == count:
                    return found
    return found


def test_how_many_are_left_reaches_whoever_asks(own_hub: HubThread) -> None:
    raised = report(own_hub, left=40)
    assert (raised.status_code, raised.json()["params"]) == (201, {"left": 40})
    assert [alert["params"] for alert in open_alerts(own_hub)] == [{"left": 40}]


def test_an_open_fault_is_renewed_and_the_feed_told_only_of_what_changed(own_hub: HubThread) -> None:
    first = report(own_hub, left=40).json()
    report(own_hub, left=40)
    again = report(own_hub, left=19).json()
    assert (again["id"], again["raised_at"]) == (first["id"], first["raised_at"])
    report(own_hub, "printer.cover_open")
    assert [alert["params"] for alert in open_alerts(own_hub)] == [{"left": 19}, {}]
    assert told(own_hub, 3) == [("alert.raised", {"left": 40}), ("alert.changed", {"left": 19}), ("alert.raised", {})]


def test_numbers_a_kiosk_could_not_print_are_gathered_in_one_alert(own_hub: HubThread) -> None:
    report(own_hub, "printer.paper_out")
    report(own_hub, "printer.paper_out", labels="A045")
    report(own_hub, "printer.paper_out")
    report(own_hub, "printer.paper_out", labels="K2-007")
    assert [alert["params"] for alert in open_alerts(own_hub)] == [{"labels": "A045,K2-007"}]


def test_after_it_was_handled_the_same_fault_begins_anew(own_hub: HubThread) -> None:
    first = report(own_hub, "printer.paper_out", labels="A045").json()
    requests.post(f"{own_hub.url}/v1/alerts/{first['id']}/handled", timeout=5)
    assert report(own_hub, "printer.paper_out", labels="A046").json()["params"] == {"labels": "A046"}


@pytest.mark.parametrize(
    "params",
    [
        {"name": "Nguyễn Văn An"},
        {"card": "001090123456"},
        {"card": 1_090_123_456},
        {"labels": "A045\n"},
        {"left": -1},
        {"left": 1.5},
        {"left": None},
        {"left": [1]},
        {"Left": 1},
        {f"p{n}": n for n in range(7)},
        "left",
    ],
)
def test_what_could_be_about_a_person_is_refused_and_leaves_nothing(own_hub: HubThread, params: object) -> None:
    body = {"kiosk": "K2", "kind": "fault", "code": "printer.paper_low", "params": params}
    refused = requests.post(f"{own_hub.url}/v1/alerts", json=body, timeout=5)
    assert (refused.status_code, refused.json()["code"]) == (400, "request.invalid")
    assert open_alerts(own_hub) == []


def test_a_caller_that_knows_no_parameters_is_served_as_before(own_hub: HubThread) -> None:
    body = {"kiosk": "K1", "kind": "fault", "code": "printer.paper_out"}
    assert requests.post(f"{own_hub.url}/v1/alerts", json=body, timeout=5).json()["params"] == {}


def test_parameters_outlive_a_kill_of_the_hub(own_process: HubProcess) -> None:
    report(own_process, left=10)
    own_process.kill()
    own_process.start()
    assert [alert["params"] for alert in open_alerts(own_process)] == [{"left": 10}]


def test_a_face_reads_the_parameters_as_they_were_told(own_hub: HubThread) -> None:
    report(own_hub, left=20)
    client = HubClient(own_hub.url)
    (alert,) = client.alerts()
    client.close()
    assert (alert.kind, alert.code, alert.params) == (AlertKind.FAULT, "printer.paper_low", {"left": 20})
