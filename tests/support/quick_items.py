"""Finds items in a QML window: `findChild` does not see the delegates of a Repeater."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtQuick import QQuickItem, QQuickView


def items(root: QQuickItem) -> Iterator[QQuickItem]:
    """Every visible item below `root`."""
    for child in root.childItems():
        if child.isVisible():
            yield child
            yield from items(child)


def named(view: QQuickView, name: str) -> list[QQuickItem]:
    """Every visible item with this objectName, in the order they stand."""
    return [item for item in items(view.contentItem()) if item.objectName() == name]


def texts(view: QQuickView) -> list[str]:
    """Every text on show."""
    shown = (item.property("text") for item in items(view.contentItem()) if item.property("contentWidth") is not None)
    return [text for text in shown if isinstance(text, str) and text]
