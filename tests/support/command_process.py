"""A `tiepdon` command as a subprocess: its lines, its orders, its end."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

START_S = 30.0


class CommandProcess:
    """`tiepdon ARGUMENTS`; use as a context manager. Standard error goes to the same lines."""

    def __init__(self, *arguments: str, environ: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kiosk.app.cli", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=_as_elsewhere(os.environ) | dict(environ or {}),
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._pump = threading.Thread(target=self._read, name="command-output")
        self._pump.start()

    def __enter__(self) -> CommandProcess:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(timeout=10)
        self.close_input()
        self._pump.join()

    def line_with(self, words: str) -> str:
        """The next line that holds `words`, lines before it are dropped."""
        deadline, told = time.monotonic() + START_S, []
        while True:
            line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            told.append(line)
            if words in line:
                return line.rstrip("\n")
            assert line, f"{words!r} was not told:\n{''.join(told)}"

    def type(self, line: str) -> None:
        """Type a line and wait until the command has answered it."""
        self.send(line)
        self.line_with(f"ok: {line}")

    def send(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def close_input(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end; its exit code."""
        self._process.send_signal(how)
        return self._process.wait(timeout=10)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout:
            for line in self._process.stdout:
                self._lines.put(line)
        self._lines.put("")


def _as_elsewhere(environ: Mapping[str, str]) -> dict[str, str]:
    """Without what hides that output is held back in a pipe."""
    return {name: value for name, value in environ.items() if name != "PYTHONUNBUFFERED"}
