"""Routes of the site: health, services, insurance, board, event feed, alerts."""

from __future__ import annotations

import asyncio
from typing import Annotated

from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, JSONBody, PathParameter
from litestar.response import ServerSentEvent

from kiosk.domain.alert import Alert
from kiosk.domain.board import BoardContent
from kiosk.domain.eligibility import Eligibility
from kiosk.hub.contract import READ, WRITE, WRITE_ONE, OptionalBody, refusals
from kiosk.hub.dependencies import TheBackupState, TheClockState, TheFeed, TheInsurance, TheReception, TheVersion
from kiosk.hub.wire import AlertBody, AlertList, EligibilityBody, HandledBody, Health, ServiceList
from kiosk.services.alerts import handle_alert, raise_alert
from kiosk.services.show import board_content, services_now
from kiosk.storage.faults import StorageFault

AlertId = Annotated[str, PathParameter(max_length=64)]


@get("/healthz", summary="Is the hub alive and able to write?", tags=["site"], responses=refusals((403, 503)))
async def healthz(
    reception: TheReception,
    insurance: TheInsurance,
    backup: TheBackupState,
    clock: TheClockState,
    version: TheVersion,
) -> Health:
    """Answers `ok` after a round through the writer, so a full or broken disk shows here, and a damaged database until
    the hub has ended to be started anew."""
    if reception.is_damaged:
        raise StorageFault("storage.damaged", "the hub ends, to be started anew")
    seq, restored = await asyncio.wrap_future(
        reception.write(lambda context: (context.session.prove_writable(), context.tables.restores.newest()))
    )
    return Health(
        status="ok",
        version=version,
        seq=seq,
        now=reception.now(),
        insurance=insurance.office.source_state,
        backup=backup,
        clock=clock,
        restored_at=restored.at if restored else None,
    )


@get(
    "/v1/services",
    summary="Services and what is true of them now",
    tags=["site"],
    responses=refusals(READ),
    sync_to_thread=True,
)
def services(reception: TheReception) -> ServiceList:
    """Every service a kiosk may offer: open, closed or full, its hours, and how many wait."""
    site = reception.site
    now, views = reception.read(lambda context: (site.local(context.now), services_now(context)))
    return ServiceList(hospital=site.hospital, time_zone=str(site.time_zone), now=now, services=views)


@get("/v1/board", summary="What an LCD board shows", tags=["site"], responses=refusals(READ), sync_to_thread=True)
def board(reception: TheReception) -> BoardContent:
    """Computed here once; boards only draw it. Nothing personal in it."""
    return reception.read(board_content)


@get(
    "/v1/events",
    summary="Event feed (server-sent events)",
    tags=["site"],
    responses={
        200: ResponseSpec(
            str, description="An endless stream.", media_type="text/event-stream", generate_examples=False
        ),
        **refusals((400, 403)),
    },
)
async def events(
    reception: TheReception,
    feed: TheFeed,
    last_event_id: Annotated[
        str | None, HeaderParameter(name="Last-Event-ID", description="The last seq the caller saw.", max_length=20)
    ] = None,
) -> ServerSentEvent:
    """`snapshot` (the board), then `ticket.issued`, `ticket.called` … each with `id:` = gapless seq of the site. With
    `Last-Event-ID` only what was missed. A comment every 10 s is the heartbeat."""
    last_seen = int(last_event_id) if last_event_id and last_event_id.isascii() and last_event_id.isdigit() else None
    return ServerSentEvent(feed.stream(reception, last_seen))


@post(
    "/v1/eligibility",
    summary="Ask about insurance cover",
    tags=["insurance"],
    status_code=200,
    responses=refusals(WRITE),
)
async def eligibility(data: JSONBody[EligibilityBody], insurance: TheInsurance) -> Eligibility:
    """Answers within the kiosk's budget of 8 s, if need be with `timeout` and `pending`: the hub then goes on asking
    and the counter sees the late answer. Where the insurer is known to be down it answers at once."""
    return await insurance.ask(data.question(), data.kiosk, data.repairs)


@get("/v1/alerts", summary="Open alerts", tags=["alerts"], responses=refusals(READ), sync_to_thread=True)
def alerts(reception: TheReception) -> AlertList:
    """Calls for help and device faults nobody has handled yet, oldest first."""
    return AlertList(alerts=tuple(reception.read(lambda context: context.records.open_alerts())))


@post("/v1/alerts", summary="Call staff", tags=["alerts"], responses=refusals(WRITE))
async def alert(data: JSONBody[AlertBody], reception: TheReception) -> Alert:
    """Somebody at a kiosk needs help, or a device there has a fault. Every counter is told. A fault that is open there
    already stays one alert, with the newest `params`; `labels` are gathered."""
    return await asyncio.wrap_future(
        reception.write(lambda context: raise_alert(context, data.kiosk, data.kind, data.code, data.params))
    )


@post(
    "/v1/alerts/{alert_id:str}/handled",
    summary="Handle an alert",
    tags=["alerts"],
    status_code=200,
    operation_class=OptionalBody,
    responses=refusals(WRITE_ONE),
)
async def handled(
    reception: TheReception,
    alert_id: AlertId,
    data: JSONBody[HandledBody | None] = None,
) -> Alert:
    """Somebody took care of it. Doing it twice changes nothing."""
    by = data.by if data else None
    return await asyncio.wrap_future(reception.write(lambda context: handle_alert(context, alert_id, by)))


HANDLERS = [healthz, services, board, events, eligibility, alerts, alert, handled]
