"""The hub as a supervised child process: started again when it dies, stopped with its parent."""

from __future__ import annotations

import ctypes
import logging
import signal
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

from kiosk.app.start import HUB_READY_LINE, CannotStart

log = logging.getLogger("tiepdon.demo")

START_TIMEOUT_S = 20.0
RESTART_AFTER_S = 0.5
PROGRAM = (sys.executable, "-m", "kiosk.app.cli")
_PR_SET_PDEATHSIG = 1


class HubChild:
    """`tiepdon hub` on `data` at a free loopback port, the same after a restart. `url` is known once started; `program`
    is what is run as `tiepdon`. What it logs is added to `log_file`; without one it goes where this process's goes."""

    def __init__(self, data: Path, program: tuple[str, ...] = PROGRAM, log_file: Path | None = None) -> None:
        self._data = data
        self._program = program
        self._log_file = log_file
        self._address = "127.0.0.1:0"
        self._stopping = threading.Event()
        self._started = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._supervise, name="hub-child", daemon=True)
        self.url = ""

    def start(self) -> None:
        """Start and wait until it serves. Raises `CannotStart`."""
        self._thread.start()
        if not self._started.wait(START_TIMEOUT_S) or not self.url:
            self.stop()
            raise CannotStart("start.hub_child_failed")

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        """Kill -9; the supervisor starts it again."""
        if self._process is not None:
            self._process.kill()

    def stop(self) -> None:
        self._stopping.set()
        if self._process is not None:
            self._process.terminate()
        self._thread.join(START_TIMEOUT_S)

    def _supervise(self) -> None:
        while not self._stopping.is_set():
            self._run_once()
            if not self.url:
                break
            if not self._stopping.wait(RESTART_AFTER_S):
                log.warning("the hub ended by itself and is started again")
        self._started.set()

    def _run_once(self) -> None:
        command = [*self._program, "hub", "--data", str(self._data), "--listen", self._address]
        # A group of its own: a terminal's Ctrl+C would reach the hub too, and the order to stop then be its second one,
        # which uvicorn takes for "at once, whatever is open".
        with (
            self._log_file.open("a") if self._log_file else nullcontext() as stderr,
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=stderr, text=True, process_group=0, preexec_fn=_end_with_parent
            ) as process,
        ):
            self._process = process
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith(HUB_READY_LINE):
                    self.url = line.removeprefix(HUB_READY_LINE).strip()
                    self._address = self.url.removeprefix("http://")
                    self._started.set()


def _end_with_parent() -> None:
    """Linux: be told to stop when the parent dies, however it dies (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
