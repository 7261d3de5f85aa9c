"""A disk that turns full, read-only or broken under a running hub: refused, nothing half done, healed by itself."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest
from support.failing_disk import failing_disk
from support.receptions import issue, open_reception

from kiosk.storage.faults import StorageFault

pytestmark = pytest.mark.allowed_warnings("tiepdon.storage: commit failed", "tiepdon.storage: checkpoint put off")


@pytest.mark.parametrize("error", [apsw.FullError, apsw.ReadOnlyError, apsw.IOError])
@pytest.mark.parametrize("moment", ["at_write", "at_flush"])
def test_refused_tickets_leave_nothing_and_numbers_go_on_when_the_disk_is_back(
    tmp_path: Path, error: type[apsw.Error], moment: str
) -> None:
    with failing_disk() as disk, open_reception(tmp_path) as reception:
        assert [issue(reception, f"before-{n}").number for n in range(3)] == [1, 2, 3]
        setattr(disk, moment, error)
        for n in range(3):
            with pytest.raises(StorageFault):
                issue(reception, f"refused-{n}")
            assert reception.read(lambda context: context.tickets.issued(context.today, "one")) == 3, "reading goes on"
        setattr(disk, moment, None)
        assert [issue(reception, f"refused-{n}").number for n in range(3)] == [4, 5, 6]
    with open_reception(tmp_path) as reception:
        assert [issue(reception, f"refused-{n}").number for n in range(3)] == [4, 5, 6]
        assert reception.read(lambda context: context.records.last_seq()) == 6


def test_a_checkpoint_that_the_disk_refuses_costs_no_ticket(tmp_path: Path) -> None:
    with failing_disk() as disk, open_reception(tmp_path) as reception:
        refused = 0
        for n in range(300):
            disk.at_write = apsw.FullError if n % 3 == 2 else None
            try:
                issue(reception, f"key-{n}")
            except StorageFault:
                refused += 1
        disk.at_write = None
        assert refused == 100
        numbers = [issue(reception, f"key-{n}").number for n in range(300)]
        assert sorted(numbers) == list(range(1, 301))
