"""Routes of reports for the hospital's IT people: how well each kiosk reads codes."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Annotated

from litestar import get, post
from litestar.exceptions import ValidationException
from litestar.params import JSONBody, QueryParameter

from kiosk.domain.scan_quality import ScanCounts, ScanHour, ScanReport
from kiosk.hub.contract import WRITE, refusals
from kiosk.hub.dependencies import TheReception
from kiosk.hub.wire import ScanHourBody, ScanQualityBody, ScanQualityKept
from kiosk.services.scan_quality import keep_scan_hours, scan_report


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


HANDLERS = [scan_quality, scan_quality_report]
