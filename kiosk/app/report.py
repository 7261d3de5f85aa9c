"""`tiepdon report codes`: how well each kiosk read codes on a day, and which lens wants wiping."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from zoneinfo import ZoneInfo

from config.catalogue import Catalogue
from kiosk.app.report_csv import csv_of
from kiosk.app.report_table import aligned
from kiosk.app.start import EXIT_OK, CannotStart, load_texts, require_hub_url
from kiosk.domain.faults import Refusal
from kiosk.domain.localized import Language
from kiosk.domain.scan_quality import ScanConcern, ScanReport, ScanReportHour
from kiosk.station.hub_client import HubClient
from kiosk.station.hub_port import HubUnreachable

COLUMNS = ("kiosk", "device", "hour", "scans", "failed", "time", "tries", "formats")
_TO_THE_RIGHT = frozenset({"scans", "failed", "time", "tries"})


def run(args: argparse.Namespace) -> int:
    """Print the report of a day. Raises `CannotStart` when the hub gives none."""
    require_hub_url(args.hub)
    with closing(HubClient(args.hub)) as client:
        try:
            report = client.scan_report(args.day)
        except HubUnreachable as error:
            raise CannotStart("report.hub_unreachable", url=args.hub) from error
        except Refusal as refusal:
            raise CannotStart("report.hub_refused", code=refusal.fault.code) from refusal
    print(csv_of(report) if args.csv else told(report, load_texts(), Language(args.lang)), end="")
    return EXIT_OK


def told(report: ScanReport, texts: Catalogue, language: Language) -> str:
    """The report in words: a table, then what looks wrong and what to do."""
    lines = [texts.text("report.heading", language, day=report.day.strftime("%d/%m/%Y")), ""]
    if not report.hours:
        return "\n".join([*lines, texts.text("report.nothing", language), ""])
    zone = ZoneInfo(report.time_zone)
    header = [texts.text(f"report.column.{column}", language) for column in COLUMNS]
    lines += aligned(
        COLUMNS,
        [header, *(_cells(row, zone, texts, language) for row in report.hours)],
        to_the_right=_TO_THE_RIGHT,
    )
    lines += ["", *_concerns(report, zone, texts, language)]
    return "\n".join([*lines, ""])


def _cells(row: ScanReportHour, zone: ZoneInfo, texts: Catalogue, language: Language) -> list[str]:
    return [
        row.kiosk,
        _named("device", row.device, texts, language),
        f"{row.hour.astimezone(zone):%H:%M}",
        str(row.scans),
        f"{row.failed_percent:.0f} %",
        "–" if row.decode_ms_mean is None else f"{row.decode_ms_mean:.0f} / {row.decode_ms_max}",
        f"{row.tries_mean:.1f} / {row.tries_max}",
        ", ".join(f"{_named('format', name, texts, language)} {count}" for name, count in sorted(row.formats.items())),
    ]


def _concerns(report: ScanReport, zone: ZoneInfo, texts: Catalogue, language: Language) -> Iterator[str]:
    if not report.concerns:
        yield texts.text("report.all_well", language)
    for concern in report.concerns:
        yield _sentence(concern, zone, texts, language)


def _sentence(concern: ScanConcern, zone: ZoneInfo, texts: Catalogue, language: Language) -> str:
    return texts.text(
        f"report.concern.{concern.kind}",
        language,
        kiosk=concern.kiosk,
        device=_named("device", concern.device, texts, language),
        since=f"{concern.since.astimezone(zone):%H:%M}",
        value=concern.value,
        usual=concern.usual,
    )


def _named(kind: str, name: str, texts: Catalogue, language: Language) -> str:
    """The word people use for a device or format; its own name where there is none."""
    key = f"report.{kind}.{name}"
    return texts.text(key, language) if key in texts.keys(language) else name
