"""HTTP for questions that carry secrets: one total deadline, a size limit, nothing secret in any URL object.

`requests` counts a read time-out per received piece, so a server that drips a byte a second holds a caller for ever.
Here every receive, of headers too, is limited by what is left of the deadline.

The portal wants password hash and tokens in the query. urllib3 writes URLs into its debug log, and requests into its
exceptions. So the query is never part of a URL they see: the connection adds it when it writes the request line.
No logger is changed for that; turning urllib3's debug log on shows the bare path.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import requests
import urllib3
from requests.adapters import HTTPAdapter

from kiosk.domain.eligibility import OutcomeClass
from kiosk.insurance.options import BodyEncoding

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_BODY_BYTES = 1_000_000
_SLICE_S = 0.25  # how often a blocked receive looks whether the client was closed
_CHUNK_BYTES = 16_384


class PortalFailure(Exception):
    """A look-up came to nothing: its class and a technical code without anything personal."""

    def __init__(self, outcome: OutcomeClass, detail: str, *, raw: bytes = b"", code: str | None = None) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.raw = raw
        self.code = code


class Deadline:
    """A point in time nothing may outlast."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._at_s = clock() + seconds

    def within(self, seconds: float) -> Deadline:
        """A deadline `seconds` from now on the same clock."""
        return Deadline(seconds, self._clock)

    def left_s(self) -> float:
        return self._at_s - self._clock()


@dataclass(frozen=True, kw_only=True)
class HttpReply:
    """Status and body as received (at most `MAX_BODY_BYTES`)."""

    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class _Call:
    """What the connection needs to know of the request its thread is making."""

    deadline: Deadline
    read_timeout_s: float
    secret_query: str = field(repr=False)
    closed: threading.Event


class _DeadlineReader(io.RawIOBase):
    """Receives from a socket until the call's deadline, its read time-out, or the client's end."""

    def __init__(self, sock: socket.socket, keep_open: io.BufferedIOBase, call: _Call) -> None:
        super().__init__()
        self._sock = sock
        self._keep_open = keep_open  # the file made from the socket: closing it is what lets the socket go
        self._call = call

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        silence = self._call.deadline.within(self._call.read_timeout_s)
        while True:
            left_s = min(self._call.deadline.left_s(), silence.left_s())
            if left_s <= 0 or self._call.closed.is_set():
                raise TimeoutError
            self._sock.settimeout(min(_SLICE_S, left_s))
            try:
                return self._sock.recv_into(memoryview(buffer))
            except TimeoutError:
                continue

    def close(self) -> None:
        self._keep_open.close()
        super().close()


class _StrictResponse(http.client.HTTPResponse):
    """Refuses headers that are none. urllib3 would log what it could not read of them, and that may be a person."""

    def begin(self) -> None:
        super().begin()
        if self.headers.defects or self.headers.get_payload():
            raise http.client.HTTPException


def _response_class(call: _Call) -> Callable[..., http.client.HTTPResponse]:
    def make(sock: socket.socket, *args: Any, **kwargs: Any) -> http.client.HTTPResponse:
        response = _StrictResponse(sock, *args, **kwargs)
        response.fp = io.BufferedReader(_DeadlineReader(sock, response.fp, call), _CHUNK_BYTES)
        return response

    return make


class _PrivateConnection:
    """Mixed into urllib3's connections: adds the secret query to the request line, reads under the deadline."""

    calls: threading.local

    def putrequest(self, method: str, url: str, **options: Any) -> None:
        call: _Call = self.calls.current
        self.response_class = _response_class(call)
        target = f"{url}?{call.secret_query}" if call.secret_query else url
        super().putrequest(method, target, **options)  # type: ignore[misc]


class _PrivateAdapter(HTTPAdapter):
    """Transport adapter whose connections learn of the current call through a thread-local."""

    def __init__(self) -> None:
        self.calls = threading.local()
        super().__init__(max_retries=0, pool_maxsize=32)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._make_private(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        self._make_private(manager)
        return manager

    def _make_private(self, manager: Any) -> None:
        marks = {"calls": self.calls}
        plain = type("PrivateHTTP", (_PrivateConnection, urllib3.connection.HTTPConnection), marks)
        secure = type("PrivateHTTPS", (_PrivateConnection, urllib3.connection.HTTPSConnection), marks)
        manager.pool_classes_by_scheme = {
            "http": type("PrivateHTTPPool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("PrivateHTTPSPool", (urllib3.HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }


class PrivateHttp:
    """POSTs to one server. Safe to use from several threads; `close()` ends what is running."""

    def __init__(
        self,
        *,
        base_url: str,
        connect_timeout_s: float,
        read_timeout_s: float,
        clock: Callable[[], float],
        proxy: str | None = None,
        ca_file: str | None = None,
        session: requests.Session | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._connect_timeout_s = connect_timeout_s
        self._read_timeout_s = read_timeout_s
        self._clock = clock
        self._closed = threading.Event()
        self._adapter = _PrivateAdapter()
        self._session = session or requests.Session()
        self._session.trust_env = False
        self._session.mount("https://", self._adapter)
        self._session.mount("http://", self._adapter)
        self._session.headers.update({"Accept": "application/json", "Accept-Encoding": "identity"})
        if proxy:
            self._session.proxies = {"http": proxy, "https": proxy}
        self._verify: bool | str = ca_file or True

    def deadline(self, seconds: float) -> Deadline:
        return Deadline(seconds, self._clock)

    def post(
        self,
        path: str,
        body: Mapping[str, str],
        *,
        encoding: BodyEncoding,
        deadline: Deadline,
        secret_query: Mapping[str, str] | None = None,
    ) -> HttpReply:
        """One POST. Raises `PortalFailure` for everything the network does; redirects are not followed."""
        if self._closed.is_set():
            raise PortalFailure(OutcomeClass.TIMEOUT, "portal.closed")
        if deadline.left_s() <= 0:
            raise PortalFailure(OutcomeClass.TIMEOUT, "portal.deadline")
        self._adapter.calls.current = _Call(
            deadline=deadline,
            read_timeout_s=self._read_timeout_s,
            secret_query=urlencode(secret_query or {}),
            closed=self._closed,
        )
        try:
            return self._exchange(path, body, encoding, deadline)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, http.client.HTTPException) as error:
            raise _failure_of(error) from None
        except ValueError:  # header or chunk sizes that are no numbers, host names that are none
            raise PortalFailure(OutcomeClass.PORTAL_ERR, "portal.broken_http") from None
        finally:
            del self._adapter.calls.current

    def _exchange(self, path: str, body: Mapping[str, str], encoding: BodyEncoding, deadline: Deadline) -> HttpReply:
        as_json = encoding is BodyEncoding.JSON
        with self._session.post(
            self._base_url + path,
            data=None if as_json else dict(body),
            json=dict(body) if as_json else None,
            timeout=(min(self._connect_timeout_s, deadline.left_s()), self._read_timeout_s),
            allow_redirects=False,
            stream=True,
            verify=self._verify,
        ) as response:
            return HttpReply(status=response.status_code, body=_read_limited(response))

    def close(self) -> None:
        self._closed.set()
        self._session.close()


def _read_limited(response: requests.Response) -> bytes:
    received = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        received += chunk
        if len(received) > MAX_BODY_BYTES:
            raise PortalFailure(OutcomeClass.PORTAL_ERR, "portal.answer_too_large")
    return bytes(received)


_FAILURES: tuple[tuple[type[Exception], OutcomeClass, str], ...] = (
    (requests.exceptions.InvalidURL, OutcomeClass.CONFIG, "portal.bad_address"),
    (requests.exceptions.MissingSchema, OutcomeClass.CONFIG, "portal.bad_address"),
    (requests.exceptions.InvalidSchema, OutcomeClass.CONFIG, "portal.bad_address"),
    (requests.exceptions.SSLError, OutcomeClass.CONFIG, "portal.tls"),
    (requests.exceptions.ProxyError, OutcomeClass.PORTAL_ERR, "portal.proxy"),
    (requests.exceptions.ConnectTimeout, OutcomeClass.TIMEOUT, "portal.connect_timeout"),
    (requests.exceptions.Timeout, OutcomeClass.TIMEOUT, "portal.read_timeout"),
    (TimeoutError, OutcomeClass.TIMEOUT, "portal.read_timeout"),
)


def _failure_of(error: Exception) -> PortalFailure:
    """Class and code of a transport error; its text, which may hold addresses, is dropped."""
    for kind, outcome, detail in _FAILURES:
        if isinstance(error, kind):
            return PortalFailure(outcome, detail)
    causes = _causes_of(error)
    if any(isinstance(part, urllib3.exceptions.NameResolutionError) for part in causes):
        return PortalFailure(OutcomeClass.PORTAL_ERR, "portal.name_unknown")
    if any(isinstance(part, urllib3.exceptions.NewConnectionError) for part in causes):
        return PortalFailure(OutcomeClass.PORTAL_ERR, "portal.no_connection")
    if any(isinstance(part, urllib3.exceptions.ReadTimeoutError) for part in causes):
        return PortalFailure(OutcomeClass.TIMEOUT, "portal.read_timeout")
    return PortalFailure(OutcomeClass.PORTAL_ERR, "portal.connection_lost")


def _causes_of(error: Exception) -> tuple[object, ...]:
    """What requests and urllib3 wrapped: arguments, the reason of a spent retry, the error it came from."""
    direct = (*error.args, error.__context__)
    return (*direct, *(getattr(part, "reason", None) for part in direct))
