"""Reads emulated cards the way a kiosk would, without a reader between."""

import functools
from dataclasses import dataclass, field
from datetime import date

from devices.chip.judge import Judge
from devices.chip.reader import ReadOptions, read_chip
from devices.chip.trust_files import load_trust
from devices.chip.trust_store import TrustStore
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.chip.faults import FAULTS
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.personalisation import issue_card
from devices.emulators.chip.variants import PROFILES

TODAY = date(2026, 11, 22)
CITIZEN = CITIZENS[0]
SHORT = {}
EXTENDED = {"max_command_bytes": 65_544, "max_answer_bytes": 65_538}


@dataclass
class Recorded:
    """A card with all that was said to it and by it; `raises` is what the transport raises instead of the answer of
    the command with that number."""

    card: object
    apdus: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    raises: dict = field(default_factory=dict)

    def __call__(self, apdu):
        self.apdus.append(apdu)
        if len(self.apdus) in self.raises:
            raise self.raises[len(self.apdus)]
        self.answers.append(self.card.transmit(apdu))
        return self.answers[-1]


@functools.cache
def issuer_of(signing):
    """One issuer of each kind for all tests: its keys and certificates take long to make."""
    return Issuer(signing)


def card_of(profile="citizen", *faults, issuer=None):
    """A card by a profile (or its name) and the names of its faults."""
    wanted = PROFILES[profile] if isinstance(profile, str) else profile
    return Recorded(
        issue_card(CITIZEN, wanted, issuer or issuer_of(wanted.signing), faults=[FAULTS[name] for name in faults])
    )


def trust_in(issuer, folder):
    """A store that trusts one made-up country."""
    issuer.write_trust_folder(folder)
    return load_trust(folder).store


def read(card, keys=None, *, listener=None, trust=None, photo=True, **limits):
    """One reading with the citizen's own keys unless given."""
    judge = Judge(trust or TrustStore(), TODAY).judge
    options = ReadOptions(today=TODAY, photo=photo, **limits)
    own = [CITIZEN.can, CITIZEN.mrz_key]
    return read_chip(card, own if keys is None else keys, options, judge, listener)
