"""A beat from the Qt event loop itself, for watchdogs: a frozen screen stops it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot


class Heartbeat(QObject):
    """Calls `beat` every `interval_s` seconds on the main thread until `stop`; never when `interval_s` is null."""

    def __init__(self, beat: Callable[[], None], interval_s: float | None) -> None:
        super().__init__()
        self._beat = beat
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_time)
        if interval_s is not None:
            self._timer.start(int(interval_s * 1000))

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def _on_time(self) -> None:
        self._beat()
