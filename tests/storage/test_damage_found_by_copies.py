"""A whole copy is checked whole: damage that nobody has met yet shows there, and is the database's own."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from support.copied_hub import spoil_index, spoil_pages
from support.receptions import Clock, issue, open_reception

from kiosk.services.backup_work import BackupPlan, BackupWork
from kiosk.storage.backup.generations import generations


@pytest.mark.parametrize("spoil", [spoil_index, spoil_pages])
@pytest.mark.allowed_warnings("tiepdon.backup: back-up failed", "tiepdon.storage: THE DATABASE IS DAMAGED")
def test_a_copy_of_no_use_because_the_database_is_damaged_ends_the_hub(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    data, place, clock = tmp_path / "data", tmp_path / "place", Clock()
    place.mkdir()
    plan = BackupPlan(folder=place, owner="me", second_place=True, every_s=10, whole_every=timedelta(days=1), keep=3)
    with open_reception(data, clock=clock) as reception:
        for n in range(20):
            issue(reception, f"key-{n}")
    with (
        open_reception(data, clock=clock) as reception,
        closing(BackupWork(reception=reception, data=data, plan=plan, now=clock)) as work,
    ):
        work.step()
        assert not reception.is_damaged
        spoil(data)
        clock.advance(hours=25)
        work.step()
        assert reception.is_damaged
        assert [copy.ordinal for copy in generations(place)] == [1], "the sound copy before stays"
