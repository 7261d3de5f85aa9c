"""What every face's tests need: our own application (fonts, renderer)."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from ui.application import create_application


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return create_application(["tiepdon-tests"])
