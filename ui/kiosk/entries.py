"""What a patient is typing at this moment: number, six digits, birth date, name. Values without Qt; the machine judges
them. `shown` is what QML draws of each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypedDict

from kiosk.domain.eligibility import RepairField
from kiosk.domain.identity.dates import parse_birth
from kiosk.domain.identity.numbers import NUMBER_LENGTHS
from kiosk.domain.identity.values import Assurance, BirthDate
from kiosk.domain.localized import Language
from kiosk.domain.visit.priority import is_plausible
from kiosk.domain.visit.state import Step, Visit
from ui.telex import compose_text

Fields = dict[str, object]

CAN_LENGTH = 6
LONGEST_NUMBER = max(NUMBER_LENGTHS)
LONGEST_NAME = 40
_STEP_OF_REPAIR = {
    RepairField.NUMBER: Step.ENTER_NUMBER,
    RepairField.BIRTH: Step.ENTER_BIRTH,
    RepairField.NAME: Step.ENTER_NAME,
}
_DATE_LENGTH = 8
_YEAR_LENGTH = 4


@dataclass(frozen=True, kw_only=True)
class NumberEntry:
    """Digits of a card number, at most twelve."""

    digits: str = ""

    @classmethod
    def of(cls, number: str) -> NumberEntry:
        """Starts with a number typed before, if this pad could have typed it."""
        return cls(digits=number if number.isdecimal() and len(number) <= LONGEST_NUMBER else "")

    def pressed(self, digit: str) -> NumberEntry:
        if len(self.digits) >= LONGEST_NUMBER:
            return self
        return replace(self, digits=self.digits + digit)

    def erased(self) -> NumberEntry:
        return replace(self, digits=self.digits[:-1])

    @property
    def plausible(self) -> bool:
        """Whether the number has a length some card has, so that "Continue" makes sense."""
        return len(self.digits) in NUMBER_LENGTHS

    @property
    def missing(self) -> int:
        """How many digits the number wants still, once it is too long for the shorter cards; else 0."""
        count = len(self.digits)
        if self.plausible or count < min(NUMBER_LENGTHS):
            return 0
        return min(length for length in NUMBER_LENGTHS if length > count) - count

    @property
    def cells(self) -> list[str]:
        """Twelve cells to draw, empty ones as a blank."""
        return list(self.digits.ljust(LONGEST_NUMBER))

    def shown(self) -> Fields:
        return {
            "cells": self.cells,
            "count": len(self.digits),
            "missing": self.missing,
            "ready": self.plausible,
        }


@dataclass(frozen=True, kw_only=True)
class CanEntry:
    """The last six digits of the card that lies on the reader."""

    digits: str = ""

    def pressed(self, digit: str) -> CanEntry:
        if len(self.digits) >= CAN_LENGTH:
            return self
        return replace(self, digits=self.digits + digit)

    def erased(self) -> CanEntry:
        return replace(self, digits=self.digits[:-1])

    @property
    def complete(self) -> bool:
        return len(self.digits) == CAN_LENGTH

    def shown(self) -> Fields:
        count = len(self.digits)
        return {
            "cells": list(self.digits.ljust(CAN_LENGTH)),
            "count": count,
            "missing": CAN_LENGTH - count,
            "ready": self.complete,
        }


@dataclass(frozen=True, kw_only=True)
class BirthEntry:
    """Digits of a birth date, day first; `year_only` for people who know or have only the year."""

    digits: str = ""
    year_only: bool = False

    @classmethod
    def of(cls, birth: BirthDate | None) -> BirthEntry:
        """Starts with a date typed before."""
        if birth is None:
            return cls()
        if birth.month is None:
            return cls(digits=f"{birth.year:04}", year_only=True)
        return cls(digits=f"{birth.day or 0:02}{birth.month:02}{birth.year:04}")

    @property
    def length(self) -> int:
        return _YEAR_LENGTH if self.year_only else _DATE_LENGTH

    def pressed(self, digit: str) -> BirthEntry:
        if len(self.digits) >= self.length:
            return self
        return replace(self, digits=self.digits + digit)

    def erased(self) -> BirthEntry:
        return replace(self, digits=self.digits[:-1])

    def toggled(self) -> BirthEntry:
        """The other way of typing; what was typed is dropped, its digits would mean something else."""
        return BirthEntry(year_only=not self.year_only)

    @property
    def complete(self) -> bool:
        return len(self.digits) == self.length

    @property
    def cells(self) -> list[str]:
        return list(self.digits.ljust(self.length))

    def birth(self, *, today: date) -> BirthDate | None:
        """The date typed, or null while it is incomplete or no date of somebody alive; 00 is an unknown day or month,
        as on the cards of people whose full date was never recorded."""
        birth = parse_birth(self.digits) if self.complete else None
        return birth if birth is not None and is_plausible(birth, today) else None

    def shown(self, *, today: date) -> Fields:
        known = self.birth(today=today) is not None
        return {
            "cells": self.cells,
            "count": len(self.digits),
            "yearOnly": self.year_only,
            "ready": known,
            "impossible": self.complete and not known,
        }


@dataclass(frozen=True, kw_only=True)
class NameEntry:
    """Keys of a name as typed; `telex` composes Vietnamese letters from them."""

    keys: str = ""
    telex: bool = True

    def pressed(self, key: str) -> NameEntry:
        if len(self.keys) >= LONGEST_NAME or (key == " " and (not self.keys or self.keys.endswith(" "))):
            return self
        return replace(self, keys=self.keys + key)

    def erased(self) -> NameEntry:
        return replace(self, keys=self.keys[:-1])

    def toggled(self) -> NameEntry:
        """Telex on or off; what stands there stays as it is."""
        return NameEntry(keys=self.text, telex=not self.telex)

    @property
    def text(self) -> str:
        """The name as it stands: composed, upper case as on a citizen card."""
        composed = compose_text(self.keys) if self.telex else self.keys
        return composed.upper()

    @property
    def complete(self) -> bool:
        return len(self.text.split()) >= 1 and len(self.text.strip()) > 1

    def shown(self) -> Fields:
        return {"text": self.text, "telex": self.telex, "ready": self.complete}


class _Begun(TypedDict, total=False):
    number: NumberEntry
    birth: BirthEntry
    name: NameEntry


def typed_step(visit: Visit) -> Step:
    """The step whose entry takes the keys: what is corrected is typed as it was the first time."""
    return visit.step if visit.repair is None else _STEP_OF_REPAIR[visit.repair]


def _typed_before(visit: Visit, *, telex: bool) -> _Begun:
    """What the patient typed is there again to be corrected; what a card told is not shown in full."""
    identity = visit.identity
    if identity is None or identity.assurance is not Assurance.TYPED:
        return {"name": NameEntry(telex=telex)}
    return {
        "number": NumberEntry.of(identity.number),
        "birth": BirthEntry.of(identity.birth),
        "name": NameEntry(keys=identity.name or "", telex=telex),
    }


@dataclass(frozen=True, kw_only=True)
class Typing:
    """All that is being typed in a visit; keys go to what the step asks for."""

    number: NumberEntry = field(default_factory=NumberEntry)
    can: CanEntry = field(default_factory=CanEntry)
    birth: BirthEntry = field(default_factory=BirthEntry)
    name: NameEntry = field(default_factory=NameEntry)

    @classmethod
    def begun(cls, visit: Visit) -> Typing:
        """Nothing typed yet; but a number typed before is there again when the patient comes back to it."""
        telex = visit.language is Language.VI
        if visit.step is Step.REPAIR:
            return cls(**_typed_before(visit, telex=telex))
        return cls(number=NumberEntry.of(visit.typed_number), name=NameEntry(telex=telex))

    def pressed(self, step: Step, key: str) -> Typing:
        match step:
            case Step.ENTER_NUMBER:
                return replace(self, number=self.number.pressed(key))
            case Step.ENTER_CAN:
                return replace(self, can=self.can.pressed(key))
            case Step.ENTER_BIRTH:
                return replace(self, birth=self.birth.pressed(key))
            case Step.ENTER_NAME:
                return replace(self, name=self.name.pressed(key))
        return self

    def erased(self, step: Step) -> Typing:
        match step:
            case Step.ENTER_NUMBER:
                return replace(self, number=self.number.erased())
            case Step.ENTER_CAN:
                return replace(self, can=self.can.erased())
            case Step.ENTER_BIRTH:
                return replace(self, birth=self.birth.erased())
            case Step.ENTER_NAME:
                return replace(self, name=self.name.erased())
        return self
