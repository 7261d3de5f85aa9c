"""What one question of a kiosk came to, with what the hub keeps of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion
from kiosk.domain.eligibility_judge import Judgement
from kiosk.domain.identity.values import masked_number
from kiosk.domain.insurance_work import ToldRecord


@dataclass(frozen=True, kw_only=True)
class Consulted:
    """The verdict a kiosk is told, and beside it: the question and its `key` (a keyed hash of question and day), a
    technical `detail` of a failure, the insurer's `note`, what its record of the card says (`told`), its answer as
    received (`raw`) and the questions sent so far (`tries`). `reused`: the insurer was not asked, the hub knew;
    `reusable`: a definite answer, good for the day."""

    verdict: Eligibility
    question: EligibilityQuestion = field(repr=False)
    key: str
    detail: str = ""
    note: str | None = field(default=None, repr=False)
    told: ToldRecord | None = field(default=None, repr=False)
    raw: bytes = field(default=b"", repr=False)
    tries: int = 0
    reused: bool = False
    reusable: bool = False

    def under(self, verdict_id: str) -> Consulted:
        """The same for a caller who knows the question under another id."""
        if verdict_id == self.verdict.id:
            return self
        return replace(self, verdict=replace(self.verdict, id=verdict_id))


def verdict_of(judged: Judgement, *, verdict_id: str, patient_ref: str, pending: bool) -> Eligibility:
    """The small verdict of a judgement: the card number leaves the hub masked."""
    return Eligibility(
        id=verdict_id,
        patient_ref=patient_ref,
        outcome=judged.outcome,
        code=judged.code,
        valid_from=judged.valid_from,
        valid_to=judged.valid_to,
        facility_match=judged.facility_match,
        card_masked=masked_number(judged.card),
        next_step=judged.next_step.value,
        pending=pending,
        coverage=judged.coverage.value,
        staff_action=judged.staff_action.value,
        repair=judged.repair,
        lane=judged.lane,
    )
