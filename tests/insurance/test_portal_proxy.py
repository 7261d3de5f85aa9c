"""The client behind a hospital's proxy: only the one in the settings, and of TLS it sees no more than the address."""

from __future__ import annotations

import http.client
import selectors
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from insurance_helpers import AN, Clock

from kiosk.domain.eligibility import OutcomeClass
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.portal import PortalClient


class _Passing(BaseHTTPRequestHandler):
    server: Proxy

    def do_POST(self) -> None:
        self.server.seen.append(self.path)
        target = urlsplit(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        connection = http.client.HTTPConnection(str(target.hostname), target.port or 80, timeout=5)
        connection.request("POST", f"{target.path}?{target.query}", body, dict(self.headers))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_CONNECT(self) -> None:
        self.server.seen.append(self.path)
        if self.server.refuses:
            self.send_error(407)
            return
        host, _, port = self.path.partition(":")
        with socket.create_connection((host, int(port)), timeout=5) as far:
            self.send_response(200)
            self.end_headers()
            _splice(self.connection, far)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


def _splice(near: socket.socket, far: socket.socket) -> None:
    with selectors.DefaultSelector() as waiting:
        for one, other in ((near, far), (far, near)):
            waiting.register(one, selectors.EVENT_READ, other)
        while True:
            for key, _ in waiting.select(5):
                data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                if not data:
                    return
                key.data.sendall(data)


class Proxy(ThreadingHTTPServer):
    """Passes on what it is asked and keeps the addresses it saw."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.refuses = False
        super().__init__(("127.0.0.1", 0), _Passing)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    server = Proxy()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def client_of(portal: PortalEmulator, clock: Clock, **changes: Any) -> PortalClient:
    return PortalClient(portal.client_options(portal.url, **changes), now=clock)


def test_the_proxy_of_the_settings_is_used(portal: PortalEmulator, proxy: Proxy, clock: Clock) -> None:
    client = client_of(portal, clock, proxy=proxy.url)
    assert client.look_up(AN, 5).code == "000"
    client.close()
    assert len(proxy.seen) == 2
    assert all(address.startswith(portal.url) for address in proxy.seen)


def test_of_an_encrypted_look_up_the_proxy_sees_host_and_port(
    tls_portal: PortalEmulator, proxy: Proxy, clock: Clock, certificate: Path
) -> None:
    client = client_of(tls_portal, clock, proxy=proxy.url, ca_file=str(certificate))
    assert client.look_up(AN, 5).code == "000"
    client.close()
    assert set(proxy.seen) == {tls_portal.url.removeprefix("https://")}


def test_a_proxy_that_refuses_is_told_apart(
    tls_portal: PortalEmulator, proxy: Proxy, clock: Clock, certificate: Path
) -> None:
    proxy.refuses = True
    client = client_of(tls_portal, clock, proxy=proxy.url, ca_file=str(certificate))
    answer = client.look_up(AN, 5)
    client.close()
    assert (answer.failure, answer.detail) == (OutcomeClass.PORTAL_ERR, "portal.proxy")


def test_a_proxy_of_the_environment_is_not_used(
    portal: PortalEmulator, proxy: Proxy, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    client = client_of(portal, clock)
    assert client.look_up(AN, 5).code == "000"
    client.close()
    assert proxy.seen == []
