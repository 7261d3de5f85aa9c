"""Where the demo's windows go: on every usual desk screen, wholly on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize

from ui.demo.places import WindowPlaces


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768)])
def test_every_window_of_the_demo_is_on_the_desk(width: int, height: int) -> None:
    desk = QRect(0, 0, width, height)
    places = WindowPlaces.on_desk(desk)
    counter = QRect(places.counter_corner(QSize(1200, 612)), QSize(1200, 612))
    for place in (places.kiosk, places.control, places.board, counter):
        assert desk.contains(place)


def test_a_counter_larger_than_the_desk_keeps_its_title_bar_and_left_edge() -> None:
    corner = WindowPlaces.on_desk(QRect(0, 0, 1024, 600)).counter_corner(QSize(1200, 612))
    assert (corner.x(), corner.y()) == (0, 40)
