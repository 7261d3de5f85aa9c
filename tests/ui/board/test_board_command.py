"""`tiepdon board` and `tiepdon counter` as processes: they start, end when told to, and refuse in words."""

from __future__ import annotations

import signal
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest
from support.hub_process import HubProcess
from support.waiting import wait_until

CLI = [sys.executable, "-m", "kiosk.app.cli"]


@pytest.mark.parametrize(
    "command", [["board", "--windowed"], ["counter", "--counter", "1", "--name", "Lan"]], ids=["board", "counter"]
)
def test_the_face_follows_the_hub_until_it_is_told_to_end(hub: HubProcess, command: list[str]) -> None:
    arguments = [*CLI, *command, "--hub", hub.url]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as face:
        assert face.stderr is not None
        lines = iter(face.stderr.readline, "")
        assert any("following the hub's events" in line for line in lines)
        face.send_signal(signal.SIGTERM)
        rest = face.stderr.read()
        assert face.wait(timeout=20) == 0
    assert "Traceback" not in rest


def test_a_counter_the_site_does_not_have_is_refused_with_those_it_has(hub: HubProcess) -> None:
    arguments = [*CLI, "counter", "--hub", hub.url, "--counter", "9"]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "start.counter_unknown" in done.stderr
    assert "1, 2" in done.stderr


def test_a_typo_in_the_settings_stops_no_board_and_is_told_with_the_right_word(hub: HubProcess, tmp_path: Path) -> None:
    settings = tmp_path / "board.toml"
    settings.write_text("[board]\ndiagonal = 55\n", encoding="utf-8")
    arguments = [*CLI, "board", "--windowed", "--hub", hub.url, "--settings", str(settings)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as face:
        assert face.stderr is not None
        lines = list(takewhile(lambda line: "following the hub's events" not in line, iter(face.stderr.readline, "")))
        wait_until(lambda: "settings.refused" in str(hub.get("/v1/alerts")), within_s=20)
        face.send_signal(signal.SIGTERM)
        assert face.stderr.read().count("Traceback") == 0
        assert face.wait(timeout=20) == 0
    assert "diagonal_in" in "".join(lines)
