"""The wires of an emulated printer: a TCP port on loopback, and a pseudo-terminal behind a fixed path.

Each wire has one thread. It reads only while the printer has room, so a full printer is felt by the sender as on a
real wire: a closed TCP window, a tty that takes no more.
"""

from __future__ import annotations

import contextlib
import os
import pty
import select
import socket
import struct
import threading
import time
import tty
from collections import deque
from pathlib import Path
from typing import Protocol

_READ_BYTES = 4_096
_RECEIVE_WINDOW_BYTES = 8_192  # of the kernel, on top of the printer's own buffer


class Receiver(Protocol):
    """The printer as a wire sees it."""

    def room(self) -> int:
        """How many bytes may be delivered now."""

    def receive(self, session: Session, data: bytes) -> None:
        """Take `data`; answers go to `session.send`."""


class Waker:
    """Wakes a thread that waits in poll()."""

    def __init__(self) -> None:
        self.read_end, self._write_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._lock = threading.Lock()
        self._closed = False

    def wake(self) -> None:
        with self._lock:
            if not self._closed:
                with contextlib.suppress(BlockingIOError):  # full: it is awake already
                    os.write(self._write_end, b"!")

    def drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self.read_end, 65_536)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            os.close(self.read_end)
            os.close(self._write_end)


class Session:
    """One connection: what waits to be answered on it, and whether the printer dropped it."""

    def __init__(self, waker: Waker) -> None:
        self._waker = waker
        self._lock = threading.Lock()
        self._answers: deque[tuple[float, bytes]] = deque()
        self.dropped = False

    def send(self, data: bytes, delay_s: float = 0.0) -> None:
        """Answer `data` after `delay_s`, in order; from any thread."""
        with self._lock:
            self._answers.append((time.monotonic() + delay_s, data))
        self._waker.wake()

    def drop(self) -> None:
        """Have the wire torn, unread answers included."""
        self.dropped = True
        self._waker.wake()

    def due_in_s(self) -> float | None:
        """Seconds until the next answer is due, None when there is none."""
        with self._lock:
            return max(0.0, self._answers[0][0] - time.monotonic()) if self._answers else None

    def first_answer(self) -> bytes:
        with self._lock:
            return self._answers[0][1]

    def sent(self, count: int) -> None:
        """`count` bytes of the first answer have left."""
        with self._lock:
            due, data = self._answers.popleft()
            if count < len(data):
                self._answers.appendleft((due, data[count:]))


class Wire(Protocol):
    """Something a host can connect to."""

    def fileno(self) -> int | None:
        """What becomes readable when a host connects; None when it need not be waited for."""

    def connect(self) -> int | None:
        """The file descriptor of the next connection; None when the host went away again."""

    def disconnect(self, descriptor: int, /, *, torn: bool) -> None: ...

    def close(self) -> None: ...


class TcpWire:
    """A raw port (9100 in the field) on loopback. One host at a time: the next waits, connected but unheard."""

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port), backlog=4)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_WINDOW_BYTES)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]

    def fileno(self) -> int | None:
        return self._listener.fileno()

    def connect(self) -> int | None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return None
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        return connection.detach()

    def disconnect(self, descriptor: int, *, torn: bool) -> None:
        connection = socket.socket(fileno=descriptor)
        if torn:  # a reset, as from a printer that lost power and came back
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    def close(self) -> None:
        self._listener.close()


class PtyWire:
    """A raw tty behind the symlink `link`. Torn, the host gets an input/output error and another tty stands behind
    the link, as after pulling and plugging a cable. Who opens and closes it is not noticed, as on a serial line."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._master, self._slave = self._open()  # our slave end stays open: a closing host must not hang the line up

    def fileno(self) -> int | None:
        return None

    def connect(self) -> int | None:
        return self._master

    def disconnect(self, _descriptor: int, *, torn: bool) -> None:
        if torn:
            pulled = (self._master, self._slave)
            self._master, self._slave = self._open()  # first, so that it surely is another tty
            _close_all(pulled)

    def close(self) -> None:
        self._link.unlink(missing_ok=True)
        _close_all((self._master, self._slave))

    def _open(self) -> tuple[int, int]:
        master, slave = pty.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        fresh = self._link.with_name(self._link.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(slave))
        fresh.replace(self._link)
        return master, slave


def _close_all(descriptors: tuple[int, ...]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


class WireServer:
    """The thread that serves one wire."""

    def __init__(self, wire: Wire, receiver: Receiver, name: str) -> None:
        self._wire = wire
        self._receiver = receiver
        self._waker = Waker()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There is room again."""
        self._waker.wake()

    def stop(self, timeout_s: float) -> None:
        self._stopping.set()
        self._waker.wake()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            while self._await_host():
                self._converse()
        finally:
            self._wire.close()
            self._waker.close()

    def _await_host(self) -> bool:
        listener = self._wire.fileno()
        waiting = select.poll()
        waiting.register(self._waker.read_end, select.POLLIN)
        if listener is not None:
            waiting.register(listener, select.POLLIN)
        while not self._stopping.is_set():
            if listener is None:
                return True
            ready = {descriptor for descriptor, _ in waiting.poll()}
            self._waker.drain()
            if listener in ready:
                return not self._stopping.is_set()
        return False

    def _converse(self) -> None:
        descriptor = self._wire.connect()
        if descriptor is None:
            return
        session = Session(self._waker)
        alive = True
        while alive and not session.dropped and not self._stopping.is_set():
            try:
                alive = self._exchange(descriptor, session)
            except OSError:  # reset by the host
                alive = False
        self._wire.disconnect(descriptor, torn=session.dropped)

    def _exchange(self, descriptor: int, session: Session) -> bool:
        """One round; false when the host hung up."""
        due_in_s = session.due_in_s()
        room = self._receiver.room()
        wanted = (select.POLLIN if room else 0) | (select.POLLOUT if due_in_s == 0.0 else 0)
        waiting = select.poll()
        waiting.register(self._waker.read_end, select.POLLIN)
        waiting.register(descriptor, wanted)
        happened = dict(waiting.poll(1_000 * due_in_s + 1 if due_in_s else None))
        self._waker.drain()
        state = happened.get(descriptor, 0)
        if state & select.POLLOUT:
            session.sent(os.write(descriptor, session.first_answer()))
        if state & select.POLLIN:
            data = os.read(descriptor, min(room, _READ_BYTES))
            if not data:
                return False
            self._receiver.receive(session, data)
        return not state & (select.POLLERR | select.POLLHUP) or bool(state & select.POLLIN)
