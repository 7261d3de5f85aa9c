"""A window opens on a real X screen: the Debian packages we list are the ones Qt needs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from support.x_screen import x_screen

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
    with x_screen() as name:
        yield name


def test_a_window_opens_on_an_x_screen(display: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY"}
    environment |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    told = subprocess.run(
        [sys.executable, "-c", WINDOW], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (told.returncode, told.stdout.strip()) == (0, "xcb"), told.stderr
