"""What the Qt Quick items that draw a picture share: where the picture comes from, and how it fills its room."""

from __future__ import annotations

from typing import Protocol, cast

from PySide6.QtCore import Property, QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QBrush, QImage, QTransform
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem


class PictureSource(Protocol):
    """What an item draws from: an object with a `pictureChanged` signal."""

    @property
    def picture(self) -> QImage | None:
        """The picture now, none when there is nothing to see."""
        ...


class PictureSurface(QQuickPaintedItem):
    """An item with round corners that is painted anew when the picture of its `source` changes."""

    sourceChanged = Signal()  # noqa: N815 - the names QML sees follow Qt
    looksChanged = Signal()  # noqa: N815

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._source: QObject | None = None
        self._radius = 0.0
        self.looksChanged.connect(self.update)

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
        self.looksChanged.emit()

    source = Property(QObject, _get_source, _set_source, notify=sourceChanged)
    radius = Property(float, _get_radius, _set_radius, notify=looksChanged)

    def _picture(self) -> QImage | None:
        return None if self._source is None else cast(PictureSource, self._source).picture


def filling(picture: QImage, room: QRectF) -> QBrush:
    """A brush that covers `room` with the middle of the picture, sides in proportion."""
    scale = max(room.width() / picture.width(), room.height() / picture.height())
    corner = room.center() - QPointF(picture.width(), picture.height()) * scale / 2
    brush = QBrush(picture)
    brush.setTransform(QTransform(scale, 0, 0, scale, corner.x(), corner.y()))
    return brush
