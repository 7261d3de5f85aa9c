"""What staff are told of a removed service has room in an alert, however long the kiosks' labels are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from support.receptions import Clock, open_reception

from kiosk.domain.alert import LABELS
from kiosk.services.issue import IssueRequest, OfflinePaper, issue_ticket
from kiosk.services.leftovers import LEFTOVER, tell_leftovers

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_long_labels_of_a_removed_service_are_told_as_far_as_there_is_room(tmp_path: Path) -> None:
    clock = Clock(NOW)
    with open_reception(tmp_path, clock=clock) as reception:
        for number in range(1, 8):
            paper = OfflinePaper(
                label=f"kioskentranc-{number:03d}",
                number=number,
                kiosk="kioskentranc",
                asked_at=NOW,
                printed_at=NOW,
                kiosk_now=NOW,
            )
            reception.write(
                lambda context, paper=paper: issue_ticket(
                    context, f"key-{paper.number}", IssueRequest(service="one"), offline=paper
                )
            ).result(10)
        known = reception.site
    without = replace(known, services=tuple(other for other in known.services if other.id != "one"))
    with open_reception(tmp_path, without, clock) as reception:
        reception.write(tell_leftovers).result(10)
        (alert,) = reception.read(lambda context: context.records.open_alerts())
    assert (alert.code, alert.params["waiting"]) == (LEFTOVER, 7)
    assert str(alert.params[LABELS]).startswith("kioskentranc-001,kioskentranc-002")
