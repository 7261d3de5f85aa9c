"""Runs a face's event loop until its last window is closed or the process is told to end."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication


def run_event_loop(application: QApplication, begin: Callable[[], None] = lambda: None) -> int:
    """Run `begin` (which opens the windows), then the loop; Qt's exit code.

    SIGINT and SIGTERM end the loop as closing the window does, from before `begin` on. Python looks at signals only
    between its own instructions: every face has a timer that lets it.
    """

    def end(_signal: int, _frame: FrameType | None) -> None:
        QTimer.singleShot(0, application.quit)  # quitting at once is lost when the loop does not run yet

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        begin()
        return application.exec()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
