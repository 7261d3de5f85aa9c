"""Which alert staff see first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kiosk.domain.alert import Alert, AlertKind, most_urgent_first

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def alert(id_: str, kind: AlertKind, minutes_ago: int) -> Alert:
    return Alert(id=id_, kiosk="K1", kind=kind, code="any", raised_at=NOON - timedelta(minutes=minutes_ago))


def test_a_person_comes_before_machines_and_who_waits_longest_before_others():
    alerts = [
        alert("old-fault", AlertKind.FAULT, 30),
        alert("new-fault", AlertKind.FAULT, 5),
        alert("new-help", AlertKind.HELP, 1),
        alert("old-help", AlertKind.HELP, 2),
    ]
    assert [each.id for each in most_urgent_first(alerts)] == ["old-help", "new-help", "old-fault", "new-fault"]
