"""The insurance portal's result codes as data: class, lane, the patient's next step and sentence, what staff do, and
whether asking again helps. Every row has the days it holds for and where it comes from, so that a changed rule is a new
row beside the old one and a look-up of last month is judged by last month's rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from kiosk.domain.eligibility import Coverage, Lane, NextStep, OutcomeClass, RepairField, StaffAction


class AskAgain(StrEnum):
    """Whether and when the same person is asked about once more."""

    NEVER = "never"
    WITH_NEW_NUMBER = "with_new_number"  # at once, under the card number the answer names
    WHEN_CORRECTED = "when_corrected"  # after the patient or staff changed the field in question
    LATER = "later"  # the hub by itself, after a pause that grows
    WHEN_MENDED = "when_mended"  # the hub by itself, rarely: IT has to mend the account first


@dataclass(frozen=True, kw_only=True)
class CodeRule:
    """What one result code means here. `repair` names the field the patient can correct."""

    outcome: OutcomeClass
    lane: Lane
    next_step: NextStep
    coverage: Coverage
    staff_action: StaffAction
    ask_again: AskAgain = AskAgain.NEVER
    repair: RepairField | None = None

    @property
    def retry(self) -> bool:
        """Whether the hub goes on asking by itself."""
        return self.ask_again in (AskAgain.LATER, AskAgain.WHEN_MENDED)


@dataclass(frozen=True, kw_only=True)
class CodeRow:
    """A code's rule on the days from `valid_from` to `valid_to` (open where null), and its `source`."""

    code: str
    rule: CodeRule
    source: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class GraceRow:
    """How long after its last day a card is looked at by eye instead of refused; same days and source as `CodeRow`."""

    grace: timedelta
    source: str
    valid_from: date


_VALID = CodeRule(
    outcome=OutcomeClass.OK,
    lane=Lane.INSURED,
    next_step=NextStep.WAIT_FOR_CALL,
    coverage=Coverage.VALID,
    staff_action=StaffAction.NONE,
)
_FORCES = CodeRule(
    outcome=OutcomeClass.OK_MANUAL,
    lane=Lane.COUNTER,
    next_step=NextStep.SHOW_DOCUMENT_AT_COUNTER,
    coverage=Coverage.SHOW_DOCUMENT,
    staff_action=StaffAction.CHECK_DOCUMENT,
)
_REPLACED = CodeRule(
    outcome=OutcomeClass.REQUERY,
    lane=Lane.COUNTER,
    next_step=NextStep.CHECK_AT_COUNTER,
    coverage=Coverage.NEW_CARD,
    staff_action=StaffAction.CONFIRM_NEW_CARD,
    ask_again=AskAgain.WITH_NEW_NUMBER,
)
_WRONG_NUMBER = CodeRule(
    outcome=OutcomeClass.FIX_INPUT,
    lane=Lane.COUNTER,
    next_step=NextStep.CORRECT_DETAILS_AT_COUNTER,
    coverage=Coverage.NUMBER_NOT_FOUND,
    staff_action=StaffAction.TRY_OTHER_NUMBER,
    ask_again=AskAgain.WHEN_CORRECTED,
    repair=RepairField.NUMBER,
)
_WRONG_NAME = CodeRule(
    outcome=OutcomeClass.FIX_INPUT,
    lane=Lane.COUNTER,
    next_step=NextStep.CORRECT_DETAILS_AT_COUNTER,
    coverage=Coverage.NAME_DIFFERS,
    staff_action=StaffAction.CORRECT_NAME,
    ask_again=AskAgain.WHEN_CORRECTED,
    repair=RepairField.NAME,
)
_WRONG_BIRTH = CodeRule(
    outcome=OutcomeClass.FIX_INPUT,
    lane=Lane.COUNTER,
    next_step=NextStep.CORRECT_DETAILS_AT_COUNTER,
    coverage=Coverage.BIRTH_DIFFERS,
    staff_action=StaffAction.CORRECT_BIRTH,
    ask_again=AskAgain.WHEN_CORRECTED,
    repair=RepairField.BIRTH,
)


def _denied(coverage: Coverage, staff_action: StaffAction) -> CodeRule:
    return CodeRule(
        outcome=OutcomeClass.DENY_CARD,
        lane=Lane.COUNTER,
        next_step=NextStep.COUNTER_OR_PAID_SERVICE,
        coverage=coverage,
        staff_action=staff_action,
    )


def _unanswered(outcome: OutcomeClass, staff_action: StaffAction, *, ask_again: AskAgain = AskAgain.NEVER) -> CodeRule:
    return CodeRule(
        outcome=outcome,
        lane=Lane.COUNTER,
        next_step=NextStep.CHECK_AT_COUNTER,
        coverage=Coverage.STILL_CHECKING if ask_again is AskAgain.LATER else Coverage.CHECKED_AT_COUNTER,
        staff_action=staff_action,
        ask_again=ask_again,
    )


_PORTAL_ERROR = _unanswered(OutcomeClass.PORTAL_ERR, StaffAction.ASK_AGAIN, ask_again=AskAgain.LATER)
_OFFICER = _unanswered(OutcomeClass.CONFIG, StaffAction.REGISTER_OFFICER, ask_again=AskAgain.WHEN_MENDED)
_ACCOUNT = _unanswered(OutcomeClass.AUTH, StaffAction.CHECK_ACCOUNT, ask_again=AskAgain.WHEN_MENDED)
_OUR_MISTAKE = _unanswered(OutcomeClass.BUG, StaffAction.TELL_IT)
_UNCLEAR = _unanswered(OutcomeClass.UNKNOWN, StaffAction.READ_NOTE)

CHILD_WITHOUT_CARD = CodeRule(
    outcome=OutcomeClass.OK_MANUAL,
    lane=Lane.CHILD,
    next_step=NextStep.CHILD_PAPERS_AT_COUNTER,
    coverage=Coverage.CHILD,
    staff_action=StaffAction.CHILD_TEMPORARY_NUMBER,
)

_CV_1923 = "CV 1923/BHXH-CNTT, 20/06/2024: result table"
_ONE_CLIENT = "seen in a single public client; ends at the counter unless the answer's own dates prove more"

CODE_ROWS = (
    CodeRow(code="000", rule=_VALID, source=_CV_1923),
    CodeRow(code="001", rule=_FORCES, source=_CV_1923),
    CodeRow(code="002", rule=_FORCES, source=_CV_1923),
    CodeRow(code="003", rule=_REPLACED, source=_CV_1923),
    CodeRow(code="003.1", rule=_REPLACED, source=_ONE_CLIENT),
    CodeRow(code="004", rule=_VALID, source=_CV_1923),
    CodeRow(code="010", rule=_denied(Coverage.EXPIRED, StaffAction.ASK_RENEWED_CARD), source=_CV_1923),
    CodeRow(code="050", rule=_WRONG_NUMBER, source=_CV_1923),
    CodeRow(code="051", rule=_WRONG_NUMBER, source=_CV_1923),
    CodeRow(code="052", rule=_WRONG_NUMBER, source=_CV_1923),
    CodeRow(code="053", rule=_WRONG_NUMBER, source=_CV_1923),
    CodeRow(code="054", rule=_OFFICER, source=_CV_1923),
    CodeRow(code="055", rule=_OFFICER, source=_CV_1923),
    CodeRow(code="060", rule=_WRONG_NAME, source=_CV_1923),
    CodeRow(code="061", rule=_WRONG_NAME, source=_CV_1923),
    CodeRow(code="070", rule=_WRONG_BIRTH, source=_CV_1923),
    CodeRow(code="080", rule=_UNCLEAR, source=_ONE_CLIENT),
    CodeRow(code="090", rule=_UNCLEAR, source=_ONE_CLIENT),
    CodeRow(code="100", rule=_PORTAL_ERROR, source=_CV_1923),
    CodeRow(code="101", rule=_PORTAL_ERROR, source=_CV_1923),
    CodeRow(code="110", rule=_denied(Coverage.CARD_ENDED, StaffAction.CONTACT_INSURER), source=_CV_1923),
    CodeRow(code="120", rule=_denied(Coverage.CARD_ENDED, StaffAction.CONTACT_INSURER), source=_CV_1923),
    CodeRow(code="121", rule=_denied(Coverage.CARD_ENDED, StaffAction.ASK_NEW_CARD), source=_CV_1923),
    CodeRow(code="122", rule=_denied(Coverage.CARD_ENDED, StaffAction.ASK_NEW_CARD), source=_CV_1923),
    CodeRow(code="123", rule=_denied(Coverage.CARD_ENDED, StaffAction.ASK_NEW_CARD), source=_CV_1923),
    CodeRow(code="124", rule=_denied(Coverage.CARD_ENDED, StaffAction.CONTACT_INSURER), source=_CV_1923),
    CodeRow(code="130", rule=CHILD_WITHOUT_CARD, source=_CV_1923),
    CodeRow(code="205", rule=_OUR_MISTAKE, source=_CV_1923),
    CodeRow(code="401", rule=_ACCOUNT, source=_CV_1923),
    CodeRow(code="403", rule=_ACCOUNT, source=_CV_1923),
    CodeRow(code="500", rule=_PORTAL_ERROR, source=_CV_1923),
    CodeRow(code="501", rule=_ACCOUNT, source=_ONE_CLIENT),
)
"""Every known `maKetQua` of a look-up. A rule that changes gets `valid_to`, and a new row with `valid_from`."""

GRACE_ROWS = (
    GraceRow(
        grace=timedelta(days=15), valid_from=date(2025, 8, 15), source="NĐ 188/2025/NĐ-CP, art. 50 (secondary source)"
    ),
)
"""Newest last. It only ever sends to the counter."""

OUTCOME_RULES: Mapping[OutcomeClass, CodeRule] = MappingProxyType(
    {
        OutcomeClass.OK: _VALID,
        OutcomeClass.OK_MANUAL: _FORCES,
        OutcomeClass.REQUERY: _REPLACED,
        OutcomeClass.FIX_INPUT: _WRONG_NUMBER,
        OutcomeClass.DENY_CARD: _denied(Coverage.CARD_ENDED, StaffAction.CONTACT_INSURER),
        OutcomeClass.CONFIG: _unanswered(
            OutcomeClass.CONFIG, StaffAction.CHECK_ACCOUNT, ask_again=AskAgain.WHEN_MENDED
        ),
        OutcomeClass.AUTH: _ACCOUNT,
        OutcomeClass.PORTAL_ERR: _PORTAL_ERROR,
        OutcomeClass.BUG: _OUR_MISTAKE,
        OutcomeClass.UNKNOWN: _UNCLEAR,
        OutcomeClass.TIMEOUT: _unanswered(OutcomeClass.TIMEOUT, StaffAction.ASK_AGAIN, ask_again=AskAgain.LATER),
    }
)
"""What follows from a class where no result code says more (no answer, an unknown code)."""


@lru_cache(maxsize=8)  # a hub asks for today again and again
def rules_on(day: date) -> Mapping[str, CodeRule]:
    """The rule of each known code on a day."""
    return MappingProxyType({row.code: row.rule for row in CODE_ROWS if row.holds_on(day)})


def grace_on(day: date) -> timedelta:
    """How long after its last day a card still goes to the counter instead of being refused."""
    holding = [row.grace for row in GRACE_ROWS if row.valid_from <= day]
    return holding[-1] if holding else timedelta(0)


def rule_of(code: str | None, outcome: OutcomeClass, day: date) -> CodeRule:
    """Rule of a result code on a day; for an unknown code, none, or one of another class, that of `outcome`."""
    rule = rules_on(day).get(code or "")
    return rule if rule is not None and rule.outcome is outcome else OUTCOME_RULES[outcome]
