"""The kiosk tells its totals, tells them again after the hub was away, and loses nothing that was measured."""

from __future__ import annotations

import queue
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.faults import Refusal
from kiosk.domain.scan_quality import Scan, ScanHour, ScanOutcome
from kiosk.station.hub_port import HubUnreachable
from kiosk.station.scan_reporter import AT_ONCE, ScanReporter

TEN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
READ = Scan(device="camera", outcome=ScanOutcome.READ, format="qr", decode_ms=40)


class Bench:
    """A reporter with a clock moved by hand and a hub that can be away, refuse, or leave hours out."""

    def __init__(self) -> None:
        self.now = TEN
        self.told: list[tuple[ScanHour, ...]] = []
        self.failure: Exception | None = None
        self.left_out = 0
        self.reporter = ScanReporter(self.tell, lambda: self.now, every_s=180.0, retry_s=30.0)

    def tell(self, hours: tuple[ScanHour, ...]) -> int:
        if self.failure is not None:
            raise self.failure
        self.told.append(hours)
        return len(hours) - self.left_out

    def scans(self) -> list[int]:
        return [hour.counts.scans for hours in self.told for hour in hours]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_without_scans_the_hub_is_left_alone(bench: Bench) -> None:
    assert bench.reporter.step() == 180.0
    assert bench.told == []


def test_totals_are_told_and_told_again_only_when_they_grew(bench: Bench) -> None:
    bench.reporter.measured(READ)
    bench.reporter.step()
    bench.reporter.step()
    bench.reporter.measured(READ)
    bench.reporter.step()
    assert bench.scans() == [1, 2]


def test_the_end_of_an_hour_is_not_waited_beyond(bench: Bench) -> None:
    bench.now = TEN + timedelta(minutes=59, seconds=30)
    assert bench.reporter.step() == pytest.approx(31.0)


def test_what_a_lost_hub_missed_is_told_when_it_is_back(bench: Bench) -> None:
    bench.failure = HubUnreachable("no route")
    for _ in range(3):
        bench.reporter.measured(READ)
        assert bench.reporter.step() == 30.0
        bench.now += timedelta(hours=1)
    bench.failure = None
    bench.reporter.step()
    assert bench.scans() == [1, 1, 1]
    assert [hour.hour for hour in bench.told[0]] == [TEN + timedelta(hours=n) for n in range(3)]


def test_an_answer_that_was_lost_makes_it_tell_the_same_totals_again(bench: Bench) -> None:
    bench.reporter.measured(READ)
    bench.failure = HubUnreachable("answer lost")
    bench.reporter.step()
    bench.failure = None
    bench.reporter.step()
    assert bench.scans() == [1]


def test_a_long_absence_is_told_in_parts(bench: Bench) -> None:
    for n in range(AT_ONCE + 10):
        bench.now = TEN + timedelta(hours=n)
        bench.reporter.measured(READ)
    bench.reporter.step()
    assert [len(hours) for hours in bench.told] == [AT_ONCE, 10]


@pytest.mark.allowed_warnings("hub did not keep the scan quality: route.unknown")
def test_a_hub_too_old_to_know_is_asked_seldom_and_complained_of_once(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.reporter.measured(READ)
    bench.failure = Refusal("route.unknown")
    assert [bench.reporter.step(), bench.reporter.step()] == [180.0, 180.0]
    assert len(caplog.records) == 1
    bench.failure = None
    bench.reporter.step()
    assert bench.scans() == [1]


@pytest.mark.allowed_warnings("hub did not keep the scan quality: clock_wrong")
def test_hours_the_hub_leaves_out_are_not_told_for_ever(bench: Bench) -> None:
    bench.left_out = 1
    bench.reporter.measured(READ)
    bench.reporter.step()
    bench.reporter.step()
    assert bench.scans() == [1]


def test_the_thread_tells_what_is_left_at_the_end() -> None:
    told: queue.Queue[tuple[ScanHour, ...]] = queue.Queue()

    def tell(hours: tuple[ScanHour, ...]) -> int:
        told.put(hours)
        return len(hours)

    reporter = ScanReporter(tell, lambda: TEN)
    reporter.start()
    reporter.measured(READ)
    reporter.stop()
    assert [hour.counts.scans for hour in told.get(timeout=5)] == [1]


@pytest.mark.allowed_warnings("telling the hub of the scan quality failed")
def test_a_bug_in_telling_does_not_end_the_thread() -> None:
    answers: list[Exception | None] = [RuntimeError("a bug"), None]
    told: queue.Queue[int] = queue.Queue()

    def tell(hours: tuple[ScanHour, ...]) -> int:
        if (failure := answers.pop(0)) is not None:
            raise failure
        told.put(hours[0].counts.scans)
        return 1

    reporter = ScanReporter(tell, lambda: TEN, every_s=0.01)
    reporter.measured(READ)
    reporter.start()
    assert told.get(timeout=5) == 1
    reporter.stop()
