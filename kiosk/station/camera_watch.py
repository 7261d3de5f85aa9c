"""What a camera's driver says, as what the screen shows. On the camera's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.station.camera_view import CameraState, CameraView, Guidance

BLIND_CODES = frozenset({"camera.black_picture", "camera.frozen"})
"""Troubles of a camera that is there and of which no picture is worth looking at; with any other (exposure that hunts)
the patient can still see what to do."""


class CameraWatch:
    """`show` takes every new view; it may be called on the camera's thread and must return at once."""

    def __init__(self, show: Callable[[CameraView], None]) -> None:
        self._show = show
        self._view = CameraView()

    def works(self, code: str | None) -> None:
        """The camera is there; `code` says what is wrong with its picture, if anything."""
        self._become(CameraState.BLIND if code in BLIND_CODES else CameraState.SEEING)

    def lost(self) -> None:
        """The camera is not there."""
        self._become(CameraState.BLIND)

    def advises(self, hint: str) -> None:
        """What the driver would have the patient do with the card."""
        self._change(replace(self._view, guidance=Guidance(hint)))

    def _become(self, state: CameraState) -> None:
        if state is not self._view.state:
            self._change(CameraView(state=state))

    def _change(self, view: CameraView) -> None:
        if view != self._view:
            self._view = view
            self._show(view)
