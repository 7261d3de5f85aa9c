"""What the hub does once after its database came back from a copy: leave numbers out, and tell staff."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kiosk.domain.alert import HUB, AlertKind
from kiosk.domain.number_jump import missing_on, next_after
from kiosk.domain.site import Site
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
    """Up to the moment of the restore: when the lost file was written last tells nothing of what was lost with it (an
    old image, a missing log). It helps only where the machine's clock has gone back since."""
    lost_at = restore.at
    if lost_at < restore.as_of:
        lost_at = max(lost_at, restore.written_at or lost_at)
    for day in _days(context.site, restore.as_of, lost_at):
        missing = missing_on(context.site.midnight(day), restore.as_of, lost_at)
        for service in _series(context, day):
            last = context.tickets.last_number(day, service)
            context.tables.restores.leave_out_numbers(day, service, next_after(last, missing, restore.jump))


def _series(context: WriteContext, day: date) -> list[str]:
    """Also of services that are no longer configured: they may be again."""
    configured = (service.id for service in context.site.services)
    return sorted({*configured, *context.tickets.services_of(day)})


def _days(site: Site, as_of: datetime, lost_at: datetime) -> list[date]:
    """The day the copy ends, the next, and the day of the restore; days between gave numbers nobody takes."""
    first, last = site.day_of(as_of), site.day_of(lost_at)
    following = first + timedelta(days=1)
    if lost_at < as_of:  # nobody knows how far it really went
        return [first, following]
    return sorted({first, last, min(last, following)})
