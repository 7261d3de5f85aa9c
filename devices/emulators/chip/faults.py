"""What can be wrong with a card, by name. Each fault is what one kind of forger, copier or careless issuer does.

A fault of something that a card does not have leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from devices.chip.ciphers import equal
from devices.emulators.chip.citizen import CITIZENS, EmulatedCitizen
from devices.emulators.chip.data_groups import face_file, mrz_file, vietnamese_file
from devices.emulators.chip.face import draw_face
from devices.emulators.chip.hostile_files import HOSTILE
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.manners import Manners, PastEnd, TooMuch
from devices.emulators.chip.personalisation import (
    DG_ACTIVE_KEY,
    DG_OPTIONS,
    CardDraft,
    sign_draft,
    with_other_agreement_keys,
    write_key_files,
)
from devices.emulators.chip.protocol_faults import (
    ActiveAuthenticationFault,
    BasicAccessFault,
    ChipAuthenticationFault,
    PaceFault,
    SessionFault,
)
from devices.emulators.chip.security_info_files import security_infos
from devices.emulators.chip.signed_data import CARD_SECURITY_OBJECT, Signer, lds_security_object, signed_data
from devices.emulators.chip.signer_faults import SIGNER_FAULTS
from devices.emulators.chip.signing_keys import make_key

Change = Callable[[CardDraft], None]
_DATA_GROUPS = (1, 2, 13, 14, 15)


def _nothing(draft: CardDraft) -> None:
    """Leaves the draft as it is."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Changes a draft before it is signed, after, or both."""

    before_signing: Change = _nothing
    after_signing: Change = _nothing


def _other(citizen: EmulatedCitizen) -> EmulatedCitizen:
    return next(each for each in CITIZENS if each.number != citizen.number)


# -- files changed after the signature


def _other_person_in_mrz(draft: CardDraft) -> None:
    draft.groups[1] = mrz_file(_other(draft.citizen).mrz_lines())


def _other_face(draft: CardDraft) -> None:
    kind = draft.profile.photo
    draft.groups[2] = face_file(draw_face(4711, kind, draft.profile.photo_bytes), kind)


def _other_vietnamese_data(draft: CardDraft) -> None:
    draft.groups[13] = vietnamese_file(_other(draft.citizen))


def _other_name(draft: CardDraft) -> None:
    draft.groups[13] = vietnamese_file(draft.citizen.with_changes(name="Ngô Văn Khác"))


def _last_byte(number: int, draft: CardDraft) -> None:
    content = draft.groups.get(number)
    if content is None:
        return
    draft.groups[number] = content[:-1] + bytes([content[-1] ^ 1])


def _hostile(number: int, shape: str, draft: CardDraft) -> None:
    if number in draft.groups:
        draft.groups[number] = HOSTILE[shape](draft.groups[number])


def _hostile_security_object(shape: str, draft: CardDraft) -> None:
    draft.security_object = HOSTILE[shape](draft.security_object)


def _hostile_card_access(shape: str, draft: CardDraft) -> None:
    if draft.access_file:
        draft.access_file = HOSTILE[shape](draft.access_file)


def _hostile_common_file(shape: str, draft: CardDraft) -> None:
    draft.common_file = HOSTILE[shape](draft.common_file)


# -- the security object


def _other_persons_security_object(draft: CardDraft) -> None:
    """Of a real card of somebody else: signed, and over other files."""
    own = dict(draft.groups)
    other = _other(draft.citizen)
    draft.groups |= {1: mrz_file(other.mrz_lines()), 13: vietnamese_file(other)}
    sign_draft(draft)
    draft.groups |= own


def _hashes_mended(draft: CardDraft) -> None:
    """Another person's data, and their hashes put into the signed object: only the signature tells."""
    name = draft.signer.signing.hash
    before = lds_security_object(draft.groups, name)
    _other_person_in_mrz(draft)
    _other_vietnamese_data(draft)
    draft.security_object = draft.security_object.replace(before, lds_security_object(draft.groups, name))
    assert not equal(before, lds_security_object(draft.groups, name))


def _signature_spoiled(draft: CardDraft) -> None:
    content = draft.security_object
    draft.security_object = content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]


def _no_security_object(draft: CardDraft) -> None:
    draft.security_object = b""


def _group_not_listed(number: int, draft: CardDraft) -> None:
    """Slipped in: the security object knows nothing of it."""
    own = dict(draft.groups)
    draft.groups.pop(number, None)
    sign_draft(draft)
    draft.groups |= own


# -- copies: signed data is easily copied, the private keys are not


def _agreement_key_copied(draft: CardDraft) -> None:
    draft.agreement_keys = with_other_agreement_keys(draft)


def _challenge_key_copied(draft: CardDraft) -> None:
    active = draft.profile.active_authentication
    if active is not None and draft.challenge_signer is not None:
        draft.challenge_signer = replace(draft.challenge_signer, key=make_key(active.key, "a copy's own key"))


def _mapping_key_copied(draft: CardDraft) -> None:
    if draft.mapping_key is not None:
        draft.mapping_key = replace(draft.mapping_key, private=draft.mapping_key.private // 3 + 7)


def _card_security_of_the_copy(draft: CardDraft) -> None:
    """The copy's own mapping key, in an EF.CardSecurity that a signer of the copy's own country signed."""
    _mapping_key_copied(draft)
    _resign_card_security(draft, Issuer(draft.trusted_issuer.profile, seed="copy", name="Country of the copy").signer)


def _card_security_of_an_impostor(draft: CardDraft) -> None:
    _mapping_key_copied(draft)
    _resign_card_security(draft, Issuer(draft.trusted_issuer.profile, seed="impostor").signer)


def _resign_card_security(draft: CardDraft, signer: Signer) -> None:
    if draft.mapping_key is not None:
        infos = security_infos(draft.profile.pace, (draft.mapping_key,))
        draft.card_security = signed_data(CARD_SECURITY_OBJECT, infos, signer)


def _hostile_card_security(shape: str, draft: CardDraft) -> None:
    if draft.card_security:
        draft.card_security = HOSTILE[shape](draft.card_security)


def _all_keys_copied(draft: CardDraft) -> None:
    _agreement_key_copied(draft)
    _challenge_key_copied(draft)
    _mapping_key_copied(draft)


def _keys_of_the_copy_in_files(draft: CardDraft) -> None:
    """The copy's own keys, also where DG14 and DG15 tell the public ones: only the hashes tell."""
    _all_keys_copied(draft)
    if draft.challenge_signer is not None:
        draft.challenge_key = draft.challenge_signer.key
    write_key_files(draft)


def _withheld(numbers: tuple[int, ...], draft: CardDraft) -> None:
    """A copy that hides what it cannot prove."""
    _all_keys_copied(draft)
    for number in numbers:
        draft.groups.pop(number, None)


def _active_authentication(fault: ActiveAuthenticationFault, draft: CardDraft) -> None:
    if draft.challenge_signer is not None:
        draft.challenge_signer = replace(draft.challenge_signer, fault=fault)


# -- data that a trusted issuer signed and that is wrong all the same


def _signed_files_disagree(draft: CardDraft) -> None:
    draft.groups[13] = vietnamese_file(_other(draft.citizen))


def _expired_card(draft: CardDraft) -> None:
    expired = draft.citizen.with_changes(expires=draft.citizen.issued.replace(year=draft.citizen.issued.year + 1))
    draft.groups |= {1: mrz_file(expired.mrz_lines()), 13: vietnamese_file(expired)}
    draft.citizen = expired


# -- how the card answers


def _manners(change: Callable[[Manners], Manners], draft: CardDraft) -> None:
    draft.manners = change(draft.manners)


def _answering(**changes: object) -> Fault:
    return Fault(after_signing=partial(_manners, lambda manners: replace(manners, **changes)))  # type: ignore[arg-type]


_TAMPERED: dict[str, Change] = {
    "tampered-dg1": _other_person_in_mrz,
    "tampered-dg2": _other_face,
    "tampered-dg13": _other_vietnamese_data,
    "tampered-name": _other_name,
    **{f"last-byte-dg{number}": partial(_last_byte, number) for number in _DATA_GROUPS},
}
_SECURITY_OBJECT: dict[str, Change] = {
    "sod-of-another": _other_persons_security_object,
    "sod-hashes-mended": _hashes_mended,
    "sod-signature-spoiled": _signature_spoiled,
    "sod-missing": _no_security_object,
    "sod-without-dg13": partial(_group_not_listed, 13),
    "sod-without-dg14": partial(_group_not_listed, 14),
    "sod-without-dg15": partial(_group_not_listed, 15),
    "sod-without-dg2": partial(_group_not_listed, 2),
    "sod-without-dg1": partial(_group_not_listed, 1),
}
_COPIES: dict[str, Change] = {
    "cloned": _all_keys_copied,
    "cloned-chip-key": _agreement_key_copied,
    "cloned-active-key": _challenge_key_copied,
    "cloned-mapping-key": _mapping_key_copied,
    "cloned-card-security": _card_security_of_the_copy,
    "cloned-card-security-impostor": _card_security_of_an_impostor,
    "cloned-keys-in-files": _keys_of_the_copy_in_files,
    "cloned-dg14-withheld": partial(_withheld, (DG_OPTIONS,)),
    "cloned-dg15-withheld": partial(_withheld, (DG_ACTIVE_KEY,)),
    "cloned-both-withheld": partial(_withheld, (DG_OPTIONS, DG_ACTIVE_KEY)),
}
_HOSTILE_FILES: dict[str, Change] = {
    **{f"dg{number}-{shape}": partial(_hostile, number, shape) for number in _DATA_GROUPS for shape in HOSTILE},
    **{f"sod-{shape}": partial(_hostile_security_object, shape) for shape in HOSTILE},
    **{f"cardaccess-{shape}": partial(_hostile_card_access, shape) for shape in HOSTILE},
    **{f"cardsecurity-{shape}": partial(_hostile_card_security, shape) for shape in HOSTILE},
    **{f"com-{shape}": partial(_hostile_common_file, shape) for shape in HOSTILE},
}
FAULTS: Mapping[str, Fault] = {
    **{name: Fault(after_signing=change) for name, change in _TAMPERED.items()},
    **{name: Fault(after_signing=change) for name, change in _SECURITY_OBJECT.items()},
    **{name: Fault(after_signing=change) for name, change in _COPIES.items()},
    **{name: Fault(after_signing=change) for name, change in _HOSTILE_FILES.items()},
    **{name: Fault(before_signing=change) for name, change in SIGNER_FAULTS.items()},
    **{
        f"active-{fault.value}".replace("_", "-"): Fault(after_signing=partial(_active_authentication, fault))
        for fault in ActiveAuthenticationFault
    },
    **{
        f"chip-{fault.value}".replace("_", "-"): _answering(chip_authentication_fault=fault)
        for fault in ChipAuthenticationFault
    },
    **{f"bac-{fault.value}".replace("_", "-"): _answering(basic_access_fault=fault) for fault in BasicAccessFault},
    **{f"pace-{fault.value}".replace("_", "-"): _answering(pace_fault=fault) for fault in PaceFault},
    **{f"session-{fault.value}".replace("_", "-"): _answering(session_fault=fault) for fault in SessionFault},
    "files-disagree": Fault(before_signing=_signed_files_disagree),
    "card-expired": Fault(before_signing=_expired_card),
    "with-master-file": _answering(master_file=True),
    "no-short-file-ids": _answering(short_file_ids=False),
    "no-odd-read": _answering(odd_read=False),
    "end-6282": _answering(past_end=PastEnd.WARNED),
    "end-6700": _answering(past_end=PastEnd.WRONG_LENGTH),
    "end-6b00": _answering(past_end=PastEnd.WRONG_OFFSET),
    **{
        f"at-most-{most}-{kind.value}": _answering(max_read_bytes=most, too_much=kind)
        for most in (112, 160, 224)
        for kind in TooMuch
    },
    "can-blocked-after-3": _answering(can_tries=3),
}
"""Everything `tiepdon emulate card --fault` knows."""
