"""Which numbers of a ticket people hold, and telling staff where that is not plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from kiosk.domain.events import EventType, SiteEvent
from kiosk.domain.ticket import RecordAction
from kiosk.services.context import WriteContext
from kiosk.services.new_ticket import ticket_fact
from kiosk.storage.keys import RememberedKey
from kiosk.storage.tickets import StoredTicket

TWO_LABELS = "flag.two_labels"
LABEL_TWICE = "flag.label_twice"


class _Told(msgspec.Struct):
    label: str


def held_by_others(context: WriteContext, ticket: StoredTicket, key: str) -> tuple[str, ...]:
    """The labels of a ticket that somebody may hold who asked under another key than `key`: what that one's kiosk
    printed of its own, and without that the label it was answered with."""
    others = context.keys.others_of(ticket.id, key)
    return tuple(label for other in others for label in _held(other))


def _held(known: RememberedKey) -> tuple[str, ...]:
    return known.printed_labels or (msgspec.json.decode(known.body, type=_Told).label,)


def with_labels(context: WriteContext, ticket: StoredTicket, held: Sequence[str]) -> StoredTicket:
    """`ticket` with the labels that somebody holds, at least one. It goes by the one it had, if that is among them.
    Staff are shown where there are several, or where one was called out that nobody holds."""
    known = dict.fromkeys((ticket.label, *ticket.printed_labels, *held))
    stand = tuple(label for label in known if label in held)
    called_by_another = ticket.label not in stand and context.calls.called_at(ticket.id) is not None
    after = replace(ticket, label=stand[0], printed_labels=stand[1:])
    return flagged(after, TWO_LABELS) if len(stand) > 1 or called_by_another else after


def relabelled(context: WriteContext, ticket: StoredTicket, held: Sequence[str]) -> StoredTicket:
    """The same, kept in the books and told to the feed."""
    after = with_labels(context, ticket, held)
    if after != ticket:
        audit_labels(context, _keep(context, after), ticket, after)
    return after


def labels_of(ticket: StoredTicket) -> tuple[str, ...]:
    return (ticket.label, *ticket.printed_labels)


def audit_labels(context: WriteContext, seq: int, before: StoredTicket, after: StoredTicket) -> None:
    """Keep in the audit trail by which labels a ticket went and its holder goes now."""
    context.records.audit(
        seq=seq,
        at=context.now,
        ticket_id=before.id,
        action=RecordAction.RELABEL,
        counter=None,
        actor=None,
        reason=None,
        before=" ".join(labels_of(before)),
        after=" ".join(labels_of(after)),
    )


def flagged(ticket: StoredTicket, *flags: str) -> StoredTicket:
    """`ticket` with these flags too, none twice."""
    return replace(ticket, flags=tuple(dict.fromkeys((*ticket.flags, *flags))))


def tell_flags(context: WriteContext, ticket: StoredTicket, *flags: str) -> StoredTicket:
    """Show staff `flags` with a ticket that is there."""
    after = flagged(ticket, *flags)
    if after != ticket:
        _keep(context, after)
    return after


def _keep(context: WriteContext, ticket: StoredTicket) -> int:
    """Write labels and flags back and tell the feed; the event's number."""
    context.tickets.relabel(ticket)
    return context.session.add_event(
        SiteEvent(seq=0, at=context.now, type=EventType.TICKET_RELABELLED, ticket=ticket_fact(ticket))
    )


def tell_label_twice(context: WriteContext, ticket: StoredTicket, label: str) -> StoredTicket:
    """Show staff with every ticket that may still be called by `label` that there are several; `ticket` as it is then.

    Two kiosks of one id, a key that was used twice, a clock that jumped: none of the papers may be lost over it.
    """
    bearing = context.tickets.bearing(sorted({ticket.day, *context.live_days}), label)
    others = [other for other in bearing if other.id != ticket.id]
    for other in others:
        tell_flags(context, other, LABEL_TWICE)
    return tell_flags(context, ticket, LABEL_TWICE) if others else ticket
