"""A window opens on a real X screen: the Debian packages we list are the ones Qt needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

WINDOW = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("Tiếp Đón")
label.show()
while not label.windowHandle().isExposed():
    app.processEvents()
print(app.platformName())
"""


@pytest.fixture
def display() -> Iterator[str]:
    if shutil.which("Xvfb") is None:
        pytest.fail("Xvfb is missing: run ./run --setup")
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "640x480x24", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    with os.fdopen(read_end) as told:
        number = told.readline().strip()
    try:
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(timeout=10)


def test_a_window_opens_on_an_x_screen(display: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY"}
    environment |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    told = subprocess.run(
        [sys.executable, "-c", WINDOW], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (told.returncode, told.stdout.strip()) == (0, "xcb"), told.stderr
