"""Where the patient goes with the ticket, and what staff are told to look at: from what the visit knows."""

from __future__ import annotations

from kiosk.domain.eligibility import Coverage, NextStep
from kiosk.domain.identity.values import Assurance, Identity
from kiosk.domain.visit.state import Claim, Visit

COVERAGE_NONE = "ticket.without_insurance"

_NEXT_STEP_OF_CLAIM = {
    Claim.NO_CARD: NextStep.SHOW_DOCUMENT_AT_COUNTER,
    Claim.CHILD_UNDER_SIX: NextStep.CHILD_PAPERS_AT_COUNTER,
    Claim.WITHOUT_INSURANCE: NextStep.WAIT_FOR_CALL,
}
_COVERAGE_OF_CLAIM = {
    Claim.NO_CARD: Coverage.CHECKED_AT_COUNTER.value,
    Claim.CHILD_UNDER_SIX: Coverage.CHILD.value,
    Claim.WITHOUT_INSURANCE: COVERAGE_NONE,
}
_FLAG_OF_CLAIM = {
    Claim.NO_CARD: "flag.no_document",
    Claim.CHILD_UNDER_SIX: "flag.child_under_six",
    Claim.WITHOUT_INSURANCE: "flag.without_insurance",
}


def next_step_of(visit: Visit) -> str:
    """Catalogue key of what the patient does next.

    A claim decides first, then a chip that staff should look at; then anything unknown (skipped, unanswered, still
    being asked) is checked at the counter; only a full answer may send elsewhere (NĐ 188/2025, art. 38: the ticket is
    given in every case).
    """
    if visit.claim is not None:
        return _NEXT_STEP_OF_CLAIM[visit.claim].value
    if visit.chip.flag is not None:
        return NextStep.SHOW_DOCUMENT_AT_COUNTER.value
    if visit.eligibility is None or visit.eligibility.pending or skipped(visit.identity):
        return NextStep.CHECK_AT_COUNTER.value
    return visit.eligibility.next_step


def coverage_of(visit: Visit) -> str:
    """Catalogue key of what the slip says of insurance; without an answer: it is checked at the counter."""
    if visit.claim is not None:
        return _COVERAGE_OF_CLAIM[visit.claim]
    if visit.eligibility is None or skipped(visit.identity):
        return Coverage.CHECKED_AT_COUNTER.value
    return visit.eligibility.coverage


def skipped(identity: Identity | None) -> tuple[str, ...]:
    """Flags for what a patient without a read card left out."""
    if identity is None:
        return ()
    flags: list[str] = []
    if identity.birth is None:
        flags.append("flag.birth_skipped")
    if identity.name is None:
        flags.append("flag.name_skipped")
    return tuple(flags)


def flags_of(visit: Visit) -> tuple[str, ...]:
    """Catalogue keys of what staff should look at, in the order they should."""
    if visit.claim is not None:
        return (_FLAG_OF_CLAIM[visit.claim],)
    identity = visit.identity
    if identity is None:
        return ()
    if visit.chip.flag is not None:
        typed: tuple[str, ...] = (visit.chip.flag,)
    else:
        typed = ("flag.number_typed",) if identity.assurance is Assurance.TYPED else ()
    unasked = ("flag.insurance_unanswered",) if visit.eligibility is None else ()
    corrected = () if visit.corrected is None else (f"flag.{visit.corrected.value}_corrected",)
    return (*typed, *corrected, *skipped(identity), *unasked, *identity.warnings)
