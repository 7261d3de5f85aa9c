"""Routes of tickets and counters."""

from __future__ import annotations

import asyncio
from typing import Annotated, cast

from litestar import Response, delete, get, post, put
from litestar.datastructures import ResponseHeader
from litestar.enums import MediaType
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, JSONBody, PathParameter, QueryParameter

from kiosk.domain.faults import Refusal
from kiosk.domain.paper import PaperReport
from kiosk.domain.ticket import TicketDetail, TicketView
from kiosk.hub.contract import (
    CHANGE,
    KEY_HEADER,
    KEY_LIMIT,
    READ,
    READ_ONE,
    WRITE,
    WRITE_ONE,
    KeyedOperation,
    OptionalBody,
    refusals,
)
from kiosk.hub.dependencies import TheReception
from kiosk.hub.wire import (
    CounterList,
    CounterView,
    IssueBody,
    OfflineBody,
    PrintBody,
    StaffBody,
    TakenBack,
    TicketList,
)
from kiosk.services.change import call_next
from kiosk.services.issue import IssueRequest, OfflinePaper, StaffWish, issue_ticket
from kiosk.services.paper import tell_paper
from kiosk.services.show import counter_list, ticket_detail
from kiosk.services.take_back import take_back

TicketId = Annotated[
    str,
    PathParameter(
        description="The ticket's opaque id or the Idempotency-Key it was asked for with: whichever a slip's code has.",
        max_length=KEY_LIMIT,
    ),
]
CounterId = Annotated[str, PathParameter(description="Id of a configured counter.", max_length=80)]


@post(
    "/v1/tickets",
    summary="Issue a ticket",
    tags=["tickets"],
    operation_class=KeyedOperation,
    responses={
        200: ResponseSpec(
            TicketView,
            description="A ticket that was there: the same key again, or the same person.",
            generate_examples=False,
        ),
        **refusals(CHANGE),
    },
    response_headers=[ResponseHeader(name=KEY_HEADER, value="", description="The key this answers.")],
)
async def issue(
    data: JSONBody[IssueBody],
    reception: TheReception,
    idempotency_key: Annotated[
        str | None, HeaderParameter(name=KEY_HEADER, description="Made by the caller, once per wanted ticket.")
    ] = None,
) -> Response[TicketView]:
    """Give the next number of a service. The answer is sent after the commit is durable; the same `Idempotency-Key`
    with the same body returns the same ticket. A person (`patient_ref`) who still has a ticket for the service today
    gets that one, with `already`. A paper a kiosk printed of its own (`offline`) is taken in as it is: the ticket
    goes by its label, and by the hub's own too only where somebody else may have been told that."""
    key = _checked_key(idempotency_key)
    request = IssueRequest(
        service=data.service,
        priority=data.priority,
        patient_ref=data.patient_ref,
        eligibility=data.eligibility,
        masked_name=data.masked_name,
        next_step=data.next_step,
        flags=tuple(data.flags),
    )
    paper = None if data.offline is None else _paper(data.offline)
    staff = StaffWish(again=data.again, counter=data.counter, by=data.by, reason=data.reason)
    issued = await asyncio.wrap_future(
        reception.write(
            lambda context: issue_ticket(
                context, key, request, offline=paper, staff=staff, tells_paper=data.tells_paper
            )
        )
    )
    return Response(
        cast("TicketView", issued.body),
        status_code=200 if issued.replayed else 201,
        media_type=MediaType.JSON,
        headers={KEY_HEADER: key},
    )


def _paper(body: OfflineBody) -> OfflinePaper:
    return OfflinePaper(
        label=body.label.strip(),
        number=body.number,
        kiosk=body.kiosk,
        asked_at=body.asked_at,
        printed_at=body.printed_at,
        kiosk_now=body.kiosk_now,
    )


@delete(
    "/v1/tickets/by-key/{key:str}",
    summary="Take a key back",
    tags=["tickets"],
    status_code=200,
    responses=refusals(WRITE),
)
async def take_key_back(
    reception: TheReception,
    key: Annotated[str, PathParameter(description="An Idempotency-Key, heard of or not.", max_length=KEY_LIMIT)],
) -> TakenBack:
    """Nobody saw the number and no paper is out: the key never makes a ticket, and one that waits is cancelled. A
    ticket that has been called stays. Where a paper may be out nothing is taken back."""
    checked = _checked_key(key)
    return TakenBack(ticket=await asyncio.wrap_future(reception.write(lambda context: take_back(context, checked))))


@put(
    "/v1/tickets/{ticket_id:str}/print",
    summary="What became of the paper",
    tags=["tickets"],
    responses=refusals(WRITE_ONE),
)
async def tell_print(reception: TheReception, ticket_id: TicketId, data: JSONBody[PrintBody]) -> TicketView:
    """Told by the kiosk that prints, as often as it likes and in any order: what is known better stays."""
    report = PaperReport(state=data.state, code=data.code, copy=data.copy, at=data.at, kiosk=data.kiosk)
    return await asyncio.wrap_future(reception.write(lambda context: tell_paper(context, ticket_id, report)))


def _checked_key(key: str | None) -> str:
    if key is None or not key.strip():
        raise Refusal("request.idempotency_key_missing")
    if len(key) > KEY_LIMIT or not key.isascii() or not key.isprintable() or "/" in key:
        raise Refusal("request.idempotency_key_invalid", limit=KEY_LIMIT)
    return key


@get("/v1/tickets", summary="Today's tickets", tags=["tickets"], responses=refusals(READ_ONE), sync_to_thread=True)
def tickets(
    reception: TheReception,
    counter: Annotated[str | None, QueryParameter(description="Only services this counter calls for.")] = None,
) -> TicketList:
    """Called, served, held and absent tickets first, then the waiting in the order they will be called."""
    return TicketList(tickets=reception.read(lambda context: counter_list(context, counter)))


@get(
    "/v1/tickets/{ticket_id:str}",
    summary="One ticket",
    tags=["tickets"],
    responses=refusals(READ_ONE),
    sync_to_thread=True,
)
def ticket(reception: TheReception, ticket_id: TicketId) -> TicketDetail:
    """A ticket with all its periods. A slip printed without the hub is unknown until its kiosk has told of it."""
    return reception.read(lambda context: ticket_detail(context, ticket_id))


@get("/v1/counters", summary="The counters", tags=["counters"], responses=refusals(READ), sync_to_thread=False)
def counters(reception: TheReception) -> CounterList:
    """Every configured counter and the services it calls for."""
    site = reception.site
    return CounterList(
        counters=tuple(CounterView(id=c.id, name=c.name, services=site.services_of(c)) for c in site.counters)
    )


@post(
    "/v1/counters/{counter_id:str}/call-next",
    summary="Call the next ticket",
    tags=["counters"],
    status_code=200,
    operation_class=OptionalBody,
    responses={204: ResponseSpec(None, description="Nobody is waiting."), **refusals(WRITE_ONE)},
)
async def next_ticket(
    reception: TheReception, counter_id: CounterId, data: JSONBody[StaffBody | None] = None
) -> Response[TicketView]:
    """Call who is next for this counter; a number its kiosk may not have shown yet is passed over.

    Two counters never get the same ticket."""
    by = data.by if data else None
    called = await asyncio.wrap_future(reception.write(lambda context: call_next(context, counter_id, by)))
    if called is None:
        return Response(cast("TicketView", None), status_code=204)
    return Response(called, status_code=200)


HANDLERS = [issue, take_key_back, tell_print, tickets, ticket, counters, next_ticket]
