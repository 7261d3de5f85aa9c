"""Keep what the insurance look-up answered, at once or late, and let the tickets that wait for it know."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion
from kiosk.domain.events import EventType, SiteEvent
from kiosk.domain.insurance_report import LookupCount, LookupKind
from kiosk.domain.insurance_work import NEEDS_NOBODY, LookupState, ToldRecord
from kiosk.domain.scan_quality import hour_of
from kiosk.domain.ticket import LIVE_STATES
from kiosk.insurance.consulted import Consulted
from kiosk.services.context import ReadContext, WriteContext
from kiosk.services.new_ticket import ticket_fact
from kiosk.storage.lookups import StoredLookup
from kiosk.storage.sealing import Sealer

UNNAMED_KIOSK = "-"
_NOTHING_TO_WORK_OFF = frozenset({"portal.not_configured"})
"""Without a portal every card is checked at the counter: a list of everybody would help nobody."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """The personal part of a look-up, as it is sealed."""

    card: str = field(repr=False)
    name: str | None = field(repr=False)
    birth: str | None = field(repr=False)
    note: str | None = field(default=None, repr=False)
    told: ToldRecord | None = field(default=None, repr=False)

    def question(self) -> EligibilityQuestion:
        return EligibilityQuestion(card=self.card, name=self.name, birth=self.birth)


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """How look-ups are kept: what seals them, and how long raw answers stay."""

    sealer: Sealer
    raw_for: timedelta

    def sealed_case(self, consulted: Consulted) -> bytes:
        question = consulted.question
        case = Case(
            card=question.card,
            name=question.name,
            birth=question.birth,
            note=consulted.note,
            told=consulted.told,
        )
        return self.sealer.seal(msgspec.json.encode(case), f"case {consulted.verdict.id}")

    def case_of(self, lookup: StoredLookup) -> Case | None:
        """What was sent, and the insurer's note; null once purged, or where the key is another one."""
        if lookup.question is None:
            return None
        opened = self.sealer.open(lookup.question, f"case {lookup.id}")
        return None if opened is None else msgspec.json.decode(opened, type=Case)

    def sealed_raw(self, consulted: Consulted) -> bytes | None:
        return self.sealer.seal(consulted.raw, f"raw {consulted.verdict.id}") if consulted.raw else None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """When and where a question was asked, and as what it counts. `repairs` names the look-up the patient corrected."""

    at: datetime
    kiosk: str | None = None
    repairs: str | None = None


def keep_answer(context: WriteContext, consulted: Consulted, asked: Asked, keeping: Keeping) -> Eligibility:
    """Store what the kiosk is told; a pending one is completed later by `keep_late_answer`."""
    answer = consulted.verdict
    if asked.repairs is not None:
        _forget_case(context, asked.repairs)
    if consulted.reused:
        _count(context, consulted, asked.at, asked.kiosk, LookupKind.REUSED, late=False)
        return answer
    context.records.put_eligibility(answer, asked.at, None if answer.pending else context.now)
    kind = _kind_of(consulted, asked)
    is_new = context.lookups.add(_stored(context, consulted, asked, kind, keeping))
    if not is_new:  # another kiosk shares this look-up
        _count(context, consulted, asked.at, asked.kiosk, LookupKind.REUSED, late=False)
    elif not answer.pending:
        _count(context, consulted, asked.at, asked.kiosk, kind, late=False)
    return answer


def keep_late_answer(context: WriteContext, consulted: Consulted, keeping: Keeping) -> None:
    """Complete a pending look-up: tickets that refer to it get its next step, and counters hear of it. One that staff
    have decided meanwhile stays as decided."""
    answer = consulted.verdict
    known = context.lookups.get(answer.id)
    if known is not None and known.state is not LookupState.PENDING:
        return
    context.records.put_eligibility(answer, context.now, context.now)
    asked = Asked(at=known.asked_at if known else context.now, kiosk=known.kiosk if known else None)
    kind = known.kind if known else LookupKind.FIRST
    context.lookups.put(replace(_stored(context, consulted, asked, kind, keeping), late=True))
    _count(context, consulted, asked.at, asked.kiosk, kind, late=True)
    tell_tickets(context, answer)


def tell_tickets(context: WriteContext, answer: Eligibility) -> None:
    """Give the tickets that refer to a verdict its next step, and tell counters."""
    for ticket in context.tickets.with_eligibility(answer.id):
        if ticket.state in LIVE_STATES:
            context.tickets.set_next_step(ticket.id, answer.next_step)
            context.session.add_event(
                SiteEvent(seq=0, at=context.now, type=EventType.ELIGIBILITY_ANSWERED, ticket=ticket_fact(ticket))
            )


def state_of(consulted: Consulted) -> LookupState:
    """Whether anybody has to do something about a look-up."""
    if consulted.verdict.pending:
        return LookupState.PENDING
    if consulted.verdict.outcome in NEEDS_NOBODY or consulted.detail in _NOTHING_TO_WORK_OFF:
        return LookupState.ANSWERED
    return LookupState.FAILED


def pending_cases(context: ReadContext, keeping: Keeping) -> list[tuple[StoredLookup, Case]]:
    """Today's look-ups the hub was asking about, with what to ask; those no longer readable are left out."""
    found = context.lookups.of_day(context.today, LookupState.PENDING)
    cases = ((lookup, keeping.case_of(lookup)) for lookup in found)
    return [(lookup, case) for lookup, case in cases if case is not None]


def answers_of_today(context: ReadContext) -> list[tuple[str, Eligibility]]:
    """Key and verdict of each definite answer of today."""
    found = ((key, context.records.eligibility(lookup)) for lookup, key in context.lookups.reusable_of(context.today))
    return [(key, answer) for key, answer in found if answer is not None]


def _kind_of(consulted: Consulted, asked: Asked) -> LookupKind:
    if consulted.tries == 0 and not consulted.verdict.pending:
        return LookupKind.UNASKED
    return LookupKind.FIRST if asked.repairs is None else LookupKind.REPAIRED


def _stored(
    context: WriteContext, consulted: Consulted, asked: Asked, kind: LookupKind, keeping: Keeping
) -> StoredLookup:
    answer, state = consulted.verdict, state_of(consulted)
    raw = keeping.sealed_raw(consulted)
    needs_case = state in (LookupState.PENDING, LookupState.FAILED)
    return StoredLookup(
        id=answer.id,
        day=context.site.day_of(asked.at),
        key=consulted.key,
        kiosk=asked.kiosk,
        kind=kind,
        state=state,
        outcome=answer.outcome,
        code=answer.code,
        detail=consulted.detail,
        tries=consulted.tries,
        reusable=consulted.reusable,
        late=False,
        asked_at=asked.at,
        answered_at=None if answer.pending else context.now,
        question=keeping.sealed_case(consulted) if needs_case else None,
        raw=raw,
        raw_until=None if raw is None else context.now + keeping.raw_for,
    )


def _forget_case(context: WriteContext, lookup_id: str) -> None:
    """The patient corrected a field: nobody needs the wrong one any more."""
    lookup = context.lookups.get(lookup_id)
    if lookup is not None and lookup.state is LookupState.FAILED:
        context.lookups.put(replace(lookup, question=None))


def _count(
    context: WriteContext, consulted: Consulted, asked_at: datetime, kiosk: str | None, kind: LookupKind, *, late: bool
) -> None:
    latency_ms = max(0, round((context.now - asked_at).total_seconds() * 1000))
    one = LookupCount(
        hour=hour_of(asked_at),
        kiosk=kiosk or UNNAMED_KIOSK,
        kind=kind,
        outcome=consulted.verdict.outcome,
        code=consulted.verdict.code or "",
        lookups=1,
        late=int(late),
        latency_ms_sum=latency_ms,
        latency_ms_max=latency_ms,
    )
    context.lookups.count_one(context.site.day_of(asked_at), one)
