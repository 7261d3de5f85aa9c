"""The patient's photo from the chip, as QML sees it: there while the patient confirms who it is, nowhere else."""

from __future__ import annotations

from PySide6.QtCore import Property, QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageReader

from kiosk.domain.visit import offers
from kiosk.domain.visit.state import Visit

LARGEST_SIDE_PX = 2000
"""A face of a chip has some hundreds; whatever claims to be larger is not drawn."""


class PhotoModel(QObject):
    """Lives in the main thread. Holds the photo of the visit shown, and nothing once the visit has none."""

    pictureChanged = Signal()  # noqa: N815 - the names QML sees follow Qt

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._png: bytes | None = None
        self._picture: QImage | None = None

    @property
    def picture(self) -> QImage | None:
        """What is drawn now."""
        return self._picture

    @Property(bool, notify=pictureChanged)
    def shown(self) -> bool:
        return self._picture is not None

    def show(self, visit: Visit) -> None:
        """Take the photo of `visit` in, or let the last one go."""
        png = offers.patients_photo(visit)
        if png is self._png:
            return
        self._png = png
        self._picture = None if png is None else photo_of(png)
        self.pictureChanged.emit()


def photo_of(png: bytes) -> QImage | None:
    """The picture in `png`; none when it is no PNG, broken or far too large."""
    buffer = QBuffer()
    buffer.setData(QByteArray(png))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"png"))
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > LARGEST_SIDE_PX:
        return None
    picture = reader.read()
    return None if picture.isNull() else picture.convertToFormat(QImage.Format.Format_RGB32)
