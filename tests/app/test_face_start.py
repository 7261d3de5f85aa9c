"""A face that cannot start says why in words and ends with 2; Qt's own end would be an abort."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FACES = [["kiosk"], ["board"], ["counter", "--counter", "1"]]


def start(face: list[str], hub: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk.app.cli", *face, "--hub", hub]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environ)


@pytest.mark.parametrize("face", FACES, ids=lambda face: face[0])
def test_a_session_without_a_screen_is_told(face: list[str]) -> None:
    environ = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = start(face, "http://127.0.0.1:9", environ)
    assert (done.returncode, done.stderr.count("[start.screen_missing]")) == (2, 2)


@pytest.mark.parametrize("face", FACES[1:], ids=lambda face: face[0])
@pytest.mark.parametrize("hub", ["127.0.0.1:8080", "http://", "ftp://127.0.0.1", "http://127.0.0.1:99999"])
def test_what_can_be_no_hub_is_told_instead_of_waited_for(face: list[str], hub: str) -> None:
    done = start(face, hub, dict(os.environ) | {"QT_QPA_PLATFORM": "offscreen"})
    assert (done.returncode, done.stderr.count("[start.hub_url_malformed]")) == (2, 2)
    assert hub in done.stderr


def test_a_kiosk_without_a_usable_hub_address_says_so_and_keeps_its_screen(tmp_path: Path) -> None:
    environ = dict(os.environ) | {"QT_QPA_PLATFORM": "offscreen", "XDG_STATE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "kiosk.app.cli", "kiosk", "--windowed", "--hub", "127.0.0.1:8080"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ) as program:
        try:
            assert program.stderr is not None
            assert "[start.hub_url_malformed]" in program.stderr.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                program.wait(2)
        finally:
            program.kill()
