"""Emulated citizen cards and readings of them, for tests."""

import functools
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from devices.chip.judge import Judge
from devices.chip.reader import ReadOptions, read_chip
from devices.chip.trust_files import load_trust
from devices.chip.trust_store import TrustStore
from devices.emulators.chip.application import EmulatedChip
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.chip.issuer import Issuer, SigningProfile
from devices.emulators.chip.personalisation import draft_card, image_of
from devices.emulators.chip.randomness import seeded
from devices.emulators.chip.variants import ChipProfile

TODAY = date(2026, 6, 15)
EXTENDED = {"max_command_bytes": 65_544, "max_answer_bytes": 65_538}
SHORT: dict[str, int] = {}


@functools.cache
def issuer_of(signing: SigningProfile) -> Issuer:
    """The country of such signatures; its keys and certificates are made once."""
    return Issuer(signing)


@functools.cache
def store_of(issuer: Issuer, revoked: tuple[int, ...] = ()) -> TrustStore:
    """What a hospital would have that trusts this country."""
    with TemporaryDirectory() as folder:
        issuer.write_trust_folder(Path(folder), revoked=revoked)
        loaded = load_trust(Path(folder))
    assert loaded.problems == ()
    return loaded.store


class Laid:
    """One made card, and readings of it."""

    def __init__(self, profile: ChipProfile, *, faults=(), citizen=CITIZENS[0], seed: str = "laid") -> None:
        self.issuer = issuer_of(profile.signing)
        draft = draft_card(citizen, profile, self.issuer, faults=faults, random_bytes=seeded(seed))
        self.citizen = draft.citizen
        self.chip = EmulatedChip(image_of(draft), draft.manners, random_bytes=seeded(seed))
        self.groups = draft.groups
        self._revoked = draft.revoked

    @property
    def keys(self):
        return (self.citizen.can, self.citizen.mrz_key)

    def read(self, *, keys=None, lengths=EXTENDED, trusted=True, transmit=None, listener=None, **options):
        judge = Judge(store_of(self.issuer, self._revoked) if trusted else TrustStore(), TODAY)
        self.chip.reset()
        asked = replace(ReadOptions(today=TODAY, **lengths), **options)
        return read_chip(transmit or self.chip.transmit, keys or self.keys, asked, judge.judge, listener)
