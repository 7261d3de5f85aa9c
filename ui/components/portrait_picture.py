"""The Qt Quick item that draws a person's photo. It has no address and so no cache: when its source lets the photo go,
nothing of it is left in Qt."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtQml import qmlRegisterType
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from ui.components.live_picture import PictureSource, filling


class PortraitSurface(QQuickPaintedItem):
    """Draws the `picture` of its `source` all over itself with round corners; what does not fit is cut off at the
    edges. Without a picture it draws nothing."""

    sourceChanged = Signal()  # noqa: N815 - the names QML sees follow Qt
    radiusChanged = Signal()  # noqa: N815

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._source: QObject | None = None
        self._radius = 0.0

    def _get_source(self) -> QObject | None:
        return self._source

    def _set_source(self, source: QObject | None) -> None:
        self._source = source
        if source is not None:
            source.pictureChanged.connect(self.update)  # type: ignore[attr-defined]
        self.sourceChanged.emit()
        self.update()

    def _get_radius(self) -> float:
        return self._radius

    def _set_radius(self, radius: float) -> None:
        self._radius = radius
        self.radiusChanged.emit()
        self.update()

    source = Property(QObject, _get_source, _set_source, notify=sourceChanged)
    radius = Property(float, _get_radius, _set_radius, notify=radiusChanged)

    def paint(self, painter: QPainter) -> None:
        """Qt asks for it in the rendering thread, which under the software renderer is the main thread."""
        picture = None if self._source is None else cast(PictureSource, self._source).picture
        if picture is None:
            return
        room = QRectF(0, 0, self.width(), self.height())
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(filling(picture, room))
        painter.drawRoundedRect(room, self._radius, self._radius)


def register_portrait_picture() -> None:
    """Make `PortraitSurface` known to QML (`import ui.portrait`); before the QML that names it is loaded."""
    qmlRegisterType(PortraitSurface, "ui.portrait", 1, 0, "PortraitSurface")  # type: ignore[call-overload]
