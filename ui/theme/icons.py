"""Our own line icons as an image provider: `image://icon/NAME/RRGGBB`, drawn at the size QML asks for.

The software renderer has no effects to colour a picture with, so the colour is put into the SVG text.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parent / "icons"


class IconProvider(QQuickImageProvider):
    """Draws `icons/NAME.svg` with `currentColor` replaced. An unknown name raises `FileNotFoundError` in `svg_of`;
    QML gets an empty picture and a warning."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: A002, N802, N803 - Qt's names
        name, _, colour = id.partition("/")
        image = QImage(QSize(96, 96) if requestedSize.isEmpty() else requestedSize, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        renderer = QSvgRenderer(QByteArray(svg_of(name, colour).encode()))
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        size.setWidth(image.width())
        size.setHeight(image.height())
        return image


def svg_of(name: str, colour: str) -> str:
    """SVG text of icon `name` in `colour` (six hex digits)."""
    return (ICONS / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", f"#{colour}")
