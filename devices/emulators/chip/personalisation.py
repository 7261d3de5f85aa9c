"""Makes a card: a citizen's data written as a profile says, signed by an issuer, spoiled by faults where wanted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from devices.chip.groups import standardized_group
from devices.chip.tlv import encode
from devices.emulators.chip.active_authentication import ChallengeSigner
from devices.emulators.chip.algorithms import ChipAuthenticationKind, Mapping, ParameterForm, Suite
from devices.emulators.chip.application import EmulatedChip
from devices.emulators.chip.card_image import (
    CAN_PASSWORD,
    EF_ATR_INFO,
    EF_CARD_ACCESS,
    EF_CARD_SECURITY,
    EF_COM,
    EF_SOD,
    MRZ_PASSWORD,
    AgreementKey,
    CardImage,
    data_group_id,
)
from devices.emulators.chip.citizen import EmulatedCitizen
from devices.emulators.chip.data_groups import common_file, face_file, finger_file, mrz_file, vietnamese_file
from devices.emulators.chip.face import draw_face
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.manners import Manners
from devices.emulators.chip.randomness import RandomBytes
from devices.emulators.chip.security_info_files import card_access, security_infos, security_options
from devices.emulators.chip.signed_data import (
    CARD_SECURITY_OBJECT,
    Deviations,
    Signer,
    security_object_file,
    signed_data,
)
from devices.emulators.chip.signing_keys import SigningKey, make_key, private_number
from devices.emulators.chip.variants import ChipProfile

DG_FINGERS, DG_OPTIONS, DG_ACTIVE_KEY = 3, 14, 15
_ATR_INFO = bytes.fromhex("7F660802020800020208009000")
"""EF.ATR/INFO: extended lengths of 2,048 bytes both ways (ISO/IEC 7816-4, 12.7.1)."""


@dataclass(kw_only=True)
class CardDraft:
    """A card in the making. `groups` are the data groups' files by number; `trusted_issuer` whom a reader should
    trust; `signer` who signs the security object."""

    citizen: EmulatedCitizen
    profile: ChipProfile
    trusted_issuer: Issuer
    signer: Signer
    groups: dict[int, bytes]
    agreement_keys: tuple[AgreementKey, ...]
    mapping_key: AgreementKey | None
    challenge_key: SigningKey | None
    manners: Manners
    challenge_signer: ChallengeSigner | None
    access_file: bytes = b""
    common_file: bytes = b""
    security_object: bytes = b""
    card_security: bytes = b""
    deviations: Deviations = field(default_factory=Deviations)
    revoked: tuple[int, ...] = ()


class CardFault(Protocol):
    """What goes wrong with a card: before its data is signed, as an issuer or forger with a signer's key could do, or
    afterwards, as anybody can."""

    def before_signing(self, draft: CardDraft) -> None: ...

    def after_signing(self, draft: CardDraft) -> None: ...


def issue_card(
    citizen: EmulatedCitizen,
    profile: ChipProfile,
    issuer: Issuer,
    *,
    faults: Sequence[CardFault] = (),
    random_bytes: RandomBytes = secrets.token_bytes,
) -> EmulatedChip:
    """A finished card."""
    draft = draft_card(citizen, profile, issuer, faults=faults, random_bytes=random_bytes)
    return EmulatedChip(image_of(draft), draft.manners, random_bytes=random_bytes)


def draft_card(
    citizen: EmulatedCitizen,
    profile: ChipProfile,
    issuer: Issuer,
    *,
    faults: Sequence[CardFault] = (),
    random_bytes: RandomBytes = secrets.token_bytes,
) -> CardDraft:
    """A signed and, if wanted, spoiled card, before its chip is made."""
    draft = _blank(citizen, profile, issuer, random_bytes)
    _write_data(draft)
    for fault in faults:
        fault.before_signing(draft)
    sign_draft(draft)
    for fault in faults:
        fault.after_signing(draft)
    return draft


def sign_draft(draft: CardDraft) -> None:
    """Write EF.COM, the security object and EF.CardSecurity over what the draft holds now."""
    draft.common_file = common_file(draft.groups)
    draft.security_object = security_object_file(draft.groups, draft.signer, draft.deviations)
    if draft.mapping_key is not None:
        infos = security_infos(draft.profile.pace, (draft.mapping_key,))
        draft.card_security = signed_data(CARD_SECURITY_OBJECT, infos, draft.signer)


def image_of(draft: CardDraft) -> CardImage:
    """What the chip is loaded with."""
    citizen, profile = draft.citizen, draft.profile
    master = {EF_CARD_ACCESS: draft.access_file, EF_CARD_SECURITY: draft.card_security}
    if profile.with_atr_info:
        master[EF_ATR_INFO] = _ATR_INFO
    application = {data_group_id(number): content for number, content in draft.groups.items()}
    application |= {EF_COM: draft.common_file, EF_SOD: draft.security_object}
    passwords = {MRZ_PASSWORD: citizen.mrz_key.password} if profile.mrz else {}
    if profile.can:
        passwords[CAN_PASSWORD] = citizen.can.password
    return CardImage(
        master_files={name: content for name, content in master.items() if content},
        application_files={name: content for name, content in application.items() if content},
        locked_files=frozenset({data_group_id(DG_FINGERS)}),
        basic_access_keys=citizen.mrz_key.basic_access_keys if profile.basic_access else None,
        passwords=passwords,
        pace=profile.pace,
        agreement_keys=draft.agreement_keys,
        mapping_private=None if draft.mapping_key is None else draft.mapping_key.private,
        challenge_signer=draft.challenge_signer,
    )


def _blank(citizen: EmulatedCitizen, profile: ChipProfile, issuer: Issuer, random_bytes: RandomBytes) -> CardDraft:
    keys = tuple(_agreement_key(kind, citizen, number) for number, kind in enumerate(profile.chip_authentication))
    active = profile.active_authentication
    # the seed leaves the person out: making RSA keys takes long, and no test needs two of a kind
    challenge_key = None if active is None else make_key(active.key, "active authentication")
    signer = None
    if active is not None and challenge_key is not None:
        signer = ChallengeSigner(kind=active, key=challenge_key, random_bytes=random_bytes)
    return CardDraft(
        citizen=citizen,
        profile=profile,
        trusted_issuer=issuer,
        signer=issuer.signer,
        groups={},
        agreement_keys=keys,
        mapping_key=_mapping_key(citizen, profile),
        challenge_key=challenge_key,
        manners=profile.manners,
        challenge_signer=signer,
        access_file=card_access(profile.pace) if profile.pace else b"",
    )


def _mapping_key(citizen: EmulatedCitizen, profile: ChipProfile) -> AgreementKey | None:
    """The key of chip authentication mapping: on the curve PACE runs on, named as PACE names it (9303-11, 9.5.1):
    readers look for it by the number of its domain parameters."""
    number = next((kind.parameter_id for kind in profile.pace if kind.mapping is Mapping.CHIP_AUTHENTICATION), None)
    if number is None:
        return None
    kind = ChipAuthenticationKind(
        suite=Suite.AES_128,
        parameter_id=number,
        form=ParameterForm.STANDARDIZED,
        key_id=number,
        with_info=False,
    )
    return _agreement_key(kind, citizen, -1)


def _agreement_key(kind: ChipAuthenticationKind, citizen: EmulatedCitizen, number: int) -> AgreementKey:
    seed = f"chip authentication/{citizen.number}/{number}"
    return AgreementKey(kind=kind, private=private_number(seed, standardized_group(kind.parameter_id).order))


def _write_data(draft: CardDraft) -> None:
    citizen, profile = draft.citizen, draft.profile
    picture = draw_face(int(citizen.number[-4:]), profile.photo, profile.photo_bytes)
    draft.groups |= {
        1: mrz_file(citizen.mrz_lines()),
        2: face_file(picture, profile.photo),
        13: vietnamese_file(citizen),
    }
    if profile.with_fingers:
        draft.groups[DG_FINGERS] = finger_file()
    write_key_files(draft)


def write_key_files(draft: CardDraft) -> None:
    """DG14 and DG15 for the keys that the draft holds now."""
    profile = draft.profile
    if profile.pace or draft.agreement_keys or profile.active_authentication is not None:
        options = security_options(profile.pace, draft.agreement_keys, profile.active_authentication)
        draft.groups[DG_OPTIONS] = options
    if draft.challenge_key is not None:
        draft.groups[DG_ACTIVE_KEY] = encode(0x6F, draft.challenge_key.public_key_info())


def with_other_agreement_keys(draft: CardDraft) -> tuple[AgreementKey, ...]:
    """Keys of the same kinds, as a copy of the card would have to make them up."""
    return tuple(
        replace(key, private=private_number(f"copy/{key.private}", standardized_group(key.kind.parameter_id).order))
        for key in draft.agreement_keys
    )
