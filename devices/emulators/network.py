"""The cable between a kiosk and its hub, emulated: a TCP proxy on loopback that can go silent or be cut.

`silence` is a pulled cable (nothing is closed, nothing arrives); `cut` is a switched-off hub (connections refused).
"""

from __future__ import annotations

import socket
import threading

CONNECT_TIMEOUT_S = 2.0


class TcpProxy:
    """Listens on loopback and passes bytes to `target_port`."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: set[socket.socket] = set()
        self._changing = threading.Lock()
        self._silent = threading.Event()
        self._cut = threading.Event()
        self._closed = threading.Event()
        self._accepting = threading.Thread(target=self._accept, name="proxy-accept", daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def silence(self) -> None:
        """Pass nothing on, close nothing."""
        self._silent.set()

    def cut(self) -> None:
        """Close every connection and refuse new ones."""
        self._cut.set()
        self._shut_all()

    def speak(self) -> None:
        """New connections pass again; the silenced ones stay dead."""
        self._shut_all()
        self._silent.clear()
        self._cut.clear()

    def close(self) -> None:
        self._closed.set()
        _shut(self._listener)
        self._shut_all()
        self._accepting.join(CONNECT_TIMEOUT_S)

    def _shut_all(self) -> None:
        with self._changing:
            for sock in self._sockets:
                _shut(sock)

    def _accept(self) -> None:
        with self._listener:
            while not self._closed.is_set():
                try:
                    client, _ = self._listener.accept()
                except OSError:
                    return
                if self._cut.is_set():
                    client.close()
                else:
                    self._join(client)

    def _join(self, client: socket.socket) -> None:
        try:
            target = socket.create_connection(("127.0.0.1", self._target_port), CONNECT_TIMEOUT_S)
        except OSError:
            client.close()
            return
        target.settimeout(None)
        with self._changing:
            self._sockets |= {client, target}
        for pair in ((client, target), (target, client)):
            threading.Thread(target=self._pass, args=pair, name="proxy-pass", daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        dead = False
        while True:
            try:
                data = source.recv(65536)
                dead = dead or self._silent.is_set()
                if data and not dead:
                    target.sendall(data)
            except OSError:
                data = b""
            if not data:
                break
        if not dead:
            _shut(target)
        with self._changing:
            self._sockets.discard(source)
            source.close()


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
