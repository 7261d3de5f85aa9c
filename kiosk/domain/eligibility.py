"""Insurance cover as the queue needs it: the outcome class of a look-up and what follows for the patient.

Codes and classes: the portal's result table (facts of CV 1923/BHXH-CNTT and its successors). Every class still
yields a ticket: NĐ 188/2025, art. 38 — a facility admits also when the look-up fails; only the lane changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class OutcomeClass(StrEnum):
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


class FacilityMatch(StrEnum):
    """Whether the card's registered facility (`maDKBD`) is in this hospital's accepted list."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class EligibilityQuestion:
    """Who is asked about. `card` has 10, 12 or 15 characters; name as registered with diacritics or null;
    `birth` is `dd/MM/yyyy`, `MM/yyyy` or `yyyy`, or null. Lives only while the question is answered."""

    card: str
    name: str | None
    birth: str | None


@dataclass(frozen=True, kw_only=True)
class Eligibility:
    """The small verdict a kiosk gets (`POST /v1/eligibility`): nothing in it but what the ticket needs.

    `code` is the portal's `maKetQua` or null when there was no answer; `patient_ref` is the hub's keyed hash of the
    identity number; `id` names the stored answer so that a ticket can refer to it; `next_step` is a catalogue key.
    `pending` says the hub goes on asking and the counter will see the late answer.
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
