"""A small TCP proxy before the hub that can go silent: the half-open connection a pulled cable leaves."""

from __future__ import annotations

import socket
import threading


class TcpProxy:
    """Listens on loopback and passes bytes to `target_port`. `silence()` stops passing without closing anything."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._silent = threading.Event()
        self._closed = threading.Event()
        self._accepting = threading.Thread(target=self._accept, name="proxy-accept", daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def silence(self) -> None:
        self._silent.set()

    def speak(self) -> None:
        """New connections pass again; the silenced ones stay dead."""
        for sock in self._sockets:
            _shut(sock)
        self._silent.clear()

    def close(self) -> None:
        self._closed.set()
        _shut(self._listener)
        for sock in self._sockets:
            _shut(sock)

    def _accept(self) -> None:
        with self._listener:
            while not self._closed.is_set():
                try:
                    client, _ = self._listener.accept()
                except OSError:
                    return
                hub = socket.create_connection(("127.0.0.1", self._target_port))
                self._sockets += [client, hub]
                for pair in ((client, hub), (hub, client)):
                    threading.Thread(target=self._pass, args=pair, name="proxy-pass", daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        dead = False
        with source:
            while True:
                try:
                    data = source.recv(65536)
                    dead = dead or self._silent.is_set()
                    if data and not dead:
                        target.sendall(data)
                except OSError:
                    data = b""
                if not data:
                    if not dead:
                        _shut(target)
                    return


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
