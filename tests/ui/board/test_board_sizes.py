"""Numbers are as high on the panel as the viewing distance asks for, measured on the drawn picture."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickItem
from support import board_contents
from support.quick_items import items, named

from kiosk.domain.localized import Language
from kiosk.station.event_feed import Lost
from ui.board.board_window import BoardWindow
from ui.board.options import BoardOptions
from ui.theme.metrics import ScreenMetrics

BASE = BoardOptions(fullscreen=False, animations=False)
SCREENS = {
    "1080p": BASE,
    "4K": replace(BASE, width_px=3840, height_px=2160),
    "portrait": replace(BASE, width_px=1080, height_px=1920),
    "55 inch": replace(BASE, diagonal_in=55.0),
    "32 inch": replace(BASE, diagonal_in=32.0),
    "8 m": replace(BASE, viewing_distance_m=8.0),
}
PX_ROUNDING_MM = 0.6


def ink_height_px(picture: QImage, item: QQuickItem, ground: QColor) -> int:
    """Rows from the first to the last that are not all `ground` in the left third of the item's drawn text, where a
    label's letter stands (`E`: flat at top and bottom)."""
    scene = item.mapRectToScene(item.boundingRect())
    width = item.property("contentWidth")
    left = scene.x() + ((scene.width() - width) / 2 if item.objectName() == "calledNumber" else 0)
    columns = range(int(left), int(left + width * 0.2))
    inked = [
        row
        for row in range(max(0, int(scene.y())), min(picture.height(), int(scene.y() + scene.height())))
        if any(far_from(picture.pixelColor(column, row), ground) for column in columns)
    ]
    return inked[-1] - inked[0] + 1


def far_from(one: QColor, other: QColor) -> bool:
    return abs(one.red() - other.red()) + abs(one.green() - other.green()) + abs(one.blue() - other.blue()) > 200


def e_calls(window: BoardWindow, label: str) -> None:
    called = board_contents.call(9, label, "2")
    window.view_model.show(
        board_contents.view(9, (called,), (board_contents.call(5, "E012", "1"), board_contents.call(4, "E011", "1")))
    )


@pytest.mark.parametrize("label", ["E128", "E1200"])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_called_number_is_high_enough_for_its_distance(make_board, qapp, screen: str, label: str) -> None:
    options = SCREENS[screen]
    window = make_board(options)
    e_calls(window, label)
    (number,) = named(window.view, "calledNumber")
    measured_px = ink_height_px(window.view.grabWindow(), number, QColor("#00454D"))
    metrics = ScreenMetrics(diagonal_in=options.diagonal_in, width_px=options.width_px, height_px=options.height_px)
    asked_mm = 61.0 * options.viewing_distance_m / 5.0
    assert measured_px / metrics.px_per_mm >= asked_mm - PX_ROUNDING_MM


@pytest.mark.parametrize("screen", ["1080p", "4K", "portrait", "55 inch"])
def test_numbers_called_before_are_high_enough_for_their_distance(make_board, screen: str) -> None:
    options = SCREENS[screen]
    window = make_board(options)
    e_calls(window, "E128")
    labels = named(window.view, "rowLabel")
    assert [label.property("text") for label in labels] == ["E012", "E011"]
    measured_px = ink_height_px(window.view.grabWindow(), labels[0], QColor("white"))
    metrics = ScreenMetrics(diagonal_in=options.diagonal_in, width_px=options.width_px, height_px=options.height_px)
    assert measured_px / metrics.px_per_mm >= 32.0 - PX_ROUNDING_MM


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("screen", ["1080p", "4K", "portrait"])
def test_no_text_leaves_its_place_or_the_screen(make_board, screen: str, language: Language, lost: bool) -> None:
    window = make_board(replace(SCREENS[screen], language=language))
    window.view_model.show(board_contents.busy(times=2))
    if lost:
        window.view_model.link_changed(Lost(since=board_contents.NOW))
    window.view.grabWindow()
    drawn = [item for item in items(window.view.contentItem()) if item.property("contentWidth")]
    assert len(drawn) > 30
    for item in drawn:
        scene = item.mapRectToScene(item.boundingRect())
        text = item.property("text")
        assert item.property("contentWidth") <= 1.05 * item.width() + 1, text  # a clock digit may fill its cell
        assert scene.left() >= 0, text
        assert scene.right() <= window.view.width() + 1, text
        assert scene.bottom() <= window.view.height() + 1, text
    for banner in named(window.view, "lostBanner"):
        assert all(item.height() <= banner.height() for item in items(banner))
