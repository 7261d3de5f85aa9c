"""The board's window: joins view, view model and what comes from the hub. Whoever composes runs the event loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from kiosk.domain.localized import Texts
from kiosk.station.board_view import BoardView
from kiosk.station.event_feed import Following, Lost
from ui.board.options import BoardOptions
from ui.board.view_model import BoardViewModel
from ui.bridge import Inbox
from ui.qml import FaceView

TICK_MS = 200
MAIN = Path(__file__).resolve().parent / "Board.qml"


class Source(Protocol):
    """Where the board's content comes from (`kiosk.station.site_follower`)."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class BoardWindow(QObject):
    """A board on the screen. `receive` may be called from any thread, everything else from the main thread."""

    def __init__(
        self,
        *,
        texts: Texts,
        options: BoardOptions,
        clock_s: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self.view_model = BoardViewModel(texts=texts, options=options, clock_s=clock_s, now=now)
        self.view = FaceView(diagonal_in=options.diagonal_in, animations=options.animations)
        self._options = options
        self._source: Source | None = None
        self._release: Callable[[], None] = lambda: None
        self._inbox = Inbox(self, self._take)
        self._pulse = QTimer(self)
        self._pulse.setInterval(TICK_MS)
        self._pulse.timeout.connect(self._beat)
        self.view.widthChanged.connect(self._measure)
        self.view.heightChanged.connect(self._measure)
        self.view.resize(options.width_px, options.height_px)
        self._measure()
        if options.fullscreen:
            self.view.setCursor(Qt.CursorShape.BlankCursor)
        self.view.load(MAIN, {"vm": self.view_model})

    def receive(self, message: BoardView | Following | Lost) -> None:
        """Take what the hub told; from any thread, returns at once."""
        self._inbox.put(message)

    def follow(self, source: Source, release: Callable[[], None]) -> None:
        """Show what `source` tells while the window is open; `release` is called after `source` was stopped."""
        self._source, self._release = source, release

    def open(self) -> None:
        """Show the window and begin to follow its source."""
        if self._options.fullscreen:
            self.view.show_filling_screen()
        else:
            self.view.show()
        self._pulse.start()
        if self._source is not None:
            self._source.start()

    def close(self) -> None:
        """Stop following and free the window. May be called twice."""
        self._pulse.stop()
        self._inbox.close()
        if self._source is not None:
            self._source.stop()
            self._release()
            self._source = None
        self.view.close()
        self.view.setSource("")

    @Slot()
    def _beat(self) -> None:
        self.view_model.tick()

    @Slot()
    def _measure(self) -> None:
        if self.view.width() > 0 and self.view.height() > 0:
            self.view_model.measure(self.view.width(), self.view.height())

    def _take(self, message: BoardView | Following | Lost) -> None:
        if isinstance(message, BoardView):
            self.view_model.show(message)
        else:
            self.view_model.link_changed(message)
