"""The kiosk's camera as QML sees it: the live picture while a card is being presented, and one calm sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtGui import QImage

from kiosk.domain.visit.state import Step, Visit
from kiosk.station.camera_view import CameraState, CameraView, Guidance
from ui.bridge import Bridge, Inbox
from ui.kiosk.latest_frame import LatestFrame

if TYPE_CHECKING:
    from ui.kiosk.latest_frame import Frame

GUIDANCE_STAYS_S = 1.0
"""A sentence that changes faster than it can be read helps nobody."""


class CameraModel(QObject):
    """Lives in the main thread; only `give` and `tell` may be called from any thread.

    `only_reader`: there is no other way to read a code, so patients are told when the camera is blind. `mirrored`: show
    the picture as a mirror does. `clock_s` is monotonic.
    """

    pictureChanged = Signal()  # noqa: N815 - the names QML sees follow Qt
    viewChanged = Signal()  # noqa: N815

    def __init__(
        self, *, only_reader: bool, mirrored: bool, clock_s: Callable[[], float], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._only_reader = only_reader
        self._clock_s = clock_s
        self._frames = LatestFrame(mirrored=mirrored)
        self._views = Inbox[CameraView](self, self._look)
        self._view = CameraView()
        self._said = Guidance.NONE
        self._said_since_s = -math.inf
        self._wanted = False
        self._shown = (False, False)
        self._picture: QImage | None = None
        self._bridge = Bridge(self)
        self._bridge.lead_to(self._fetch)

    @property
    def picture(self) -> QImage | None:
        """What is drawn now; none outside the step that needs it."""
        return self._picture

    @property
    def dropped(self) -> int:
        """Pictures that came faster than the screen could show them."""
        return self._frames.dropped

    # -- from the camera's thread

    def give(self, frame: Frame) -> None:
        """A small frame for the screen. Returns at once."""
        if self._frames.put(frame):
            self._bridge.call()

    def tell(self, view: CameraView) -> None:
        """What the camera says of itself. Returns at once."""
        self._views.put(view)

    # -- from the main thread

    def show(self, visit: Visit) -> None:
        """The picture lives on the step that presents a card, nowhere else."""
        self._wanted = visit.step is Step.PRESENT
        self._refresh()

    def tick(self) -> None:
        """Change the sentence when the old one stood long enough; called a few times a second."""
        advice = self._view.guidance if self._is_live else Guidance.NONE
        if advice is not self._said and self._clock_s() - self._said_since_s >= GUIDANCE_STAYS_S:
            self._said, self._said_since_s = advice, self._clock_s()
            self.viewChanged.emit()

    def wipe(self) -> None:
        """Forget the picture at once: who was in it may be gone. The next frame brings a new one."""
        self._frames.close()
        self._draw(None)
        self._said = Guidance.NONE
        self._said_since_s = -math.inf
        self.viewChanged.emit()
        self._refresh()

    def close(self) -> None:
        """Drop everything for good."""
        self._views.close()
        self._bridge.close()
        self._frames.close()
        self._draw(None)

    # -- what QML reads

    @Property(bool, notify=viewChanged)
    def live(self) -> bool:
        """Whether the live picture belongs on the screen."""
        return self._is_live

    @Property(bool, notify=viewChanged)
    def away(self) -> bool:
        """Whether the patient has to be told that the camera cannot be used."""
        return self._is_away

    @Property(bool, constant=True)
    def onlyReader(self) -> bool:  # noqa: N802
        return self._only_reader

    @Property(str, notify=viewChanged)
    def guidance(self) -> str:
        """What to do with the card, the last part of a text key."""
        return self._said.value

    # -- inside

    @property
    def _is_live(self) -> bool:
        return self._wanted and self._view.state is CameraState.SEEING

    @property
    def _is_away(self) -> bool:
        return self._only_reader and self._view.state is CameraState.BLIND

    def _look(self, view: CameraView) -> None:
        self._view = view
        self._refresh()
        self.tick()

    def _fetch(self) -> None:
        picture = self._frames.take()
        if picture is not None:
            self._draw(picture)

    def _refresh(self) -> None:
        """Open or close the way of the pictures, and tell QML what changed."""
        if self._is_live:
            self._frames.open()
        else:
            self._frames.close()
            self._draw(None)
            self._said, self._said_since_s = Guidance.NONE, -math.inf
        if (self._is_live, self._is_away) != self._shown:
            self._shown = (self._is_live, self._is_away)
            self.viewChanged.emit()

    def _draw(self, picture: QImage | None) -> None:
        if picture is not None or self._picture is not None:
            self._picture = picture
            self.pictureChanged.emit()
