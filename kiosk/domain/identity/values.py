"""Who a patient says to be, how far that can be trusted, and what a scanned code turned out to be."""

from __future__ import annotations

import unicodedata
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
    PATIENT_CODE = "patient_code"  # the hospital's own number of a patient
    APPOINTMENT = "appointment"
    TICKET = "ticket"
    PRESCRIPTION = "prescription"
    PAYMENT = "payment"
    LINK = "link"
    UNKNOWN = "unknown"


class CodeFault(StrEnum):
    """Why a scanned code is of no use here: a closed set of catalogue keys."""

    TORN = "code.torn"
    PATIENT_CODE = "code.patient_code"
    APPOINTMENT = "code.appointment"
    PRESCRIPTION = "code.prescription"
    PAYMENT = "code.payment"
    LINK = "code.link"
    UNKNOWN = "code.unknown"
    TOO_LONG = "code.too_long"
    HIDDEN_CHARACTERS = "code.hidden_characters"
    FOREIGN_DIGITS = "code.foreign_digits"


class NumberFault(StrEnum):
    """What is wrong with a typed number: a closed set of catalogue keys."""

    EMPTY = "identity.number.empty"
    TOO_SHORT = "identity.number.too_short"
    TOO_LONG = "identity.number.too_long"
    WRONG_LENGTH = "identity.number.wrong_length"
    LETTERS = "identity.number.letters"
    CARD_SHAPE = "identity.number.card_shape"
    FOREIGN_DIGITS = "identity.number.foreign_digits"


class IdentityWarning(StrEnum):
    """What staff should look at: a closed set of catalogue keys; never a reason to block."""

    YEAR_MISMATCH = "identity.warning.year_mismatch"
    SEX_MISMATCH = "identity.warning.sex_mismatch"
    PROVINCE_UNKNOWN = "identity.warning.province_unknown"
    BIRTH_IN_FUTURE = "identity.warning.birth_in_future"
    BIRTH_UNREADABLE = "identity.warning.birth_unreadable"
    NAME_UNREADABLE = "identity.warning.name_unreadable"
    NAME_UNCERTAIN = "identity.warning.name_uncertain"


@dataclass(frozen=True, kw_only=True)
class RecognisedCode:
    """Outcome of reading one code: its kind, the identity where it carries one, or the fault to tell the patient.

    Exactly one of `identity`, `ticket_id` and `fault` is set. `fault` is a catalogue key (one of `CodeFault`).
    `extra_fields` counts what a card held beyond the known fields.
    """

    kind: CodeKind
    identity: Identity | None = None
    ticket_id: str | None = None
    fault: str | None = None
    extra_fields: int = field(default=0)


_SHOWN_STARS = 3


def masked_name(name: str) -> str:
    """A name an onlooker cannot read: the first letter of each word and at most three stars (`N*** V** A`).

    Letters are counted with their combining marks, so a decomposed name masks like a composed one; hyphens and
    apostrophes are part of the word. A name that is one single letter is starred whole.
    """
    words = [masked for word in name.split() if (masked := _masked_word(word))]
    if len(words) == 1 and not words[0].endswith("*"):
        return "*"
    return " ".join(words)


def _masked_word(word: str) -> str:
    letters: list[str] = []
    for char in unicodedata.normalize("NFC", word):
        if unicodedata.category(char).startswith("M") and letters:
            letters[-1] += char
        elif char.isalnum():
            letters.append(char)
    return letters[0] + "*" * min(_SHOWN_STARS, len(letters) - 1) if letters else ""


def masked_number(number: str) -> str:
    """All but the last four characters starred; a number of four or fewer is starred whole."""
    shown = number[-4:] if len(number) > 4 else ""
    return "*" * (len(number) - len(shown)) + shown
