"""A hub with the emulated portal behind it, its waits shortened so that what takes minutes takes moments."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import requests
from support.hub_process import HubProcess
from support.hub_thread import HubThread

from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_people import PEOPLE, EmulatedPerson

AnyHub = HubThread | HubProcess

QUICK = {
    "kiosk_deadline_s": 1.0,
    "hub_deadline_s": 2.0,
    "read_timeout_s": 1.5,
    "connect_timeout_s": 0.5,
    "retry_after_s": 0.1,
    "retry_longest_s": 0.3,
    "failures_to_open": 3,
    "probe_every_s": 0.15,
    "lookups_per_minute": 0.0,
}


def person_with(code: str) -> EmulatedPerson:
    """Somebody whom the emulated portal answers with that result code."""
    return next(person for person in PEOPLE if person.code == code)


def settings_file(folder: Path, portal: PortalEmulator, **changes: Any) -> Path:
    """A hub's settings file with the portal's account, secrets in files beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "password.secret").write_text(portal.account.password, "utf-8")
    (folder / "officer.secret").write_text(portal.account.officer_number, "utf-8")
    plain: dict[str, Any] = {
        "base_url": portal.url,
        "username": portal.account.username,
        "officer_name": portal.account.officer_name,
        "accepted_facilities": list(portal.account.accepted_facilities),
        **QUICK,
        **changes,
    }
    lines = [f"{name} = {_toml(value)}" for name, value in plain.items()]
    secrets = ['password = { file = "password.secret" }', 'officer_number = { file = "officer.secret" }']
    file = folder / "hub.toml"
    file.write_text("\n".join(["[insurance]", *lines, *secrets, ""]), "utf-8")
    return file


def _toml(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value)


def ask(hub: AnyHub, person: EmulatedPerson, **changes: Any) -> dict[str, Any]:
    """A kiosk's question about a person."""
    body = {"card": person.card, "name": person.name, "birth": person.birth, "kiosk": "K1", **changes}
    answer = requests.post(f"{hub.url}/v1/eligibility", json=body, timeout=15)
    assert answer.status_code == 200, answer.text
    return answer.json()


def take_number(hub: AnyHub, verdict: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A ticket for who was asked about, as a kiosk takes it."""
    who = {"eligibility": verdict["id"], "patient_ref": verdict["patient_ref"], "again": True}
    body = {"service": "kham-dich-vu", **who, **fields}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    answer = requests.post(f"{hub.url}/v1/tickets", json=body, headers=headers, timeout=15)
    assert answer.status_code == 201, answer.text
    return answer.json()


def get(hub: AnyHub, path: str, **query: str) -> dict[str, Any]:
    answer = requests.get(hub.url + path, params=query, timeout=15)
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(hub: AnyHub, path: str, body: object = None) -> requests.Response:
    return requests.post(hub.url + path, json=body, timeout=15)


def worklist(hub: AnyHub) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = get(hub, "/v1/insurance/worklist")["items"]
    return items
