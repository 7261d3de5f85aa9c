"""What reception does about insurance look-ups: see what waits or failed, ask again, correct, decide by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from kiosk.domain.eligibility import Eligibility, OutcomeClass
from kiosk.domain.eligibility_codes import OUTCOME_RULES
from kiosk.domain.faults import Refusal
from kiosk.domain.insurance_report import InsuranceReport, report_of
from kiosk.domain.insurance_work import (
    HAND_DECISIONS,
    LookupState,
    SentQuestion,
    WorkAction,
    WorkDetail,
    WorkItem,
)
from kiosk.domain.ticket import LIVE_STATES
from kiosk.insurance.consulted import Consulted
from kiosk.services.context import ReadContext, WriteContext
from kiosk.services.eligibility import Case, Keeping, state_of, tell_tickets
from kiosk.services.show import known_ticket
from kiosk.storage.lookups import StoredDowntime, StoredLookup
from kiosk.storage.tickets import StoredTicket


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Who does something, at which counter, and why; all may be unknown."""

    by: str | None = None
    counter: str | None = None
    reason: str | None = None


def worklist(context: ReadContext) -> tuple[WorkItem, ...]:
    """Live tickets of today whose look-up is pending or has failed, longest waiting first."""
    lookups = [
        lookup
        for state in (LookupState.PENDING, LookupState.FAILED)
        for lookup in context.lookups.of_day(context.today, state)
    ]
    items = [
        _item(context, lookup, ticket)
        for lookup in lookups
        for ticket in context.tickets.with_eligibility(lookup.id)
        if ticket.state in LIVE_STATES
    ]
    return tuple(sorted(items, key=lambda item: (item.asked_at, item.label)))


def work_detail(context: ReadContext, ticket_id: str, keeping: Keeping) -> WorkDetail:
    """One ticket's look-up with what was sent. Raises `Refusal`: `ticket.unknown`, `insurance.lookup_unknown`."""
    ticket = known_ticket(context, ticket_id)
    lookup = lookup_of(context, ticket)
    case = keeping.case_of(lookup)
    return WorkDetail(
        item=_item(context, lookup, ticket),
        sent=None if case is None else SentQuestion(card=case.card, name=case.name, birth=case.birth),
        note=None if case is None else case.note,
        told=None if case is None else case.told,
    )


def lookup_of(context: ReadContext, ticket: StoredTicket) -> StoredLookup:
    """The look-up of a ticket. Raises `Refusal("insurance.lookup_unknown")`."""
    lookup = context.lookups.get(ticket.eligibility) if ticket.eligibility else None
    if lookup is None:
        raise Refusal("insurance.lookup_unknown")
    return lookup


def case_to_ask(context: ReadContext, ticket_id: str, keeping: Keeping) -> tuple[StoredLookup, Case]:
    """A ticket's look-up and what to ask. Raises `Refusal`: `ticket.unknown`, `insurance.lookup_unknown`,
    `insurance.question_gone` (its personal data is purged: staff give it anew with a correction)."""
    lookup = lookup_of(context, known_ticket(context, ticket_id))
    case = keeping.case_of(lookup)
    if case is None:
        raise Refusal("insurance.question_gone")
    return lookup, case


def begin_again(
    context: WriteContext, ticket_id: str, consulted: Consulted, action: WorkAction, staff: Staff, keeping: Keeping
) -> None:
    """The hub asks once more, by order of staff: from this commit on it does so also after a restart. `consulted` is
    pending and carries the question."""
    ticket = known_ticket(context, ticket_id)
    before = lookup_of(context, ticket)
    after = replace(
        before,
        state=LookupState.PENDING,
        key=consulted.key,
        reusable=False,
        question=keeping.sealed_case(consulted),
    )
    context.lookups.put(after)
    context.records.replace_eligibility(consulted.verdict)
    _audit(context, ticket, before, after, action, staff)


def keep_again(context: WriteContext, consulted: Consulted, keeping: Keeping) -> Eligibility:
    """What came of asking again, for a look-up that `begin_again` made pending."""
    answer = consulted.verdict
    known = context.lookups.get(answer.id)
    if known is None or known.state is not LookupState.PENDING:  # answered late or decided meanwhile
        return context.records.eligibility(answer.id) or answer
    state, raw = state_of(consulted), keeping.sealed_raw(consulted)
    is_open = state in (LookupState.PENDING, LookupState.FAILED)
    context.records.replace_eligibility(answer)
    context.lookups.put(
        replace(
            known,
            state=state,
            outcome=answer.outcome,
            code=answer.code,
            detail=consulted.detail,
            tries=known.tries + consulted.tries,
            reusable=consulted.reusable,
            answered_at=None if answer.pending else context.now,
            question=keeping.sealed_case(consulted) if is_open else None,
            raw=raw or known.raw,
            raw_until=known.raw_until if raw is None else context.now + keeping.raw_for,
        )
    )
    tell_tickets(context, answer)
    return answer


def decide_by_hand(context: WriteContext, ticket_id: str, outcome: OutcomeClass, staff: Staff) -> Eligibility:
    """Staff saw the card or spoke to the insurer: their class holds. Raises `Refusal`: `ticket.unknown`,
    `insurance.lookup_unknown`, `insurance.not_a_decision`."""
    if outcome not in HAND_DECISIONS:
        raise Refusal("insurance.not_a_decision", outcome=outcome.value)
    ticket = known_ticket(context, ticket_id)
    before = lookup_of(context, ticket)
    answer = context.records.eligibility(before.id)
    if answer is None:
        raise Refusal("insurance.lookup_unknown")
    rule = OUTCOME_RULES[outcome]
    decided = replace(
        answer,
        outcome=outcome,
        next_step=rule.next_step.value,
        coverage=rule.coverage.value,
        staff_action=rule.staff_action.value,
        lane=rule.lane,
        repair=None,
        pending=False,
    )
    after = replace(
        before,
        state=LookupState.DECIDED,
        outcome=outcome,
        answered_at=context.now,
        question=None,
        reusable=False,
        decided_by=staff.by,
        decided_reason=staff.reason,
    )
    context.records.replace_eligibility(decided)
    context.lookups.put(after)
    _audit(context, ticket, before, after, WorkAction.DECIDE, staff)
    tell_tickets(context, decided)
    return decided


def switch_downtime(context: WriteContext, until: datetime, staff: Staff) -> StoredDowntime:
    """The insurer announced to be away until `until`; a moment that is past ends what was switched on before."""
    downtime = StoredDowntime(set_at=context.now, until=until, by=staff.by, reason=staff.reason)
    context.lookups.add_downtime(downtime)
    return downtime


def tidy(context: WriteContext, keep_question: timedelta) -> tuple[str, ...]:
    """Purge what has had its time: personal data of look-ups whose day ended more than `keep_question` ago, raw answers
    past their date. The ids of look-ups that ended unanswered by it."""
    context.lookups.forget_raw(context.now)
    ended: list[str] = []
    for lookup in context.lookups.with_question_before(context.today):
        if context.now < _end_of(lookup.day, context) + keep_question:
            continue
        was_pending = lookup.state is LookupState.PENDING
        state = LookupState.EXPIRED if was_pending else lookup.state
        context.lookups.put(replace(lookup, question=None, state=state))
        answer = context.records.eligibility(lookup.id)
        if was_pending and answer is not None:
            context.records.replace_eligibility(replace(answer, pending=False))
            ended.append(lookup.id)
    return tuple(ended)


def insurance_report(context: ReadContext, first: date | None, last: date | None) -> InsuranceReport:
    """The days from `first` to `last`, today without them."""
    until = last or first or context.today
    since = first or until
    return report_of(
        context.lookups.counts(since, until),
        first_day=since,
        last_day=until,
        time_zone=str(context.site.time_zone),
        pending=context.lookups.count(since, until, LookupState.PENDING),
    )


def _end_of(day: date, context: ReadContext) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, context.site.time_zone)


def _item(context: ReadContext, lookup: StoredLookup, ticket: StoredTicket) -> WorkItem:
    answer = context.records.eligibility(lookup.id)
    rule = OUTCOME_RULES[lookup.outcome]
    return WorkItem(
        ticket=ticket.id,
        label=ticket.label,
        service=ticket.service,
        ticket_state=ticket.state,
        masked_name=ticket.masked_name,
        state=lookup.state,
        outcome=lookup.outcome,
        code=lookup.code,
        detail=lookup.detail,
        coverage=answer.coverage if answer else rule.coverage.value,
        staff_action=answer.staff_action if answer else rule.staff_action.value,
        repair=answer.repair.value if answer and answer.repair else None,
        kiosk=lookup.kiosk,
        asked_at=lookup.asked_at,
        age_s=max(0, round((context.now - lookup.asked_at).total_seconds())),
        tries=lookup.tries,
        decided_by=lookup.decided_by,
        decided_reason=lookup.decided_reason,
    )


def _audit(
    context: WriteContext,
    ticket: StoredTicket,
    before: StoredLookup,
    after: StoredLookup,
    action: WorkAction,
    staff: Staff,
) -> None:
    context.lookups.audit(
        at=context.now,
        lookup=before.id,
        ticket=ticket.id,
        action=action,
        counter=staff.counter,
        actor=staff.by,
        reason=staff.reason,
        before=f"{before.state.value} {before.outcome.value} {before.code or '-'}",
        after=f"{after.state.value} {after.outcome.value} {after.code or '-'}",
    )
