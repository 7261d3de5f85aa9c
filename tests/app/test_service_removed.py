"""A service renamed or removed in the settings while people wait for it: they stay in sight and are called."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import requests
from support.hub_process import HubProcess

from config.site import load_site
from kiosk.app.doctor_data import check_site
from kiosk.app.doctor_findings import State

KEY = {"Idempotency-Key": "late"}


def rename_service(data: Path) -> None:
    site = data / "site.toml"
    text = site.read_text("utf-8")
    assert 'id = "nhi"' in text
    site.write_text(text.replace('id = "nhi"', 'id = "nhi-moi"'), "utf-8")


def labels(hub: HubProcess, path: str) -> list[str]:
    return [ticket["label"] for ticket in hub.get(path)["tickets"]]


def open_alerts(hub: HubProcess) -> list[tuple[str, dict[str, object]]]:
    return [(alert["code"], alert["params"]) for alert in hub.get("/v1/alerts")["alerts"]]


def test_who_waits_for_a_service_that_was_renamed_is_seen_told_of_and_called(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path).start()
    people = [hub.issue(f"key-{n}", "nhi") for n in range(3)]
    held = hub.post(f"/v1/tickets/{people[0]['id']}/call", {"counter": "1"}).json()
    waiting = [str(ticket["label"]) for ticket in people[1:]]
    hub.stop()
    rename_service(tmp_path)
    hub.start()
    try:
        assert labels(hub, "/v1/tickets?counter=1") == [held["label"], *waiting]
        assert labels(hub, "/v1/tickets") == [held["label"], *waiting]
        (queue,) = [queue for queue in hub.get("/v1/board")["queues"] if queue["service"] == "nhi"]
        assert (queue["waiting"], queue["next_labels"]) == (2, waiting)
        assert open_alerts(hub) == [("hub.service_left", {"waiting": 2, "labels": ",".join(waiting)})]
        assert "nhi" not in [service["id"] for service in hub.get("/v1/services")["services"]], "no new numbers"
        refused = requests.post(f"{hub.url}/v1/tickets", json={"service": "nhi"}, headers=KEY, timeout=10)
        assert (refused.status_code, refused.json()["code"]) == (404, "service.unknown")
        assert hub.issue("key-1", "nhi")["label"] == waiting[0], "the same wish again is answered as before"
        called = [hub.post("/v1/counters/2/call-next", {}).json()["label"] for _ in waiting]
        assert called == waiting
        assert hub.post("/v1/counters/2/call-next", {}).status_code == 204
        assert "nhi" not in [queue["service"] for queue in hub.get("/v1/board")["queues"]], "nobody waits there"
        moved = hub.post(f"/v1/tickets/{people[1]['id']}/transfer", {"service": "nhi-moi"})
        assert moved.json()["service"] == "nhi-moi"
    finally:
        hub.stop()
    hub.start()
    assert open_alerts(hub) == []
    hub.stop()


def test_a_paper_a_kiosk_gave_for_a_service_that_is_gone_is_called_too(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path).start()
    hub.post(f"/v1/tickets/{hub.issue('a', 'nhi')['id']}/cancel", {})
    hub.stop()
    rename_service(tmp_path)
    hub = HubProcess(tmp_path).start()
    try:
        now = datetime.now(UTC).isoformat()
        times = {"asked_at": now, "printed_at": now, "kiosk_now": now}
        paper = {"label": "K2-007", "number": 7, "kiosk": "K2", **times}
        taken = hub.post("/v1/tickets", {"service": "nhi", "offline": paper}, KEY)
        assert taken.status_code == 201
        never = {"service": "never-there", "offline": paper | {"number": 8}}
        refused = requests.post(f"{hub.url}/v1/tickets", json=never, headers={"Idempotency-Key": "n"}, timeout=10)
        assert refused.json()["code"] == "service.unknown"
        assert labels(hub, "/v1/tickets?counter=1") == ["K2-007"]
        assert hub.post("/v1/counters/1/call-next", {}).json()["label"] == "K2-007"
    finally:
        hub.stop()


def test_the_doctor_names_the_service_people_still_wait_for(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path).start()
    hub.issue("a", "nhi")
    hub.stop()
    assert [finding.state for finding in check_site(tmp_path)] == [State.OK]
    rename_service(tmp_path)
    load_site(tmp_path / "site.toml")
    found = check_site(tmp_path)
    assert [(finding.state, finding.code) for finding in found] == [
        (State.OK, "site.valid"),
        (State.WARN, "site.service_left"),
    ]
    assert found[1].params == {"service": "nhi", "waiting": 1}


def test_a_mistake_in_the_site_file_leaves_the_hub_the_site_of_last_time_and_is_told(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path).start()
    before = hub.get("/v1/services")["services"]
    hub.stop()
    site = tmp_path / "site.toml"
    right = site.read_text("utf-8")
    site.write_text(right + "\n[foo\n", "utf-8")
    hub.start()
    try:
        assert [each["id"] for each in hub.get("/v1/services")["services"]] == [each["id"] for each in before]
        assert open_alerts(hub) == [("hub.old_site", {})]
    finally:
        hub.stop()
    site.write_text(right, "utf-8")
    hub.start()
    try:
        assert open_alerts(hub) == []
    finally:
        hub.stop()
