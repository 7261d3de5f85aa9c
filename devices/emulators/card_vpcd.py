"""Lays an emulated card on vsmartcard's virtual reader (vpcd), which pcscd serves like any reader.

Protocol (vsmartcard, virtual smart card reader): TCP, each message a 2-byte big-endian length and data; from vpcd the
one-byte messages 00 power off, 01 power on, 02 reset, 04 get ATR, anything longer an APDU; ATR and APDUs are answered.
A connection is a card that lies there.
"""

from __future__ import annotations

import socket
import struct
import threading
from types import TracebackType
from typing import Protocol

POWER_OFF, POWER_ON, RESET, GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
_LENGTH = struct.Struct(">H")
_CONNECT_TIMEOUT_S = 1.0
_JOIN_TIMEOUT_S = 2.0


class LayableCard(Protocol):
    """A card at the APDU interface; an empty answer says that it is gone."""

    @property
    def atr(self) -> bytes: ...

    def reset(self) -> None: ...

    def transmit(self, command: bytes) -> bytes: ...


class VpcdCard:
    """A card on the vpcd slot that listens at `port`. Use as a context manager or by `lay` and `take`."""

    def __init__(self, card: LayableCard, *, port: int, host: str = "127.0.0.1") -> None:
        self._card = card
        self._address = (host, port)
        self._link: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> VpcdCard:
        self.lay()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.take()

    def lay(self) -> None:
        """Connect the card. Raises OSError when no vpcd listens; taking comes before laying again."""
        if self._link is not None:
            return
        link = socket.create_connection(self._address, timeout=_CONNECT_TIMEOUT_S)
        link.settimeout(None)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._link = link
        self._thread = threading.Thread(target=self._serve, args=(link,), name="vpcd-card", daemon=True)
        self._thread.start()

    def take(self) -> None:
        """Take the card; vpcd notices at its next look, within about a second. Safe to call twice."""
        link, self._link = self._link, None
        thread, self._thread = self._thread, None
        if link is not None:
            _shut(link)
        if thread is not None:
            thread.join(_JOIN_TIMEOUT_S)
        if link is not None:
            link.close()

    def _serve(self, link: socket.socket) -> None:
        while (message := _receive(link)) is not None:
            answer = self._answer(message)
            if answer == b"":  # it was taken in the middle of a command
                _shut(link)
                return
            if answer is not None and not _send(link, answer):
                return

    def _answer(self, message: bytes) -> bytes | None:
        if message == GET_ATR:
            return self._card.atr
        if message in (POWER_ON, RESET, POWER_OFF):
            self._card.reset()
            return None
        return self._card.transmit(message)


def _receive(link: socket.socket) -> bytes | None:
    """One message, or None when vpcd has gone."""
    head = _receive_exactly(link, _LENGTH.size)
    return None if head is None else _receive_exactly(link, _LENGTH.unpack(head)[0])


def _receive_exactly(link: socket.socket, size: int) -> bytes | None:
    data = b""
    while len(data) < size:
        try:
            # vpcd sends length and data apart: without quick acknowledgement each APDU waits 40 ms (Nagle)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            part = link.recv(size - len(data))
        except OSError:
            return None
        if not part:
            return None
        data += part
    return data


def _send(link: socket.socket, answer: bytes) -> bool:
    try:
        link.sendall(_LENGTH.pack(len(answer)) + answer)
    except OSError:
        return False
    return True


def _shut(link: socket.socket) -> None:
    try:
        link.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # vpcd was first
