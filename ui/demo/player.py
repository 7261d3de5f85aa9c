"""Plays a face as a person would: looks for a button on the screen, taps it, waits for what comes, takes pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPointF, Qt, QTimer
from PySide6.QtQuick import QQuickItem, QQuickView
from PySide6.QtTest import QTest

POLL_MS = 20


class NothingThere(Exception):
    """What was waited for did not come in time. `what` says which button or state."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Player:
    """Plays the window of `view`, on the main thread."""

    def __init__(self, view: QQuickView) -> None:
        self._view = view

    def tap(self, button: str, timeout_s: float = 10.0) -> None:
        """Tap the enabled button of that object name once it stands still. Raises `NothingThere`."""
        place: list[QPointF] = []

        def stands_still() -> bool:
            item = self._button(button)
            if item is None:
                place.clear()
                return False
            centre = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
            settled = bool(place) and place[-1] == centre
            place.append(centre)
            return settled

        self.wait(stands_still, f"button {button}", timeout_s)
        QTest.mouseClick(self._view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place[-1].toPoint())

    def wait(self, condition: Callable[[], bool], what: str, timeout_s: float = 10.0) -> None:
        """Let the event loop run until `condition` holds. Raises `NothingThere`."""
        end = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > end:
                raise NothingThere(what)
            pause(POLL_MS)

    def picture(self, path: Path) -> None:
        """Save what the window shows."""
        pause(POLL_MS)
        self._view.grabWindow().save(str(path))

    def shows(self, text: str) -> bool:
        """Whether a visible text on the window is or holds `text`."""
        return any(text in str(item.property("text") or "") for item in _items(self._view.contentItem()))

    def _button(self, name: str) -> QQuickItem | None:
        for item in _items(self._view.contentItem()):
            if item.objectName() == name and item.isEnabled() and item.opacity() > 0:
                return item
        return None


def pause(ms: int) -> None:
    """Run the event loop for a while (deferred deletes included, unlike `processEvents`)."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def _items(root: QQuickItem) -> Iterator[QQuickItem]:
    for child in root.childItems():
        if child.isVisible():
            yield child
            yield from _items(child)
