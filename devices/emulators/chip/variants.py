"""What kinds of cards there are: one `ChipProfile` says all that a card can differ in, and some have names."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import dataclass, field, replace

from devices.emulators.chip.algorithms import (
    ActiveAuthenticationKind,
    ChipAuthenticationKind,
    CurveKind,
    HashName,
    Mapping,
    PaceKind,
    ParameterForm,
    RsaKind,
    SignatureScheme,
    Suite,
)
from devices.emulators.chip.face import FaceFormat
from devices.emulators.chip.issuer import SigningProfile
from devices.emulators.chip.manners import Manners


@dataclass(frozen=True, kw_only=True)
class ChipProfile:
    """`pace` empty: no PACE; `can` and `mrz` say which passwords it takes. `chip_authentication` empty and
    `active_authentication` None: no proof against copying. `photo_bytes` is a least size. `groups`: the data groups
    the card has, as real citizen cards do."""

    basic_access: bool = True
    pace: tuple[PaceKind, ...] = field(default_factory=lambda: (PaceKind(),))
    can: bool = True
    mrz: bool = True
    chip_authentication: tuple[ChipAuthenticationKind, ...] = field(default_factory=lambda: (ChipAuthenticationKind(),))
    active_authentication: ActiveAuthenticationKind | None = field(default_factory=ActiveAuthenticationKind)
    signing: SigningProfile = field(default_factory=SigningProfile)
    photo: FaceFormat = FaceFormat.JPEG_2000
    photo_bytes: int = 15_000
    with_fingers: bool = True
    with_atr_info: bool = True
    manners: Manners = field(default_factory=Manners)

    @property
    def maps_by_chip_key(self) -> bool:
        return any(kind.mapping is Mapping.CHIP_AUTHENTICATION for kind in self.pace)


_DEFAULT = ChipProfile()
PROFILES: ReadOnlyMapping[str, ChipProfile] = {
    "citizen": _DEFAULT,
    "bac": replace(_DEFAULT, pace=()),
    "pace": replace(_DEFAULT, basic_access=False),
    "can-only": replace(_DEFAULT, basic_access=False, mrz=False),
    "pace-im": replace(_DEFAULT, pace=(PaceKind(mapping=Mapping.INTEGRATED),)),
    "pace-cam": replace(_DEFAULT, pace=(PaceKind(mapping=Mapping.CHIP_AUTHENTICATION),)),
    "pace-dh": replace(_DEFAULT, pace=(PaceKind(parameter_id=2),)),
    "old": replace(
        _DEFAULT,
        pace=(),
        chip_authentication=(ChipAuthenticationKind(suite=Suite.TRIPLE_DES, form=ParameterForm.EXPLICIT),),
        active_authentication=ActiveAuthenticationKind(key=RsaKind(bits=1024), hash=HashName.SHA1),
        photo=FaceFormat.JPEG,
    ),
    "rsa": replace(
        _DEFAULT,
        active_authentication=ActiveAuthenticationKind(key=RsaKind(bits=2048)),
        signing=SigningProfile(
            country_key=RsaKind(bits=3072),
            signer_key=RsaKind(bits=2048),
            signer_scheme=SignatureScheme.PSS,
            country_hash=HashName.SHA256,
        ),
    ),
    "strong": replace(
        _DEFAULT,
        pace=(PaceKind(suite=Suite.AES_256, parameter_id=17),),
        chip_authentication=(ChipAuthenticationKind(suite=Suite.AES_256, parameter_id=17),),
        active_authentication=ActiveAuthenticationKind(key=CurveKind(curve="brainpoolP512r1"), hash=HashName.SHA512),
    ),
    "unproven": replace(_DEFAULT, chip_authentication=(), active_authentication=None),
    "short-only": replace(_DEFAULT, manners=Manners(extended_length=False)),
    "big-photo": replace(_DEFAULT, photo_bytes=40_000),
}
"""Kinds of cards by name, for the command line and tests."""
