"""What the code on a slip leads to. A slip printed without the hub bears the key its ticket was asked for with."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from support.hub_process import HubProcess

from kiosk.domain.identity.recognise import recognise
from kiosk.station.ids import StationIds

BY_KEY = [
    ("call", {"counter": "1"}, "called"),
    ("hold", None, "held"),
    ("cancel", {"reason": "về"}, "cancelled"),
    ("transfer", {"service": "vien-phi"}, "waiting"),
    ("priority", {"priority": "emergency"}, "waiting"),
]


class Slip:
    """A kiosk's own number that is on paper; its code read as any scanner reads it."""

    def __init__(self, hub: HubProcess) -> None:
        self._tickets = f"{hub.url}/v1/tickets"
        self._key = StationIds().request_id()
        self._number = uuid.uuid4().int % 900_000 + 1
        scanned = recognise(f"TD:{self._key}", certain=True, today=datetime.now(UTC).date())
        assert scanned.ticket_id is not None
        self.url = f"{self._tickets}/{scanned.ticket_id}"

    def upload(self) -> dict[str, Any]:
        now = datetime.now(UTC)
        moments = {"printed_at": now - timedelta(minutes=5), "asked_at": now - timedelta(minutes=5), "kiosk_now": now}
        offline = {
            "label": f"K7-{self._number:03d}",
            "number": self._number,
            "kiosk": "K7",
            **{name: moment.isoformat() for name, moment in moments.items()},
        }
        headers = {"Idempotency-Key": self._key}
        answer = requests.post(self._tickets, json={"service": "nhi", "offline": offline}, headers=headers, timeout=10)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@pytest.fixture
def slip(contract_hub: HubProcess) -> Slip:
    return Slip(contract_hub)


@pytest.mark.parametrize(("language", "words"), [("vi", "chưa về máy chủ"), ("en", "has not arrived yet")])
def test_before_its_kiosk_has_told_of_it_the_hub_says_so(slip: Slip, language: str, words: str) -> None:
    answer = requests.get(slip.url, headers={"Accept-Language": language}, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (404, "ticket.unknown")
    assert words in answer.json()["detail"]
    assert requests.post(f"{slip.url}/call", json={"counter": "1"}, timeout=10).status_code == 404


def test_afterwards_the_code_leads_to_the_ticket_under_its_own_id(slip: Slip) -> None:
    ticket = slip.upload()
    found = requests.get(slip.url, timeout=10).json()
    assert {name: found[name] for name in ("id", "label", "state")} == {
        name: ticket[name] for name in ("id", "label", "state")
    }
    assert [period["kind"] for period in found["periods"]] == ["waiting"]
    assert requests.get(f"{slip.url}/insurance", timeout=10).json()["code"] == "insurance.lookup_unknown"


@pytest.mark.parametrize(("action", "body", "state"), BY_KEY)
def test_staff_act_on_a_scanned_slip_as_on_any_ticket(
    slip: Slip, action: str, body: dict[str, str] | None, state: str
) -> None:
    ticket = slip.upload()
    answer = requests.post(f"{slip.url}/{action}", json=body, timeout=10)
    assert (answer.status_code, answer.json()["id"], answer.json()["state"]) == (200, ticket["id"], state)


def test_the_paper_is_told_of_by_either(slip: Slip) -> None:
    ticket = slip.upload()
    told = {"state": "confirmed", "at": datetime.now(UTC).isoformat(), "kiosk": "K7"}
    answer = requests.put(f"{slip.url}/print", json=told, timeout=10).json()
    assert (answer["id"], answer["paper"]["state"]) == (ticket["id"], "confirmed")
    assert [paper["state"] for paper in requests.get(slip.url, timeout=10).json()["papers"]] == ["confirmed"]


def test_a_key_of_somebody_who_had_the_ticket_already_leads_there_too(contract_hub: HubProcess) -> None:
    keys, person = [StationIds().request_id() for _ in range(2)], uuid.uuid4().hex
    ids = []
    for key in keys:
        body = {"service": "nhi", "patient_ref": person}
        headers = {"Idempotency-Key": key}
        ids.append(requests.post(f"{contract_hub.url}/v1/tickets", json=body, headers=headers, timeout=10).json()["id"])
    found = [requests.get(f"{contract_hub.url}/v1/tickets/{key}", timeout=10).json()["id"] for key in keys]
    assert len({*ids, *found}) == 1


def test_a_key_that_was_taken_back_before_it_came_leads_nowhere(slip: Slip, contract_hub: HubProcess) -> None:
    key = slip.url.rpartition("/")[2]
    requests.delete(f"{contract_hub.url}/v1/tickets/by-key/{key}", timeout=10)
    assert requests.get(slip.url, timeout=10).status_code == 404
