"""Calls for help and device faults: raised by kiosks, seen and handled by staff."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.alert import Alert, AlertKind, AlertParams, renewed_params, require_sound_params
from kiosk.domain.events import AlertFact, EventType, SiteEvent
from kiosk.domain.faults import Refusal
from kiosk.services.context import WriteContext


def raise_alert(
    context: WriteContext, kiosk: str, kind: AlertKind, code: str, params: AlertParams | None = None
) -> Alert:
    """Record an alert and tell the feed. A fault that is already open at the same kiosk is not doubled: its parameters
    are renewed, and the feed is told when that changed them. Raises `ValueError` for unsound parameters."""
    told = dict(params or {})
    require_sound_params(told)
    if kind is AlertKind.FAULT:
        for alert in context.records.open_alerts():
            if (alert.kiosk, alert.kind, alert.code) == (kiosk, kind, code):
                return _renewed(context, alert, told)
    alert = Alert(id=context.new_id(), kiosk=kiosk, kind=kind, code=code, raised_at=context.now, params=told)
    context.records.add_alert(alert)
    _tell(context, alert, EventType.ALERT_RAISED)
    return alert


def _renewed(context: WriteContext, alert: Alert, told: AlertParams) -> Alert:
    renewed = replace(alert, params=renewed_params(alert.params, told))
    if renewed.params != alert.params:
        context.records.renew_alert(alert.id, renewed.params)
        _tell(context, renewed, EventType.ALERT_CHANGED)
    return renewed


def handle_alert(context: WriteContext, alert_id: str, by: str | None) -> Alert:
    """Mark an alert as handled; handling it twice changes nothing. Raises `Refusal("alert.unknown")`."""
    alert = context.records.alert(alert_id)
    if alert is None:
        raise Refusal("alert.unknown")
    if alert.handled_at is not None:
        return alert
    context.records.handle_alert(alert_id, context.now, by)
    _tell(context, alert, EventType.ALERT_HANDLED)
    return context.records.alert(alert_id) or alert


def settle_fault(context: WriteContext, kiosk: str, code: str) -> None:
    """The fault is over: nobody on the staff has to mark it as handled."""
    for alert in context.records.open_alerts():
        if (alert.kiosk, alert.code) == (kiosk, code):
            handle_alert(context, alert.id, None)


def _tell(context: WriteContext, alert: Alert, event_type: EventType) -> None:
    fact = AlertFact(id=alert.id, kiosk=alert.kiosk, kind=alert.kind.value, code=alert.code, params=alert.params)
    context.session.add_event(SiteEvent(seq=0, at=context.now, type=event_type, alert=fact))
