"""The one type face of the product: Be Vietnam Pro (OFL 1.1) from the package `fontpkg-be-vietnam-pro`.

It has all 134 precomposed Vietnamese letters, but no tabular digits and no arrows: clocks put digits into cells of
fixed width (`components/FixedDigits.qml`), arrows are icons.
"""

from __future__ import annotations

from importlib.resources import as_file, files

from PySide6.QtGui import QFont, QFontDatabase

FAMILY = "Be Vietnam Pro"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold", "ExtraBold")


def load_fonts() -> str:
    """Loads all weights in use into the running application and returns the family's name.

    Raises `RuntimeError` when a file cannot be loaded: a fallback face may lack Vietnamese letters.
    """
    for weight in WEIGHTS:
        with as_file(files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{weight}.ttf") as path:
            if QFontDatabase.addApplicationFont(str(path)) < 0:
                raise RuntimeError(f"cannot load font {path.name}")
    return FAMILY


def base_font() -> QFont:
    """The application's font: no hinting, so that a text is equally wide on every machine, and grey edges instead of
    coloured ones, which are wrong on a panel turned upright."""
    font = QFont(FAMILY)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.NoSubpixelAntialias)
    return font
