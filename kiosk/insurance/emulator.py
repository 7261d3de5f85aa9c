"""The BHXH portal, emulated on loopback: same routes, fields, formats and moods, for made-up people only.

`PortalEmulator.faults` can be changed while it runs: slow, cut off, HTML instead of JSON, tokens refused …
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from kiosk.insurance.emulator_faults import Faults
from kiosk.insurance.emulator_people import PEOPLE, EmulatedPerson
from kiosk.insurance.emulator_rules import EmulatedAccount, PortalRules, Reply
from kiosk.insurance.options import BodyEncoding, PortalOptions
from kiosk.insurance.portal import TOKEN_PATH

_DRIP_S = 0.05
_MAX_REQUEST_BYTES = 100_000


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], emulator: PortalEmulator) -> None:
        self.emulator = emulator
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the game."""

    def hang_up(self) -> None:
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isdigit() else _MAX_REQUEST_BYTES + 1
        if size > _MAX_REQUEST_BYTES:
            self.close_connection = True
            return
        body = self.rfile.read(size)
        self.server.emulator.answer(self, body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Requests carry accounts and people: nothing is written."""


class PortalEmulator:
    """The emulated portal. `start()` returns its base URL; `stop()` leaves no thread.

    `now` is the portal's UTC clock, for token life and card windows. With `tls` it speaks HTTPS.
    Counts of what was asked are kept in `token_requests` and `look_ups`; `url` is the base URL once started.
    """

    def __init__(
        self,
        *,
        account: EmulatedAccount | None = None,
        people: Iterable[EmulatedPerson] = PEOPLE,
        now: Callable[[], datetime] = _utc_now,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
        self.account = account or EmulatedAccount()
        self.faults = Faults()
        self.rules = PortalRules(account=self.account, people=tuple(people), now=now)
        self._address = (host, port)
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.token_requests = 0
        self.look_ups = 0
        self.url = ""

    def start(self) -> str:
        """Begin to answer; returns the base URL. Raises `OSError` when the port is taken."""
        self._stopping.clear()
        self._server = _Server(self._address, self)
        if self._tls is not None:  # the handshake belongs to the connection's thread, not to the accepting one
            self._server.socket = self._tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="portal-emulator", daemon=True
        )
        self._thread.start()
        host, port = self._server.server_address[:2]
        self.url = f"{'https' if self._tls else 'http'}://{host!s}:{port}"
        return self.url

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._stopping.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None

    def client_options(self, base_url: str, **changes: Any) -> PortalOptions:
        """Options with which a client gets in."""
        given: dict[str, Any] = {
            "base_url": base_url,
            "username": self.account.username,
            "password": self.account.password,
            "officer_name": self.account.officer_name,
            "officer_number": self.account.officer_number,
            "md5_case": self.account.md5_case,
            "accepted_facilities": self.account.accepted_facilities,
        }
        return PortalOptions(**(given | changes))

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer one request on its connection; called on the server's threads."""
        faults = self.faults
        if not handler.path.startswith(TOKEN_PATH) and faults.expire_in_flight > 0:
            faults.expire_in_flight -= 1
            self.rules.expire_tokens()
        refusal = self._count(handler.path, faults)
        if faults.delay_s:
            self._stopping.wait(faults.delay_s)
        reply = self._reply(handler, body, faults, refusal)
        _send(handler, reply, faults, self._stopping)

    def _count(self, path: str, faults: Faults) -> int | None:
        """Count one request; the HTTP status it is refused with."""
        with self._lock:
            if path.startswith(TOKEN_PATH):
                self.token_requests += 1
                return None
            self.look_ups += 1
            if faults.refuse_tokens > 0:
                faults.refuse_tokens -= 1
                return 401
            if faults.quota is not None:
                faults.quota -= 1
                return 429 if faults.quota < 0 else None
            return None

    def _reply(self, handler: BaseHTTPRequestHandler, body: bytes, faults: Faults, refusal: int | None) -> Reply:
        is_token = handler.path.startswith(TOKEN_PATH)
        if faults.status is not None:
            return Reply.html(faults.status)
        if refusal is not None:
            return Reply.html(refusal)
        if is_token and faults.refuse_ip:
            return Reply.of_code("401", APIKey=None)
        json_body = "json" in handler.headers.get("Content-Type", "")
        encoding = BodyEncoding.JSON if json_body else BodyEncoding.FORM
        reply = self.rules.answer(handler.path, body, encoding, forced_code=self._code_in(faults))
        return reply if is_token or faults.body is None else Reply(status=200, body=faults.body)

    def _code_in(self, faults: Faults) -> str | None:
        return faults.walk[self.look_ups % len(faults.walk)] if faults.walk else faults.code


def _send(handler: BaseHTTPRequestHandler, reply: Reply, faults: Faults, stopping: threading.Event) -> None:
    if faults.reset:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True
        return
    if faults.raw_reply is not None:
        handler.wfile.write(faults.raw_reply)
        handler.close_connection = True
        return
    more = "".join(f"{header}\r\n" for header in faults.headers)
    head = (
        f"HTTP/1.1 {reply.status} Answer\r\n"
        f"Content-Type: {faults.content_type or reply.content_type}\r\n"
        f"Content-Length: {len(reply.body)}\r\n{more}\r\n"
    ).encode("ascii")
    body = reply.body
    if faults.cut_after_bytes is not None:
        body = body[: faults.cut_after_bytes]
        handler.close_connection = True
    if faults.drip_headers:
        _drip(handler, head + body, stopping)
    elif faults.drip:
        handler.wfile.write(head)
        _drip(handler, body, stopping)
    else:
        handler.wfile.write(head + body)


def _drip(handler: BaseHTTPRequestHandler, content: bytes, stopping: threading.Event) -> None:
    for byte in content:
        if stopping.wait(_DRIP_S):
            return
        handler.wfile.write(bytes([byte]))
