"""What reception works off of insurance look-ups, and how the insurer's source is doing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kiosk.domain.eligibility import OutcomeClass
from kiosk.domain.localized import LocalizedText
from kiosk.domain.ticket import TicketState


class LookupState(StrEnum):
    """Where one look-up stands."""

    PENDING = "pending"  # the hub goes on asking by itself
    ANSWERED = "answered"  # nothing left to do but what the ticket says
    FAILED = "failed"  # ended, and reception has to do something about it
    DECIDED = "decided"  # staff decided by hand
    EXPIRED = "expired"  # the day ended without an answer


class WorkAction(StrEnum):
    """What staff do about one look-up; kept in the audit trail."""

    RETRY = "insurance_retry"
    CORRECT = "insurance_correct"
    DECIDE = "insurance_decide"


NEEDS_NOBODY = frozenset({OutcomeClass.OK, OutcomeClass.OK_MANUAL})
"""Outcomes after which the ticket itself says all that is left to do."""

HAND_DECISIONS = frozenset({OutcomeClass.OK, OutcomeClass.OK_MANUAL, OutcomeClass.DENY_CARD, OutcomeClass.UNKNOWN})
"""Classes staff can decide for by hand; the others say why a source did not answer."""


_AT_COUNTER = frozenset({TicketState.CALLED, TicketState.SERVING})


@dataclass(frozen=True, kw_only=True)
class WorkItem:
    """One live ticket whose insurance look-up is pending or has failed. Nothing personal but the masked name.

    `detail` is a technical code (`portal.read_timeout`), `code` the insurer's; `age_s` counts from the question;
    `tries` are the questions sent so far. `repair`, `coverage` and `staff_action` are as in `Eligibility`.
    """

    ticket: str
    label: str
    service: str
    ticket_state: TicketState
    masked_name: str | None
    state: LookupState
    outcome: OutcomeClass
    code: str | None
    detail: str
    coverage: str
    staff_action: str
    repair: str | None
    kiosk: str | None
    asked_at: datetime
    age_s: int
    tries: int
    decided_by: str | None = None
    decided_reason: str | None = None


def most_urgent_work(items: Iterable[WorkItem]) -> tuple[WorkItem, ...]:
    """Whoever stands at a counter first, then what has failed (nobody but staff goes on with it), then what the hub
    still asks about; the longest waiting first among each."""
    return tuple(
        sorted(
            items,
            key=lambda item: (
                item.ticket_state not in _AT_COUNTER,
                item.state is not LookupState.FAILED,
                item.asked_at,
                item.label,
            ),
        )
    )


@dataclass(frozen=True, kw_only=True)
class SentQuestion:
    """What was sent to the insurer, for the staff member who compares it with the card in hand."""

    card: str = field(repr=False)
    name: str | None = field(repr=False)
    birth: str | None = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ToldRecord:
    """Who the insurer's record of a card says its holder is; any field may be missing."""

    card: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    birth: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class WorkDetail:
    """A work item with what was sent (null once it is purged), what the insurer's record of that card says where the
    answer told it, and the insurer's own note."""

    item: WorkItem
    sent: SentQuestion | None
    note: str | None = field(repr=False)
    told: ToldRecord | None = None


class SourceState(StrEnum):
    """How the insurer's source is doing. The catalogue has `insurance.health.<value>` and `insurance.cure.<value>`."""

    NOT_ASKED = "not_asked"
    WORKS = "works"
    NOT_CONFIGURED = "not_configured"
    SETTINGS_WRONG = "settings_wrong"
    REFUSED = "refused"
    NO_RIGHT = "no_right"
    OFFICER_UNKNOWN = "officer_unknown"
    NO_CONNECTION = "no_connection"
    NAME_UNKNOWN = "name_unknown"
    TLS = "tls"
    PROXY = "proxy"
    SILENT = "silent"
    QUOTA = "quota"
    TROUBLED = "troubled"
    PLANNED_DOWNTIME = "planned_downtime"


FINE = frozenset({SourceState.NOT_ASKED, SourceState.WORKS, SourceState.PLANNED_DOWNTIME})
"""States IT need not look at."""


@dataclass(frozen=True, kw_only=True)
class SourceHealth:
    """State of the source since `since` (UTC), with the technical `detail` of the last failure."""

    state: SourceState
    detail: str = ""
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RequestCounts:
    """What went out to the insurer since the hub started. `first` are questions about somebody nobody had asked about
    today; planned ones are counted apart: `new_number` (code 003), `retries` after failures, `by_staff`, `repaired`.
    `shared` and `reused` are questions of kiosks that needed no request of their own."""

    first: int = 0
    new_number: int = 0
    retries: int = 0
    by_staff: int = 0
    repaired: int = 0
    shared: int = 0
    reused: int = 0


@dataclass(frozen=True, kw_only=True)
class InsuranceHealth:
    """`GET /v1/insurance/health`: the source's state in words and what IT does about it, and what waits."""

    state: SourceState
    fine: bool
    detail: str
    since: datetime | None
    sentence: LocalizedText
    cure: LocalizedText | None
    pending: int
    breaker_open: bool
    downtime_until: datetime | None
    requests: RequestCounts
