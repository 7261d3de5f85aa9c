"""The report of the scan quality as CSV, for a spreadsheet: fixed English column names, one row per hour."""

from __future__ import annotations

import csv
import io
from zoneinfo import ZoneInfo

from kiosk.domain.scan_quality import ScanOutcome, ScanReport, ScanReportHour

COLUMNS = (
    "day",
    "hour",
    "kiosk",
    "device",
    "scans",
    "failed",
    "failed_percent",
    *ScanOutcome,
    "decode_ms_mean",
    "decode_ms_max",
    "tries_mean",
    "tries_max",
    "formats",
)
_FORMULA_SIGNS = ("=", "+", "-", "@")


def csv_of(report: ScanReport) -> str:
    """RFC 4180 with a header line; `hour` is the hospital's, an empty cell is "not known"."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    zone = ZoneInfo(report.time_zone)
    writer.writerows(_row(report, one, zone) for one in report.hours)
    return text.getvalue()


def _row(report: ScanReport, one: ScanReportHour, zone: ZoneInfo) -> list[object]:
    return [
        report.day.isoformat(),
        f"{one.hour.astimezone(zone):%H:%M}",
        harmless(one.kiosk),
        harmless(one.device),
        one.scans,
        one.failed,
        one.failed_percent,
        *(one.outcomes.get(outcome, 0) for outcome in ScanOutcome),
        one.decode_ms_mean,
        one.decode_ms_max,
        one.tries_mean,
        one.tries_max,
        " ".join(f"{name}={count}" for name, count in sorted(one.formats.items())),
    ]


def harmless(name: str) -> str:
    """A name a spreadsheet does not take for a formula."""
    return f"'{name}" if name.startswith(_FORMULA_SIGNS) else name
