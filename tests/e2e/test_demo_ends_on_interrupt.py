"""Ctrl+C at the terminal reaches the demo's whole process group; the demo ends as if its windows had been closed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

DEVICES_AND_HUB_ARE_UP = "printer ready"


def test_interrupting_the_demo_at_the_terminal_ends_it_without_a_traceback() -> None:
    command = [sys.executable, "-m", "kiosk.app.cli", "demo"]
    environ = dict(os.environ) | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ, process_group=0) as demo:
        assert demo.stderr is not None
        lines = iter(demo.stderr.readline, "")
        assert any(DEVICES_AND_HUB_ARE_UP in line for line in lines)
        os.killpg(demo.pid, signal.SIGINT)
        rest = demo.stderr.read()
        assert demo.wait(timeout=30) == 0
    assert "Traceback" not in rest
