"""What can be wrong with whoever signed a card: impostors, forgers of certificates, revoked and outdated signers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from devices.chip.tlv import parse
from devices.emulators.chip.algorithms import HashName
from devices.emulators.chip.certificate_writer import Authority, CertificateRequest, Signing, certificate
from devices.emulators.chip.issuer import MASTER_LIST_SIGNING, Issuer
from devices.emulators.chip.personalisation import CardDraft
from devices.emulators.chip.signed_data import Deviations, Signer
from devices.emulators.chip.signing_keys import CurveSigningKey, SigningKey, forged_key, make_key

_SPARE_SERIAL = 0x1777
_LONG_AGO, _NOT_LONG_AGO = datetime(2019, 2, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC)
_LONG_HENCE, _LONGER_HENCE = datetime(2042, 1, 1, tzinfo=UTC), datetime(2044, 1, 1, tzinfo=UTC)
_FROM, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2044, 1, 1, tzinfo=UTC)


def _impostor(draft: CardDraft) -> None:
    """A country of the same name with keys of its own."""
    draft.signer = Issuer(draft.trusted_issuer.profile, seed="impostor").signer


def _stranger(draft: CardDraft) -> None:
    """A country nobody has heard of."""
    draft.signer = Issuer(draft.trusted_issuer.profile, seed="stranger", name="Unheard-of CSCA").signer


def _impostor_with_key_id(draft: CardDraft) -> None:
    """An impostor that also copies the real country's key identifier."""
    impostor = Issuer(draft.trusted_issuer.profile, seed="impostor").authority
    key = make_key(draft.trusted_issuer.profile.signer_key, "impostor's signer")
    draft.signer = replace(draft.signer, certificate=_certificate(draft, impostor, key), key=key)


def _self_signed(draft: CardDraft) -> None:
    """A signer that certifies itself, under the name of a real one."""
    issuer = draft.trusted_issuer
    key = make_key(issuer.profile.signer_key, "self-made")
    own = Authority(name=issuer.name, key=key, signing=Signing(scheme=key.default_scheme, hash=HashName.SHA256))
    draft.signer = replace(issuer.signer, certificate=_certificate(draft, own, key), key=key)


def _forged_country(draft: CardDraft) -> None:
    """Signed by a key whose public half is the country's, thanks to a generator made to fit (CVE-2020-0601); the
    forged country certificate comes along."""
    authority = draft.trusted_issuer.authority
    if not isinstance(authority.key, CurveSigningKey):
        return  # there is no generator to forge
    forged = forged_key(authority.key, "forger")
    false_country = Authority(name=authority.name, key=forged, signing=authority.signing)
    key = make_key(draft.trusted_issuer.profile.signer_key, "forged signer")
    draft.signer = replace(draft.signer, certificate=_certificate(draft, false_country, key), key=key)
    request = _request(draft, authority.name, forged)
    draft.deviations = Deviations(more_certificates=(certificate(replace(request, is_authority=True), false_country),))


def _forged_signer(draft: CardDraft) -> None:
    """The real signer's public key in a certificate of the forger's, with a generator that fits his private key."""
    signer = draft.signer
    if not isinstance(signer.key, CurveSigningKey):
        return
    forged = forged_key(signer.key, "forger")
    own = Authority(name=draft.trusted_issuer.name, key=forged, signing=signer.signing)
    draft.signer = replace(signer, certificate=_certificate(draft, own, forged), key=forged)


def _foreign_key(draft: CardDraft) -> None:
    """The real signer's certificate beside a signature of another key."""
    key = make_key(draft.trusted_issuer.profile.signer_key, "not the signer's")
    draft.signer = replace(draft.signer, key=key)


def _certificate_spoiled(draft: CardDraft) -> None:
    """One bit of the signer's certificate's own signature."""
    made = draft.signer.certificate
    draft.signer = replace(draft.signer, certificate=made[:-2] + bytes([made[-2] ^ 1]) + made[-1:])


def _certificate_cut(draft: CardDraft) -> None:
    made = draft.signer.certificate
    draft.signer = replace(draft.signer, certificate=parse(made).value[: len(made) // 2])


def _revoked(draft: CardDraft) -> None:
    draft.revoked = (draft.signer.serial,)


def _expired_before_issue(draft: CardDraft) -> None:
    draft.signer = _timed(draft, _LONG_AGO, _NOT_LONG_AGO)


def _not_yet(draft: CardDraft) -> None:
    draft.signer = _timed(draft, _LONG_HENCE, _LONGER_HENCE)


def _country_key_signs(draft: CardDraft) -> None:
    """The country signer itself signs the card's data, which it may not."""
    issuer = draft.trusted_issuer
    draft.signer = replace(draft.signer, certificate=issuer.country_certificate, key=issuer.authority.key, serial=1)


def _list_signer_signs(draft: CardDraft) -> None:
    """A certificate for signing master lists signs the card's data."""
    issuer = draft.trusted_issuer
    key = make_key(issuer.profile.signer_key, "list signer")
    request = replace(_request(draft, issuer.name, key), purposes=(MASTER_LIST_SIGNING,))
    draft.signer = replace(draft.signer, certificate=certificate(request, issuer.authority), key=key)


def _deviating(deviations: Deviations, draft: CardDraft) -> None:
    draft.deviations = deviations


def _weak_hash(draft: CardDraft) -> None:
    signing = replace(draft.signer.signing, hash=HashName.SHA1)
    draft.signer = replace(draft.signer, signing=signing)


def _timed(draft: CardDraft, valid_from: datetime, valid_until: datetime) -> Signer:
    return draft.trusted_issuer.new_signer(serial=_SPARE_SERIAL, valid_from=valid_from, valid_until=valid_until)


def _certificate(draft: CardDraft, authority: Authority, key: SigningKey) -> bytes:
    return certificate(_request(draft, authority.name, key), authority)


def _request(draft: CardDraft, name: bytes, key: SigningKey) -> CertificateRequest:
    return CertificateRequest(
        name=name,
        key=key,
        serial=draft.signer.serial,
        valid_from=_FROM,
        valid_until=_UNTIL,
        authority_key_id=draft.trusted_issuer.authority.key.key_id(),
    )


SIGNER_FAULTS: Mapping[str, Callable[[CardDraft], None]] = {
    "signer-impostor": _impostor,
    "signer-impostor-with-key-id": _impostor_with_key_id,
    "signer-stranger": _stranger,
    "signer-self-signed": _self_signed,
    "signer-forged-country": _forged_country,
    "signer-forged-generator": _forged_signer,
    "signer-foreign-key": _foreign_key,
    "signer-certificate-spoiled": _certificate_spoiled,
    "signer-certificate-cut": _certificate_cut,
    "signer-revoked": _revoked,
    "signer-expired": _expired_before_issue,
    "signer-not-yet": _not_yet,
    "signer-country-key": _country_key_signs,
    "signer-of-master-lists": _list_signer_signs,
    "signer-weak-hash": _weak_hash,
    "signer-missing": partial(_deviating, Deviations(without_signer=True)),
    "signer-certificate-missing": partial(_deviating, Deviations(without_certificates=True)),
    "signer-without-attributes": partial(_deviating, Deviations(without_attributes=True)),
    "signer-other-digest": partial(_deviating, Deviations(attributes_digest=bytes(32))),
    "signer-empty-digest": partial(_deviating, Deviations(attributes_digest=b"")),
    "signer-other-type": partial(_deviating, Deviations(attributes_type="1.2.840.113549.1.7.1")),
}
"""Changes to a draft before it is signed, by name."""
