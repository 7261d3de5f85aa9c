"""How insurance look-ups went on some days: counts by outcome, code, hour, kiosk and latency. Nothing personal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kiosk.domain.eligibility import OutcomeClass

PROVINCE_HIT_PERCENT = 76.7
"""Quảng Ninh, 2023: 743,620 of 969,806 look-ups by citizen card succeeded; what a hospital compares itself with."""

HITS = frozenset({OutcomeClass.OK, OutcomeClass.OK_MANUAL, OutcomeClass.REQUERY})
"""Outcomes in which the insurer knew the card and did not refuse it."""


class LookupKind(StrEnum):
    """Why a kiosk's question counts as it does."""

    FIRST = "first"
    REUSED = "reused"  # answered with what the hub already knew today
    REPAIRED = "repaired"  # the patient corrected a field
    UNASKED = "unasked"  # forces' cards, or a name or birth date not given


@dataclass(frozen=True, kw_only=True)
class LookupCount:
    """One cell of the count: look-ups of an hour (its beginning, UTC) that ended the same way. `late` of them came
    after the patient had gone on; latency runs from the question to the final answer."""

    hour: datetime
    kiosk: str
    kind: LookupKind
    outcome: OutcomeClass
    code: str
    lookups: int
    late: int
    latency_ms_sum: int
    latency_ms_max: int


@dataclass(frozen=True, kw_only=True)
class InsuranceReport:
    """`GET /v1/reports/insurance`. `hit_percent` is over the first look-ups that have ended (null without any);
    `pending` still wait."""

    first_day: date
    last_day: date
    time_zone: str
    lookups: int
    hits: int
    hit_percent: float | None
    province_hit_percent: float
    pending: int
    counts: tuple[LookupCount, ...]


def report_of(
    counts: Iterable[LookupCount], *, first_day: date, last_day: date, time_zone: str, pending: int
) -> InsuranceReport:
    """The report over `counts`. Only questions that reached the insurer for the first time make the hit rate: a reused
    answer would count a person twice, a repaired one would hide the failure before it."""
    kept = tuple(counts)
    first = [count for count in kept if count.kind is LookupKind.FIRST]
    total = sum(count.lookups for count in first)
    hits = sum(count.lookups for count in first if count.outcome in HITS)
    return InsuranceReport(
        first_day=first_day,
        last_day=last_day,
        time_zone=time_zone,
        lookups=total,
        hits=hits,
        hit_percent=round(100 * hits / total, 1) if total else None,
        province_hit_percent=PROVINCE_HIT_PERCENT,
        pending=pending,
        counts=kept,
    )
