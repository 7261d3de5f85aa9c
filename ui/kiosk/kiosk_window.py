"""Joins a station, the texts and the options to a window. Whoever composes runs the event loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from kiosk.domain.localized import Texts
from kiosk.domain.visit.events import Event
from kiosk.domain.visit.state import Visit
from ui.bridge import Bridge
from ui.kiosk.options import KioskOptions
from ui.kiosk.view_model import KioskViewModel
from ui.qml import FaceView

TICK_MS = 250
MAIN = Path(__file__).resolve().parent / "Main.qml"


class Station(Protocol):
    """What the window needs of `kiosk.station.kiosk_station`. Everything but `post` is called in the main thread."""

    @property
    def visit(self) -> Visit: ...

    def post(self, event: Event) -> None:
        """Hands over an event; from any thread, returns at once."""
        ...

    def process_pending(self) -> object:
        """Works off what was posted; calls `on_visit` with each new visit."""
        ...

    def tick(self) -> object:
        """Lets time pass for the machine's deadlines."""
        ...


class KioskWindow(QObject):
    """The patient's window with its view model and its pulse. `show` opens it, `close` ends it for good."""

    def __init__(self, *, view: FaceView, view_model: KioskViewModel, station: Station, bridge: Bridge) -> None:
        super().__init__()
        self.view = view
        self.view_model = view_model
        self.bridge = bridge
        self._station = station
        self._pulse = QTimer(self)
        self._pulse.setInterval(TICK_MS)
        self._pulse.timeout.connect(self._beat)

    def show(self, *, fullscreen: bool) -> None:
        """Opens the window and starts the ticks."""
        if fullscreen:
            self.view.showFullScreen()
        else:
            self.view.show()
        self._pulse.start()

    def close(self) -> None:
        """Stops the ticks and frees the window. May be called twice."""
        self._pulse.stop()
        self.bridge.close()
        self.view.close()
        self.view.setSource("")

    @Slot()
    def _beat(self) -> None:
        self._station.tick()
        self.view_model.tick()


def make_view(view_model: KioskViewModel, options: KioskOptions) -> FaceView:
    """The bare window on a view model: for tests and pictures as well."""
    view = FaceView(diagonal_in=options.diagonal_in, animations=options.animations)
    view.resize(options.width_px, options.height_px)
    if options.hide_cursor:
        view.setCursor(Qt.CursorShape.BlankCursor)
    view.load(MAIN, {"vm": view_model})
    return view


def make_view_model(
    post: Callable[[Event], None],
    *,
    texts: Texts,
    options: KioskOptions,
    clock_s: Callable[[], float],
    local_now: Callable[[], datetime],
) -> KioskViewModel:
    return KioskViewModel(post=post, texts=texts, options=options, clock_s=clock_s, local_now=local_now)
