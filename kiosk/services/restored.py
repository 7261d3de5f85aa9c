"""What the hub does once after its database came back from a copy: leave numbers out, and tell staff."""

from __future__ import annotations

from datetime import date, timedelta

from kiosk.domain.alert import HUB, AlertKind
from kiosk.domain.number_jump import next_after
from kiosk.services.alerts import raise_alert
from kiosk.services.context import WriteContext
from kiosk.storage.restores import StoredRestore

RESTORED = "hub.restored"


def settle_restores(context: WriteContext) -> int:
    """Leave out every number that may stand on a paper the copy does not know; how many restores were settled."""
    restores = context.tables.restores.unsettled()
    for restore in restores:
        _leave_out_numbers(context, restore)
        context.tables.restores.settle(restore.ordinal)
        raise_alert(context, HUB, AlertKind.FAULT, RESTORED)
    return len(restores)


def _leave_out_numbers(context: WriteContext, restore: StoredRestore) -> None:
    lost_at = max(restore.as_of, restore.written_at or restore.at)
    for day in _days(context.site.day_of(restore.as_of), context.site.day_of(lost_at)):
        for service in context.site.services:
            last = context.tickets.last_number(day, service.id)
            leap = next_after(last, lost_at - restore.as_of, restore.jump)
            context.tables.restores.leave_out_numbers(day, service.id, leap)


def _days(first: date, last: date) -> list[date]:
    """The day the copy ends and the newest the lost file may have reached; days between gave numbers nobody takes."""
    return sorted({first, last, min(last, first + timedelta(days=1))})
