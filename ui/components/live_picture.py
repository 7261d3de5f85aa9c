"""The Qt Quick item that draws a live picture and the frame to hold a card into. Qt's own VideoOutput stays blank under
the software renderer."""

from __future__ import annotations

from typing import Protocol, cast

from PySide6.QtCore import Property, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtQml import qmlRegisterType
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from ui.theme.palette import BEACON, INK, SURFACE

CARD_RATIO = 85.6 / 53.98
"""Width to height of an ID-1 card (ISO/IEC 7810)."""
CARD_SHARE = 0.8
"""Of the item's shorter way for the card."""
CORNER_SHARE = 0.24
"""Of the card's height that each corner of the frame is long."""

_AROUND_ALPHA = 96
_UNDER_ALPHA = 200


class PictureSource(Protocol):
    """What the item draws from: an object with a `pictureChanged` signal."""

    @property
    def picture(self) -> QImage | None:
        """The picture now, none when there is nothing to see."""
        ...


class LiveSurface(QQuickPaintedItem):
    """Draws the `picture` of its `source` all over itself (what does not fit is cut off at the edges), and over it the
    corners of a card, `stroke` thick; amber while `calling`. Without a picture it is dark."""

    sourceChanged = Signal()  # noqa: N815 - the names QML sees follow Qt
    looksChanged = Signal()  # noqa: N815

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._source: QObject | None = None
        self._radius = 0.0
        self._stroke = 4.0
        self._calling = False
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

    def _get_stroke(self) -> float:
        return self._stroke

    def _set_stroke(self, stroke: float) -> None:
        self._stroke = stroke
        self.looksChanged.emit()

    def _is_calling(self) -> bool:
        return self._calling

    def _set_calling(self, calling: bool) -> None:
        self._calling = calling
        self.looksChanged.emit()

    source = Property(QObject, _get_source, _set_source, notify=sourceChanged)
    radius = Property(float, _get_radius, _set_radius, notify=looksChanged)
    stroke = Property(float, _get_stroke, _set_stroke, notify=looksChanged)
    calling = Property(bool, _is_calling, _set_calling, notify=looksChanged)

    def paint(self, painter: QPainter) -> None:
        """Qt asks for it in the rendering thread, which under the software renderer is the main thread."""
        room = QRectF(0, 0, self.width(), self.height())
        picture = None if self._source is None else cast(PictureSource, self._source).picture
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(QColor(INK)) if picture is None else filling(picture, room))
        painter.drawRoundedRect(room, self._radius, self._radius)
        self._draw_frame(painter, room)

    def _draw_frame(self, painter: QPainter, room: QRectF) -> None:
        card = card_frame(room)
        around = QPainterPath()
        around.addRoundedRect(room, self._radius, self._radius)
        around.addRoundedRect(card, self._radius, self._radius)
        painter.fillPath(around, _see_through(INK, _AROUND_ALPHA))
        corners = _corners(card, self._radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        bright = QColor(BEACON if self._calling else SURFACE)
        for tint, width in ((_see_through(INK, _UNDER_ALPHA), self._stroke * 1.6), (bright, self._stroke)):
            painter.setPen(QPen(tint, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPath(corners)


def card_frame(room: QRectF) -> QRectF:
    """Where a card should be held within `room`: its middle, in a card's proportions."""
    height = CARD_SHARE * min(room.height(), room.width() / CARD_RATIO)
    frame = QRectF(0, 0, height * CARD_RATIO, height)
    frame.moveCenter(room.center())
    return frame


def _corners(card: QRectF, radius: float) -> QPainterPath:
    """Four rounded corners of a card, apart from each other."""
    arm = CORNER_SHARE * card.height()
    path = QPainterPath()
    for corner, along, down in (
        (card.topLeft(), 1, 1),
        (card.topRight(), -1, 1),
        (card.bottomRight(), -1, -1),
        (card.bottomLeft(), 1, -1),
    ):
        path.moveTo(corner + QPointF(0, down * arm))
        path.lineTo(corner + QPointF(0, down * radius))
        path.quadTo(corner, corner + QPointF(along * radius, 0))
        path.lineTo(corner + QPointF(along * arm, 0))
    return path


def _see_through(name: str, alpha: int) -> QColor:
    colour = QColor(name)
    colour.setAlpha(alpha)
    return colour


def filling(picture: QImage, room: QRectF) -> QBrush:
    """A brush that covers `room` with the middle of the picture, sides in proportion."""
    scale = max(room.width() / picture.width(), room.height() / picture.height())
    corner = room.center() - QPointF(picture.width(), picture.height()) * scale / 2
    brush = QBrush(picture)
    brush.setTransform(QTransform(scale, 0, 0, scale, corner.x(), corner.y()))
    return brush


def register_live_picture() -> None:
    """Make `LiveSurface` known to QML (`import ui.live`); before the QML that names it is loaded."""
    qmlRegisterType(LiveSurface, "ui.live", 1, 0, "LiveSurface")  # type: ignore[call-overload]
