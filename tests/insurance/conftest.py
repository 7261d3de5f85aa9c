"""The emulated portal on loopback and clients of it, ended after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from insurance_helpers import Clock

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
