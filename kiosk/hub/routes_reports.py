"""Routes of reports for the hospital's IT people: how well each kiosk reads codes, how insurance look-ups went."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Annotated

from litestar import MediaType, Response, get, post
from litestar.exceptions import ValidationException
from litestar.params import JSONBody, QueryParameter

from kiosk.domain.insurance_report import InsuranceReport
from kiosk.domain.localized import Language
from kiosk.domain.scan_quality import ScanCounts, ScanHour, ScanReport
from kiosk.hub.contract import WRITE, refusals
from kiosk.hub.dependencies import TheReception, TheSentences
from kiosk.hub.insurance_page import insurance_page
from kiosk.hub.wire import ScanHourBody, ScanQualityBody, ScanQualityKept
from kiosk.services.insurance_work import insurance_report
from kiosk.services.scan_quality import keep_scan_hours, scan_report

PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@post(
    "/v1/scan-quality",
    summary="Tell how well codes were read",
    tags=["reports"],
    status_code=200,
    responses=refusals(WRITE),
)
async def scan_quality(data: JSONBody[ScanQualityBody], reception: TheReception) -> ScanQualityKept:
    """A kiosk tells its totals so far of each hour and device. Telling the same twice, or an older total late, changes
    nothing; another `source` of the same kiosk is added."""
    hours = tuple(map(_scan_hour, data.hours))
    kept = await asyncio.wrap_future(
        reception.write(lambda context: keep_scan_hours(context, data.kiosk, data.source, hours))
    )
    return ScanQualityKept(kept=kept)


@get(
    "/v1/reports/scan-quality",
    summary="How well each kiosk read codes on a day",
    tags=["reports"],
    responses=refusals((400, 403)),
    sync_to_thread=True,
)
def scan_quality_report(
    reception: TheReception,
    day: Annotated[date | None, QueryParameter(description="Hospital day; today when not given.")] = None,
) -> ScanReport:
    """Per kiosk, device and hour: scans, failures, decode time, tries, formats; and which reader is clearly worse than
    is usual for it, since when."""
    return reception.read(lambda context: scan_report(context, day))


@get(
    "/v1/reports/insurance",
    summary="How insurance look-ups went",
    tags=["reports"],
    responses=refusals((400, 403)),
    sync_to_thread=True,
)
def insurance_report_of(
    reception: TheReception,
    day: Annotated[date | None, QueryParameter(description="First hospital day; today when not given.")] = None,
    last_day: Annotated[date | None, QueryParameter(description="Last day; `day` when not given.")] = None,
) -> InsuranceReport:
    """Counts by hour, kiosk, kind, outcome and code with latency, and the hit rate beside that of a province. Nothing
    personal."""
    return reception.read(lambda context: insurance_report(context, day, last_day))


@get("/reports/insurance", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def insurance_page_of(
    reception: TheReception,
    sentences: TheSentences,
    day: Annotated[date | None, QueryParameter()] = None,
    last_day: Annotated[date | None, QueryParameter()] = None,
    lang: Annotated[Language, QueryParameter()] = Language.VI,
) -> Response[str]:
    """The same for people: a page with a plot."""
    report = reception.read(lambda context: insurance_report(context, day, last_day))
    return Response(
        insurance_page(report, sentences.texts, lang),
        media_type=MediaType.HTML,
        headers={"Content-Security-Policy": PAGE_POLICY},
    )


def _scan_hour(body: ScanHourBody) -> ScanHour:
    formats: dict[str, int] = {}
    for one in body.formats:
        formats[one.format] = formats.get(one.format, 0) + one.scans
    counts = ScanCounts(
        read=body.read,
        uncertain=body.uncertain,
        torn=body.torn,
        unreadable=body.unreadable,
        too_long=body.too_long,
        formats=formats,
        timed=body.timed,
        decode_ms_sum=body.decode_ms_sum,
        decode_ms_max=body.decode_ms_max,
        tries_sum=body.tries_sum,
        tries_max=body.tries_max,
    )
    return ScanHour(device=body.device, hour=_moment(body.hour), counts=counts)


def _moment(hour: str) -> datetime:
    try:
        return datetime.fromisoformat(hour)
    except ValueError as error:  # the 31st of February
        raise ValidationException(extra=[{"key": "hours.hour"}]) from error


HANDLERS = [scan_quality, scan_quality_report, insurance_report_of, insurance_page_of]
