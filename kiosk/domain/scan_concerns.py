"""Which reader looks wrong: judged against what is usual for that very reader, for cheap cameras differ from good ones.

A concern begins at an hour and lasts up to the newest hour with scans: a lens that was wiped is no concern any more.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from kiosk.domain.scan_quality import ConcernKind, ScanConcern, ScanCounts, ScanHour, added

FEWEST_SCANS = 10
"""Less is chance."""
PRIOR_SHARE = 0.05
PRIOR_SCANS = 20
"""What is taken for usual before a reader has a past; its own past soon outweighs it."""
LEAST_SHARE = 0.15
STANDARD_ERRORS = 3.0
LEAST_SLOWER_MS = 150
LEAST_MORE_TRIES = 1.0
TIMES_USUAL = 2.0

_Measure = Callable[[ScanCounts], float | None]


def concerns_of(kiosk: str, hours: list[ScanHour], past: ScanCounts) -> list[ScanConcern]:
    """What looks wrong with one device. `hours` are the day's, oldest first; `past` is all of the days before."""
    judged = (
        _unreadable(hours, past),
        _risen(hours, past, ConcernKind.SLOW, lambda counts: counts.mean_decode_ms, LEAST_SLOWER_MS),
        _risen(hours, past, ConcernKind.TRIES, lambda counts: counts.mean_tries, LEAST_MORE_TRIES),
    )
    return [
        ScanConcern(kiosk=kiosk, device=run[0].device, kind=kind, since=run[0].hour, value=value, usual=usual)
        for run, kind, value, usual in judged
        if run
    ]


_Judged = tuple[list[ScanHour], ConcernKind, int, int]


def _unreadable(hours: list[ScanHour], past: ScanCounts) -> _Judged:
    usual = (past.failed + PRIOR_SHARE * PRIOR_SCANS) / (past.scans + PRIOR_SCANS)
    limit = max(LEAST_SHARE, TIMES_USUAL * usual)
    run = _newest_run(hours, lambda counts: counts.failed_share >= limit)
    total = _total(run)
    chance = STANDARD_ERRORS * sqrt(usual * (1 - usual) / max(1, total.scans))
    if total.scans < FEWEST_SCANS or total.failed_share < usual + chance:
        run = []
    return run, ConcernKind.UNREADABLE, round(100 * total.failed_share), round(100 * usual)


def _risen(hours: list[ScanHour], past: ScanCounts, kind: ConcernKind, mean: _Measure, least: float) -> _Judged:
    """A mean that is at least twice as high as ever, and by enough to matter. Without a past nothing has risen."""
    usual = mean(past) if past.scans >= FEWEST_SCANS else None
    if usual is None:
        return [], kind, 0, 0
    limit = max(TIMES_USUAL * usual, usual + least)
    run = _newest_run(hours, lambda counts: (mean(counts) or 0.0) >= limit)
    total = _total(run)
    return run if total.scans >= FEWEST_SCANS else [], kind, round(mean(total) or 0.0), round(usual)


def _newest_run(hours: list[ScanHour], is_bad: Callable[[ScanCounts], bool]) -> list[ScanHour]:
    """The newest hours that are bad one after the other."""
    run: list[ScanHour] = []
    for one in reversed(hours):
        if not is_bad(one.counts):
            break
        run.insert(0, one)
    return run


def _total(run: list[ScanHour]) -> ScanCounts:
    return added([one.counts for one in run])
