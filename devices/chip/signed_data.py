"""Signed messages: EF.SOD, EF.CardSecurity and master lists (RFC 5652, 5; ICAO 9303-10, 4.6.2; 9303-11, 9.2.11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asn1crypto import algos, cms, core

from devices.chip import tlv
from devices.chip.asn1 import guarded, load, load_large
from devices.chip.certificates import Certificate, NameKey, name_key_of, parse_certificate
from devices.chip.ciphers import equal
from devices.chip.errors import ChipError, MalformedData
from devices.chip.signatures import SignatureScheme, digest, hash_name_of, holds, scheme_of

_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_MAX_CERTIFICATES = 16
_SET_TAG = 0x31


class _Anything(core.SetOf):  # type: ignore[misc]
    _child_spec = core.Any


class _Content(core.Sequence):  # type: ignore[misc]
    """Unlike asn1crypto's own, the content is an octet string whatever the version says."""

    _fields = [  # noqa: RUF012 asn1crypto wants it so
        ("content_type", core.ObjectIdentifier),
        ("content", core.OctetString, {"explicit": 0, "optional": True}),
    ]


class _Digests(core.SetOf):  # type: ignore[misc]
    _child_spec = algos.DigestAlgorithm


class _Signers(core.SetOf):  # type: ignore[misc]
    _child_spec = cms.SignerInfo


class _SignedData(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("digest_algorithms", _Digests),
        ("content", _Content),
        ("certificates", _Anything, {"implicit": 0, "optional": True}),
        ("crls", _Anything, {"implicit": 1, "optional": True}),
        ("signers", _Signers),
    ]


class _Message(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("content_type", core.ObjectIdentifier),
        ("content", _SignedData, {"explicit": 0}),
    ]


@dataclass(frozen=True, kw_only=True, repr=False)
class SignedMessage:
    """A signed message taken apart: `content` of the kind `content_type` (dotted), the certificates that came along
    and its first signer. `attributes` are the signed attributes as a SET, empty where the content is signed itself."""

    content_type: str
    content: bytes
    certificates: tuple[Certificate, ...]
    signer_serial: int | None
    signer_issuer: NameKey | None
    signer_key_id: bytes | None
    hash_oid: str
    algorithm: Any
    attributes: bytes
    attribute_content_type: str | None
    attribute_digest: bytes | None
    signature: bytes

    def names(self, certificate: Certificate) -> bool:
        """Whether its signer is said to be this certificate's holder."""
        if self.signer_key_id is not None:
            return certificate.subject_key_id == self.signer_key_id
        return certificate.serial == self.signer_serial and certificate.issuer == self.signer_issuer


def parse_signed_message(der: bytes, *, what: str) -> SignedMessage:
    """Raises `MalformedData`; algorithms are not looked at yet."""
    return _taken_apart(load(_Message, der, what), what)


def parse_large_message(der: bytes, *, what: str) -> SignedMessage:
    """The same for files somebody trusted put there, which may be larger than anything a chip can send."""
    return _taken_apart(load_large(_Message, der, what), what)


def carried_certificates(der: bytes, *, what: str) -> tuple[str, tuple[bytes, ...]]:
    """Content type and the certificates of a bag, which may be signed by nobody (RFC 5652, 5.1: certificates only).
    Raises `MalformedData`."""
    message = load_large(_Message, der, what)
    with guarded(what):
        data = message["content"]
        found = data["certificates"]
        carried = () if isinstance(found, core.Void) else tuple(each.dump() for each in found)
        return str(data["content"]["content_type"].dotted), carried


def _taken_apart(message: Any, what: str) -> SignedMessage:
    with guarded(what):
        if str(message["content_type"].dotted) != _SIGNED_DATA:
            raise MalformedData(f"{what}: no signed data")
        data = message["content"]
        if not len(data["signers"]):
            raise MalformedData(f"{what}: no signer")
        signer = data["signers"][0]
        serial, issuer, key_id = _signer_id(signer["sid"])
        return SignedMessage(
            content_type=str(data["content"]["content_type"].dotted),
            content=bytes(data["content"]["content"]),
            certificates=_certificates(data["certificates"]),
            signer_serial=serial,
            signer_issuer=issuer,
            signer_key_id=key_id,
            hash_oid=str(signer["digest_algorithm"]["algorithm"].dotted),
            algorithm=signer["signature_algorithm"],
            signature=bytes(signer["signature"]),
            **_attributes(signer["signed_attrs"], what),
        )


def signature_holds(message: SignedMessage, certificate: Certificate) -> bool:
    """Whether the message is whole and signed by the certificate's key (RFC 5652, 5.4 and 5.6). Raises
    `MalformedData`, `Unsupported`."""
    hash_name = hash_name_of(message.hash_oid)
    scheme = scheme_of(message.algorithm, hash_name=hash_name)
    key = certificate.public_key()
    if not message.attributes:
        return holds(key, scheme, message.signature, message.content)
    if message.attribute_content_type != message.content_type or message.attribute_digest is None:
        return False
    if not equal(message.attribute_digest, digest(hash_name, message.content)):
        return False
    return _attributes_hold(key, scheme, message)


def _attributes_hold(key: Any, scheme: SignatureScheme, message: SignedMessage) -> bool:
    """As they stand, or in the order DER demands: some issuers sign the one and write the other."""
    ordered = _in_order(message.attributes)
    forms = (message.attributes,) if ordered == message.attributes else (message.attributes, ordered)
    return any(holds(key, scheme, message.signature, form) for form in forms)


def _in_order(attributes: bytes) -> bytes:
    objects = tlv.parse(attributes).children()
    return tlv.encode(_SET_TAG, *sorted(each.encode() for each in objects))


def _signer_id(sid: Any) -> tuple[int | None, NameKey | None, bytes | None]:
    if sid.name == "subject_key_identifier":
        return None, None, bytes(sid.chosen)
    return int(sid.chosen["serial_number"]), name_key_of(sid.chosen["issuer"]), None


def _certificates(found: Any) -> tuple[Certificate, ...]:
    """Those that can be read; other kinds and spoiled ones are passed over: the signature decides in the end."""
    if isinstance(found, core.Void):
        return ()
    certificates = []
    for each in list(found)[:_MAX_CERTIFICATES]:
        try:
            certificates.append(parse_certificate(each.dump()))
        except ChipError:
            continue
    return tuple(certificates)


def _attributes(found: Any, what: str) -> dict[str, Any]:
    if isinstance(found, core.Void):
        return {"attributes": b"", "attribute_content_type": None, "attribute_digest": None}
    values: dict[str, Any] = {}
    for attribute in found:
        kind = str(attribute["type"].dotted)
        if kind not in (_CONTENT_TYPE, _MESSAGE_DIGEST):
            continue
        if kind in values or len(attribute["values"]) != 1:
            raise MalformedData(f"{what}: signed attribute given twice")
        values[kind] = attribute["values"][0]
    content_type, hashed = values.get(_CONTENT_TYPE), values.get(_MESSAGE_DIGEST)
    return {
        "attributes": found.untag().dump(),
        "attribute_content_type": None if content_type is None else str(content_type.dotted),
        "attribute_digest": None if hashed is None else bytes(hashed),
    }
