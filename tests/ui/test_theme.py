"""Sizes come out in millimetres and colours can be told apart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from ui.qml import FaceView
from ui.theme import palette
from ui.theme.icons import ICONS, svg_of
from ui.theme.metrics import ScreenMetrics, cap_height_mm


@pytest.mark.parametrize(("diagonal_in", "touch_px"), [(21.5, 81), (27.0, 64), (32.0, 55), (15.6, 112)])
def test_twenty_millimetres_are_as_many_pixels_as_measured(diagonal_in: float, touch_px: int) -> None:
    metrics = ScreenMetrics(diagonal_in=diagonal_in, width_px=1080, height_px=1920)
    assert 20 * metrics.px_per_mm == pytest.approx(touch_px, abs=1)


@pytest.mark.parametrize("diagonal_in", [21.5, 22.0, 24.0, 26.0])
def test_usual_kiosk_panels_get_true_millimetres(diagonal_in: float) -> None:
    metrics = ScreenMetrics(diagonal_in=diagonal_in, width_px=1080, height_px=1920)
    assert metrics.layout_px_per_mm == pytest.approx(metrics.px_per_mm)


def test_a_large_panel_is_filled_and_a_small_one_is_told() -> None:
    large = ScreenMetrics(diagonal_in=43, width_px=2160, height_px=3840)
    small = ScreenMetrics(diagonal_in=15.6, width_px=1080, height_px=1920)
    assert large.touch_mm > 20
    assert small.touch_mm < 20


def test_a_screen_without_size_is_refused() -> None:
    with pytest.raises(ValueError):
        ScreenMetrics(diagonal_in=0, width_px=1080, height_px=1920)


def test_capitals_at_sixty_centimetres_are_seven_point_three_millimetres() -> None:
    assert cap_height_mm(600) == pytest.approx(7.3, abs=0.05)


TEXT_PAIRS = [
    *(("ink", ground) for ground in ("page", "surface", "accentSoft", "goodSoft", "noticeSoft")),
    *(("inkSoft", ground) for ground in ("page", "surface")),
    ("inkFaint", "surface"),
    *(("accent", ground) for ground in ("page", "surface", "accentSoft")),
    *(("inkOnAccent", ground) for ground in ("accent", "accentPressed", "inkSoft")),
    ("inkOnAccentSoft", "accent"),
    ("good", "goodSoft"),
    *(("notice", ground) for ground in ("noticeSoft", "page")),
    *(("urgent", ground) for ground in ("surface", "urgentSoft")),
    ("mark", "surface"),
]
BORDER_PAIRS = [
    ("edge", "surface"),
    ("accent", "page"),
    ("urgent", "surface"),
    ("notice", "noticeSoft"),
    ("mark", "surface"),
]


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Iterator[QObject]:
    view = FaceView(diagonal_in=21.5, animations=False)
    found = view.engine().singletonInstance("ui.theme", "Theme")
    assert isinstance(found, QObject)
    yield found
    view.close()


@pytest.mark.parametrize(
    ("front", "ground", "least"),
    [*((*pair, 4.5) for pair in TEXT_PAIRS), *((*pair, 3.0) for pair in BORDER_PAIRS)],
)
def test_contrast_is_enough(theme: QObject, front: str, ground: str, least: float) -> None:
    assert contrast(theme.property(front), theme.property(ground)) >= least


@pytest.mark.parametrize("name", [name for name in vars(palette) if name.isupper()])
def test_widgets_and_qml_have_the_same_colours(theme: QObject, name: str) -> None:
    first, *others = name.lower().split("_")
    assert QColor(getattr(palette, name)) == theme.property(first + "".join(map(str.capitalize, others)))


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)


def test_no_icon_is_shipped_unused() -> None:
    sources = "\n".join(file.read_text(encoding="utf-8") for file in ICONS.parent.parent.rglob("*.qml"))
    assert [file.stem for file in ICONS.glob("*.svg") if f'"{file.stem}"' not in sources] == []


@pytest.mark.parametrize("icon", sorted(file.stem for file in ICONS.glob("*.svg")))
def test_an_icon_takes_the_colour_asked_for(icon: str) -> None:
    assert "currentColor" not in svg_of(icon, "005f69")
