"""One call after the other: none hidden by the next, none announced long after the fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kiosk.domain.board import BoardCall, BoardContent
from kiosk.domain.board_calls import CallPace, CallQueue, listed_calls
from kiosk.domain.localized import LocalizedText

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
NAME = LocalizedText(vi="Quầy 1", en="Counter 1")
PACE = CallPace(dwell_s=6.0, hurried_dwell_s=3.0, hurry_from=2, stale_after=timedelta(seconds=90))


def call(call_id: int, label: str, *, times: int = 1, age_s: float = 0.0) -> BoardCall:
    return BoardCall(
        call_id=call_id,
        label=label,
        service="kham",
        service_name=NAME,
        counter="1",
        counter_name=NAME,
        called_at=NOON - timedelta(seconds=age_s),
        times=times,
    )


def content(seq: int, *now_called: BoardCall, recent: tuple[BoardCall, ...] = ()) -> BoardContent:
    newest_first = tuple(sorted(now_called, key=lambda c: -c.call_id))
    return BoardContent(seq=seq, at=NOON, hospital=NAME, now_called=newest_first, recently_called=recent, queues=())


def begun(*now_called: BoardCall, recent: tuple[BoardCall, ...] = ()) -> CallQueue:
    return CallQueue(pace=PACE).with_content(content(10, *now_called, recent=recent), 0.0)


def label(queue: CallQueue) -> str | None:
    return queue.current.label if queue.current else None


def test_a_board_that_is_switched_on_shows_the_last_call_without_announcing_it() -> None:
    queue = begun(call(5, "A001"), call(7, "A002"))
    assert (label(queue), queue.announcing, queue.announcement) == ("A002", False, 0)


def test_a_new_call_is_announced_at_once() -> None:
    queue = begun(call(5, "A001")).with_content(content(12, call(5, "A001"), call(12, "A002")), 20.0)
    assert (label(queue), queue.announcing, queue.announcement) == ("A002", True, 1)


def test_two_calls_at_once_are_announced_one_after_the_other_in_the_order_they_were_made() -> None:
    queue = begun().with_content(content(12, call(11, "A001"), call(12, "B001")), 20.0)
    assert label(queue) == "A001"
    assert label(queue.advanced(25.9)) == "A001"
    after = queue.advanced(26.0)
    assert (label(after), after.announcement) == ("B001", 2)


def test_a_call_during_an_announcement_waits_for_its_turn() -> None:
    first = call(11, "A001")
    queue = begun().with_content(content(11, first), 20.0)
    queue = queue.with_content(content(12, first, call(12, "B001")), 21.0)
    assert label(queue) == "A001"
    assert queue.next_change_s == 26.0
    assert label(queue.advanced(26.0)) == "B001"


def test_many_waiting_calls_shorten_the_stay_but_never_below_the_hurried_one() -> None:
    queue = begun().with_content(content(15, *(call(11 + i, f"A00{i}") for i in range(5))), 20.0)
    assert queue.next_change_s == 23.0
    assert label(queue.advanced(22.9)) == "A000"
    assert label(queue.advanced(23.0)) == "A001"


def test_a_recall_of_the_number_on_show_is_announced_again() -> None:
    queue = begun(call(5, "A001")).with_content(content(12, call(12, "A001", times=2)), 20.0)
    assert queue.announcement == 1
    assert queue.current is not None
    assert queue.current.times == 2


def test_a_call_that_ended_before_its_turn_is_dropped() -> None:
    first, second = call(11, "A001"), call(12, "B001")
    queue = begun().with_content(content(12, first, second), 20.0)
    queue = queue.with_content(content(13, first, recent=(second,)), 21.0)
    assert queue.waiting == ()


def test_a_call_pushed_off_the_board_by_newer_ones_still_gets_its_turn() -> None:
    first, pushed, newer = call(11, "A001"), call(12, "B001"), call(13, "C001")
    queue = begun().with_content(content(12, first, pushed), 20.0)
    queue = queue.with_content(content(13, newer, recent=(pushed, first)), 21.0)
    assert [c.label for c in queue.waiting] == ["B001", "C001"]


def test_a_call_from_a_long_outage_is_listed_but_not_announced() -> None:
    queue = begun(call(5, "A001")).with_content(content(12, call(5, "A001"), call(12, "A002", age_s=91)), 20.0)
    assert queue.announcement == 0
    assert "A002" in {c.label for c in listed_calls(queue)} | {label(queue)}


def test_the_announcement_is_finished_although_the_ticket_is_served_quickly() -> None:
    queue = begun().with_content(content(11, call(11, "A001")), 20.0)
    queue = queue.with_content(content(12, recent=(call(11, "A001"),)), 20.5)
    assert label(queue) == "A001"
    assert label(queue.advanced(26.0)) is None


def test_when_the_large_call_ends_the_newest_one_that_holds_takes_its_place_quietly() -> None:
    first, second = call(5, "A001"), call(7, "A002")
    queue = begun(first, second).with_content(content(11, first, recent=(second,)), 30.0)
    assert (label(queue), queue.announcement) == ("A001", 0)


def test_a_hub_that_starts_anew_does_not_silence_the_board() -> None:
    queue = begun(call(500, "A001")).with_content(content(2, call(2, "A001")), 30.0)
    queue = queue.with_content(content(3, call(3, "A002"), call(2, "A001")), 31.0)
    assert (label(queue), queue.announcement) == ("A002", 1)


def test_the_list_has_everything_but_the_large_call_and_those_not_announced_yet() -> None:
    first, second, old = call(11, "A001"), call(12, "B001"), call(4, "C001")
    queue = begun().with_content(content(12, first, second, recent=(old,)), 20.0)
    assert [c.label for c in listed_calls(queue)] == ["C001"]
    assert [c.label for c in listed_calls(queue.advanced(26.0))] == ["A001", "C001"]


def test_a_call_whose_ticket_goes_by_another_label_now_is_shown_with_that_one_and_not_twice() -> None:
    queue = begun(call(1, "A001"), call(2, "A002"))
    relabelled = replace(call(2, "K2-007"), printed_labels=("K3-001",))
    after = queue.with_content(content(11, call(1, "A001"), relabelled), 1.0)
    assert after.current == relabelled
    assert [listed.label for listed in listed_calls(after)] == ["A001"]
    assert after.announcement == queue.announcement


def test_a_call_that_waits_for_its_turn_is_announced_by_its_new_label() -> None:
    queue = begun().with_content(content(11, call(1, "A001"), call(2, "A002")), 0.0)
    after = queue.with_content(content(12, call(1, "A001"), call(2, "K2-007")), 1.0).advanced(6.0)
    assert label(after) == "K2-007"
