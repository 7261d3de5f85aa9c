"""`tiepdon report insurance`: how look-ups went, as a table people can read or as CSV for a spreadsheet."""

from __future__ import annotations

import argparse
import csv
import io
from contextlib import closing
from zoneinfo import ZoneInfo

from config.catalogue import Catalogue
from kiosk.app.report_csv import harmless
from kiosk.app.report_table import aligned
from kiosk.app.start import EXIT_OK, CannotStart, load_texts, require_hub_url
from kiosk.domain.faults import Refusal
from kiosk.domain.insurance_report import InsuranceReport, LookupCount
from kiosk.domain.localized import Language
from kiosk.station.hub_client import HubClient
from kiosk.station.hub_port import HubUnreachable

COLUMNS = ("day", "hour", "kiosk", "kind", "outcome", "code", "lookups", "late", "latency_ms_mean", "latency_ms_max")
_TOLD = ("hour", "kiosk", "kind", "outcome", "code", "lookups", "late", "time")
_TO_THE_RIGHT = frozenset({"lookups", "late", "time"})


def run(args: argparse.Namespace) -> int:
    """Print the report. Raises `CannotStart` when the hub gives none."""
    require_hub_url(args.hub)
    with closing(HubClient(args.hub)) as client:
        try:
            report = client.insurance_report(args.day, args.last_day)
        except HubUnreachable as error:
            raise CannotStart("report.hub_unreachable", url=args.hub) from error
        except Refusal as refusal:
            raise CannotStart("report.hub_refused", code=refusal.fault.code) from refusal
    print(csv_of(report) if args.csv else told(report, load_texts(), Language(args.lang)), end="")
    return EXIT_OK


def csv_of(report: InsuranceReport) -> str:
    """RFC 4180 with a header line; day and hour are the hospital's."""
    text, zone = io.StringIO(), ZoneInfo(report.time_zone)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for count in report.counts:
        begun = count.hour.astimezone(zone)
        writer.writerow(
            (
                f"{begun:%Y-%m-%d}",
                f"{begun:%H:%M}",
                harmless(count.kiosk),
                count.kind.value,
                count.outcome.value,
                harmless(count.code),
                count.lookups,
                count.late,
                round(count.latency_ms_sum / count.lookups),
                count.latency_ms_max,
            )
        )
    return text.getvalue()


def told(report: InsuranceReport, texts: Catalogue, language: Language) -> str:
    """The report in words: hit rate beside the province's, then a table."""

    def say(key: str, **params: str | int) -> str:
        return texts.text(f"report.insurance.{key}", language, **params)

    first, last = f"{report.first_day:%d/%m/%Y}", f"{report.last_day:%d/%m/%Y}"
    lines = [say("heading", day=first if first == last else f"{first} – {last}"), ""]
    if report.hit_percent is None:
        lines.append(say("nothing"))
    else:
        lines.append(f"{report.hit_percent:.1f} % {say('hit_rate')}")
        lines.append(say("province", percent=f"{report.province_hit_percent:.1f}"))
    lines.append(say("totals", lookups=report.lookups, hits=report.hits, pending=report.pending))
    if report.counts:
        zone = ZoneInfo(report.time_zone)
        header = [texts.text(f"report.insurance.column.{column}", language) for column in _TOLD]
        rows = [_cells(count, zone, texts, language) for count in report.counts]
        lines += ["", *aligned(_TOLD, [header, *rows], to_the_right=_TO_THE_RIGHT)]
    return "\n".join([*lines, ""])


def _cells(count: LookupCount, zone: ZoneInfo, texts: Catalogue, language: Language) -> list[str]:
    return [
        f"{count.hour.astimezone(zone):%d/%m %H:%M}",
        count.kiosk,
        texts.text(f"report.insurance.kind.{count.kind.value}", language),
        texts.text(f"outcome.{count.outcome.value}", language),
        count.code or "–",
        str(count.lookups),
        str(count.late),
        f"{count.latency_ms_sum / count.lookups:.0f} / {count.latency_ms_max}",
    ]
