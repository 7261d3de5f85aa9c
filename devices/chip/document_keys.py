"""The keys a document's own data make: of its machine readable zone, or of a citizen number and two dates."""

from __future__ import annotations

import re

from devices.chip.errors import MalformedData
from devices.chip.keys import CanKey, MrzKey
from devices.chip.mrz import Mrz

_CITIZEN_NUMBER = re.compile(r"[0-9]{12}")
_CAN_SIZE = 6


def mrz_key_of(mrz: Mrz) -> MrzKey:
    """What opens the chip of the document this zone is printed on."""
    return MrzKey(document_number=mrz.document_number, birth=mrz.birth, expiry=mrz.expiry)


def mrz_key_of_citizen(number: str, *, birth: str, expiry: str) -> MrzKey:
    """The key of a Vietnamese card whose zone nobody read: its document number is the last nine of the twelve digits.
    `birth` and `expiry` are yymmdd. Raises `MalformedData`."""
    return MrzKey(document_number=_checked(number)[3:], birth=birth, expiry=expiry)


def can_guess_of_citizen(number: str) -> CanKey:
    """The access number of a Vietnamese card: the last six digits of the number, as reported of the cards out there;
    not certain, so worth one try. Raises `MalformedData`."""
    return CanKey(digits=_checked(number)[-_CAN_SIZE:])


def _checked(number: str) -> str:
    if not _CITIZEN_NUMBER.fullmatch(number):
        raise MalformedData("citizen number")
    return number
