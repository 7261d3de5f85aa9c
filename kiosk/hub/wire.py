"""Request bodies and list answers of the hub's contract. Tickets, services and boards are the domain's own values."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from kiosk.domain.alert import (
    PARAM_COUNT_MAX,
    PARAM_NAME,
    PARAM_WORDS,
    PARAM_WORDS_LENGTH,
    PARAMS_LIMIT,
    Alert,
    AlertKind,
    require_sound_params,
)
from kiosk.domain.backup import BackupState
from kiosk.domain.clock import ClockState
from kiosk.domain.eligibility import EligibilityQuestion
from kiosk.domain.identity.names import read_name
from kiosk.domain.insurance_work import SourceState, WorkItem
from kiosk.domain.localized import LocalizedText
from kiosk.domain.paper import PaperState
from kiosk.domain.service import ServiceView
from kiosk.domain.ticket import Priority, TicketView

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern="^[a-z0-9_.-]+$")]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
KioskId = Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern="^[!-~]([ -~]*[!-~])?$")]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


Moment = Annotated[datetime, msgspec.Meta(tz=True)]
PrintedLabel = Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z]{1,12}-[0-9]{3,6}$")]


def _require_storable(*moments: datetime) -> None:
    if not all(1970 <= moment.year <= 2199 for moment in moments):
        raise ValueError("a moment of the years 1970 to 2199 is wanted")


class OfflineBody(msgspec.Struct, kw_only=True, frozen=True):
    """A number of a kiosk's own series that stands on paper, printed while the hub did not answer. Times by the
    kiosk's clock, which may stand at 1970; `kiosk_now` is what it says while this is sent."""

    label: PrintedLabel
    number: Annotated[int, msgspec.Meta(ge=1, le=999_999)]
    kiosk: KioskId
    printed_at: Moment
    asked_at: Moment
    kiosk_now: Moment

    def __post_init__(self) -> None:
        _require_storable(self.printed_at, self.asked_at, self.kiosk_now)


class IssueBody(msgspec.Struct, kw_only=True, frozen=True):
    """`POST /v1/tickets`. Only `service` is needed; the rest comes from kiosks that know the person. `offline` tells of
    a number that is on paper already. `again`: staff want a second ticket for somebody who has one; `counter`, `by` and
    `reason` are kept with it. `tells_paper`: the caller will `PUT` what became of the paper; until it has (75 s at
    most) call-next passes the ticket over, for nobody may have seen the number yet."""

    service: Name
    priority: Priority = Priority.NORMAL
    patient_ref: Reference | None = None
    eligibility: Reference | None = None
    masked_name: Name | None = None
    next_step: Code | None = None
    flags: Annotated[list[Code], msgspec.Meta(max_length=16)] = []
    offline: OfflineBody | None = None
    tells_paper: bool = False
    again: bool = False
    counter: Name | None = None
    by: Name | None = None
    reason: Reason | None = None


class PrintBody(msgspec.Struct, kw_only=True, frozen=True):
    """`PUT /v1/tickets/{id}/print`: what became of one paper. `copy` 0 is the first, then marked copies; `code` says
    why it failed or is not sure; `at` is the kiosk's clock, which may stand at 1970."""

    state: PaperState
    at: Moment
    kiosk: KioskId
    code: Code | None = None
    copy: Annotated[int, msgspec.Meta(ge=0, le=99)] = 0

    def __post_init__(self) -> None:
        _require_storable(self.at)


class TakenBack(msgspec.Struct, kw_only=True, frozen=True):
    """`DELETE /v1/tickets/by-key/{key}`: the key makes no ticket any more. `ticket` is the one it had made, cancelled
    unless it had been called; null without one."""

    ticket: TicketView | None


class StaffBody(msgspec.Struct, kw_only=True, frozen=True):
    """Who does it (`by`, the name staff typed), at which counter, and why. All may be missing."""

    counter: Name | None = None
    by: Name | None = None
    reason: Reason | None = None


class TransferBody(StaffBody, kw_only=True, frozen=True):
    """`service` is where the ticket goes."""

    service: Name


class PriorityBody(StaffBody, kw_only=True, frozen=True):
    """`priority` is the ticket's new standing."""

    priority: Priority


class EligibilityBody(msgspec.Struct, kw_only=True, frozen=True):
    """`POST /v1/eligibility`. `card` is a citizen, social-insurance or insurance-card number; `birth` is `dd/MM/yyyy`,
    `MM/yyyy` or `yyyy`. A name that cannot be one (control characters apart, which are taken out) counts as not given.
    `kiosk` is for the report; `repairs` is the id of the earlier answer whose wrong field the patient has corrected.
    None of it is logged; while the hub goes on asking it is kept encrypted."""

    card: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9]{9,17}$")]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120)] | None = None
    birth: Annotated[str, msgspec.Meta(pattern="^([0-9]{2}/){0,2}[0-9]{4}$")] | None = None
    kiosk: KioskId | None = None
    repairs: Reference | None = None

    def question(self) -> EligibilityQuestion:
        """What is asked of insurance: nothing in it but a number, a readable name and a date. (A pattern's `$` lets a
        line end pass, hence the stripping.)"""
        return EligibilityQuestion(
            card=self.card.strip().upper(),
            name=read_name(self.name) if self.name else None,
            birth=self.birth.strip() if self.birth else None,
        )


class CorrectionBody(StaffBody, kw_only=True, frozen=True):
    """`POST /v1/tickets/{id}/insurance/correct`: the whole question as staff read it off the card, as in
    `EligibilityBody`."""

    card: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9]{9,17}$")]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    birth: Annotated[str, msgspec.Meta(pattern="^([0-9]{2}/){0,2}[0-9]{4}$")]

    def question(self) -> EligibilityQuestion:
        """What is asked of insurance."""
        return EligibilityBody(card=self.card, name=self.name, birth=self.birth).question()


class DecisionBody(msgspec.Struct, kw_only=True, frozen=True):
    """`POST /v1/tickets/{id}/insurance/decide`: the class staff decided for, who they are and why."""

    outcome: Literal["ok", "ok_manual", "deny_card", "unknown"]
    by: Name
    reason: Reason
    counter: Name | None = None


class DowntimeBody(msgspec.Struct, kw_only=True, frozen=True):
    """`POST /v1/insurance/downtime`: the insurer is away for so many minutes from now; 0: it is back."""

    minutes: Annotated[int, msgspec.Meta(ge=0, le=10_080)]
    by: Name | None = None
    reason: Reason | None = None


class DowntimeView(msgspec.Struct, kw_only=True, frozen=True):
    """End of the planned downtime that lasts now; null without one."""

    until: datetime | None


class Worklist(msgspec.Struct, kw_only=True, frozen=True):
    """Live tickets whose insurance look-up is pending or has failed, longest waiting first."""

    items: tuple[WorkItem, ...]


ParamName = Annotated[str, msgspec.Meta(pattern=PARAM_NAME)]
ParamWords = Annotated[str, msgspec.Meta(min_length=1, max_length=PARAM_WORDS_LENGTH, pattern=PARAM_WORDS)]
ParamCount = Annotated[int, msgspec.Meta(ge=0, le=PARAM_COUNT_MAX)]
_PARAMS_IN_THE_CONTRACT = {
    "max_properties": PARAMS_LIMIT,
    "property_names": {"pattern": PARAM_NAME},
    "additional_properties": {
        "oneOf": [
            {"type": "string", "minLength": 1, "maxLength": PARAM_WORDS_LENGTH, "pattern": PARAM_WORDS},
            {"type": "integer", "minimum": 0, "maximum": PARAM_COUNT_MAX},
        ]
    },
}
"""What the generated contract leaves out of a mapping."""
Params = Annotated[
    dict[ParamName, ParamWords | ParamCount],
    msgspec.Meta(max_length=PARAMS_LIMIT, extra_json_schema={"extra": _PARAMS_IN_THE_CONTRACT}),
]


class AlertBody(msgspec.Struct, kw_only=True, frozen=True):
    """`POST /v1/alerts`: somebody needs help, or a device has a fault (`code`, e.g. `printer.paper_out`). `params` fill
    its sentence: `left` slips on the roll, `labels` of numbers concerned (`A045,A046`); nothing personal fits in."""

    kiosk: Name
    kind: AlertKind
    code: Code = "help.asked"
    params: Params = {}

    def __post_init__(self) -> None:
        require_sound_params(self.params)  # a pattern's `$` lets a line end pass


class HandledBody(msgspec.Struct, kw_only=True, frozen=True):
    by: Name | None = None


Source = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern="^[0-9A-Za-z-]+$")]
ShortCode = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern="^[a-z0-9_.-]+$")]
Hour = Annotated[
    str,
    msgspec.Meta(
        pattern="^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):00:00Z$",
        description="Beginning of the hour, UTC.",
    ),
]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Sum = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000_000)]


class FormatCount(msgspec.Struct, kw_only=True, frozen=True):
    """How many codes of one symbology (`qr`, `code_128` …, `unknown`) were read."""

    format: ShortCode
    scans: Count


class ScanHourBody(msgspec.Struct, kw_only=True, frozen=True):
    """Totals so far of one device in one hour, by outcome. `decode_ms_…` are over the `timed` scans, `tries_…` over
    all. Holds no code and nothing personal."""

    device: ShortCode
    hour: Hour
    read: Count = 0
    uncertain: Count = 0
    torn: Count = 0
    unreadable: Count = 0
    too_long: Count = 0
    formats: Annotated[list[FormatCount], msgspec.Meta(max_length=32)] = []
    timed: Count = 0
    decode_ms_sum: Sum = 0
    decode_ms_max: Sum = 0
    tries_sum: Sum = 0
    tries_max: Sum = 0


class ScanQualityBody(msgspec.Struct, kw_only=True, frozen=True):
    """`POST /v1/scan-quality`. `source` names one run of the kiosk's program."""

    kiosk: KioskId
    source: Source
    hours: Annotated[list[ScanHourBody], msgspec.Meta(max_length=64)]


class ScanQualityKept(msgspec.Struct, kw_only=True, frozen=True):
    """How many of the hours were kept; those of a clock that is plainly wrong are not."""

    kept: int


class Health(msgspec.Struct, kw_only=True, frozen=True):
    """`status` is `ok` while tickets can be written; `seq` is the newest event; `insurance` how the insurer's source is
    doing (`GET /v1/insurance/health` says it in words); `backup` up to when a copy of the database is complete;
    `clock` how far the machine's is from the hub's (`ahead`: not believed yet; `behind`: it was set back);
    `restored_at` when the database last came back from a copy (null: never)."""

    status: str
    version: str
    seq: int
    now: datetime
    insurance: SourceState
    backup: BackupState
    clock: ClockState
    restored_at: datetime | None


class ServiceList(msgspec.Struct, kw_only=True, frozen=True):
    """`now` is the hospital's time, with its offset: a kiosk goes on from it while the hub is away."""

    hospital: LocalizedText
    time_zone: str
    now: datetime
    services: tuple[ServiceView, ...]


class CounterView(msgspec.Struct, kw_only=True, frozen=True):
    id: str
    name: LocalizedText
    services: tuple[str, ...]


class CounterList(msgspec.Struct, kw_only=True, frozen=True):
    counters: tuple[CounterView, ...]


class TicketList(msgspec.Struct, kw_only=True, frozen=True):
    tickets: tuple[TicketView, ...]


class AlertList(msgspec.Struct, kw_only=True, frozen=True):
    alerts: tuple[Alert, ...]


class Problem(msgspec.Struct, kw_only=True, frozen=True):
    """RFC 9457 problem details. `code` is stable; `detail` is one sentence in the asked language; `message` has it in
    every language; `next_step` says what the patient does now, where that is known."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    params: dict[str, str | int]
    message: LocalizedText
    next_step: LocalizedText | None = None
