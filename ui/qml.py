"""Makes a QML view that knows our modules, icons and sizes; used by every QML face."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QColor
from PySide6.QtQuick import QQuickView

from ui.theme.icons import IconProvider
from ui.theme.metrics import ScreenMetrics
from ui.theme.palette import PAGE

IMPORT_ROOT = Path(__file__).resolve().parent.parent
"""Folder that holds the package `ui`, so that `import ui.theme` finds its qmldir."""


class FaceView(QQuickView):
    """A window with one QML face. Its `Theme` follows the window's size and the configured diagonal."""

    def __init__(self, *, diagonal_in: float, animations: bool, page: str = PAGE) -> None:
        """`page` is the colour of the window before the first frame."""
        super().__init__()
        self._diagonal_in = diagonal_in
        self._icons = IconProvider()  # kept: the engine owns the provider, Python its virtual methods
        self.engine().addImportPath(str(IMPORT_ROOT))
        self.engine().addImageProvider("icon", self._icons)
        self.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        self.setColor(QColor(page))
        self._theme = _theme_of(self)
        self._theme.setProperty("animations", animations)
        self.widthChanged.connect(self._measure)
        self.heightChanged.connect(self._measure)

    def load(self, file: Path, properties: dict[str, object]) -> None:
        """Loads the face. Raises `RuntimeError` with Qt's own words when the QML is broken."""
        self._measure()
        self.setInitialProperties(properties)
        self.setSource(QUrl.fromLocalFile(str(file)))
        if self.status() is not QQuickView.Status.Ready:
            raise RuntimeError("; ".join(error.toString() for error in self.errors()))

    def show_filling_screen(self) -> None:
        """Shows the window over the whole screen it is on; its size is set beforehand, because a bare X server without
        a window manager does not answer Qt's wish for a full screen."""
        self.setGeometry(self.screen().geometry())
        self.showFullScreen()

    def _measure(self) -> None:
        if self.width() <= 0 or self.height() <= 0:
            return
        metrics = ScreenMetrics(diagonal_in=self._diagonal_in, width_px=self.width(), height_px=self.height())
        self._theme.setProperty("pxPerMm", metrics.layout_px_per_mm)
        self._theme.setProperty("portrait", metrics.portrait)
        self._theme.setProperty("windowHeight", metrics.height_px)


def _theme_of(view: QQuickView) -> QObject:
    theme = view.engine().singletonInstance("ui.theme", "Theme")
    if not isinstance(theme, QObject):
        raise RuntimeError("the module ui.theme cannot be loaded")
    return theme
