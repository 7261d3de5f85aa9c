"""A kiosk's outbox when its disk refuses: on in memory, on disk again when that is well, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from support.failing_disk import FailingDisk, failing_disk

from kiosk.domain.outbox import Instant, OutboxFault, Stage
from kiosk.domain.ticket import Priority
from kiosk.domain.visit.effects import IssueTicket
from kiosk.storage.lasting_outbox import LOOK_EVERY_S, TELL_EVERY_S, LastingOutbox, OnDisk
from kiosk.storage.outbox import Outbox
from kiosk.storage.outbox_file import FILE_NAME
from kiosk.storage.sealing import Sealer

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
pytestmark = pytest.mark.allowed_warnings("tiepdon.station: outbox", "tiepdon.station: the outbox")


class Kiosk:
    """One run of a kiosk's program on `folder`."""

    def __init__(self, folder: Path, *, usable: bool = True) -> None:
        self._folder = folder
        self.usable = usable
        self.now_s = 0.0
        self.told: list[str] = []
        self.released = 0
        self.box = LastingOutbox(
            self._open,
            lambda: Outbox(None, Sealer(bytes(reversed(range(32)))), "K2"),
            tell_staff=self.told.append,
            clock_s=lambda: self.now_s,
        )

    def _open(self) -> OnDisk:
        if not self.usable:
            raise OutboxFault("outbox.unusable", "no space left on device")
        outbox = Outbox(self._folder / FILE_NAME, Sealer(bytes(32)), "K2")
        return OnDisk(outbox=outbox, release=self._release, fresh=False)

    def _release(self) -> None:
        self.released += 1

    def later(self, by_s: float = LOOK_EVERY_S) -> None:
        self.now_s += by_s
        self.box.open_ids()

    def wish(self, request_id: str) -> None:
        wish = IssueTicket(
            request_id=request_id,
            service="noi",
            priority=Priority.NORMAL,
            patient_ref=None,
            eligibility_id=None,
            masked_name="N*** V** A*",
            flags=(),
            next_step="next_step.wait_for_call",
        )
        self.box.wish(wish, Instant(at=NOW, boot="b1", since_boot=timedelta(seconds=100)))

    def own(self, request_id: str) -> str:
        self.wish(request_id)
        given = self.box.give_own_number(request_id, TODAY, NOW)
        assert given is not None
        return given.label


@contextmanager
def running(folder: Path, *, usable: bool = True) -> Iterator[Kiosk]:
    kiosk = Kiosk(folder, usable=usable)
    with closing(kiosk.box):
        yield kiosk


@pytest.fixture
def disk() -> Iterator[FailingDisk]:
    with failing_disk() as disk:
        yield disk


@pytest.mark.parametrize("error", [apsw.FullError, apsw.ReadOnlyError, apsw.IOError])
def test_what_was_done_without_the_disk_is_on_it_when_it_is_well(
    tmp_path: Path, disk: FailingDisk, error: type[apsw.Error]
) -> None:
    with running(tmp_path) as kiosk:
        labels = [kiosk.own("r1")]
        disk.at_write = error
        labels += [kiosk.own("r2"), kiosk.own("r3")]
        assert (kiosk.told, kiosk.box.is_on_disk, kiosk.released) == (["outbox.unwritable"], False, 1)
        kiosk.later()
        assert not kiosk.box.is_on_disk
        disk.at_write = None
        kiosk.box.acknowledged("r1", Stage.OWN, "t1")
        kiosk.later()
        assert kiosk.box.is_on_disk
        labels.append(kiosk.own("r4"))
    with running(tmp_path) as again:
        entries = [again.box.entry(f"r{n}") for n in range(1, 5)]
        assert [entry and entry.own and entry.own.label for entry in entries] == labels
        assert [entry and entry.acknowledged for entry in entries] == [True, False, False, False]
        assert all(entry and entry.wish is not None for entry in entries[1:]), "it can be read again"
        labels.append(again.own("r5"))
    assert labels == ["K2-001", "K2-4600", "K2-4601", "K2-002", "K2-003"]


def test_a_program_killed_while_its_disk_is_full_gives_no_number_again_after_its_restart(
    tmp_path: Path, disk: FailingDisk
) -> None:
    killed = Kiosk(tmp_path)
    labels = [killed.own("r1")]
    disk.at_write = apsw.FullError
    labels += [killed.own("r2"), killed.own("r3")]
    disk.at_write = None
    with running(tmp_path) as again:
        labels += [again.own("r4"), again.own("r5")]
    killed.box.close()
    assert len(set(labels)) == 5, labels


def test_staff_are_told_again_as_long_as_it_lasts(tmp_path: Path, disk: FailingDisk) -> None:
    with running(tmp_path) as kiosk:
        kiosk.own("r1")
        disk.at_write = apsw.FullError
        kiosk.own("r2")
        for _ in range(3):
            kiosk.later(TELL_EVERY_S / 2)
    assert kiosk.told == ["outbox.unwritable"] * 2


def test_a_kiosk_started_on_a_full_disk_takes_its_file_up_when_there_is_space(tmp_path: Path) -> None:
    with running(tmp_path) as before:
        before.own("printed")
        before.wish("nobody has seen its number")
    with running(tmp_path, usable=False) as kiosk:
        assert (kiosk.box.fault, kiosk.box.is_on_disk) == ("outbox.unwritable", False)
        kiosk.wish("now")
        kiosk.usable = True
        kiosk.later()
        assert kiosk.box.is_on_disk
        stages = {name: kiosk.box.entry(name) for name in ("printed", "nobody has seen its number", "now")}
        assert [entry and entry.stage for entry in stages.values()] == [Stage.OWN, Stage.TAKEN_BACK, Stage.ASKED]
        assert all(entry and entry.wish is not None for entry in (stages["printed"], stages["now"])), "readable"


def test_who_comes_after_the_end_is_turned_away_without_a_fault(tmp_path: Path) -> None:
    with running(tmp_path) as kiosk:
        kiosk.wish("r1")
    kiosk.box.close()
    assert kiosk.box.entry("r1") is None
    assert not kiosk.box.take_back("r1")
    assert (kiosk.told, kiosk.released) == ([], 1)
    with running(tmp_path) as again:
        entry = again.box.entry("r1")
        assert entry is not None
        assert entry.stage is Stage.ASKED


def test_a_folder_that_never_was_usable_is_told_at_the_start(tmp_path: Path) -> None:
    with running(tmp_path / "missing") as kiosk:
        assert kiosk.box.fault == "outbox.unwritable"
        kiosk.wish("r1")
        assert kiosk.box.entry("r1") is not None
    with pytest.raises(OutboxFault):
        Outbox(tmp_path / "missing" / FILE_NAME, Sealer(bytes(32)), "K2")
