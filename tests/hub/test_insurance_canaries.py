"""Fifty people through every failure: nothing of them in logs, crash output, the kiosk's disk, or the event feed."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import requests
from support.insurance_hub import settings_file

from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_faults import NAMED_FAULTS, Faults
from kiosk.insurance.emulator_people import EmulatedPerson

READY = "Tiếp Đón hub ready: "
_GIVEN = ("Yến", "Sơn", "Oanh", "Khướu", "Sáo")
CANARIES = [
    EmulatedPerson(
        citizen=f"001190{777_000 + number}",
        card=f"DN4017770{777_000 + number}",
        name=f"Chim Hoàng {_GIVEN[number % 5]} {'ABCDEFGHIJ'[number // 5]}",
        birth=f"{1 + number % 28:02d}/{1 + number % 12:02d}/19{40 + number}",
        sex="Nữ",
        code="003" if number % 7 == 0 else "000",
        new_card=f"GD4018880{777_000 + number}" if number % 7 == 0 else None,
    )
    for number in range(50)
]
FAULTS = ("none", "http502", "cut", "html", "half_headers", "storm401", "code100", "walk", "http400", "reset")


def spellings(secret: str) -> set[bytes]:
    """How a person's words could lie somewhere: raw, percent-encoded, Base64, hashed, in hex, backwards, UTF-16."""
    raw = secret.encode()
    hashed = hashlib.md5(raw, usedforsecurity=False)
    texts = {
        secret,
        secret.casefold(),
        secret.upper(),
        secret[::-1],
        quote(secret, safe=""),
        quote_plus(secret),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        raw.hex(),
        raw.hex().upper(),
        hashed.hexdigest(),
        hashed.hexdigest().upper(),
        base64.b64encode(hashed.digest()).decode().rstrip("="),
        ascii(secret)[1:-1],
    }
    return {text.encode() for text in texts} | {
        hashed.digest(),
        secret.encode("utf-16-le"),
        secret.encode("utf-16-be"),
    }


def needles(person: EmulatedPerson) -> set[bytes]:
    told = {
        person.citizen,
        person.card,
        person.name,
        person.birth,
        person.social_number,
        person.new_card or person.card,
    }
    return set().union(*(spellings(secret) for secret in told))


@pytest.fixture
def portal() -> Iterator[PortalEmulator]:
    emulator = PortalEmulator(people=CANARIES)
    emulator.start()
    yield emulator
    emulator.stop()


def feed_of(url: str, until_label: str) -> bytes:
    """The event feed from the beginning until the ticket of that label was issued."""
    heard = bytearray()
    with requests.get(f"{url}/v1/events", headers={"Last-Event-ID": "0"}, stream=True, timeout=10) as stream:
        for chunk in stream.iter_content(4096):
            heard += chunk
            if f'"{until_label}"'.encode() in heard:
                return bytes(heard)
    return bytes(heard)


def test_nothing_of_fifty_people_lies_where_it_could_be_read(portal: PortalEmulator, tmp_path: Path) -> None:
    settings = settings_file(tmp_path / "settings", portal, failures_to_open=1000, kiosk_deadline_s=0.9)
    data, log = tmp_path / "data", tmp_path / "hub.log"
    command = [sys.executable, "-X", "dev", "-m", "kiosk.app.cli", "-v", "hub", "--data", str(data)]
    command += ["--listen", "127.0.0.1:0", "--settings", str(settings)]
    environ = {**os.environ, "PYTHONFAULTHANDLER": "1", "PYTHONWARNINGS": "default"}
    with log.open("wb") as errors, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environ) as hub:
        try:
            assert hub.stdout is not None
            url = hub.stdout.readline().decode().removeprefix(READY).strip()
            visible = visits(url, portal)
        finally:
            hub.send_signal(6)  # SIGABRT: a crash, with what a crash prints
            hub.wait(10)
    places = {
        "the log and the crash's output": log.read_bytes(),
        "what boards and counters hear": visible,
        **{f"the hub's {file.name}": file.read_bytes() for file in data.iterdir() if file.is_file()},
    }
    assert b"Fatal Python error: Aborted" in places["the log and the crash's output"]
    assert len(visible) > 10_000
    hits = [
        (place, needle)
        for place, content in places.items()
        for person in CANARIES
        for needle in needles(person)
        if needle in content
    ]
    assert hits == []


def visits(url: str, portal: PortalEmulator) -> bytes:
    """Everybody asks and takes a number, the portal failing one way after the other; what is to be seen of it."""
    kiosk = requests.Session()
    labels = []
    for number, person in enumerate(CANARIES):
        portal.faults = replace(NAMED_FAULTS[FAULTS[number % len(FAULTS)]])
        body = {"card": person.card, "name": person.name, "birth": person.birth, "kiosk": "K1"}
        verdict = kiosk.post(f"{url}/v1/eligibility", json=body, timeout=10).json()
        wanted = {"service": "kham-dich-vu", "eligibility": verdict["id"], "patient_ref": verdict["patient_ref"]}
        ticket = kiosk.post(f"{url}/v1/tickets", json=wanted, headers={"Idempotency-Key": f"key-{number}"}, timeout=10)
        labels.append(ticket.json()["label"])
    kiosk.post(f"{url}/v1/eligibility", json={"card": CANARIES[0].card, "name": 7}, timeout=10)
    portal.faults = Faults()
    seen = b"".join(
        kiosk.get(url + path, timeout=10).content
        for path in ("/v1/board", "/v1/tickets", "/v1/insurance/worklist", "/v1/insurance/health", "/healthz")
    )
    reports = kiosk.get(f"{url}/v1/reports/insurance", timeout=10).content
    page = kiosk.get(f"{url}/reports/insurance", timeout=10).content
    threading.Event().wait(0.2)  # late answers arrive meanwhile
    return seen + reports + page + feed_of(url, labels[-1])


def test_the_search_finds_what_is_there() -> None:
    person = CANARIES[0]
    for text in (person.name, person.card[::-1], quote(person.name), person.birth.encode().hex()):
        assert any(needle in text.encode() for needle in needles(person))
