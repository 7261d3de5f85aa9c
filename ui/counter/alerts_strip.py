"""Calls for help and faults of kiosks, across the whole window until somebody took care of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from kiosk.domain.alert import Alert
from ui.counter.actions import HANDLED
from ui.counter.console import Console
from ui.counter.parts import ActionButton, label

SHOWN = 3


class AlertsStrip(QFrame):
    """One row per open alert, the most urgent first; the key handles the first one."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.setObjectName("alerts")
        self._console = console
        self._drawn: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18, 6, 18, 6)
        self._column.setSpacing(4)
        self.hide()

    def refresh(self) -> None:
        alerts = self._console.view.alerts if self._console.view else ()
        wanted = (alerts, self._console.language)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, alert in enumerate(alerts[:SHOWN]):
            self._column.addWidget(self._row(place, alert))
        if len(alerts) > SHOWN:
            self._column.addWidget(QLabel(self._console.wording.say("alert.more", count=len(alerts) - SHOWN)))
        self.setVisible(bool(alerts))

    def _row(self, place: int, alert: Alert) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        zone = self._console.view.time_zone if self._console.view else None
        words = self._console.wording.say(
            "alert.line",
            time=f"{alert.raised_at.astimezone(zone):%H:%M}",
            kiosk=self._console.wording.place(alert),
            text=self._console.wording.alert(alert),
        )
        text = label("alertText", wrap=True)
        text.setText(words)
        line.addWidget(text, stretch=1)
        button = ActionButton("handled", HANDLED.key if place == 0 else "")
        button.setFixedWidth(160)
        button.say(self._console.wording.say("button.handled"))
        button.clicked.connect(partial(self._console.handle_alert, alert.id))
        line.addWidget(button)
        return row
