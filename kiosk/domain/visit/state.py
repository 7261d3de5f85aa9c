"""One patient's visit at the kiosk as a value: which step is shown and what is known so far.

The machine (`machine.py`) is the only place that decides which step follows; screens draw this value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion, RepairField
from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import Identity
from kiosk.domain.last_heard import LastHeard
from kiosk.domain.localized import Language, LocalizedText
from kiosk.domain.service import ServiceView
from kiosk.domain.slip import Slip
from kiosk.domain.ticket import TicketView
from kiosk.domain.visit.chip_values import Chip


class Step(StrEnum):
    """The screens, one question each."""

    WELCOME = "welcome"
    PRESENT = "present"  # lay the card or show the code; or type; or no card
    NO_DOCUMENT = "no_document"  # no card / child under 6 / without insurance
    ENTER_NUMBER = "enter_number"
    ENTER_BIRTH = "enter_birth"  # may be skipped
    ENTER_NAME = "enter_name"  # may be skipped
    ENTER_CAN = "enter_can"  # the six digits that open the card lying on the reader
    READ_CHIP = "read_chip"  # nobody is known yet: the chip is being read, or its card is to be laid down (again)
    REPAIR = "repair"  # insurance does not know the number, name or birth date: one more try
    CONFIRM = "confirm"  # masked name and birth year; insurance is being asked meanwhile
    CHOOSE_SERVICE = "choose_service"
    ISSUING = "issuing"  # waits for insurance (until its deadline) and for the hub's commit
    TICKET = "ticket"
    REFUSED = "refused"  # service closed or full: the next step in words, other services offered
    HUB_AWAY = "hub_away"  # no hub: says where to go, recovers by itself


class Claim(StrEnum):
    """What a patient without a readable document says to be."""

    NO_CARD = "no_card"
    CHILD_UNDER_SIX = "child_under_six"
    WITHOUT_INSURANCE = "without_insurance"


class PrintProgress(StrEnum):
    """State of the paper, apart from the ticket's own state."""

    NONE = "none"
    QUEUED = "queued"
    SENT = "sent"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"


class HelpState(StrEnum):
    NONE = "none"
    ASKED = "asked"  # told to staff, confirmation awaited
    COMING = "coming"  # staff faces show it
    UNREACHABLE = "unreachable"  # nobody could be told: the screen says where to go


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Everything the kiosk's screen needs. Wiping is replacing it by a fresh one.

    Times are seconds of the injected monotonic clock. `deadline_s` is when the visit is wiped for idleness (null on
    steps that do not time out), `warn_at_s` when the warning shows; `eligibility_deadline_s` when the kiosk stops
    waiting for insurance; `own_number_at_s` when the kiosk gives a number of its own instead of the hub;
    `hub_silent_at_s` when the hub, not heard since the service was chosen, is not waited for any more;
    `give_up_at_s` when the patient, still without a number, is told where to go.
    `request_id` is the idempotency key of this visit's ticket, made once per chosen service; from `issue_sent` on the
    hub may have given the number, so the visit cannot be taken back. `resume` is the step that follows `HUB_AWAY`.
    """

    step: Step = Step.WELCOME
    language: Language = Language.VI
    history: tuple[Step, ...] = ()
    identity: Identity | None = None
    claim: Claim | None = None
    typed_number: str = ""
    card_on_reader: bool = False
    chip: Chip = field(default_factory=Chip)
    eligibility_request: int | None = None
    eligibility: Eligibility | None = None
    eligibility_deadline_s: float | None = None
    asked: EligibilityQuestion | None = field(default=None, repr=False)  # the insurance question that went out last
    repair: RepairField | None = None  # what is to be corrected on `REPAIR`
    repair_over: bool = False  # the one try is spent, or left to the counter
    corrected: RepairField | None = None
    correction: EligibilityQuestion | None = field(default=None, repr=False)  # with what the patient corrected
    services: tuple[ServiceView, ...] = ()  # as they are now: while the hub is away by what was heard last
    heard: LastHeard | None = field(default=None, compare=False)  # no screen shows it: it makes no other visit
    hospital: LocalizedText | None = None  # as the hub names it, once it has been heard
    service: str | None = None
    request_id: str | None = None
    issue_sent: bool = False
    hub_silent_at_s: float | None = None
    own_number_at_s: float | None = None
    own_number: bool = False  # the number is of the kiosk's own series
    give_up_at_s: float | None = None
    ticket: TicketView | None = None
    slip: Slip | None = None
    print_progress: PrintProgress = PrintProgress.NONE
    print_fault: Fault | None = None
    notice: Fault | None = None  # one sentence above the current step (wrong code, unreadable, closed …)
    help: HelpState = HelpState.NONE
    hub_away: bool = False
    own_numbers: bool = False  # this kiosk can give numbers of its own while the hub is away
    resume: Step = Step.WELCOME
    warn_at_s: float | None = None
    deadline_s: float | None = None
    warning_shown: bool = False
    flags: tuple[str, ...] = field(default=())  # catalogue keys for staff: `flag.name_skipped`, …
