"""Tells staff when the newest copy of the hub's database is older than may be lost (`RPO`).

Runs apart from the back-up itself, which may hang in a write to its place: a dead disk of the network, a stick that was
pulled out half-way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from kiosk.domain.alert import HUB, Alert, AlertKind
from kiosk.domain.backup import RPO, BackupCondition, BackupState
from kiosk.services.alerts import handle_alert, raise_alert
from kiosk.services.context import WriteContext
from kiosk.services.reception import Reception
from kiosk.services.watch import Watch
from kiosk.storage.faults import StorageFault

log = logging.getLogger("tiepdon.backup")

OLD = "backup.old"
EVERY_S = 15.0
WRITER_S = 5.0
_ABOUT_COPIES = "backup."


class BackupWatch(Watch):
    """Looks every `EVERY_S` from `start()` to `close()`; tests call `step()` themselves. `state` tells how the back-up
    is doing and must not wait for it."""

    def __init__(self, reception: Reception, state: Callable[[], BackupState]) -> None:
        super().__init__("backup-watch", EVERY_S)
        self._reception = reception
        self._state = state
        self._began = reception.now()
        self._was_late = False
        self._told: timedelta | None = None
        self._may_stand_open = True

    def step(self) -> None:
        """One look. Late is what is late at two looks: after a leap of the clock the next copy may be on its way."""
        state = self._state()
        age = self._reception.now() - (state.complete_until or self._began)
        late, was_late, self._was_late = age > RPO, self._was_late, age > RPO
        if late and was_late and _mark(age) != self._told:
            self._tell(_mark(age))
        elif not late and state.condition is BackupCondition.WORKING and self._may_stand_open:
            self._close_alerts()

    def look(self) -> float:
        """While the hub's own disk refuses there is nobody to tell; the log and `/healthz` say it."""
        with suppress(StorageFault, TimeoutError):
            self.step()
        return EVERY_S

    def _tell(self, mark: timedelta) -> None:
        minutes = int(mark / timedelta(minutes=1))
        log.error("no copy of the database for more than %d minutes", minutes)

        def change(context: WriteContext) -> None:
            if not any(alert.code != OLD for alert in _open_alerts(context)):  # one that says why says enough
                raise_alert(context, HUB, AlertKind.FAULT, OLD, {"minutes": minutes})

        self._reception.write(change).result(WRITER_S)
        self._told, self._may_stand_open = mark, True

    def _close_alerts(self) -> None:
        """Also those of the hub's last run."""

        def change(context: WriteContext) -> None:
            for alert in _open_alerts(context):
                handle_alert(context, alert.id, None)

        self._reception.write(change).result(WRITER_S)
        if self._told is not None:
            log.warning("the database is copied again")
        self._told, self._may_stand_open = None, False


def _open_alerts(context: WriteContext) -> list[Alert]:
    alerts = context.records.open_alerts()
    return [alert for alert in alerts if alert.kiosk == HUB and alert.code.startswith(_ABOUT_COPIES)]


def _mark(age: timedelta) -> timedelta:
    """The last of 5, 10, 20, 40 … minutes that `age` has passed: staff are told anew that seldom."""
    mark = RPO
    while 2 * mark < age:
        mark *= 2
    return mark
