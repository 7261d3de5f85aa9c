"""The real hub as a subprocess on a data folder of its own: start, kill -9, start again on the same port."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path

import requests

READY_LINE = "Tiếp Đón hub ready: "
START_S = 30.0


class HubProcess:
    """`tiepdon hub` on `data`; `url` is where it serves, the same after a restart. `inside`: what its command begins
    with where it runs in a namespace; `program`: what Python runs as `tiepdon`."""

    def __init__(
        self, data: Path, inside: tuple[str, ...] = (), program: tuple[str, ...] = ("-m", "kiosk.app.cli")
    ) -> None:
        self._data = data
        self._inside = inside
        self._program = program
        self._process: subprocess.Popen[str] | None = None
        self.url = ""
        self._listen = "127.0.0.1:0"

    def start(self) -> HubProcess:
        command = [sys.executable, *self._program, "hub", "--data", str(self._data), "--listen", self._listen]
        process = subprocess.Popen(
            [*self._inside, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._process = process
        first_lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_pump, args=(process, first_lines), name="hub-output", daemon=True).start()
        told = []
        while True:
            line = first_lines.get(timeout=START_S)
            told.append(line)
            if line.startswith(READY_LINE):
                break
            assert line, f"the hub did not start:\n{''.join(told)}"
        self.url = line.removeprefix(READY_LINE).strip()
        self._listen = self.url.removeprefix("http://")
        return self

    @property
    def process(self) -> subprocess.Popen[str]:
        """The running process."""
        assert self._process is not None, "the hub is not running"
        return self._process

    @property
    def port(self) -> int:
        return int(self._listen.rpartition(":")[2])

    def kill(self) -> None:
        """kill -9, as a power cut of the process."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(timeout=10)

    def issue(self, key: str, service: str = "kham-dich-vu", **fields: object) -> dict[str, object]:
        """A ticket as a kiosk asks for it."""
        body = {"service": service, **fields}
        return self.post("/v1/tickets", body, {"Idempotency-Key": key}).json()

    def post(self, path: str, body: object, headers: dict[str, str] | None = None) -> requests.Response:
        response = requests.post(self.url + path, json=body, headers=headers, timeout=10)
        response.raise_for_status()
        return response

    def get(self, path: str) -> dict[str, object]:
        response = requests.get(self.url + path, timeout=10)
        response.raise_for_status()
        return response.json()


def _pump(process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
    """Hands on what the hub prints, so that its pipe never fills; an empty line at the end."""
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            lines.put(line)
    lines.put("")
