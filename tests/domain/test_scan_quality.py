"""Counting scans per hour, remembering what the hub knows, and judging a reader by its own past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.scan_concerns import concerns_of
from kiosk.domain.scan_quality import (
    KEPT_HOURS,
    ConcernKind,
    KeptScans,
    Scan,
    ScanCounts,
    ScanHour,
    ScanOutcome,
    added,
    counts_of,
)

TEN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
READ = Scan(device="camera", outcome=ScanOutcome.READ, format="qr", decode_ms=40, tries=2)
FAILED = Scan(device="camera", outcome=ScanOutcome.UNREADABLE, tries=5)
GOOD_PAST = ScanCounts(read=980, unreadable=20, timed=980, decode_ms_sum=980 * 100, tries_sum=1200)


def hour(offset: int, **counts: int) -> ScanHour:
    return ScanHour(device="camera", hour=TEN + timedelta(hours=offset), counts=ScanCounts(**counts))


def kept(*scans: tuple[Scan, datetime]) -> KeptScans:
    all_kept = KeptScans()
    for scan, at in scans:
        all_kept = all_kept.with_scan(scan, at)
    return all_kept


@pytest.mark.parametrize("outcome", ScanOutcome)
def test_each_outcome_has_its_count(outcome: ScanOutcome) -> None:
    counts = counts_of(Scan(device="scanner", outcome=outcome))
    assert (counts.scans, getattr(counts, outcome.value)) == (1, 1)
    assert counts.failed == (outcome not in (ScanOutcome.READ, ScanOutcome.UNCERTAIN))


def test_counts_add_up_with_means_and_the_slowest() -> None:
    counts = added([counts_of(READ), counts_of(READ), counts_of(FAILED)])
    assert (counts.scans, counts.failed, counts.formats) == (3, 1, {"qr": 2})
    assert counts.failed_share == pytest.approx(1 / 3)
    assert (counts.mean_decode_ms, counts.decode_ms_max) == (40, 40)
    assert (counts.mean_tries, counts.tries_max) == (3, 5)


def test_nothing_counted_has_no_mean() -> None:
    nothing = ScanCounts()
    assert (nothing.failed_share, nothing.mean_decode_ms, nothing.mean_tries) == (0.0, None, None)


def test_hours_and_devices_are_counted_apart() -> None:
    wedge = Scan(device="scanner", outcome=ScanOutcome.READ)
    hours = kept(
        (READ, TEN + timedelta(minutes=59)), (READ, TEN + timedelta(minutes=60)), (wedge, TEN), (READ, TEN)
    ).untold(10)
    assert [(one.hour, one.device, one.counts.scans) for one in hours] == [
        (TEN, "camera", 2),
        (TEN, "scanner", 1),
        (TEN + timedelta(hours=1), "camera", 1),
    ]


def test_what_was_told_is_told_again_only_when_it_grew() -> None:
    first = kept((READ, TEN))
    told = first.after_telling(first.untold(10), TEN)
    assert told.untold(10) == ()
    (grown,) = told.with_scan(READ, TEN).untold(10)
    assert grown.counts.scans == 2


def test_a_scan_made_while_telling_is_not_lost() -> None:
    before = kept((READ, TEN))
    after = before.with_scan(READ, TEN).after_telling(before.untold(10), TEN)
    (untold,) = after.untold(10)
    assert untold.counts.scans == 2


def test_an_hour_that_is_over_and_told_is_forgotten() -> None:
    before = kept((READ, TEN))
    after = before.after_telling(before.untold(10), TEN + timedelta(hours=1))
    assert after == KeptScans()


def test_a_hub_that_is_away_costs_a_bounded_number_of_hours_the_oldest_first() -> None:
    many = kept(*((READ, TEN + timedelta(hours=n)) for n in range(KEPT_HOURS + 5)))
    untold = many.untold(KEPT_HOURS + 5)
    assert len(untold) == KEPT_HOURS
    assert untold[0].hour == TEN + timedelta(hours=5)


def test_a_reader_as_good_as_ever_is_no_concern() -> None:
    hours = [hour(n, read=48, unreadable=2, timed=48, decode_ms_sum=4800, tries_sum=60) for n in range(4)]
    assert concerns_of("K2", hours, GOOD_PAST) == []


def test_many_unreadable_scans_are_a_concern_since_the_hour_they_began() -> None:
    hours = [hour(0, read=50), hour(1, read=33, unreadable=15), hour(2, read=36, unreadable=16)]
    (concern,) = concerns_of("K2", hours, GOOD_PAST)
    assert (concern.kiosk, concern.device, concern.kind) == ("K2", "camera", ConcernKind.UNREADABLE)
    assert (concern.since, concern.value, concern.usual) == (TEN + timedelta(hours=1), 31, 2)


def test_a_lens_that_was_wiped_is_no_concern_any_more() -> None:
    assert concerns_of("K2", [hour(0, read=30, unreadable=20), hour(1, read=50)], GOOD_PAST) == []


def test_few_scans_are_chance() -> None:
    assert concerns_of("K2", [hour(0, read=5, unreadable=4)], GOOD_PAST) == []


def test_a_reader_that_was_always_bad_is_judged_by_its_own_past() -> None:
    bad_past = ScanCounts(read=700, unreadable=300)
    assert concerns_of("K2", [hour(0, read=69, unreadable=31)], bad_past) == []


def test_a_new_reader_without_a_past_is_judged_by_what_is_common() -> None:
    (concern,) = concerns_of("K2", [hour(0, read=35, torn=15)], ScanCounts())
    assert (concern.kind, concern.usual) == (ConcernKind.UNREADABLE, 5)


def test_reading_that_became_slow_and_laborious_is_a_concern() -> None:
    hours = [hour(0, read=20, timed=20, decode_ms_sum=20 * 400, tries_sum=20 * 4)]
    slow, tries = concerns_of("K2", hours, GOOD_PAST)
    assert (slow.kind, slow.value, slow.usual) == (ConcernKind.SLOW, 400, 100)
    assert (tries.kind, tries.value, tries.usual) == (ConcernKind.TRIES, 4, 1)


def test_twice_nothing_much_is_not_slow() -> None:
    past = ScanCounts(read=100, timed=100, decode_ms_sum=100 * 20, tries_sum=100)
    assert concerns_of("K2", [hour(0, read=50, timed=50, decode_ms_sum=50 * 60, tries_sum=50)], past) == []


def test_without_a_past_nothing_has_become_slow() -> None:
    hours = [hour(0, read=50, timed=50, decode_ms_sum=50 * 5000, tries_sum=500)]
    assert concerns_of("K2", hours, ScanCounts()) == []
