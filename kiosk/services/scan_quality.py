"""Use cases of the scan quality: keep what kiosks tell, and report a day with what looks wrong."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from kiosk.domain.scan_concerns import concerns_of
from kiosk.domain.scan_quality import (
    ScanCounts,
    ScanHour,
    ScanOutcome,
    ScanReport,
    ScanReportHour,
    added,
    hour_of,
)
from kiosk.services.context import ReadContext, WriteContext

USUAL_DAYS = 14
OLDEST_KEPT = timedelta(days=40)
NEWEST_KEPT = timedelta(hours=2)

_Reader = tuple[str, str]


def keep_scan_hours(context: WriteContext, kiosk: str, source: str, hours: tuple[ScanHour, ...]) -> int:
    """Keep a kiosk's totals; how many hours were kept. Hours of a clock that is plainly wrong are left out: they belong
    to no day, and asking the kiosk for them again would not mend it."""
    kept = 0
    for one in hours:
        if context.now - OLDEST_KEPT <= one.hour <= context.now + NEWEST_KEPT:
            whole = ScanHour(device=one.device, hour=hour_of(one.hour), counts=one.counts)
            context.scan_hours.put(context.site.day_of(whole.hour), kiosk, source, whole)
            kept += 1
    return kept


def scan_report(context: ReadContext, day: date | None) -> ScanReport:
    """The day (today without one) per kiosk, device and hour, judged against the days before it."""
    wanted = day or context.today
    hours = _by_reader(context, wanted, wanted)
    past = _past(context, wanted) if hours else {}
    return ScanReport(
        day=wanted,
        time_zone=str(context.site.time_zone),
        hours=tuple(_row(kiosk, one) for (kiosk, _), of_reader in hours.items() for one in of_reader),
        concerns=tuple(
            concern
            for reader, of_reader in hours.items()
            for concern in concerns_of(reader[0], of_reader, past.get(reader, ScanCounts()))
        ),
    )


def _by_reader(context: ReadContext, first: date, last: date) -> dict[_Reader, list[ScanHour]]:
    """Hours of each kiosk's device, runs of the kiosk's program in the same hour added up."""
    found: dict[_Reader, list[ScanHour]] = defaultdict(list)
    for kiosk, one in context.scan_hours.between(first, last):
        hours = found[kiosk, one.device]
        if hours and hours[-1].hour == one.hour:
            total = hours.pop().counts.plus(one.counts)
            hours.append(ScanHour(device=one.device, hour=one.hour, counts=total))
        else:
            hours.append(one)
    return found


def _past(context: ReadContext, day: date) -> dict[_Reader, ScanCounts]:
    """Totals of each reader over the days before `day`, as far back as the calendar goes."""
    first = date.fromordinal(max(1, day.toordinal() - USUAL_DAYS))
    last = date.fromordinal(max(1, day.toordinal() - 1))
    if last == day:
        return {}
    return {reader: added([one.counts for one in hours]) for reader, hours in _by_reader(context, first, last).items()}


def _row(kiosk: str, one: ScanHour) -> ScanReportHour:
    counts = one.counts
    mean_ms = counts.mean_decode_ms
    return ScanReportHour(
        kiosk=kiosk,
        device=one.device,
        hour=one.hour,
        scans=counts.scans,
        failed=counts.failed,
        failed_percent=round(100 * counts.failed_share, 1),
        decode_ms_mean=None if mean_ms is None else round(mean_ms, 1),
        decode_ms_max=counts.decode_ms_max if counts.timed else None,
        tries_mean=round(counts.mean_tries or 0.0, 2),
        tries_max=counts.tries_max,
        outcomes={outcome: getattr(counts, outcome.value) for outcome in ScanOutcome},
        formats=counts.formats,
    )
