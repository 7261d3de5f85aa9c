"""Joins a station, the texts and the options to a window. Whoever composes runs the event loop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from kiosk.domain.localized import Texts
from kiosk.domain.visit.events import Event
from kiosk.domain.visit.state import Visit
from ui.bridge import Bridge
from ui.components.live_picture import register_live_picture
from ui.components.portrait_picture import register_portrait_picture
from ui.kiosk.camera_model import CameraModel
from ui.kiosk.options import KioskOptions
from ui.kiosk.view_model import KioskViewModel
from ui.qml import FaceView

log = logging.getLogger("tiepdon.ui.kiosk")

TICK_MS = 250
MAIN = Path(__file__).resolve().parent / "Main.qml"


class Station(Protocol):
    """What the window needs of `kiosk.station.kiosk_station.KioskStation`. Everything but `post` is called in the
    main thread."""

    def post(self, event: Event) -> None:
        """Hands over an event; from any thread, returns at once."""
        ...

    def subscribe(self, on_visit: Callable[[Visit], None]) -> None:
        """Has `on_visit` called with the visit now and after every change."""
        ...

    def process_pending(self) -> None:
        """Takes in what was posted."""
        ...

    def tick(self) -> None:
        """Lets time pass for deadlines."""
        ...


class KioskWindow(QObject):
    """The patient's window with its view model and its pulse. `show` opens it, `close` ends it for good."""

    def __init__(
        self,
        *,
        view: FaceView,
        view_model: KioskViewModel,
        camera: CameraModel | None,
        station: Station,
        bridge: Bridge,
    ) -> None:
        super().__init__()
        self.view = view
        self.view_model = view_model
        self._camera = camera
        self._station = station
        self._bridge = bridge
        self._pulse = QTimer(self)
        self._pulse.setInterval(TICK_MS)
        self._pulse.timeout.connect(self._beat)

    def show(self, *, fullscreen: bool) -> None:
        """Opens the window and starts the ticks."""
        if fullscreen:
            self.view.show_filling_screen()
        else:
            self.view.show()
        self._pulse.start()

    def close(self) -> None:
        """Stops the ticks and frees the window. May be called twice."""
        self._pulse.stop()
        self._bridge.close()
        if self._camera is not None:
            self._camera.close()
        self.view.close()
        self.view.setSource("")

    @Slot()
    def _beat(self) -> None:
        try:
            self._station.tick()
            self.view_model.tick()
            if self._camera is not None:
                self._camera.tick()
        except Exception:  # a Qt slot is an edge: the next beat tries again
            log.exception("a tick of the kiosk failed")


def build_kiosk_window(
    station: Station,
    *,
    texts: Texts,
    options: KioskOptions,
    bridge: Bridge,
    clock_s: Callable[[], float],
    local_now: Callable[[], datetime],
    camera: CameraModel | None = None,
) -> KioskWindow:
    """The window of `station`, not yet shown. `bridge.call` must be the station's `wake`; `clock_s` the monotonic
    clock the station uses; `local_now` the hospital's wall clock; `camera` the kiosk's camera where it has one, closed
    with the window. Needs a running `ui.application`."""
    view_model = KioskViewModel(post=station.post, texts=texts, options=options, clock_s=clock_s, local_now=local_now)
    bridge.lead_to(station.process_pending)
    if camera is not None:
        station.subscribe(camera.show)  # before the screen is built that looks at it
    station.subscribe(view_model.show)
    view = make_view(view_model, options, camera)
    return KioskWindow(view=view, view_model=view_model, camera=camera, station=station, bridge=bridge)


def make_view(view_model: KioskViewModel, options: KioskOptions, camera: CameraModel | None = None) -> FaceView:
    """The bare window on a view model: for tests and pictures as well."""
    register_live_picture()
    register_portrait_picture()
    view = FaceView(diagonal_in=options.diagonal_in, animations=options.animations)
    view.resize(options.width_px, options.height_px)
    if options.hide_cursor:
        view.setCursor(Qt.CursorShape.BlankCursor)
    view.load(MAIN, {"vm": view_model} if camera is None else {"vm": view_model, "camera": camera})
    return view
