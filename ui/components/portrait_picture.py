"""The Qt Quick item that draws a person's photo. It has no address and so no cache: when its source lets the photo go,
nothing of it is left in Qt."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtQml import qmlRegisterType

from ui.components.picture_surface import PictureSurface, filling


class PortraitSurface(PictureSurface):
    """Draws the `picture` of its `source` all over itself with round corners; what does not fit is cut off at the
    edges. Without a picture it draws nothing."""

    def paint(self, painter: QPainter) -> None:
        """Qt asks for it in the rendering thread, which under the software renderer is the main thread."""
        picture = self._picture()
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
