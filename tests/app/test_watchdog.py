"""The line to systemd, against a real datagram socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app.watchdog import Watchdog


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A listening socket like systemd's, and what it says in NOTIFY_SOCKET."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@tiepdon-test-{tmp_path.name}-{id(tmp_path)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.settimeout(5)
        listener.bind("\0" + name[1:] if name.startswith("@") else name)
        yield listener, name


def test_each_message_reaches_systemd(systemd: tuple[socket.socket, str]) -> None:
    listener, name = systemd
    watch = Watchdog({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "15000000", "WATCHDOG_PID": "1"})
    watch.ready()
    watch.alive()
    watch.stopping()
    assert [listener.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


@pytest.mark.parametrize(
    ("environ", "interval_s"),
    [
        ({"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "15000000"}, 7.5),
        ({"NOTIFY_SOCKET": "/run/x"}, None),
        ({"WATCHDOG_USEC": "15000000"}, None),
        ({"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_alive_is_due_at_half_the_watchdogs_time(environ: dict[str, str], interval_s: float | None) -> None:
    assert Watchdog(environ).interval_s == interval_s


def test_systemd_is_found_through_the_environment(
    systemd: tuple[socket.socket, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    listener, name = systemd
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    Watchdog.from_environment().ready()
    assert listener.recv(100) == b"READY=1"


def test_without_systemd_nothing_happens() -> None:
    Watchdog({}).ready()


def test_a_systemd_that_went_away_does_no_harm(tmp_path: Path) -> None:
    Watchdog({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()


def test_a_systemd_that_does_not_listen_never_blocks_us(systemd: tuple[socket.socket, str]) -> None:
    listener, name = systemd
    watch = Watchdog({"NOTIFY_SOCKET": name})
    for _ in range(2000):  # far beyond the socket's queue
        watch.alive()
    assert listener.recv(100) == b"WATCHDOG=1"
