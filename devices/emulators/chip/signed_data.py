"""CMS SignedData (RFC 5652) around security objects, EF.CardSecurity and master lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from devices.chip.tlv import encode, parse
from devices.emulators.chip import der
from devices.emulators.chip.algorithms import HashName, SignatureScheme
from devices.emulators.chip.certificate_writer import Signing
from devices.emulators.chip.data_groups import TAGS
from devices.emulators.chip.signing_keys import SigningKey, digest

LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
CARD_SECURITY_OBJECT = "0.4.0.127.0.7.3.2.1"
MASTER_LIST = "2.23.136.1.1.2"
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_TIME = (
    "1.2.840.113549.1.9.3",
    "1.2.840.113549.1.9.4",
    "1.2.840.113549.1.9.5",
)
_RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
_SEQUENCE = 0x30


@dataclass(frozen=True, kw_only=True, repr=False)
class Signer:
    """Who signs: certificate and key. `by_key_id` names it by subject key identifier instead of issuer and serial.
    `plain_rsa_oid`: signer infos that say only `rsaEncryption`, as many documents do."""

    certificate: bytes
    issuer_name: bytes
    serial: int
    key: SigningKey
    signing: Signing
    by_key_id: bool = False
    plain_rsa_oid: bool = False


@dataclass(frozen=True, kw_only=True)
class Deviations:
    """What a signed object may have beside the usual, or wrong on purpose. `attributes_digest` and
    `attributes_type` stand in the signed attributes instead of the right ones."""

    without_attributes: bool = False
    without_certificates: bool = False
    without_signer: bool = False
    signing_time: datetime | None = None
    attributes_digest: bytes | None = None
    attributes_type: str | None = None
    more_certificates: tuple[bytes, ...] = ()


def signed_data(content_type: str, content: bytes, signer: Signer, deviations: Deviations | None = None) -> bytes:
    """A ContentInfo in DER."""
    how = deviations or Deviations()
    certificates = () if how.without_certificates else (signer.certificate, *how.more_certificates)
    digest_algorithm = der.sequence(der.oid(signer.signing.hash.oid))
    infos = () if how.without_signer else (_signer_info(content_type, content, signer, how),)
    inner = der.sequence(
        der.integer(3),
        der.set_of(digest_algorithm),
        der.sequence(der.oid(content_type), der.explicit(0, der.octets(content))),
        *([der.implicit(0, b"".join(certificates), constructed=True)] if certificates else []),
        der.set_of(*infos),
    )
    return der.sequence(der.oid(_SIGNED_DATA), der.explicit(0, inner))


def lds_security_object(files: Mapping[int, bytes], hash_name: HashName, *, version_1: bool = False) -> bytes:
    """Hashes of data groups by number (9303-10, 4.6.2.3); version 1 tells the versions of LDS and Unicode too."""
    hashes = [
        der.sequence(der.integer(number), der.octets(digest(hash_name, files[number]))) for number in sorted(files)
    ]
    versions = der.sequence(der.printable("0108"), der.printable("140000"))
    return der.sequence(
        der.integer(int(version_1)),
        der.sequence(der.oid(hash_name.oid), der.null()),
        der.sequence(*hashes),
        *([versions] if version_1 else []),
    )


def security_object_file(files: Mapping[int, bytes], signer: Signer, deviations: Deviations | None = None) -> bytes:
    """EF.SOD over data groups, whose files start with their tags. Raises KeyError for groups there are none of."""
    assert all(number in TAGS for number in files)
    content = lds_security_object(files, signer.signing.hash)
    return encode(0x77, signed_data(LDS_SECURITY_OBJECT, content, signer, deviations))


def master_list(certificates: Iterable[bytes], signer: Signer) -> bytes:
    """A CSCA master list (9303-12, 9)."""
    content = der.sequence(der.integer(0), der.set_of(*certificates))
    return signed_data(MASTER_LIST, content, signer)


def _signer_info(content_type: str, content: bytes, signer: Signer, how: Deviations) -> bytes:
    hash_name = signer.signing.hash
    attributes: tuple[bytes, ...] = ()
    if how.without_attributes:
        signed = content
    else:
        values = _attributes(content_type, content, hash_name, how)
        signed = der.set_of(*values)
        attributes = (der.implicit(0, parse(signed).value, constructed=True),)
    issuer_and_serial = der.sequence(signer.issuer_name, der.integer(signer.serial))
    return der.sequence(
        der.integer(3 if signer.by_key_id else 1),
        der.implicit(0, signer.key.key_id()) if signer.by_key_id else issuer_and_serial,
        der.sequence(der.oid(hash_name.oid)),
        *attributes,
        _signature_algorithm(signer),
        der.octets(signer.key.sign(signed, signer.signing.scheme, hash_name)),
    )


def _signature_algorithm(signer: Signer) -> bytes:
    if signer.plain_rsa_oid and signer.signing.scheme is SignatureScheme.PKCS1:
        return der.sequence(der.oid(_RSA_ENCRYPTION), der.null())
    return signer.key.algorithm(signer.signing.scheme, signer.signing.hash)


def _attributes(content_type: str, content: bytes, hash_name: HashName, how: Deviations) -> list[bytes]:
    found = digest(hash_name, content) if how.attributes_digest is None else how.attributes_digest
    values = {
        _CONTENT_TYPE: der.oid(how.attributes_type or content_type),
        _MESSAGE_DIGEST: der.octets(found),
    }
    if how.signing_time is not None:
        values[_SIGNING_TIME] = der.time(how.signing_time)
    return [encode(_SEQUENCE, der.oid(kind), der.set_of(value)) for kind, value in values.items()]
