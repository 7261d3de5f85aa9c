"""What the machine wants done; `kiosk.station` does it and answers with events."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.domain.alert import AlertParams
from kiosk.domain.eligibility import EligibilityQuestion
from kiosk.domain.slip import Slip, SlipDraft
from kiosk.domain.ticket import Priority
from kiosk.domain.visit.chip_values import ChipKey


@dataclass(frozen=True, kw_only=True)
class LoadServices:
    """Ask the hub for its services; answered by `ServicesLoaded` or `HubLost`."""


@dataclass(frozen=True, kw_only=True)
class AskEligibility:
    """Ask the hub about cover; answered by `EligibilityAnswered` with the same `request`. `repairs` is the id of the
    answer whose wrong field the patient has corrected in this question."""

    request: int
    question: EligibilityQuestion
    repairs: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueTicket:
    """Ask the hub for a number under the idempotency key `request_id`, again and again with the same key until it
    answers; answered by `TicketIssued` or `IssueRefused` (and `HubLost`/`HubBack` meanwhile)."""

    request_id: str
    service: str
    priority: Priority
    patient_ref: str | None
    eligibility_id: str | None
    masked_name: str | None
    flags: tuple[str, ...]
    next_step: str | None = None
    draft: SlipDraft | None = None


@dataclass(frozen=True, kw_only=True)
class GiveOwnNumber:
    """The hub does not answer: a number of the kiosk's own series for the request, unless the hub's came first;
    answered by `OwnNumberGiven`, `OwnNumberFailed`, or the hub's answer."""

    request_id: str


@dataclass(frozen=True, kw_only=True)
class TakeBack:
    """Nobody saw the number of this request and no paper is out: it shall be none."""

    request_id: str


@dataclass(frozen=True, kw_only=True)
class LeaveUnprinted:
    """Somebody may have seen the number of this request before the kiosk was switched off, and its paper cannot come
    out any more: it stays, and staff are told."""

    request_id: str


@dataclass(frozen=True, kw_only=True)
class PrintSlip:
    """Print; answered by `PrintChanged`. Only ever asked after `TicketIssued`, `OwnNumberGiven` or `TicketResumed`."""

    slip: Slip


@dataclass(frozen=True, kw_only=True)
class ReadChip:
    """Read the chip of the card on the reader with the first of `keys` it takes; answered by `ChipProgressed`,
    `ChipTextRead`, `ChipJudged`, `ChipPhotoRead` and `ChipFailed` with the same `reading`. Ends any earlier one."""

    reading: int
    keys: tuple[ChipKey, ...]


@dataclass(frozen=True, kw_only=True)
class StopChip:
    """Nobody waits for the chip any more: end the reading under way and forget what it gave."""


@dataclass(frozen=True, kw_only=True)
class CallStaff:
    """Tell staff that somebody at this kiosk needs help; answered by `HelpAnswered`."""


@dataclass(frozen=True, kw_only=True)
class TellStaff:
    """Tell staff of a fault at this kiosk (paper out …), by code, and what fills its sentence."""

    code: str
    params: AlertParams = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WipeTraces:
    """Forget whatever devices and queues still hold of this visit."""


Effect = (
    LoadServices
    | AskEligibility
    | IssueTicket
    | GiveOwnNumber
    | TakeBack
    | LeaveUnprinted
    | PrintSlip
    | ReadChip
    | StopChip
    | CallStaff
    | TellStaff
    | WipeTraces
)
