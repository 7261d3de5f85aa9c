"""The kiosk's outbox: what is settled stays settled, a power cut loses nothing acknowledged, nothing lies readable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.recording_disk import recording_disk

from kiosk.domain.outbox import Instant, OutboxFault, Stage
from kiosk.domain.paper import PaperReport, PaperState
from kiosk.domain.ticket import Priority, TicketState, TicketView
from kiosk.domain.visit.effects import IssueTicket
from kiosk.storage.outbox import Outbox
from kiosk.storage.outbox_file import FILE_NAME, opened_anew_if_damaged
from kiosk.storage.sealing import Sealer

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
SEALER = Sealer(bytes(32))


def wish(request_id: str) -> IssueTicket:
    return IssueTicket(
        request_id=request_id,
        service="noi",
        priority=Priority.NORMAL,
        patient_ref="secret-ref",
        eligibility_id=None,
        masked_name="N*** V** A*",
        flags=(),
        next_step="next_step.wait_for_call",
    )


def instant(after_s: float = 0, boot: str = "b1") -> Instant:
    return Instant(at=NOW + timedelta(seconds=after_s), boot=boot, since_boot=timedelta(seconds=100 + after_s))


def ticket(request_id: str) -> TicketView:
    return TicketView(
        id=f"t-{request_id}",
        number=15,
        label="A015",
        service="noi",
        state=TicketState.WAITING,
        priority=Priority.NORMAL,
        people_ahead=4,
        estimate=None,
        counter=None,
        issued_at=NOW,
    )


def report(state: PaperState, copy: int = 0) -> PaperReport:
    return PaperReport(state=state, code=None, copy=copy, at=NOW, kiosk="K2")


@contextmanager
def outbox(folder: Path) -> Iterator[Outbox]:
    folder.mkdir(exist_ok=True)
    with closing(Outbox(folder / FILE_NAME, SEALER, "K2")) as opened:
        yield opened


def own(box: Outbox, request_id: str, day: date = TODAY, now: datetime = NOW) -> str:
    box.wish(wish(request_id), instant())
    given = box.give_own_number(request_id, day, now)
    assert given is not None
    return given.label


def test_what_came_first_settles_a_wish_and_the_other_is_told_so(tmp_path: Path) -> None:
    with outbox(tmp_path) as box:
        box.wish(wish("r1"), instant())
        box.wish(wish("r2"), instant())
        assert box.answered("r1", ticket("r1"))
        assert box.give_own_number("r1", TODAY, NOW) is None
        assert box.give_own_number("r2", TODAY, NOW) is not None
        assert not box.answered("r2", ticket("r2"))
        assert not box.refused("r2")
        assert box.give_own_number("r2", TODAY, NOW) is None, "one number for one wish"


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    with outbox(tmp_path) as box:
        own(box, "r1")
        before = box.entry("r1")
    with outbox(tmp_path) as box:
        assert box.entry("r1") == before
        assert before is not None
        assert (before.stage, before.wish, before.is_open) == (Stage.OWN, wish("r1"), True)
        assert own(box, "r2") == "K2-002"


def test_the_series_begins_anew_on_a_new_day_but_not_among_people_who_wait_over_midnight(tmp_path: Path) -> None:
    with outbox(tmp_path) as box:
        assert own(box, "r1") == "K2-001"
        evening = NOW + timedelta(hours=15, minutes=55)
        assert own(box, "r2", TODAY, evening) == "K2-002"
        after_midnight = evening + timedelta(minutes=10)
        assert own(box, "r3", TODAY + timedelta(days=1), after_midnight) == "K2-003"
        morning = evening + timedelta(hours=8)
        assert own(box, "r4", TODAY + timedelta(days=1), morning) == "K2-004", "no number twice on one day"
        assert own(box, "r5", TODAY + timedelta(days=2), morning + timedelta(days=1)) == "K2-001"


def test_a_clock_set_back_gives_no_number_twice(tmp_path: Path) -> None:
    with outbox(tmp_path) as box:
        labels = [own(box, "r1"), own(box, "r2", TODAY - timedelta(days=30), NOW - timedelta(days=30))]
        labels.append(own(box, "r3"))
    assert labels == ["K2-001", "K2-002", "K2-003"]


def test_a_wish_is_taken_back_only_while_no_paper_may_be_out(tmp_path: Path) -> None:
    with outbox(tmp_path) as box:
        own(box, "r1")
        own(box, "r2")
        assert box.paper("r2", report(PaperState.SENT)) == "r2"
        assert box.take_back("r1")
        assert not box.take_back("r2")
        assert box.open_ids() == ("r1", "r2"), "what is taken back is told first"
        box.acknowledged("r1", Stage.TAKEN_BACK, None)
        assert box.open_ids() == ("r2",)


def test_a_wish_taken_back_while_its_number_was_being_told_is_still_to_be_taken_back(tmp_path: Path) -> None:
    with outbox(tmp_path) as box:
        own(box, "r1")
        assert box.take_back("r1")
        box.acknowledged("r1", Stage.OWN, "t-1")
        assert box.open_ids() == ("r1",)


def test_papers_are_found_by_the_wish_or_by_the_hubs_ticket_and_told_until_heard(tmp_path: Path) -> None:
    with outbox(tmp_path) as box:
        box.wish(wish("r1"), instant())
        box.answered("r1", ticket("r1"))
        assert box.open_ids() == ()
        assert box.paper("t-r1", report(PaperState.SENT)) == "r1"
        assert box.paper("t-r1", report(PaperState.QUEUED)) is None, "a late word takes no knowledge away"
        assert box.open_ids() == ("r1",)
        entry = box.entry("r1")
        assert entry is not None
        assert entry.paper is not None
        box.paper("t-r1", report(PaperState.CONFIRMED))
        box.paper_told("r1", entry.paper)
        assert box.open_ids() == ("r1",), "more is known than was told"
        assert box.paper("unknown", report(PaperState.SENT)) is None


@pytest.mark.parametrize("wall_s", [-7200, 0, 86_400])
def test_an_age_is_right_although_the_clock_was_set(wall_s: float) -> None:
    later = Instant(at=NOW + timedelta(seconds=wall_s), boot="b1", since_boot=timedelta(seconds=130))
    assert instant().age(later) == timedelta(seconds=30)
    assert instant(boot="b0").age(later) == max(timedelta(seconds=wall_s), timedelta(0))


def test_nothing_personal_lies_readable_in_the_file(tmp_path: Path) -> None:
    with outbox(tmp_path) as box:
        own(box, "r1")
        box.wish(wish("r2"), instant())
        box.answered("r2", ticket("r2"))
        everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"r1" in everything
    for personal in (b"secret-ref", b"V**", b"noi"):
        assert personal not in everything


def test_without_its_key_an_entry_is_still_known_but_cannot_be_read(tmp_path: Path) -> None:
    with outbox(tmp_path) as box:
        own(box, "r1")
    with closing(Outbox(tmp_path / FILE_NAME, Sealer(bytes([1] * 32)), "K2")) as box:
        entry = box.entry("r1")
        assert entry is not None
        assert (entry.wish, entry.own is not None) == (None, True)


def test_old_settled_wishes_are_forgotten_and_open_ones_are_not(tmp_path: Path) -> None:
    with outbox(tmp_path) as box:
        own(box, "r1")
        own(box, "r2")
        box.acknowledged("r2", Stage.OWN, "t-2")
        box.purge(NOW + timedelta(days=3))
        assert box.entry("r1") is not None
        assert box.entry("r2") is None


def test_a_damaged_file_is_moved_aside_and_a_fresh_one_begun(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"not a database" * 1000)
    told: list[Path] = []
    with closing(opened_anew_if_damaged(path, lambda where: Outbox(where, SEALER, "K2"), told.append)) as box:
        assert own(box, "r1") == "K2-001"
    assert [aside.name for aside in told] == [f"{FILE_NAME}.damaged-1"]
    assert told[0].read_bytes().startswith(b"not a database")


def test_a_folder_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(OutboxFault):
        Outbox(tmp_path / "missing" / FILE_NAME, SEALER, "K2")


def test_moved_to_memory_it_knows_everything_and_its_numbers_are_met_again_by_no_restart(tmp_path: Path) -> None:
    with outbox(tmp_path) as box:
        own(box, "r1")
        moved = box.move_to_memory()
        with closing(moved):
            assert moved.entry("r1") is not None
            assert [own(moved, "r2"), own(moved, "r3")] == ["K2-4600", "K2-4601"], "3600 s of the day: UTC 01:00"
        with outbox(tmp_path) as restarted:
            assert own(restarted, "r4") == "K2-002"
        with pytest.raises(OutboxFault):
            box.open_ids()


def test_no_number_on_paper_is_lost_or_given_again_by_a_power_cut(tmp_path: Path) -> None:
    """What was acknowledged before the cut is there after it, whatever had not been flushed."""
    acknowledged: list[tuple[int, str, str]] = []
    with recording_disk() as disk:
        with outbox(tmp_path / "kiosk") as box:
            for n in range(12):
                label = own(box, f"r{n}")
                box.paper(f"r{n}", report(PaperState.SENT))
                acknowledged.append((len(disk.operations), f"r{n}", label))
        total = len(disk.operations)
    for at in range(acknowledged[0][0], total + 1, 3):
        with outbox(disk.image_after_cut(at, tmp_path / f"cut-{at}")) as box:
            survivors = [(request_id, label) for moment, request_id, label in acknowledged if moment <= at]
            for request_id, label in survivors:
                entry = box.entry(request_id)
                assert entry is not None
                assert entry.own is not None
                assert entry.paper is not None
                assert (entry.own.label, entry.paper.state) == (label, PaperState.SENT)
            assert own(box, "after") not in {label for _, label in survivors}
