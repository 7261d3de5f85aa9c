"""Which counter this is, who works here, what time it is, and whether the hub is heard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from ui.counter.actions import LANGUAGE, STAFF, WORK, ConsoleAction
from ui.counter.console import Console
from ui.counter.parts import ActionButton, label, set_kind


class TopBar(QFrame):
    """`trigger` does the actions of its two buttons."""

    def __init__(self, console: Console, trigger: Callable[[ConsoleAction], None]) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self._console = console
        self._counter = label("counterName")
        self._hospital = label("hospitalName")
        self._link = label("link")
        self._clock = label("clock")
        self.work = ActionButton(WORK.name, WORK.key)
        self.staff = ActionButton(STAFF.name, STAFF.key)
        self.language = ActionButton(LANGUAGE.name, LANGUAGE.key)
        self.work.clicked.connect(lambda: trigger(WORK))
        self.staff.clicked.connect(lambda: trigger(STAFF))
        self.language.clicked.connect(lambda: trigger(LANGUAGE))
        for button in (self.work, self.staff, self.language):
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
        for part in (self._link, self.work, self.staff, self.language, self._clock):
            row.addWidget(part)

    def refresh(self) -> None:
        console, wording = self._console, self._console.wording
        self._counter.setText(wording.name(console.view.counter_name) if console.view else console.counter)
        self._hospital.setText(wording.name(console.view.hospital) if console.view else "")
        self.staff.say(wording.say("top.staff", name=console.staff) if console.staff else wording.say("top.no_staff"))
        work = console.view.work if console.view else ()
        self.work.say(wording.say("top.work", count=len(work)))
        self.language.say(wording.say("top.other_language"))
        zone = console.view.time_zone if console.view else None
        self._clock.setText(f"{console.now().astimezone(zone):%H:%M}")
        self._link.setText(self._link_words())
        set_kind(self._link, "lost", "true" if console.lost_since else "false")

    def _link_words(self) -> str:
        console, wording = self._console, self._console.wording
        if console.lost_since is not None:
            zone = console.view.time_zone if console.view else None
            return wording.say("link.lost", since=f"{console.lost_since.astimezone(zone):%H:%M}")
        return wording.say("link.following" if console.heard else "connecting")
