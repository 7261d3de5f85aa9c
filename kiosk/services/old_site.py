"""Tells staff as long as the hub serves the site of last time, because its file has mistakes."""

from __future__ import annotations

from kiosk.domain.alert import HUB, AlertKind
from kiosk.services.alerts import raise_alert, settle_fault
from kiosk.services.context import WriteContext

OLD_SITE = "hub.old_site"


def tell_old_site(context: WriteContext, *, is_old: bool) -> None:
    """Raise the alert, or take it back once the file is right."""
    if is_old:
        raise_alert(context, HUB, AlertKind.FAULT, OLD_SITE)
    else:
        settle_fault(context, HUB, OLD_SITE)
