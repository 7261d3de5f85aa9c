"""What a card is personalised with: its files, passwords and keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from devices.chip.keys import SessionKeys
from devices.emulators.chip.active_authentication import ChallengeSigner
from devices.emulators.chip.algorithms import ChipAuthenticationKind, PaceKind

EF_CARD_ACCESS, EF_CARD_SECURITY, EF_ATR_INFO, EF_DIR = 0x011C, 0x011D, 0x2F01, 0x2F00
EF_COM, EF_SOD = 0x011E, 0x011D
MRZ_PASSWORD, CAN_PASSWORD = 1, 2


def data_group_id(number: int) -> int:
    """The file identifier of DG1 … DG16."""
    return 0x0100 + number


@dataclass(frozen=True, kw_only=True, repr=False)
class AgreementKey:
    """A static key of chip authentication."""

    kind: ChipAuthenticationKind
    private: int


@dataclass(frozen=True, kw_only=True, repr=False)
class CardImage:
    """Files by file identifier, of the master file and of the eMRTD application. Without `basic_access_keys` the card
    has no BAC, without `pace` no PACE. `passwords` by the numbers of MSE:Set AT. `locked_files` exist and need more
    than BAC or PACE (fingerprints)."""

    master_files: Mapping[int, bytes]
    application_files: Mapping[int, bytes]
    locked_files: frozenset[int] = frozenset()
    basic_access_keys: SessionKeys | None = None
    passwords: Mapping[int, bytes] = field(default_factory=dict)
    pace: tuple[PaceKind, ...] = ()
    agreement_keys: tuple[AgreementKey, ...] = ()
    mapping_private: int | None = None
    challenge_signer: ChallengeSigner | None = None
