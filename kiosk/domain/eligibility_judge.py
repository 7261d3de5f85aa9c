"""Judges what an insurer answered: which card counts today, whether it is valid, whose route it is. Pure.

`OK` is given only for a known good code whose answer echoes the person asked about and whose dates cover today;
anything less certain goes to the counter. Rules: result table and date windows of CV 1923/BHXH-CNTT; grace after
expiry from NĐ 188/2025, art. 50 (secondary source), so it only ever sends to the counter.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

from kiosk.domain.eligibility import (
    Coverage,
    EligibilityQuestion,
    FacilityMatch,
    Lane,
    NextStep,
    OutcomeClass,
    RepairField,
    StaffAction,
)
from kiosk.domain.eligibility_codes import (
    CHILD_WITHOUT_CARD,
    OUTCOME_RULES,
    AskAgain,
    CodeRule,
    grace_on,
    rule_of,
    rules_on,
)
from kiosk.domain.identity.dates import agree, parse_birth
from kiosk.domain.identity.names import same_name

FORCES_PREFIXES = frozenset({"QN", "CA", "CY"})
"""Army, police and cipher cards: their insurers are not behind the portal, many hospitals skip the question."""

CHILD_YEARS = 6
"""Below this age a child is admitted without a card (Law on health insurance; NĐ 188/2025, art. 37)."""
_SOCIAL_NUMBER_LENGTH = 10
_CARD_LENGTH = 15


@dataclass(frozen=True, kw_only=True)
class AnsweredCard:
    """The fields of an insurer's answer that decide; any may be missing. `dates_readable` is false where a date was
    given that is none. Never printed: it holds the person's data."""

    code: str
    note: str | None = field(default=None, repr=False)
    card: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    birth: str | None = field(default=None, repr=False)
    social_number: str | None = field(default=None, repr=False)
    valid_from: date | None = None
    valid_to: date | None = None
    facility: str | None = None
    old_card: str | None = field(default=None, repr=False)
    new_card: str | None = field(default=None, repr=False)
    new_valid_from: date | None = None
    new_valid_to: date | None = None
    new_facility: str | None = None
    dates_readable: bool = True


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What an answer comes to today. `card` is the number that counts (full; mask it before it leaves the hub);
    `requery_card` is set when the same person should be asked about once more under the new card number."""

    outcome: OutcomeClass
    code: str | None
    next_step: NextStep
    coverage: Coverage
    staff_action: StaffAction
    card: str = field(repr=False)
    lane: Lane = Lane.COUNTER
    ask_again: AskAgain = AskAgain.NEVER
    repair: RepairField | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    facility_match: FacilityMatch = FacilityMatch.UNKNOWN
    requery_card: str | None = field(default=None, repr=False)

    @property
    def retry(self) -> bool:
        """Whether the hub goes on asking by itself."""
        return self.ask_again in (AskAgain.LATER, AskAgain.WHEN_MENDED)


def judge(
    answer: AnsweredCard,
    question: EligibilityQuestion,
    *,
    today: date,
    accepted_facilities: Collection[str],
    replaced: bool = False,
) -> Judgement:
    """Judges one answer by the rules of `today`. `replaced` says that `question` already carries the new number of a
    replaced card."""
    rule = rules_on(today).get(answer.code, OUTCOME_RULES[OutcomeClass.UNKNOWN])
    if rule.repair is RepairField.NUMBER and _is_small_child(question, today):
        rule = CHILD_WITHOUT_CARD
    base = replace(_from_rule(rule, question.card), code=answer.code)
    if rule.outcome is OutcomeClass.REQUERY:
        return _judged_replacement(base, answer, question, replaced=replaced)
    if rule.outcome is not OutcomeClass.OK:
        return replace(base, valid_from=answer.valid_from, valid_to=answer.valid_to)
    judged = _judged_window(_with_counting_card(base, answer, today), answer, question, today)
    judged = _judged_route(judged, answer, accepted_facilities)
    if replaced and judged.staff_action is StaffAction.NONE:
        return replace(judged, staff_action=StaffAction.CONFIRM_NEW_CARD)
    return judged


def judge_failure(
    outcome: OutcomeClass, question: EligibilityQuestion, *, today: date, code: str | None = None
) -> Judgement:
    """Judgement where no usable answer came: `outcome` says why."""
    return replace(_from_rule(rule_of(code, outcome, today), question.card), code=code)


def judge_unasked(question: EligibilityQuestion, *, skipped_prefixes: Collection[str]) -> Judgement | None:
    """Judgement of what need not or cannot be asked: forces' cards, or a name or birth date not given; else null."""
    if len(question.card) == _CARD_LENGTH and question.card[:2].upper() in skipped_prefixes:
        return _from_rule(OUTCOME_RULES[OutcomeClass.OK_MANUAL], question.card)
    if not question.name or not question.birth:
        rule = replace(OUTCOME_RULES[OutcomeClass.UNKNOWN], staff_action=StaffAction.CHECK_DOCUMENT)
        return _from_rule(rule, question.card)
    return None


def _from_rule(rule: CodeRule, card: str) -> Judgement:
    return Judgement(
        outcome=rule.outcome,
        code=None,
        next_step=rule.next_step,
        coverage=rule.coverage,
        staff_action=rule.staff_action,
        card=card,
        lane=rule.lane,
        ask_again=rule.ask_again,
        repair=rule.repair,
    )


def _is_small_child(question: EligibilityQuestion, today: date) -> bool:
    """True where even the earliest day of the birth date is less than six years ago."""
    birth = parse_birth(question.birth or "")
    if birth is None:
        return False
    born = (birth.year + CHILD_YEARS, birth.month or 1, birth.day or 1)
    return (today.year, today.month, today.day) < born and birth.year <= today.year


def _judged_replacement(
    base: Judgement, answer: AnsweredCard, question: EligibilityQuestion, *, replaced: bool
) -> Judgement:
    new_card = answer.new_card
    if new_card and new_card != question.card and not replaced:
        return replace(base, card=new_card, requery_card=new_card)
    return replace(
        base,
        card=new_card or base.card,
        outcome=OutcomeClass.OK_MANUAL,
        next_step=NextStep.SHOW_DOCUMENT_AT_COUNTER,
        ask_again=AskAgain.NEVER,
    )


def _with_counting_card(base: Judgement, answer: AnsweredCard, today: date) -> Judgement:
    """Card and window that count today: the new card once its window has begun, the old one until then."""
    new_counts = (
        answer.new_card is not None
        and answer.new_card != answer.card
        and answer.new_valid_from is not None
        and _covers(answer.new_valid_from, answer.new_valid_to, today)
    )
    if new_counts:
        return replace(
            base,
            card=answer.new_card or base.card,
            valid_from=answer.new_valid_from,
            valid_to=answer.new_valid_to,
            staff_action=StaffAction.CONFIRM_NEW_CARD,
        )
    return replace(base, card=answer.card or base.card, valid_from=answer.valid_from, valid_to=answer.valid_to)


def _covers(start: date, end: date | None, today: date) -> bool:
    return start <= today and (end is None or today <= end)


def _judged_window(judged: Judgement, answer: AnsweredCard, question: EligibilityQuestion, today: date) -> Judgement:
    if judged.valid_to is not None and today > judged.valid_to:
        return _expired(judged, within_grace=today - judged.valid_to <= grace_on(today))
    if judged.valid_from is not None and today < judged.valid_from:
        return _denied(judged, Coverage.NOT_YET_VALID)
    if judged.valid_from is None or not answer.dates_readable or not _echoes(answer, question):
        return _manual(judged)
    return judged


def _manual(judged: Judgement) -> Judgement:
    rule = OUTCOME_RULES[OutcomeClass.OK_MANUAL]
    return replace(
        judged,
        outcome=rule.outcome,
        lane=rule.lane,
        next_step=rule.next_step,
        coverage=rule.coverage,
        staff_action=rule.staff_action,
    )


def _denied(judged: Judgement, coverage: Coverage) -> Judgement:
    return replace(
        judged,
        outcome=OutcomeClass.DENY_CARD,
        lane=Lane.COUNTER,
        next_step=NextStep.COUNTER_OR_PAID_SERVICE,
        coverage=coverage,
        staff_action=StaffAction.ASK_RENEWED_CARD,
    )


def _expired(judged: Judgement, *, within_grace: bool) -> Judgement:
    denied = _denied(judged, Coverage.EXPIRED)
    if not within_grace:
        return denied
    return replace(denied, outcome=OutcomeClass.OK_MANUAL, next_step=NextStep.SHOW_DOCUMENT_AT_COUNTER)


def _echoes(answer: AnsweredCard, question: EligibilityQuestion) -> bool:
    """True where the answer speaks of the person asked about: name folded, birth as far as known, number."""
    asked_birth, told_birth = parse_birth(question.birth or ""), parse_birth(answer.birth or "")
    return (
        answer.name is not None
        and question.name is not None
        and same_name(answer.name, question.name)
        and asked_birth is not None
        and told_birth is not None
        and agree(asked_birth, told_birth)
        and _echoes_card(answer, question.card)
    )


def _echoes_card(answer: AnsweredCard, asked: str) -> bool:
    told = [card for card in (answer.card, answer.old_card, answer.new_card) if card]
    if len(asked) == _CARD_LENGTH:
        return asked in told
    if len(asked) == _SOCIAL_NUMBER_LENGTH:
        return asked == answer.social_number or any(card.endswith(asked) for card in told)
    return bool(told)  # a citizen number is asked for, a card number comes back


def _judged_route(judged: Judgement, answer: AnsweredCard, accepted_facilities: Collection[str]) -> Judgement:
    facility = answer.facility
    if judged.card == answer.new_card and answer.new_facility:
        facility = answer.new_facility
    match = facility_match(facility, accepted_facilities)
    judged = replace(judged, facility_match=match)
    if judged.outcome is not OutcomeClass.OK or match is FacilityMatch.HERE or not accepted_facilities:
        return judged
    if match is FacilityMatch.UNKNOWN:
        return replace(
            judged,
            lane=Lane.COUNTER,
            next_step=NextStep.CHECK_AT_COUNTER,
            staff_action=StaffAction.CHECK_REFERRAL,
        )
    return replace(
        judged,
        lane=Lane.COUNTER,
        next_step=NextStep.SHOW_REFERRAL_AT_COUNTER,
        coverage=Coverage.VALID_ELSEWHERE,
        staff_action=StaffAction.CHECK_REFERRAL,
    )


def facility_match(facility: str | None, accepted_facilities: Collection[str]) -> FacilityMatch:
    """Whether `facility` is one this hospital counts as its own; unknown where either side is silent."""
    if not facility or not accepted_facilities:
        return FacilityMatch.UNKNOWN
    return FacilityMatch.HERE if facility in accepted_facilities else FacilityMatch.ELSEWHERE
