"""Issue a ticket: number, ticket, period and event in one transaction, once per idempotency key.

What a kiosk printed of its own while the hub was away comes in here too, under the key it had asked with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from kiosk.domain.faults import Refusal
from kiosk.domain.queue import LONGEST_UNSEEN
from kiosk.domain.service import Service
from kiosk.domain.ticket import Priority, RecordAction, label_of
from kiosk.services.context import WriteContext
from kiosk.services.labels import tell_flags
from kiosk.services.merge import came_with_label, merged
from kiosk.services.new_ticket import NumberGiven, insert_ticket, known_to_holder, require_open, summary
from kiosk.services.show import ticket_view
from kiosk.storage.keys import RememberedKey
from kiosk.storage.tickets import StoredTicket

WISH_DIFFERS = "flag.wish_differs"
PRIORITY_CLAIMED = "flag.priority_claimed"
_LEAST_FIRST = (Priority.NORMAL, Priority.PRIORITY, Priority.EMERGENCY)


@dataclass(frozen=True, kw_only=True)
class IssueRequest:
    """What a kiosk or counter asks for. `eligibility` names a stored insurance answer; `flags` are catalogue keys for
    staff; `next_step` is where the patient is sent (null: the insurance answer's, else to wait for the call)."""

    service: str
    priority: Priority = Priority.NORMAL
    patient_ref: str | None = None
    eligibility: str | None = None
    masked_name: str | None = None
    next_step: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OfflinePaper:
    """A number of a kiosk's own series that stands on paper. Times by the kiosk's clock, which says `kiosk_now` while
    it tells this: the difference to the hub's clock corrects them."""

    label: str
    number: int
    kiosk: str
    asked_at: datetime
    printed_at: datetime
    kiosk_now: datetime


@dataclass(frozen=True, kw_only=True)
class StaffWish:
    """Staff want a second ticket for somebody who has one (`again`); who, where and why is kept."""

    again: bool = False
    counter: str | None = None
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Issued:
    """The answer's JSON body, and whether it is the first one under its key that made a ticket."""

    body: bytes
    replayed: bool


def issue_ticket(
    context: WriteContext,
    key: str,
    request: IssueRequest,
    *,
    offline: OfflinePaper | None = None,
    staff: StaffWish | None = None,
    tells_paper: bool = False,
) -> Issued:
    """Give a number under the idempotency `key`, or take in the number a kiosk gave (`offline`).

    The same key with the same request returns the first answer, byte for byte, until the label on a kiosk's paper took
    the place of the hub's. A paper is taken in also where the request differs, and staff are shown. A person who still
    has a ticket for the service today gets that one, unless staff want another. `tells_paper`: who asks will say what
    became of the paper, and until then nobody is called by the number (`LONGEST_UNSEEN` at most), be it the hub's or a
    kiosk's own: a kiosk that died over it may have shown neither.

    Raises `Refusal`: `request.idempotency_key_reused`, `ticket.cancelled_before`, `service.unknown`,
    `service.closed`, `service.full`, `eligibility.unknown`.
    """
    if context.keys.is_taken_back(key):
        raise Refusal("ticket.cancelled_before")
    callable_from = context.now + LONGEST_UNSEEN if tells_paper else None
    known = context.keys.remembered(key)
    if known is not None:
        return _again(context, key, known, request, offline, callable_from)
    asked = msgspec.json.encode(request, order="deterministic")
    if offline is not None:
        ticket = came_with_label(context, request, offline, callable_from)
        return _remembered(context, key, asked, ticket, printed_labels=(offline.label,))
    held = _held_already(context, request, staff)
    if held is not None:
        if not tells_paper:
            held = known_to_holder(context, held)
        if _counts_more(request.priority, held.priority):
            held = tell_flags(context, held, PRIORITY_CLAIMED)
        return _remembered(context, key, asked, held, alias=True)
    return _remembered(context, key, asked, _numbered(context, request, staff or StaffWish(), callable_from))


def _again(
    context: WriteContext,
    key: str,
    known: RememberedKey,
    request: IssueRequest,
    offline: OfflinePaper | None,
    callable_from: datetime | None,
) -> Issued:
    is_same = _asked_the_same(known, request)
    if offline is None:
        if not is_same:
            raise Refusal("request.idempotency_key_reused")
        return Issued(body=known.body, replayed=True)
    if offline.label in known.printed_labels:
        if not is_same:
            _tell_wish_differs(context, known.ticket)
        return Issued(body=known.body, replayed=True)
    ticket = merged(context, key, known, request, offline, callable_from)
    if not is_same:
        ticket = _tell_wish_differs(context, ticket.id)
    if callable_from is None:
        ticket = known_to_holder(context, ticket)
    alias = known.alias and ticket.id == known.ticket
    body = msgspec.json.encode(replace(ticket_view(context, ticket), already=alias))
    printed = (*known.printed_labels, offline.label)
    told = replace(known, ticket=ticket.id, body=body, printed_labels=printed, alias=alias)
    context.keys.remember(key, told, context.now)
    return Issued(body=body, replayed=True)


def _asked_the_same(known: RememberedKey, request: IssueRequest) -> bool:
    """Compared as requests, not as bytes: another version of the hub may have kept it with more or fewer fields."""
    try:
        return msgspec.json.decode(known.request, type=IssueRequest) == request
    except msgspec.MsgspecError:
        return False


def _tell_wish_differs(context: WriteContext, ticket_id: str) -> StoredTicket:
    ticket = context.tickets.get(ticket_id)
    assert ticket is not None, "a remembered key has its ticket"
    return tell_flags(context, ticket, WISH_DIFFERS)


def _counts_more(wanted: Priority, held: Priority) -> bool:
    return _LEAST_FIRST.index(wanted) > _LEAST_FIRST.index(held)


def _remembered(
    context: WriteContext,
    key: str,
    asked: bytes,
    ticket: StoredTicket,
    *,
    printed_labels: tuple[str, ...] = (),
    alias: bool = False,
) -> Issued:
    body = msgspec.json.encode(replace(ticket_view(context, ticket), already=alias))
    answer = RememberedKey(request=asked, ticket=ticket.id, body=body, printed_labels=printed_labels, alias=alias)
    context.keys.remember(key, answer, context.now)
    return Issued(body=body, replayed=alias)


def _held_already(context: WriteContext, request: IssueRequest, staff: StaffWish | None) -> StoredTicket | None:
    if request.patient_ref is None or (staff is not None and staff.again):
        return None
    held = (context.tickets.live_of_patient(day, request.patient_ref, request.service) for day in context.live_days)
    return next((ticket for ticket in held if ticket is not None), None)


def _next_number(context: WriteContext, service: Service) -> tuple[int, str]:
    """The next number and its label. Who has waited over midnight holds a number of the day before: none like it is
    given meanwhile."""
    number = context.tickets.take_number(context.today, service.id)
    earlier = [day for day in context.live_days if day != context.today]
    held = frozenset(label for day in earlier for label in context.tickets.live_labels(day, service.id))
    while label_of(service.prefix, number) in held:
        number = context.tickets.skip_number(context.today, service.id)
    return number, label_of(service.prefix, number)


def _numbered(
    context: WriteContext, request: IssueRequest, staff: StaffWish, callable_from: datetime | None
) -> StoredTicket:
    service = context.site.service(request.service)
    require_open(context, service)
    number, label = _next_number(context, service)
    given = NumberGiven(
        series=service.id,
        number=number,
        label=label,
        day=context.today,
        arrived=context.now,
        callable_from=callable_from,
    )
    seq = context.session.next_seq
    ticket = insert_ticket(context, request, given)
    if staff.again:
        context.records.audit(
            seq=seq,
            at=context.now,
            ticket_id=ticket.id,
            action=RecordAction.ISSUE_AGAIN,
            counter=staff.counter,
            actor=staff.by,
            reason=staff.reason,
            before="-",
            after=summary(ticket),
        )
    return ticket
