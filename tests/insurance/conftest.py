"""The emulated portal on loopback and clients of it, ended after each test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from desk_bench import MakeDesk
from insurance_helpers import TODAY, Clock

from kiosk.domain.eligibility import Eligibility
from kiosk.insurance.desk import InsuranceDesk
from kiosk.insurance.desk_options import DeskOptions
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_tls import make_certificate
from kiosk.insurance.portal import PortalClient


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def portal(clock: Clock) -> Iterator[PortalEmulator]:
    emulator = PortalEmulator(now=clock)
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Where the certificate lies by which `tls_portal` is trusted."""
    return tmp_path / "portal.pem"


@pytest.fixture
def tls_portal(clock: Clock, certificate: Path) -> Iterator[PortalEmulator]:
    emulator = PortalEmulator(now=clock, tls=make_certificate(certificate, now=datetime.now(UTC)))
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def client_of(portal: PortalEmulator, clock: Clock) -> Iterator[Callable[..., PortalClient]]:
    made: list[PortalClient] = []

    def make(**changes: Any) -> PortalClient:
        client = PortalClient(portal.client_options(portal.url, **changes), now=clock)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(client_of: Callable[..., PortalClient]) -> PortalClient:
    return client_of()


@pytest.fixture
def late() -> list[Eligibility]:
    return []


@pytest.fixture
def desk_of(late: list[Eligibility]) -> Iterator[MakeDesk]:
    made: list[InsuranceDesk] = []
    numbers = itertools.count(1)

    def make(source: Any, **changes: Any) -> InsuranceDesk:
        given = {
            "patient_key": b"key",
            "today": lambda: TODAY,
            "new_id": lambda: f"answer-{next(numbers)}",
            "on_answer": lambda consulted: late.append(consulted.verdict),
            "accepted_facilities": ("01043",),
        }
        own = {
            name: changes.pop(name) for name in list(changes) if name in {field.name for field in fields(DeskOptions)}
        }
        desk = InsuranceDesk(source, options=DeskOptions(**own), **(given | changes))
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.close()
