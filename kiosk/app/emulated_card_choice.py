"""Which emulated card lies on an emulated reader: person, kind of card, what is wrong with it, how slow it is."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from devices.emulators.card_vpcd import LayableCard
from devices.emulators.chip.application import EmulatedChip
from devices.emulators.chip.citizen import EmulatedCitizen
from devices.emulators.chip.faults import FAULTS
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.link_models import CardPulledAway, LinkSpeed, SlowCard
from devices.emulators.chip.personalisation import draft_card, image_of
from devices.emulators.chip.variant_words import GRAMMAR, VariantUnknown, with_variants
from devices.emulators.chip.variants import PROFILES, ChipProfile
from kiosk.app.emulate_console import LineRefused
from kiosk.app.emulated_citizens import citizen_card_of
from kiosk.insurance.emulator_people import PEOPLE

PULLED_AT = "pulled-at-"
"""A fault with a number: the card is taken while that command is on its way."""


@dataclass(frozen=True, kw_only=True)
class MadeCard:
    """A card to lay, whose it is, and the numbers of its country's revoked signers."""

    card: LayableCard
    citizen: EmulatedCitizen
    issuer: Issuer
    revoked: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class CardChoice:
    """`person` from 1; `profile` and `faults` by name; `variants` change the profile (`pace=im:aes256:17`);
    `speed` None answers at once."""

    person: int
    profile: str
    variants: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    speed: LinkSpeed | None = None

    def make(self) -> MadeCard:
        """Raises `LineRefused` for a person, profile or fault that is unknown."""
        profile = self._profile()
        pulled = [_pulled_at(name) for name in self.faults if name.startswith(PULLED_AT)]
        named = [name for name in self.faults if not name.startswith(PULLED_AT)]
        faults = [FAULTS[_known(name, (*FAULTS, f"{PULLED_AT}N"), "emulate.fault_unknown")] for name in named]
        issuer = Issuer(profile.signing)
        draft = draft_card(self._citizen(), profile, issuer, faults=faults)
        card: LayableCard = EmulatedChip(image_of(draft), draft.manners)
        if self.speed is not None:
            card = SlowCard(card, self.speed, time.sleep)
        for after in pulled:
            card = CardPulledAway(card, after=after)
        return MadeCard(card=card, citizen=draft.citizen, issuer=issuer, revoked=draft.revoked)

    def _profile(self) -> ChipProfile:
        try:
            return with_variants(PROFILES[_known(self.profile, PROFILES, "emulate.profile_unknown")], self.variants)
        except VariantUnknown as unknown:
            raise LineRefused("emulate.variant_unknown", name=unknown.word, known=GRAMMAR) from unknown

    def _citizen(self) -> EmulatedCitizen:
        try:
            return citizen_card_of(self.person)
        except IndexError as error:
            raise LineRefused("emulate.person_unknown", number=self.person, count=len(PEOPLE)) from error


def card_lines(citizen: EmulatedCitizen) -> list[str]:
    """What is printed on the card, for typing it elsewhere: number, name, CAN, the three lines, birth and expiry."""
    key = citizen.mrz_key
    return [
        f"  {citizen.number}  {citizen.name}, {citizen.birth}",
        f"  CAN {citizen.can.digits}",
        *(f"  {line}" for line in citizen.mrz_lines()),
        f"  --number {citizen.number} --birth {key.birth} --expiry {key.expiry}",
    ]


def _known(name: str, names: Iterable[str], key: str) -> str:
    if name not in names or name == f"{PULLED_AT}N":
        raise LineRefused(key, name=name, known=", ".join(names))
    return name


def _pulled_at(name: str) -> int:
    number = name.removeprefix(PULLED_AT)
    if not number.isdecimal() or int(number) < 1:
        raise LineRefused("emulate.fault_unknown", name=name, known=f"{PULLED_AT}N")
    return int(number)
