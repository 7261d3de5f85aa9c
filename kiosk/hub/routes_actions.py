"""Routes of what staff do to one ticket: one table for actions without a target, a body of its own for the others."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from kiosk.domain.ticket import TicketAction, TicketView
from kiosk.hub.contract import CHANGE, OptionalBody, refusals
from kiosk.hub.dependencies import TheReception
from kiosk.hub.routes_tickets import TicketId
from kiosk.hub.wire import PriorityBody, StaffBody, TransferBody
from kiosk.services.change import Change, change_ticket
from kiosk.services.reception import Reception


@dataclass(frozen=True, kw_only=True)
class StaffRoute:
    """One action that takes who, where and why, and nothing else."""

    path: str
    action: TicketAction
    summary: str
    meaning: str


STAFF_ROUTES = (
    StaffRoute(
        path="call",
        action=TicketAction.CALL,
        summary="Call this ticket",
        meaning="Call a waiting ticket out of turn; `counter` says where to.",
    ),
    StaffRoute(
        path="recall",
        action=TicketAction.RECALL,
        summary="Call again",
        meaning="Call a called, held or absent ticket again, at its counter or at `counter`.",
    ),
    StaffRoute(path="serve", action=TicketAction.SERVE, summary="Begin", meaning="The called person has come."),
    StaffRoute(
        path="hold", action=TicketAction.HOLD, summary="Set aside", meaning="Set a ticket aside until it is recalled."
    ),
    StaffRoute(
        path="no-show",
        action=TicketAction.NO_SHOW,
        summary="Did not come",
        meaning="The called person did not come; a recall brings the ticket back.",
    ),
    StaffRoute(path="finish", action=TicketAction.FINISH, summary="Finish", meaning="The person has been served."),
    StaffRoute(
        path="cancel",
        action=TicketAction.CANCEL,
        summary="Cancel",
        meaning="Cancel a live ticket; its number is never given again.",
    ),
)


def _handler(route: StaffRoute) -> HTTPRouteHandler:
    @post(
        f"/v1/tickets/{{ticket_id:str}}/{route.path}",
        name=f"ticket-{route.path}",
        operation_id=f"ticket_{route.action.value}",
        summary=route.summary,
        description=route.meaning,
        tags=["tickets"],
        status_code=200,
        responses=refusals(CHANGE),
        operation_class=OptionalBody,
    )
    async def staff_action(
        reception: TheReception, ticket_id: TicketId, data: JSONBody[StaffBody | None] = None
    ) -> TicketView:
        body = data or StaffBody()
        change = Change(action=route.action, counter=body.counter, by=body.by, reason=body.reason)
        return await _change(reception, ticket_id, change)

    return staff_action


@post(
    "/v1/tickets/{ticket_id:str}/transfer",
    summary="Transfer",
    tags=["tickets"],
    status_code=200,
    responses=refusals(CHANGE),
)
async def transfer(reception: TheReception, ticket_id: TicketId, data: JSONBody[TransferBody]) -> TicketView:
    """Send a ticket to another service's queue; it keeps its label and its place by arrival."""
    change = Change(
        action=TicketAction.TRANSFER, counter=data.counter, by=data.by, reason=data.reason, service=data.service
    )
    return await _change(reception, ticket_id, change)


@post(
    "/v1/tickets/{ticket_id:str}/priority",
    summary="Change priority",
    tags=["tickets"],
    status_code=200,
    responses=refusals(CHANGE),
)
async def priority(reception: TheReception, ticket_id: TicketId, data: JSONBody[PriorityBody]) -> TicketView:
    """Change the standing of a waiting or held ticket."""
    change = Change(
        action=TicketAction.SET_PRIORITY, counter=data.counter, by=data.by, reason=data.reason, priority=data.priority
    )
    return await _change(reception, ticket_id, change)


async def _change(reception: Reception, ticket_id: str, change: Change) -> TicketView:
    return await asyncio.wrap_future(reception.write(lambda context: change_ticket(context, ticket_id, change)))


HANDLERS = [*map(_handler, STAFF_ROUTES), transfer, priority]
