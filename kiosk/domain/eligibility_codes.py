"""The insurance portal's result codes as data: class, the patient's next step and sentence, what staff do.

Source: result table of CV 1923/BHXH-CNTT (20/06/2024) and public clients; 003.1, 080, 090 and 501 are seen in single
clients only and therefore end at the counter unless the answer's own dates prove more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.domain.eligibility import Coverage, NextStep, OutcomeClass, RepairField, StaffAction


@dataclass(frozen=True, kw_only=True)
class CodeRule:
    """What one result code means here. `repair` names the field the patient can correct, `retry` says that asking
    the same again later can help."""

    outcome: OutcomeClass
    next_step: NextStep
    coverage: Coverage
    staff_action: StaffAction
    repair: RepairField | None = None
    retry: bool = False


_VALID = CodeRule(
    outcome=OutcomeClass.OK,
    next_step=NextStep.WAIT_FOR_CALL,
    coverage=Coverage.VALID,
    staff_action=StaffAction.NONE,
)
_FORCES = CodeRule(
    outcome=OutcomeClass.OK_MANUAL,
    next_step=NextStep.SHOW_DOCUMENT_AT_COUNTER,
    coverage=Coverage.SHOW_DOCUMENT,
    staff_action=StaffAction.CHECK_DOCUMENT,
)
_REPLACED = CodeRule(
    outcome=OutcomeClass.REQUERY,
    next_step=NextStep.CHECK_AT_COUNTER,
    coverage=Coverage.NEW_CARD,
    staff_action=StaffAction.CONFIRM_NEW_CARD,
)
_WRONG_NUMBER = CodeRule(
    outcome=OutcomeClass.FIX_INPUT,
    next_step=NextStep.CORRECT_DETAILS_AT_COUNTER,
    coverage=Coverage.NUMBER_NOT_FOUND,
    staff_action=StaffAction.TRY_OTHER_NUMBER,
    repair=RepairField.NUMBER,
)
_WRONG_NAME = CodeRule(
    outcome=OutcomeClass.FIX_INPUT,
    next_step=NextStep.CORRECT_DETAILS_AT_COUNTER,
    coverage=Coverage.NAME_DIFFERS,
    staff_action=StaffAction.CORRECT_NAME,
    repair=RepairField.NAME,
)
_WRONG_BIRTH = CodeRule(
    outcome=OutcomeClass.FIX_INPUT,
    next_step=NextStep.CORRECT_DETAILS_AT_COUNTER,
    coverage=Coverage.BIRTH_DIFFERS,
    staff_action=StaffAction.CORRECT_BIRTH,
    repair=RepairField.BIRTH,
)


def _denied(coverage: Coverage, staff_action: StaffAction) -> CodeRule:
    return CodeRule(
        outcome=OutcomeClass.DENY_CARD,
        next_step=NextStep.COUNTER_OR_PAID_SERVICE,
        coverage=coverage,
        staff_action=staff_action,
    )


def _unanswered(outcome: OutcomeClass, staff_action: StaffAction, *, retry: bool = False) -> CodeRule:
    return CodeRule(
        outcome=outcome,
        next_step=NextStep.CHECK_AT_COUNTER,
        coverage=Coverage.STILL_CHECKING if retry else Coverage.CHECKED_AT_COUNTER,
        staff_action=staff_action,
        retry=retry,
    )


_PORTAL_ERROR = _unanswered(OutcomeClass.PORTAL_ERR, StaffAction.ASK_AGAIN, retry=True)
_OFFICER = _unanswered(OutcomeClass.CONFIG, StaffAction.REGISTER_OFFICER)
_ACCOUNT = _unanswered(OutcomeClass.AUTH, StaffAction.CHECK_ACCOUNT)
_UNCLEAR = _unanswered(OutcomeClass.UNKNOWN, StaffAction.READ_NOTE)

CHILD_WITHOUT_CARD = CodeRule(
    outcome=OutcomeClass.OK_MANUAL,
    next_step=NextStep.CHILD_PAPERS_AT_COUNTER,
    coverage=Coverage.CHILD,
    staff_action=StaffAction.CHILD_TEMPORARY_NUMBER,
)

PORTAL_CODES: Mapping[str, CodeRule] = MappingProxyType(
    {
        "000": _VALID,
        "001": _FORCES,
        "002": _FORCES,
        "003": _REPLACED,
        "003.1": _REPLACED,
        "004": _VALID,
        "010": _denied(Coverage.EXPIRED, StaffAction.ASK_RENEWED_CARD),
        "050": _WRONG_NUMBER,
        "051": _WRONG_NUMBER,
        "052": _WRONG_NUMBER,
        "053": _WRONG_NUMBER,
        "054": _OFFICER,
        "055": _OFFICER,
        "060": _WRONG_NAME,
        "061": _WRONG_NAME,
        "070": _WRONG_BIRTH,
        "080": _UNCLEAR,
        "090": _UNCLEAR,
        "100": _PORTAL_ERROR,
        "101": _PORTAL_ERROR,
        "110": _denied(Coverage.CARD_ENDED, StaffAction.CONTACT_INSURER),
        "120": _denied(Coverage.CARD_ENDED, StaffAction.CONTACT_INSURER),
        "121": _denied(Coverage.CARD_ENDED, StaffAction.ASK_NEW_CARD),
        "122": _denied(Coverage.CARD_ENDED, StaffAction.ASK_NEW_CARD),
        "123": _denied(Coverage.CARD_ENDED, StaffAction.ASK_NEW_CARD),
        "124": _denied(Coverage.CARD_ENDED, StaffAction.CONTACT_INSURER),
        "130": CHILD_WITHOUT_CARD,
        "205": _unanswered(OutcomeClass.BUG, StaffAction.TELL_IT),
        "401": _ACCOUNT,
        "403": _ACCOUNT,
        "500": _PORTAL_ERROR,
        "501": _ACCOUNT,  # "Token không đúng", seen in one public client
    }
)
"""Every known `maKetQua` of a look-up."""

OUTCOME_RULES: Mapping[OutcomeClass, CodeRule] = MappingProxyType(
    {
        OutcomeClass.OK: _VALID,
        OutcomeClass.OK_MANUAL: _FORCES,
        OutcomeClass.REQUERY: _REPLACED,
        OutcomeClass.FIX_INPUT: _WRONG_NUMBER,
        OutcomeClass.DENY_CARD: _denied(Coverage.CARD_ENDED, StaffAction.CONTACT_INSURER),
        OutcomeClass.CONFIG: _unanswered(OutcomeClass.CONFIG, StaffAction.CHECK_ACCOUNT),
        OutcomeClass.AUTH: _ACCOUNT,
        OutcomeClass.PORTAL_ERR: _PORTAL_ERROR,
        OutcomeClass.BUG: _unanswered(OutcomeClass.BUG, StaffAction.TELL_IT),
        OutcomeClass.UNKNOWN: _UNCLEAR,
        OutcomeClass.TIMEOUT: _unanswered(OutcomeClass.TIMEOUT, StaffAction.ASK_AGAIN, retry=True),
    }
)
"""What follows from a class where no result code says more (no answer, an unknown code)."""


def rule_of(code: str | None, outcome: OutcomeClass = OutcomeClass.UNKNOWN) -> CodeRule:
    """Rule of a result code; for an unknown code or none that of `outcome`."""
    if code is not None and code in PORTAL_CODES:
        return PORTAL_CODES[code]
    return OUTCOME_RULES[outcome]
