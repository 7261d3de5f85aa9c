"""The one place a Qt application is made: renderer, scale and fonts fixed before and right after."""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtWidgets import QApplication

from ui.fonts import base_font, load_fonts

ENVIRONMENT = {
    # Lobby PCs have no GPU worth naming; without this Qt Quick takes llvmpipe: 24 frames/s instead of 61.
    "QT_QUICK_BACKEND": "software",
    # One pixel is one pixel: sizes come from the configured millimetres, not from what the desktop believes.
    "QT_SCALE_FACTOR": "1",
    "QT_ENABLE_HIGHDPI_SCALING": "0",
    "QT_FONT_DPI": "96",
    "QT_QUICK_CONTROLS_STYLE": "Basic",
    "QT_WAYLAND_DISABLE_WINDOWDECORATION": "1",
}


def prepare_environment() -> None:
    """Sets what Qt reads while it starts. Must run before the application exists; values already set are kept."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def create_application(arguments: Sequence[str]) -> QApplication:
    """Makes (or returns the running) QApplication with our fonts. `arguments` as in argv, the program's name first.

    QApplication and not QGuiApplication: the counter's Widgets and the QML faces share it.
    """
    prepare_environment()
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(list(arguments))
    load_fonts()
    application.setFont(base_font())
    return application
