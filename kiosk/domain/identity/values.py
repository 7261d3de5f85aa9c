"""Who a patient says to be, how far that can be trusted, and what a scanned code turned out to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Assurance(StrEnum):
    """How the identity was learned, strongest first."""

    CHIP_AUTHENTIC = "chip_authentic"
    CHIP_READ = "chip_read"
    CODE_READ = "code_read"
    TYPED = "typed"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, kw_only=True)
class BirthDate:
    """A birth date as far as it is known: the year alone, month and year, or all of it."""

    year: int
    month: int | None = None
    day: int | None = None

    def as_portal(self) -> str:
        """`dd/MM/yyyy`, `MM/yyyy` or `yyyy`, zero-padded: the forms the insurance portal takes."""
        if self.month is None:
            return f"{self.year:04d}"
        if self.day is None:
            return f"{self.month:02d}/{self.year:04d}"
        return f"{self.day:02d}/{self.month:02d}/{self.year:04d}"


class NumberKind(StrEnum):
    """What kind of number identifies the person."""

    CITIZEN = "citizen"  # số định danh cá nhân / CCCD, 12 digits
    OLD_CITIZEN = "old_citizen"  # CMND, 9 digits
    INSURANCE_CARD = "insurance_card"  # BHYT card number, 15 characters
    SOCIAL_INSURANCE = "social_insurance"  # mã số BHXH, 10 digits


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A person as presented at the kiosk. Lives in memory for one visit only.

    `name` is NFC or null (typed numbers have none); `name_certain` is false when the reading path can have damaged
    it. `warnings` are catalogue keys for staff (`identity.warning.year_mismatch`), never a reason to block.
    """

    number: str
    number_kind: NumberKind
    assurance: Assurance
    name: str | None = None
    name_certain: bool = True
    birth: BirthDate | None = None
    sex: Sex | None = None
    facility: str | None = None
    warnings: tuple[str, ...] = ()


class CodeKind(StrEnum):
    """What a scanned code turned out to be."""

    CITIZEN_CARD = "citizen_card"
    INSURANCE_CARD = "insurance_card"
    INSURANCE_NUMBER = "insurance_number"
    CITIZEN_NUMBER = "citizen_number"
    TICKET = "ticket"
    PAYMENT = "payment"
    LINK = "link"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class RecognisedCode:
    """Outcome of reading one code: its kind, the identity where it carries one, or the fault to tell the patient.

    Exactly one of `identity`, `ticket_id` and `fault` is set. `fault` is a catalogue key (`code.payment`, `code.torn`,
    `code.unknown`). `extra_fields` counts what a card held beyond the known fields.
    """

    kind: CodeKind
    identity: Identity | None = None
    ticket_id: str | None = None
    fault: str | None = None
    extra_fields: int = field(default=0)


def masked_name(name: str) -> str:
    """A name a board-side onlooker cannot read: first letter of each word and stars (`N*** V** A`)."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())


def masked_number(number: str) -> str:
    """All but the last four characters starred."""
    return "*" * max(0, len(number) - 4) + number[-4:]
