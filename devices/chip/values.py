"""What reading a chip comes to: the person, the photo, the checks and the verdict, and how it goes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, kw_only=True)
class PartialDate:
    """A date as far as a document tells it: MRZs write unknown days and months as `<<`, DG13 may give a year alone."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """ISO 8601, shortened where unknown: `1985-03-12`, `1985-03`, `1985`."""
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)


@dataclass(frozen=True, kw_only=True, repr=False)
class Citizen:
    """Who a chip says its holder is; what it does not say is None. `name` is NFC, with marks when it comes from DG13
    and without when only the MRZ tells it (`name_has_marks`). `expires_never` where DG13 says so in words.
    Religion, ethnicity and the rest of DG13 are dropped by the parser. Never printed by `repr`."""

    number: str
    name: str
    name_has_marks: bool = False
    birth: PartialDate | None = None
    sex: Sex | None = None
    residence: str | None = None
    old_number: str | None = None
    issued: date | None = None
    expires: date | None = None
    expires_never: bool = False


class CheckState(StrEnum):
    """Three values: what could not be looked at has neither passed nor failed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_DONE = "not_done"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check and why it came out so: a dotted code (`chip.check.hash_differs`); `detail` is never personal."""

    state: CheckState
    reason: str
    detail: str = ""


class CheckName(StrEnum):
    """In the order they are told."""

    HASHES = "hashes"  # files as read against the hashes in the security object
    SIGNATURE = "signature"  # of the security object, by its signer's certificate
    ISSUER = "issuer"  # the signer's certificate, by a country certificate somebody trusted put there
    CONSISTENCY = "consistency"  # the files tell of one person: DG1 and DG13 hold the same number
    CHIP_AUTHENTICATION = "chip_authentication"  # by key agreement, PACE with chip authentication mapping too
    ACTIVE_AUTHENTICATION = "active_authentication"  # by signing a challenge
    VALIDITY = "validity"  # the card's own dates; an expired card may be genuine


class Verdict(StrEnum):
    AUTHENTIC = "authentic"  # signed by a trusted issuer, and the chip proved it is no copy
    ISSUER_NOT_TRUSTED = "issuer_not_trusted"  # signature and copy proof good; no country certificate for it
    NOT_PROVEN = "not_proven"  # nothing wrong, but no proof against copying
    FORGED = "forged"  # something is provably wrong


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The verdict with all checks; `reasons` are the codes that decided it, weightiest first, and remarks that change
    nothing and somebody should know."""

    verdict: Verdict
    checks: Mapping[CheckName, Check]
    reasons: tuple[str, ...] = ()


class Access(StrEnum):
    """How the chip was opened."""

    PACE_CAN = "pace_can"
    PACE_MRZ = "pace_mrz"
    BAC = "bac"


@dataclass(frozen=True, kw_only=True, repr=False)
class ChipRecord:
    """All that one reading gave. `photo` is the face as the chip holds it (JPEG or JPEG 2000), None when not asked for
    or not readable; `files` says of each file why it is not there. `access` is for people: `PACE-CAN …` names follow
    `Access`; `protocol` the algorithms spoken (`ecdh-gm-aes-cbc-cmac-128 brainpoolP256r1`)."""

    citizen: Citizen
    judgement: Judgement
    access: Access
    protocol: str
    photo: bytes | None = None
    apdus: int
    bytes_read: int
    elapsed_s: float
    missing_files: Mapping[str, str] = field(default_factory=dict)


class Stage(StrEnum):
    """Where a reading stands, for a progress bar."""

    CONNECTING = "connecting"
    OPENING = "opening"  # PACE or BAC
    TEXT = "text"
    PROVING = "proving"  # security object, chip and active authentication
    PHOTO = "photo"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """`fraction` of the whole reading, 0 … 1, never going back."""

    stage: Stage
    fraction: float


@dataclass(frozen=True, kw_only=True)
class TextRead:
    """The person, told as soon as the text files are there and before anything is proven."""

    citizen: Citizen


ReadingEvent = Progress | TextRead
Listener = Callable[[ReadingEvent], None]
