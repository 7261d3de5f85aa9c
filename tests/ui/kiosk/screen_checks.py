"""What must hold on every screen; each check lists what breaks it."""

from __future__ import annotations

from itertools import combinations

from kiosk_bench import KioskOnBench, rect_of
from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from ui.theme.metrics import CAP_HEIGHT_EM, ScreenMetrics

SMALLEST_TOUCH_MM = 20.0
SMALLEST_CAPITAL_MM = 7.3


def _is_button(item: QQuickItem) -> bool:
    return item.inherits("QQuickAbstractButton")


def _is_text(item: QQuickItem) -> bool:
    return item.inherits("QQuickText") and bool(item.property("text"))


def _name(item: QQuickItem) -> str:
    return f"{item.objectName() or item.metaObject().className()} ({item.property('text')})"


def _top_items(bench: KioskOnBench) -> list[QQuickItem]:
    """What is not covered: under a notice only the notice itself."""
    for name in ("helpOverlay", "timeoutOverlay"):
        if bench.is_shown(name):
            return list(_tree(bench.item(name)))
    return list(bench.items())


def _tree(item: QQuickItem) -> list[QQuickItem]:
    return [item, *(below for child in item.childItems() if child.isVisible() for below in _tree(child))]


def too_small_to_touch(bench: KioskOnBench, metrics: ScreenMetrics) -> list[str]:
    least_px = SMALLEST_TOUCH_MM * metrics.px_per_mm
    return [
        f"{_name(item)}: {item.width():.0f} × {item.height():.0f} px, least is {least_px:.0f}"
        for item in filter(_is_button, bench.items())
        if min(item.width(), item.height()) < least_px
    ]


def out_of_reach(bench: KioskOnBench) -> list[str]:
    """In portrait everything that can be touched is in the lower two thirds; nothing lies off the screen."""
    window = QRectF(0, 0, bench.view.width(), bench.view.height())
    top = bench.view.height() / 3 if bench.orientation == "portrait" else 0
    return [
        f"{_name(item)} at {rect_of(item)}"
        for item in filter(_is_button, bench.items())
        if rect_of(item).top() < top or not window.contains(rect_of(item))
    ]


def text_problems(bench: KioskOnBench) -> list[str]:
    """Text that is cut, wider than its place or outside of its box."""
    window = QRectF(0, 0, bench.view.width(), bench.view.height())
    problems = []
    for item in filter(_is_text, bench.items()):
        wide, high = item.property("contentWidth"), item.property("contentHeight")
        if item.property("truncated") or wide > item.width() + 1 or high > item.height() + 1:
            problems.append(f"{_name(item)} does not fit: {wide} × {high} in {item.width()} × {item.height()}")
        if not _holder(item, window).contains(rect_of(item)):
            problems.append(f"{_name(item)} sticks out")
    return problems


def too_small_to_read(bench: KioskOnBench, metrics: ScreenMetrics) -> list[str]:
    least_px = SMALLEST_CAPITAL_MM * metrics.px_per_mm
    return [
        _name(item)
        for item in filter(_is_text, bench.items())
        if item.property("font").pixelSize() * CAP_HEIGHT_EM < least_px
    ]


def _holder(item: QQuickItem, window: QRectF) -> QRectF:
    """The next box around a text that is drawn: a button or a coloured sheet."""
    parent = item.parentItem()
    while parent is not None:
        if _is_button(parent) or (parent.inherits("QQuickRectangle") and parent.height() > 0):
            return rect_of(parent).adjusted(-1, -1, 1, 1)
        parent = parent.parentItem()
    return window


def overlaps(bench: KioskOnBench) -> list[str]:
    items = _top_items(bench)
    texts = [(item, rect_of(item).adjusted(1, 1, -1, -1)) for item in items if _is_text(item)]
    buttons = [(item, rect_of(item).adjusted(1, 1, -1, -1)) for item in items if _is_button(item)]
    pairs = [*combinations(texts, 2), *combinations(buttons, 2)]
    pairs += [(text, button) for text in texts for button in buttons if not button[0].isAncestorOf(text[0])]
    return [f"{_name(a)} overlaps {_name(b)}" for (a, one), (b, other) in pairs if one.intersects(other)]


def silent(bench: KioskOnBench) -> list[str]:
    """Every button has a name and says to a screen reader that it is a button."""
    problems = []
    for item in filter(_is_button, bench.items()):
        interface = QAccessible.queryAccessibleInterface(item)
        if interface is None or interface.role() not in (QAccessible.Role.Button, QAccessible.Role.PushButton):
            problems.append(f"{_name(item)} is no button to a screen reader")
        elif not interface.text(QAccessible.Text.Name):
            problems.append(f"{_name(item)} has no name")
    return problems
