"""A power cut at any moment loses no acknowledged ticket and leaves no half of one."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from support.receptions import issue, open_reception
from support.recording_disk import RecordingDisk, recording_disk

from kiosk.domain.ticket import TicketView

TICKETS = 30


def issue_while_recording(disk: RecordingDisk, data: Path, count: int) -> list[tuple[int, TicketView]]:
    """Each acknowledged ticket with the number of disk operations that had happened when it was acknowledged."""
    acknowledged = []
    with open_reception(data) as reception:
        for n in range(count):
            ticket = issue(reception, f"key-{n}")
            acknowledged.append((len(disk.operations), ticket))
    return acknowledged


def check_cuts(tmp_path: Path, tickets: int, cuts: int) -> None:
    with recording_disk() as disk:
        acknowledged = issue_while_recording(disk, tmp_path / "data", tickets)
    first = acknowledged[0][0]
    moments = sorted({first + (len(disk.operations) - first) * n // (cuts - 1) for n in range(cuts)})
    assert len(moments) == cuts
    for at in moments:
        survivors = [ticket for moment, ticket in acknowledged if moment <= at]
        with open_reception(disk.image_after_cut(at, tmp_path / f"cut-{at}")) as reception:
            for n, ticket in enumerate(survivors):
                assert issue(reception, f"key-{n}") == ticket, f"lost by a cut before operation {at}"
            following = issue(reception, "after the cut")
            assert following.number in (len(survivors) + 1, len(survivors) + 2), "a gap or a duplicate"


def test_no_acknowledged_ticket_is_lost_by_a_power_cut(tmp_path: Path) -> None:
    check_cuts(tmp_path, tickets=TICKETS, cuts=25)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_no_acknowledged_ticket_is_lost_by_any_of_500_power_cuts_with_checkpoints_between(tmp_path: Path) -> None:
    check_cuts(tmp_path, tickets=400, cuts=500)


def check_flush_points(tmp_path: Path, every: int, tickets: int = 200) -> int:
    """Cut the power before and after every flush of `tickets` tickets: once with everything unflushed gone, once with a
    random half of its sectors there. No ticket may be acknowledged before it is durable, none be lost or doubled."""
    with recording_disk() as disk:
        acknowledged = issue_while_recording(disk, tmp_path / "data", tickets)
    coin = random.Random(7)
    points = [at for at in disk.flush_points() if at >= acknowledged[0][0]]
    assert len(points) >= tickets
    for at in points[::every]:
        for torn in (False, True):
            survives = (lambda: coin.random() < 0.5) if torn else (lambda: False)
            image = disk.image_after_cut(at, tmp_path / f"cut-{at}-{torn}", survives)
            check_image(image, [ticket for moment, ticket in acknowledged if moment <= at], f"operation {at}")
            shutil.rmtree(image)
    return len(points[::every])


def check_image(image: Path, survivors: list[TicketView], where: str) -> None:
    with open_reception(image) as reception:
        for n, ticket in enumerate(survivors):
            remembered = reception.read(lambda context, n=n: context.keys.remembered(f"key-{n}"))
            assert remembered is not None, f"lost: {where}"
            assert remembered.ticket == ticket.id, where
        assert issue(reception, "after the cut").number in (len(survivors) + 1, len(survivors) + 2), where


def test_no_ticket_is_lost_or_acknowledged_early_at_a_tenth_of_the_flushes_of_200_tickets(tmp_path: Path) -> None:
    check_flush_points(tmp_path, every=23)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_no_ticket_is_lost_or_acknowledged_early_at_any_flush_of_200_tickets(tmp_path: Path) -> None:
    assert check_flush_points(tmp_path, every=1) >= 200


def test_the_recording_disk_does_lose_what_was_not_flushed(tmp_path: Path) -> None:
    """The other tests mean something only when a cut right before a flush takes its writes away."""
    with recording_disk() as disk:
        issue_while_recording(disk, tmp_path / "data", 1)
        first_flush = next(i for i, operation in enumerate(disk.operations) if operation.is_flush)
    assert list(disk.image_after_cut(first_flush, tmp_path / "before").iterdir()) == []
    assert list(disk.image_after_cut(first_flush + 1, tmp_path / "after").iterdir()) != []
