"""What every face's tests need: our own application (fonts, renderer), and a real hub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from support.hub_process import HubProcess

from ui.application import create_application


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return create_application(["tiepdon-tests"])


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    process = HubProcess(tmp_path / "hub").start()
    yield process
    process.stop()
