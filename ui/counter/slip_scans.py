"""Slips scanned at the counter with a scanner that types what it reads, as most do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from kiosk.domain.slip import TICKET_CODE_PREFIX

_LONGEST = 80
LONGEST_PAUSE_MS = 1000
"""A scanner types without a rest: after this pause a hand types, or another code begins."""
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class SlipScans(QObject):
    """Looks on at the keys that come to `window`, wherever its focus is but in a field, and calls `scanned` with the
    whole code once its line has ended. Other keys go where they always go; dialogs keep their own."""

    def __init__(self, window: QWidget, scanned: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window = window
        self._scanned = scanned
        self._typed = ""
        self._typed_at_ms = 0

    def begin(self) -> None:
        """To be called once the window is on the screen."""
        self._window.windowHandle().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if isinstance(self._window.focusWidget(), QLineEdit):
            return False
        if event.timestamp() - self._typed_at_ms > LONGEST_PAUSE_MS:
            self._typed = ""
        self._typed_at_ms = event.timestamp()
        if event.key() in _ENDS:
            return self._ended()
        if not event.text():
            return False
        self._typed = (self._typed + event.text())[-_LONGEST:] if event.text().isprintable() else ""
        return TICKET_CODE_PREFIX in self._typed

    def _ended(self) -> bool:
        """Whether a code ended here; then the key that ended it does nothing else."""
        _, prefix, rest = self._typed.rpartition(TICKET_CODE_PREFIX)
        self._typed = ""
        if not prefix:
            return False
        self._scanned(prefix + rest)
        return True
