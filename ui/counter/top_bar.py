"""Which counter this is, who works here, what time it is, and whether the hub is heard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from ui.counter.actions import LANGUAGE, STAFF, DeskAction
from ui.counter.desk import Desk
from ui.counter.parts import ActionButton, label, set_kind


class TopBar(QFrame):
    """`trigger` does the actions of its two buttons."""

    def __init__(self, desk: Desk, trigger: Callable[[DeskAction], None]) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self._desk = desk
        self._counter = label("counterName")
        self._hospital = label("hospitalName")
        self._link = label("link")
        self._clock = label("clock")
        self.staff = ActionButton(STAFF.name, STAFF.key)
        self.language = ActionButton(LANGUAGE.name, LANGUAGE.key)
        self.staff.clicked.connect(lambda: trigger(STAFF))
        self.language.clicked.connect(lambda: trigger(LANGUAGE))
        for button in (self.staff, self.language):
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 8, 18, 8)
        row.setSpacing(18)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._counter)
        names.addWidget(self._hospital)
        row.addLayout(names)
        row.addStretch()
        for part in (self._link, self.staff, self.language, self._clock):
            row.addWidget(part)

    def refresh(self) -> None:
        desk, wording = self._desk, self._desk.wording
        self._counter.setText(wording.name(desk.view.counter_name) if desk.view else desk.counter)
        self._hospital.setText(wording.name(desk.view.hospital) if desk.view else "")
        self.staff.say(wording.say("top.staff", name=desk.staff) if desk.staff else wording.say("top.no_staff"))
        self.language.say(wording.say("top.other_language"))
        zone = desk.view.time_zone if desk.view else None
        self._clock.setText(f"{desk.now().astimezone(zone):%H:%M}")
        self._link.setText(self._link_words())
        set_kind(self._link, "lost", "true" if desk.lost_since else "false")

    def _link_words(self) -> str:
        desk, wording = self._desk, self._desk.wording
        if desk.lost_since is not None:
            zone = desk.view.time_zone if desk.view else None
            return wording.say("link.lost", since=f"{desk.lost_since.astimezone(zone):%H:%M}")
        return wording.say("link.following" if desk.heard else "connecting")
