"""Follows the hub's event feed (server-sent events, WHATWG HTML §9.2) in one thread and tells a sink what comes.

The sink gets the first snapshot, then every event by its gapless seq, also over a hub's restart: each new connection
names the last event that was seen (`Last-Event-ID`). Whatever does not fit (a gap, nonsense) asks for a fresh snapshot.
A hub that says nothing for `dead_s` is taken for gone, because a cut cable says nothing either.

`http.client` and not `requests`: stopping has to shut the socket down under a waiting read, and only here the socket
is ours from before the first byte.
"""

from __future__ import annotations

import http.client
import logging
import random
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from kiosk.domain.board import BoardContent
from kiosk.domain.events import SiteEvent

log = logging.getLogger("tiepdon.station")

STOP_TIMEOUT_S = 2.0
LINE_LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class FeedOptions:
    """Time-outs in seconds. The hub's heartbeat comes every 10 s; `dead_s` forgives one that was lost."""

    connect_s: float = 1.0
    answer_s: float = 2.0
    dead_s: float = 25.0
    first_retry_s: float = 0.25
    last_retry_s: float = 2.0


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The board as of event `content.seq`; events before it were or will not be told."""

    content: BoardContent


@dataclass(frozen=True, kw_only=True)
class Following:
    """The feed is being followed: what is shown is up to date as soon as the events that come now are."""


@dataclass(frozen=True, kw_only=True)
class Lost:
    """The hub is not heard; `since` is the last moment (UTC) it was. Told once per loss."""

    since: datetime


FeedMessage = Snapshot | SiteEvent | Following | Lost
FeedSink = Callable[[FeedMessage], None]


class _ConnectionOver(Exception):
    """This connection is of no more use; the reason in a word for the log."""


@dataclass(frozen=True, kw_only=True)
class _Message:
    """One server-sent event. A heartbeat has neither type nor data."""

    event: str = ""
    data: str = ""
    id: str = ""


class FeedReader:
    """Reads `url`/v1/events until stopped. `sink` is called on the reader's thread and must return at once.

    `now` gives UTC; `jitter` a number from 0 to 1.
    """

    def __init__(
        self,
        url: str,
        sink: FeedSink,
        *,
        options: FeedOptions | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        jitter: Callable[[], float] = random.random,
    ) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path.rstrip("/") + "/v1/events"
        self._sink = sink
        self._options = options or FeedOptions()
        self._now = now
        self._jitter = jitter
        self._retry_s = self._options.first_retry_s
        self._last_seq: int | None = None
        self._heard_at = now()
        self._state: type[Following] | type[Lost] | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._response: http.client.HTTPResponse | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub-feed", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread, also out of a waiting read; returns within `STOP_TIMEOUT_S`."""
        self._stopping.set()
        _shut_down(self._socket)
        if self._thread.is_alive():
            self._thread.join(STOP_TIMEOUT_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.step()
            except Exception:
                log.exception("reading the event feed failed")
                self._disconnect()
                self._stopping.wait(self._options.last_retry_s)
        self._disconnect()

    def step(self) -> None:
        """Connect when there is no connection, else read one message; after a loss wait for the next attempt."""
        try:
            if self._response is None:
                self._connect()
            else:
                self._take(_read_message(self._response))
        except (OSError, http.client.HTTPException, _ConnectionOver) as reason:
            self._disconnect()
            self._tell_lost(reason)
            self._stopping.wait(self._retry_s * (0.5 + 0.5 * self._jitter()))
            self._retry_s = min(2 * self._retry_s, self._options.last_retry_s)

    # -- connection -----------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=self._options.connect_s)
        self._connection = connection
        connection.connect()
        sock = self._socket = connection.sock  # the connection forgets it when the hub does not keep it alive
        if self._stopping.is_set():  # stop() may have come before there was a socket to shut down
            raise _ConnectionOver("stopping")
        sock.settimeout(self._options.answer_s)
        headers = {"Accept": "text/event-stream"}
        if self._last_seq is not None:
            headers["Last-Event-ID"] = str(self._last_seq)
        connection.request("GET", self._path, headers=headers)
        self._response = _checked(connection.getresponse())
        sock.settimeout(self._options.dead_s)
        self._heard()

    def _disconnect(self) -> None:
        for opened in (self._response, self._connection):
            if opened is not None:
                opened.close()
        self._connection = self._socket = self._response = None

    def _heard(self) -> None:
        self._heard_at = self._now()
        self._retry_s = self._options.first_retry_s
        if self._state is not Following:
            self._state = Following
            log.info("following the hub's events")
            self._sink(Following())

    def _tell_lost(self, reason: Exception) -> None:
        if self._state is Lost or self._stopping.is_set():
            return
        self._state = Lost
        log.info("the hub's events are lost: %s", type(reason).__name__)
        self._sink(Lost(since=self._heard_at))

    # -- messages -------------------------------------------------------------------------------------------------

    def _take(self, message: _Message) -> None:
        self._heard()
        if not message.data:
            return
        try:
            if message.event == "snapshot":
                self._take_snapshot(msgspec.json.decode(message.data, type=BoardContent))
            else:
                self._take_event(msgspec.json.decode(message.data, type=SiteEvent))
        except msgspec.MsgspecError as error:
            self._ask_anew("message not understood", error)

    def _take_snapshot(self, content: BoardContent) -> None:
        self._last_seq = content.seq
        self._sink(Snapshot(content=content))

    def _take_event(self, event: SiteEvent) -> None:
        if self._last_seq is None or event.seq > self._last_seq + 1:
            self._ask_anew("gap in the events", None)
        elif event.seq == self._last_seq + 1:
            self._last_seq = event.seq
            self._sink(event)

    def _ask_anew(self, why: str, cause: Exception | None) -> None:
        self._last_seq = None
        raise _ConnectionOver(why) from cause


def _checked(response: http.client.HTTPResponse) -> http.client.HTTPResponse:
    kind = response.headers.get_content_type()
    if response.status != 200 or kind != "text/event-stream":
        raise _ConnectionOver(f"HTTP {response.status}")
    return response


def _read_message(response: http.client.HTTPResponse) -> _Message:
    """The next message or heartbeat. Raises `_ConnectionOver` at the end of the stream, `OSError` on a time-out."""
    lines: list[str] = []
    while True:
        line = response.readline(LINE_LIMIT)
        if not line.endswith(b"\n"):
            raise _ConnectionOver("end of stream")
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        if text == "":
            return _message_of(lines)
        lines.append(text)


def _message_of(lines: Iterable[str]) -> _Message:
    fields: dict[str, list[str]] = {"event": [], "data": [], "id": []}
    for line in lines:
        name, _, value = line.partition(":")
        if name in fields:
            fields[name].append(value.removeprefix(" "))
    return _Message(event="".join(fields["event"][-1:]), data="\n".join(fields["data"]), id="".join(fields["id"][-1:]))


def _shut_down(sock: socket.socket | None) -> None:
    """Wake a thread that waits in this socket; closing alone would not on Linux."""
    if sock is None:
        return
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
