"""The Qt Quick item that draws a live picture and the frame to hold a card into. Qt's own VideoOutput stays blank under
the software renderer."""

from __future__ import annotations

from PySide6.QtCore import Property, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen
from PySide6.QtQml import qmlRegisterType
from PySide6.QtQuick import QQuickItem

from ui.components.picture_surface import PictureSurface, filling
from ui.theme.palette import BEACON, INK, SURFACE

CARD_RATIO = 85.6 / 53.98
"""Width to height of an ID-1 card (ISO/IEC 7810)."""
CARD_SHARE = 0.8
"""Of the item's shorter way for the card."""
CORNER_SHARE = 0.24
"""Of the card's height that each corner of the frame is long."""

_AROUND_ALPHA = 96
_UNDER_ALPHA = 200


class LiveSurface(PictureSurface):
    """Draws the `picture` of its `source` all over itself (what does not fit is cut off at the edges), and over it the
    corners of a card, `stroke` thick; amber while `calling`. Without a picture it is dark."""

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._stroke = 4.0
        self._calling = False

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

    stroke = Property(float, _get_stroke, _set_stroke, notify=PictureSurface.looksChanged)
    calling = Property(bool, _is_calling, _set_calling, notify=PictureSurface.looksChanged)

    def paint(self, painter: QPainter) -> None:
        """Qt asks for it in the rendering thread, which under the software renderer is the main thread."""
        room = QRectF(0, 0, self.width(), self.height())
        picture = self._picture()
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


def register_live_picture() -> None:
    """Make `LiveSurface` known to QML (`import ui.live`); before the QML that names it is loaded."""
    qmlRegisterType(LiveSurface, "ui.live", 1, 0, "LiveSurface")  # type: ignore[call-overload]
