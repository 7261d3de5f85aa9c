"""A person asks at two kiosks while the network fails: every number that was said to anybody stays good."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw
import msgspec
import pytest
from support.receptions import MORNING, open_reception

from kiosk.domain.faults import Refusal
from kiosk.domain.ticket import TicketView
from kiosk.services.issue import IssueRequest, OfflinePaper, issue_ticket
from kiosk.services.reception import Reception
from kiosk.storage.database import FILE_NAME

WISH = IssueRequest(service="one", patient_ref="ref-1")
PAPER = OfflinePaper(label="K1-001", number=1, kiosk="K1", asked_at=MORNING, printed_at=MORNING, kiosk_now=MORNING)


def asked(reception: Reception, key: str, paper: OfflinePaper | None = None) -> TicketView:
    issued = reception.write(lambda context: issue_ticket(context, key, WISH, offline=paper)).result(10)
    return msgspec.json.decode(issued.body, type=TicketView)


def test_a_label_told_at_another_kiosk_stays_and_the_printed_one_stands_beside_it(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        asked(reception, "first")  # its answer never reaches the first kiosk
        again = asked(reception, "second")
        assert (again.label, again.already) == ("A001", True)
        merged = asked(reception, "first", PAPER)
        assert (merged.id, merged.label, merged.printed_labels) == (again.id, "A001", ("K1-001",))


def test_a_label_nobody_was_told_gives_way_to_the_printed_one(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        asked(reception, "first")
        merged = asked(reception, "first", PAPER)
        assert (merged.label, merged.printed_labels) == ("K1-001", ())


@pytest.mark.parametrize(
    "kept",
    [b'{"service":"one","patient_ref":"ref-1"}', b'{"service":"one","patient_ref":"ref-1","from_later":1}'],
    ids=["an older hub", "a newer hub"],
)
def test_a_key_kept_by_another_version_of_the_hub_is_the_same_wish(tmp_path: Path, kept: bytes) -> None:
    with open_reception(tmp_path) as reception:
        first = asked(reception, "first")
    keep_requests_as(tmp_path, kept)
    with open_reception(tmp_path) as reception:
        assert asked(reception, "first").id == first.id
        merged = asked(reception, "first", PAPER)
        assert (merged.id, merged.label, merged.flags) == (first.id, "K1-001", ())


def test_a_request_nobody_can_read_any_more_keeps_no_paper_away(tmp_path: Path) -> None:
    with open_reception(tmp_path) as reception:
        first = asked(reception, "first")
    keep_requests_as(tmp_path, b"{")
    with open_reception(tmp_path) as reception:
        with pytest.raises(Refusal, match=r"request\.idempotency_key_reused"):
            asked(reception, "first")
        merged = asked(reception, "first", PAPER)
        assert (merged.id, merged.label, merged.flags) == (first.id, "K1-001", ("flag.wish_differs",))


def keep_requests_as(data: Path, request: bytes) -> None:
    with closing(apsw.Connection(str(data / FILE_NAME))) as connection:
        connection.execute("UPDATE idempotency SET request = ?", (request,))
