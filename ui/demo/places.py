"""Where the demo's windows go on one desk screen: kiosk left, controls beside it, board and counter on the right."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QApplication

from ui.demo.control_window import WIDTH_PX

FRAME_PX = 40
"""Room for a title bar."""
LEAST_BOARD_PX = 640


@dataclass(frozen=True, kw_only=True)
class WindowPlaces:
    """Rectangles in the desk's coordinates; on a small screen the right ones lie over the others."""

    desk: QRect
    kiosk: QRect
    control: QRect
    board: QRect

    @classmethod
    def on_screen(cls, application: QApplication) -> WindowPlaces:
        return cls.on_desk(application.primaryScreen().availableGeometry())

    @classmethod
    def on_desk(cls, desk: QRect) -> WindowPlaces:
        top, height = desk.top() + FRAME_PX, desk.height() - 2 * FRAME_PX
        kiosk = QRect(desk.left(), top, height * 9 // 16, height)
        control = QRect(kiosk.right() + 12, top, WIDTH_PX, height)
        left = min(control.right() + 12, desk.right() - LEAST_BOARD_PX)
        width = desk.right() - left
        board = QRect(left, top, width, min(width * 9 // 16, height // 2 - FRAME_PX))
        return cls(desk=desk, kiosk=kiosk, control=control, board=board)

    def counter_corner(self, size: QSize) -> QPoint:
        """Where a counter window of `size` stands: in the lower right corner, with its title bar on the desk."""
        right, bottom = self.desk.left() + self.desk.width(), self.desk.top() + self.desk.height()
        return QPoint(
            max(self.desk.left(), right - size.width()), max(self.desk.top() + FRAME_PX, bottom - size.height())
        )
