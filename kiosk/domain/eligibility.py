"""Insurance cover as the queue needs it: the outcome class of a look-up and what follows for the patient.

Codes and classes: the portal's result table (facts of CV 1923/BHXH-CNTT and its successors). Every class still
yields a ticket: NĐ 188/2025, art. 38 — a facility admits also when the look-up fails; only the lane changes.
The table of codes stands in `eligibility_codes`, the judgement of an answer in `eligibility_judge`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class OutcomeClass(StrEnum):
    """What a look-up came to. The catalogue has `outcome.<value>`, the short word staff see in lists."""

    OK = "ok"
    OK_MANUAL = "ok_manual"
    REQUERY = "requery"
    FIX_INPUT = "fix_input"
    DENY_CARD = "deny_card"
    CONFIG = "config"
    AUTH = "auth"
    PORTAL_ERR = "portal_err"
    BUG = "bug"
    UNKNOWN = "unknown"
    TIMEOUT = "timeout"


class NextStep(StrEnum):
    """Everything a ticket can tell a patient to do next: a closed set of catalogue keys."""

    WAIT_FOR_CALL = "next_step.wait_for_call"
    CHECK_AT_COUNTER = "next_step.check_at_counter"
    SHOW_DOCUMENT_AT_COUNTER = "next_step.show_document_at_counter"
    SHOW_REFERRAL_AT_COUNTER = "next_step.show_referral_at_counter"
    CORRECT_DETAILS_AT_COUNTER = "next_step.correct_details_at_counter"
    CHILD_PAPERS_AT_COUNTER = "next_step.child_papers_at_counter"
    COUNTER_OR_PAID_SERVICE = "next_step.counter_or_paid_service"
    GO_TO_RECEPTION = "next_step.go_to_reception"
    CHOOSE_OTHER_SERVICE = "next_step.choose_other_service"


class Lane(StrEnum):
    """Which way through reception an outcome leads. Every lane has a ticket; none of them promises money."""

    INSURED = "insured"  # called and served as insured, nothing left to check
    COUNTER = "counter"  # reception looks at it when the number is called
    CHILD = "child"  # a child under 6 without a card: admitted on birth papers


class Coverage(StrEnum):
    """The patient's sentence about the insurance card: catalogue keys. None of them promises money."""

    VALID = "coverage.valid"
    VALID_ELSEWHERE = "coverage.valid_elsewhere"
    NEW_CARD = "coverage.new_card"
    SHOW_DOCUMENT = "coverage.show_document"
    CHILD = "coverage.child"
    EXPIRED = "coverage.expired"
    NOT_YET_VALID = "coverage.not_yet_valid"
    CARD_ENDED = "coverage.card_ended"
    NUMBER_NOT_FOUND = "coverage.number_not_found"
    NAME_DIFFERS = "coverage.name_differs"
    BIRTH_DIFFERS = "coverage.birth_differs"
    STILL_CHECKING = "coverage.still_checking"
    CHECKED_AT_COUNTER = "coverage.checked_at_counter"


class StaffAction(StrEnum):
    """What reception (or IT) does about an outcome: catalogue keys."""

    NONE = "staff_action.none"
    CHECK_DOCUMENT = "staff_action.check_document"
    CONFIRM_NEW_CARD = "staff_action.confirm_new_card"
    CHECK_REFERRAL = "staff_action.check_referral"
    ASK_RENEWED_CARD = "staff_action.ask_renewed_card"
    ASK_NEW_CARD = "staff_action.ask_new_card"
    CONTACT_INSURER = "staff_action.contact_insurer"
    TRY_OTHER_NUMBER = "staff_action.try_other_number"
    CORRECT_NAME = "staff_action.correct_name"
    CORRECT_BIRTH = "staff_action.correct_birth"
    CHILD_TEMPORARY_NUMBER = "staff_action.child_temporary_number"
    ASK_AGAIN = "staff_action.ask_again"
    REGISTER_OFFICER = "staff_action.register_officer"
    CHECK_ACCOUNT = "staff_action.check_account"
    TELL_IT = "staff_action.tell_it"
    READ_NOTE = "staff_action.read_note"


class RepairField(StrEnum):
    """What the patient gave that the insurer does not know like this; the kiosk may offer it once more."""

    NUMBER = "number"
    NAME = "name"
    BIRTH = "birth"


class FacilityMatch(StrEnum):
    """Whether the card's registered facility (`maDKBD`) is in this hospital's accepted list."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class EligibilityQuestion:
    """Who is asked about. `card` has 10, 12 or 15 characters; name as registered with diacritics or null;
    `birth` is `dd/MM/yyyy`, `MM/yyyy` or `yyyy`, or null. Lives only while the question is answered."""

    card: str = field(repr=False)
    name: str | None = field(repr=False)
    birth: str | None = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Eligibility:
    """The small verdict a kiosk gets (`POST /v1/eligibility`): nothing in it but what the ticket needs.

    `code` is the portal's `maKetQua` or null when there was no answer; `patient_ref` is the hub's keyed hash of the
    identity number; `id` names the stored answer so that a ticket can refer to it; `next_step` is a catalogue key
    (one of `NextStep`), `coverage` too (one of `Coverage`). `repair` names the field a second try could correct.
    `pending` says the hub goes on asking and the counter will see the late answer. `lane` is the way through reception.
    """

    id: str
    patient_ref: str
    outcome: OutcomeClass
    code: str | None
    valid_from: date | None
    valid_to: date | None
    facility_match: FacilityMatch
    card_masked: str
    next_step: str
    pending: bool
    coverage: str = Coverage.CHECKED_AT_COUNTER.value
    staff_action: str = StaffAction.NONE.value
    repair: RepairField | None = None
    lane: Lane = Lane.COUNTER
