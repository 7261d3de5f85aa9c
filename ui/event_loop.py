"""Runs a face's event loop until its last window is closed or the process is told to end."""

from __future__ import annotations

import signal
from types import FrameType

from PySide6.QtWidgets import QApplication


def run_event_loop(application: QApplication) -> int:
    """Qt's exit code. SIGINT and SIGTERM end the loop as closing the window does.

    Python looks at signals only between its own instructions: every face has a timer that lets it.
    """

    def end(_signal: int, _frame: FrameType | None) -> None:
        application.quit()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return application.exec()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
