"""What can happen to a visit: taps, device events, answers of the hub, passing time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kiosk.domain.eligibility import Eligibility
from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import BirthDate, Identity, RecognisedCode
from kiosk.domain.localized import LocalizedText
from kiosk.domain.service import ServiceView
from kiosk.domain.slip import Slip
from kiosk.domain.ticket import TicketView
from kiosk.domain.visit.chip_values import ChipStage, ChipVerdict, PrintedKey
from kiosk.domain.visit.state import Claim, PrintProgress


@dataclass(frozen=True, kw_only=True)
class Started:
    """The welcome screen was touched."""


@dataclass(frozen=True, kw_only=True)
class CodeScanned:
    """A scanner or camera delivered one code, already recognised by `domain.identity`."""

    code: RecognisedCode


@dataclass(frozen=True, kw_only=True)
class CardLaid:
    """A card was laid on the reader; `answers` is false for one that is no chip card or lies the wrong way round."""

    answers: bool = True


@dataclass(frozen=True, kw_only=True)
class CardTaken:
    """The card was taken from the reader."""


@dataclass(frozen=True, kw_only=True)
class TypeCanChosen:
    """The patient wants to type the six digits that open the card on the reader."""


@dataclass(frozen=True, kw_only=True)
class CanTyped:
    """OK on the pad of the six digits. `digits` as typed; the machine checks them."""

    digits: str


@dataclass(frozen=True, kw_only=True)
class MrzSeen:
    """The camera read the lines on the back of a card, all check digits of the key right."""

    key: PrintedKey


@dataclass(frozen=True, kw_only=True)
class ChipProgressed:
    """The reading asked for with `ReadChip` goes on; `fraction` of the whole, 0 … 1."""

    reading: int
    stage: ChipStage
    fraction: float


@dataclass(frozen=True, kw_only=True)
class ChipTextRead:
    """Who the chip says its holder is, before anything is proven. `name_has_marks` is false where only the MRZ told
    the name, which may then be cut short too."""

    reading: int
    identity: Identity
    name_has_marks: bool = True


@dataclass(frozen=True, kw_only=True)
class ChipJudged:
    """The reading is over, and this is how far the chip can be trusted."""

    reading: int
    verdict: ChipVerdict


@dataclass(frozen=True, kw_only=True)
class ChipPhotoRead:
    """The face as a PNG picture, decoded and made small. Comes after `ChipJudged`, or never."""

    reading: int
    png: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ChipFailed:
    """The reading came to nothing, by dotted code: `chip.key_refused` (with `tries_left` where the chip tells),
    `chip.not_an_id_chip`, `card_reader.card_taken`, `card_reader.lost`, …"""

    reading: int
    code: str
    tries_left: int | None = None


@dataclass(frozen=True, kw_only=True)
class TypeNumberChosen:
    """The patient wants to type the number."""


@dataclass(frozen=True, kw_only=True)
class NoDocumentChosen:
    """The patient has no card to show."""


@dataclass(frozen=True, kw_only=True)
class ClaimMade:
    claim: Claim


@dataclass(frozen=True, kw_only=True)
class NumberTyped:
    """OK on the number pad. `number` as typed; the machine checks it."""

    number: str


@dataclass(frozen=True, kw_only=True)
class BirthTyped:
    """Birth date typed, or null when skipped."""

    birth: BirthDate | None


@dataclass(frozen=True, kw_only=True)
class NameTyped:
    """Name typed, or null when skipped."""

    name: str | None


@dataclass(frozen=True, kw_only=True)
class RepairDeclined:
    """The patient leaves the wrong field to the counter."""


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """ "Yes, that is me." """


@dataclass(frozen=True, kw_only=True)
class Denied:
    """ "No, that is not me": back to presenting, what was read is wiped."""


@dataclass(frozen=True, kw_only=True)
class ServiceChosen:
    service: str


@dataclass(frozen=True, kw_only=True)
class BackTapped:
    """One step back."""


@dataclass(frozen=True, kw_only=True)
class CancelTapped:
    """The visit is given up and wiped."""


@dataclass(frozen=True, kw_only=True)
class DoneTapped:
    """ "Finished" on the ticket screen."""


@dataclass(frozen=True, kw_only=True)
class ReprintTapped:
    """The paper did not come: print again, same number, marked."""


@dataclass(frozen=True, kw_only=True)
class LanguageToggled:
    """Vietnamese <-> English, on every screen."""


@dataclass(frozen=True, kw_only=True)
class HelpTapped:
    """ "I need help / emergency"."""


@dataclass(frozen=True, kw_only=True)
class HelpAnswered:
    """The hub took the call for help (`reached`), or could not be told."""

    reached: bool


@dataclass(frozen=True, kw_only=True)
class HelpDismissed:
    """The patient closed the help notice."""


@dataclass(frozen=True, kw_only=True)
class MoreTimeTapped:
    """One tap extends the visit."""


@dataclass(frozen=True, kw_only=True)
class Touched:
    """Any touch: the patient is still there."""


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """Time passed (a few times a second); the machine compares with its deadlines."""


@dataclass(frozen=True, kw_only=True)
class ServicesLoaded:
    """What the hub offers, and the hospital's name as the hub has it. `said` is the hospital's time by the hub's clock
    when it told this (null: it did not say), `age_s` how many seconds ago: infinitely many where nobody knows."""

    services: tuple[ServiceView, ...]
    hospital: LocalizedText | None = None
    said: datetime | None = None
    age_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class EligibilityAnswered:
    """Answer to the question numbered `request`; late answers of an earlier visit are dropped by that number."""

    request: int
    eligibility: Eligibility | None


@dataclass(frozen=True, kw_only=True)
class TicketIssued:
    """The hub committed a ticket for the request id."""

    request_id: str
    ticket: TicketView


@dataclass(frozen=True, kw_only=True)
class IssueRefused:
    """The hub answered with a refusal (`service.closed`, `service.full`, …)."""

    request_id: str
    fault: Fault


@dataclass(frozen=True, kw_only=True)
class OwnNumberGiven:
    """The kiosk gave a number of its own for the request, and it is on disk; `ticket` bears the request's id until the
    hub has it."""

    request_id: str
    ticket: TicketView


@dataclass(frozen=True, kw_only=True)
class OwnNumberFailed:
    """The kiosk cannot give a number of its own either."""

    request_id: str


@dataclass(frozen=True, kw_only=True)
class TicketResumed:
    """The kiosk was switched off a moment ago, between a number and the end of its paper: the number is still due, and
    its paper too unless the printer may have `printed` it."""

    request_id: str
    ticket: TicketView
    slip: Slip
    printed: bool = False


@dataclass(frozen=True, kw_only=True)
class PrintChanged:
    """The paper of `ticket_id` made progress; `copy` 0 is the first, then marked copies. `label` is the number on it,
    for whom the visit no longer knows it."""

    ticket_id: str
    progress: PrintProgress
    fault: Fault | None = None
    copy: int = 0
    label: str | None = None


@dataclass(frozen=True, kw_only=True)
class HubLost:
    """No answer from the hub."""


@dataclass(frozen=True, kw_only=True)
class HubBack:
    """The hub answers again."""


Event = (
    Started
    | CodeScanned
    | CardLaid
    | CardTaken
    | TypeCanChosen
    | CanTyped
    | MrzSeen
    | ChipProgressed
    | ChipTextRead
    | ChipJudged
    | ChipPhotoRead
    | ChipFailed
    | TypeNumberChosen
    | NoDocumentChosen
    | ClaimMade
    | NumberTyped
    | BirthTyped
    | NameTyped
    | RepairDeclined
    | Confirmed
    | Denied
    | ServiceChosen
    | BackTapped
    | CancelTapped
    | DoneTapped
    | ReprintTapped
    | LanguageToggled
    | HelpTapped
    | HelpAnswered
    | HelpDismissed
    | MoreTimeTapped
    | Touched
    | Ticked
    | ServicesLoaded
    | EligibilityAnswered
    | TicketIssued
    | IssueRefused
    | OwnNumberGiven
    | OwnNumberFailed
    | TicketResumed
    | PrintChanged
    | HubLost
    | HubBack
)
