"""Small widgets of the console: a button that shows its key, labels that know their kind."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class ActionButton(QPushButton):
    """What it does at the left, the key that does the same at the right."""

    def __init__(self, name: str, key: str, *, primary: bool = False, danger: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("primary", primary)
        self.setProperty("danger", danger)
        self._words = QLabel()
        self._key = QLabel(key_words(key))
        self._key.setObjectName("keycap")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 4)
        row.setSpacing(12)
        row.addWidget(self._words)
        row.addStretch()
        row.addWidget(self._key)
        for label in (self._words, self._key):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def say(self, words: str) -> None:
        self._words.setText(words)
        self.setAccessibleName(f"{words} ({self._key.text()})")
        self.updateGeometry()

    @property
    def words(self) -> str:
        return self._words.text()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        layout = self.layout()
        return layout.sizeHint().expandedTo(QSize(0, 42)) if layout else super().sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()


def key_words(key: str) -> str:
    """A key as people read it on their keyboard."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def label(name: str, *, wrap: bool = False) -> QLabel:
    made = QLabel()
    made.setObjectName(name)
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def set_kind(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet looks at, and let it look again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def card() -> tuple[QFrame, QVBoxLayout]:
    """A white sheet with room inside."""
    frame = QFrame()
    frame.setObjectName("card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(18, 14, 18, 16)
    column.setSpacing(8)
    return frame, column
