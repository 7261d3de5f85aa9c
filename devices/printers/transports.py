"""The three ways to a printer: TCP socket, serial line, USB device file; all are non-blocking file descriptors.

pyserial only opens and sets up the line: its own `write` has no end on a port nobody drains and spins without a
time-out (3.5). A peer that vanished takes writes for a while; only later calls tell.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import select
import socket
import struct
import termios
import threading
import time
from collections.abc import Callable
from typing import Protocol

import serial

from devices.contract import DeviceLost
from devices.printers.options import FlowControl, PrinterKind, PrinterOptions

CONNECT_TIMEOUT_S = 1.0
CHUNK_BYTES = 2048
READ_BYTES = 512
KEEPALIVE_S = 10
UNREACHED_MS = 15_000
"""A cable plugged in again after longer finds the connection closed: the kernel would go on sending for a quarter of an
hour."""
EMPTY_READ_PAUSE_S = 0.05

_AGAIN = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR)
_TAKES_NOTHING_NOW = (*_AGAIN, errno.ENOSPC)  # usblp says "no space" when the paper is out
_GONE = (serial.SerialException, OSError, termios.error)
_CODES_BY_ERRNO = {
    errno.EACCES: "printer.port_denied",
    errno.EPERM: "printer.port_denied",
    errno.EAGAIN: "printer.port_busy",
    errno.EBUSY: "printer.port_busy",
}


class Transport(Protocol):
    """A connection to a printer, for one thread. All calls raise `DeviceLost` when the connection is gone."""

    def write(self, data: bytes | memoryview, timeout_s: float) -> int:
        """Hand over as much of the beginning of `data` as is taken at once, waiting at most `timeout_s` for the first
        byte to be taken; the number of bytes taken, 0 when none was."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, waiting at most `timeout_s`; empty when nothing has."""
        ...

    def close(self, *, drop: bool = False) -> None:
        """Release everything; with `drop` also what was taken and has not left this machine, so that it reaches no
        printer later. Safe to call twice; raises nothing."""
        ...


TransportOpener = Callable[[PrinterOptions], Transport]


def open_transport(options: PrinterOptions) -> Transport:
    """Connect as the settings say. Raises `DeviceLost`: `printer.unreachable`, `printer.port_missing`,
    `printer.port_denied` or `printer.port_busy`."""
    match options.kind:
        case PrinterKind.TCP:
            return _open_tcp(options)
        case PrinterKind.SERIAL:
            return _open_serial(options)
        case PrinterKind.USB_FILE:
            return _open_usb_file(options)


class DescriptorTransport:
    """`Transport` over a non-blocking descriptor. `ends_when_empty`: an empty read means the peer has hung up (sockets,
    ttys); a USB printer may answer a read with an empty packet, which means nothing."""

    def __init__(
        self, descriptor: int, release: Callable[[], None], *, ends_when_empty: bool, forget: Callable[[], None]
    ) -> None:
        self._descriptor = descriptor
        self._forget = forget
        self._release: Callable[[], None] | None = release
        self._ends_when_empty = ends_when_empty
        self._readable = True
        self._pause = threading.Event()

    def write(self, data: bytes | memoryview, timeout_s: float) -> int:
        try:
            happened = self._wait_for(select.POLLOUT, timeout_s)
            return os.write(self._descriptor, data[:CHUNK_BYTES]) if happened else 0
        except OSError as error:
            if error.errno in _TAKES_NOTHING_NOW:
                return 0
            raise DeviceLost("printer.lost", _detail(error)) from error

    def read(self, timeout_s: float) -> bytes:
        deadline_s = time.monotonic() + timeout_s
        if not self._readable:
            self._pause.wait(timeout_s)
            return b""
        while True:
            left_s = max(0.0, deadline_s - time.monotonic())
            data = self._read_once(left_s)
            if data or time.monotonic() >= deadline_s:
                return data
            self._pause.wait(min(EMPTY_READ_PAUSE_S, left_s))

    def close(self, *, drop: bool = False) -> None:
        release, self._release = self._release, None
        if release is None:
            return
        if drop:
            with contextlib.suppress(*_GONE):  # gone, or no line that keeps anything
                self._forget()
        with contextlib.suppress(*_GONE):  # gone already: nothing left to release
            release()

    def _read_once(self, timeout_s: float) -> bytes:
        try:
            happened = self._wait_for(select.POLLIN, timeout_s)
            if not happened:
                return b""
            data = os.read(self._descriptor, READ_BYTES)
        except OSError as error:
            return self._empty_read(error)
        if not data and (self._ends_when_empty or happened & select.POLLHUP):
            raise DeviceLost("printer.lost", "closed by the peer")
        return data

    def _wait_for(self, wanted: int, timeout_s: float) -> int:
        if self._release is None:
            raise DeviceLost("printer.lost", "closed")
        waiting = select.poll()
        waiting.register(self._descriptor, wanted)
        happened = waiting.poll(timeout_s * 1000)
        return happened[0][1] if happened else 0

    def _empty_read(self, error: OSError) -> bytes:
        if error.errno in _AGAIN:
            return b""
        if error.errno == errno.EINVAL and not self._ends_when_empty:
            self._readable = False  # usblp says this for a printer without a way back
            return b""
        raise DeviceLost("printer.lost", _detail(error)) from error


def _open_tcp(options: PrinterOptions) -> Transport:
    try:
        connection = socket.create_connection((options.host, options.port), CONNECT_TIMEOUT_S)
    except OSError as error:
        raise DeviceLost("printer.unreachable", _detail(error)) from error
    connection.setblocking(False)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, KEEPALIVE_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREACHED_MS)

    def forget() -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return DescriptorTransport(connection.fileno(), connection.close, ends_when_empty=True, forget=forget)


def _open_serial(options: PrinterOptions) -> Transport:
    try:
        port = serial.Serial(
            options.path,
            baudrate=options.baud,
            timeout=0,
            xonxoff=options.flow_control is FlowControl.XON_XOFF,
            rtscts=options.flow_control is FlowControl.RTS_CTS,
            dsrdtr=options.flow_control is FlowControl.DSR_DTR,
            exclusive=True,
        )
    except _GONE as error:
        raise DeviceLost(_open_code(error), _detail(error)) from error
    descriptor = port.fileno()
    return DescriptorTransport(descriptor, port.close, ends_when_empty=True, forget=lambda: _flush(descriptor))


def _open_usb_file(options: PrinterOptions) -> Transport:
    try:
        descriptor = os.open(options.path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise DeviceLost(_open_code(error), _detail(error)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # usblp lets one program in, what poses as it may not
    except OSError as error:
        os.close(descriptor)
        raise DeviceLost(_open_code(error), _detail(error)) from error

    def release() -> None:
        os.close(descriptor)

    # usblp forgets what it has not sent when it is closed; a tty that poses as it has to be told
    return DescriptorTransport(descriptor, release, ends_when_empty=False, forget=lambda: _flush(descriptor))


def _flush(descriptor: int) -> None:
    termios.tcflush(descriptor, termios.TCOFLUSH)


def _open_code(error: Exception) -> str:
    return _CODES_BY_ERRNO.get(getattr(error, "errno", None) or 0, "printer.port_missing")


def _detail(error: Exception) -> str:
    return f"{type(error).__name__} {getattr(error, 'errno', None) or ''}".strip()
