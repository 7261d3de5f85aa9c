"""What a visit knows of the chip on the reader: state, progress, keys, photo. Values only; the rules: `chip.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ChipState(StrEnum):
    """Where the visit stands with the chip."""

    NONE = "none"  # no card lies there that could be read, or chips are not read here
    KEY_WANTED = "key_wanted"  # a card lies there; what opens it is not known yet, or was refused
    CARD_WANTED = "card_wanted"  # what opens it is known; the card is to be laid down (again)
    READING = "reading"
    DONE = "done"  # read and judged
    FAILED = "failed"  # not with this card; laid down again it is tried anew


class ChipStage(StrEnum):
    """What is being done with the chip, in this order."""

    CONNECTING = "connecting"
    OPENING = "opening"
    TEXT = "text"
    PROVING = "proving"
    PHOTO = "photo"
    DONE = "done"


class ChipVerdict(StrEnum):
    """How far the chip can be trusted."""

    AUTHENTIC = "authentic"
    ISSUER_NOT_TRUSTED = "issuer_not_trusted"
    NOT_PROVEN = "not_proven"
    FORGED = "forged"


class ExpiryRule(StrEnum):
    """How the date a card expires is guessed, which opens chips that do not take the six digits."""

    LAW = "law"  # from the birth date: the birthday at 14, 25, 40 or 60, afterwards never
    NONE = "none"  # not at all


@dataclass(frozen=True, kw_only=True, repr=False)
class CanKey:
    """The six digits: printed as card access number, on Vietnamese cards the last six of the number. Never printed."""

    digits: str


@dataclass(frozen=True, kw_only=True, repr=False)
class PrintedKey:
    """What the machine readable zone on the back says: number of up to nine characters, birth and expiry as yymmdd.
    Never printed."""

    document_number: str
    birth: str
    expiry: str


ChipKey = CanKey | PrintedKey


@dataclass(frozen=True, kw_only=True)
class ChipRules:
    """How chips are read here. `can_from_number` tries the last six digits of a shown number, once; `max_key_tries`
    counts refused keys per card laid down; after `limit_s` a reading is given up."""

    enabled: bool = False
    can_from_number: bool = True
    expiry_rule: ExpiryRule = ExpiryRule.LAW
    max_key_tries: int = 3
    limit_s: float = 15.0


@dataclass(frozen=True, kw_only=True)
class Chip:
    """The chip in one visit.

    `reading` numbers the reading under way; what comes of another one is late and ignored. `fraction` is 0 … 1 and
    never goes back while one reading lasts; `give_up_at_s` ends it. `tries_left` are wrong keys this card may still be
    given. `photo` is the face as PNG for the patient's eyes alone: never stored, sent or printed by `repr`. `flag` is
    what staff should look at. `person_read` is true once the chip's own text agreed with the person shown, or is that
    person. `can` and `printed` are keys the patient gave, `trying` those of this reading, `refused` those the card did
    not take. `lifted_unread`: the card lay here while one was still showing who one is, and was taken before it could
    be read, as it has to be to show its code to a scanner.
    """

    state: ChipState = ChipState.NONE
    reading: int | None = None
    stage: ChipStage = ChipStage.CONNECTING
    fraction: float = 0.0
    give_up_at_s: float | None = None
    tries_left: int = 0
    verdict: ChipVerdict | None = None
    photo: bytes | None = field(default=None, repr=False)
    flag: str | None = None
    person_read: bool = False
    can: CanKey | None = field(default=None, repr=False)
    printed: PrintedKey | None = field(default=None, repr=False)
    trying: frozenset[ChipKey] = field(default=frozenset(), repr=False)
    refused: frozenset[ChipKey] = field(default=frozenset(), repr=False)
    lifted_unread: bool = False

    def forgotten(self, *, card_lies_there: bool) -> Chip:
        """The chip for whoever comes next: only what is true of the card still lying there."""
        if self.state is ChipState.NONE or not card_lies_there:
            return Chip()
        return Chip(state=ChipState.KEY_WANTED, tries_left=self.tries_left, refused=self.refused)
