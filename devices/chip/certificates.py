"""Certificates of countries and their document signers (ICAO 9303-12, 7; RFC 5280), and lists of revoked ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from asn1crypto import core, crl, x509

from devices.chip.asn1 import guarded, load, load_large
from devices.chip.public_keys import PublicKey, parse_public_key
from devices.chip.signatures import SignatureScheme, holds, scheme_of

NameKey = tuple[tuple[tuple[str, str], ...], ...]
"""A distinguished name for comparing: issuers and their signers write one name in different string types and cases."""
_MAX_NAME_PARTS = 64
_KNOWN_EXTENSIONS = frozenset(
    {
        *(f"2.5.29.{number}" for number in (14, 15, 16, 17, 18, 19, 31, 32, 35, 37)),
        *(f"2.23.136.1.1.6.{number}" for number in (1, 2)),
    }
)
"""What 9303-12, table 6, has in certificates: key ids, usages, periods, names, policies, document types."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Certificate:
    """What is used of an X.509 certificate; `signed` are the bytes its signature covers. `key_usage` and
    `extended_key_usage` are None where the certificate does not restrict them, `is_authority` where it does not tell.
    `has_unknown_demands`: it has a critical extension that is not spoken here (RFC 5280, 4.2)."""

    der: bytes
    signed: bytes
    signature: bytes
    algorithm: Any = field(compare=False)
    public_key_info: bytes
    subject: NameKey
    issuer: NameKey
    subject_text: str
    serial: int
    subject_key_id: bytes | None
    authority_key_id: bytes | None
    not_before: date
    not_after: date
    is_authority: bool | None
    has_unknown_demands: bool
    key_usage: frozenset[str] | None
    extended_key_usage: tuple[str, ...] | None

    def public_key(self) -> PublicKey:
        """Raises `MalformedData`, `Unsupported`."""
        return parse_public_key(self.public_key_info)

    def scheme(self) -> SignatureScheme:
        """How it is signed. Raises `MalformedData`, `Unsupported`."""
        return scheme_of(self.algorithm)

    @property
    def names_itself(self) -> bool:
        return self.subject == self.issuer and self.authority_key_id in (None, self.subject_key_id)

    @property
    def may_sign_certificates(self) -> bool:
        """Old country certificates do not tell that they are authorities: signed by themselves they can be no less."""
        is_authority = self.names_itself if self.is_authority is None else self.is_authority
        return is_authority and (self.key_usage is None or "key_cert_sign" in self.key_usage)

    @property
    def may_sign_documents(self) -> bool:
        """9303-12, table 5: a signer is no authority, has the digital signature bit, and no other purpose named."""
        usable = self.key_usage is None or "digital_signature" in self.key_usage
        bound = self.may_sign_certificates or self.extended_key_usage or self.has_unknown_demands
        return usable and not self.is_authority and not bound


@dataclass(frozen=True, kw_only=True, repr=False)
class RevocationList:
    """A CRL: `revoked` are serial numbers of certificates by `issuer`."""

    signed: bytes
    signature: bytes
    algorithm: Any = field(compare=False)
    issuer: NameKey
    authority_key_id: bytes | None
    issued: date
    next_update: date | None
    revoked: frozenset[int]

    def scheme(self) -> SignatureScheme:
        """How it is signed. Raises `MalformedData`, `Unsupported`."""
        return scheme_of(self.algorithm)


def is_signed_by(signed: Certificate | RevocationList, authority: Certificate) -> bool:
    """Whether its signature is by the authority's key. Raises `MalformedData`, `Unsupported`."""
    return holds(authority.public_key(), signed.scheme(), signed.signature, signed.signed)


def parse_certificate(der: bytes) -> Certificate:
    """Raises `MalformedData`. The key is not looked at yet."""
    parsed = load(x509.Certificate, der, "certificate")
    with guarded("certificate"):
        body = parsed["tbs_certificate"]
        validity = body["validity"]
        constraints, usage = parsed.basic_constraints_value, parsed.key_usage_value
        extended = parsed.extended_key_usage_value
        return Certificate(
            der=der,
            signed=body.dump(),
            signature=bytes(parsed["signature_value"]),
            algorithm=parsed["signature_algorithm"],
            public_key_info=body["subject_public_key_info"].dump(),
            subject=_name_key(body["subject"]),
            issuer=_name_key(body["issuer"]),
            subject_text=_name_text(body["subject"]),
            serial=int(body["serial_number"]),
            subject_key_id=parsed.key_identifier,
            authority_key_id=parsed.authority_key_identifier,
            not_before=validity["not_before"].native.date(),
            not_after=validity["not_after"].native.date(),
            is_authority=None if constraints is None else bool(constraints["ca"].native),
            has_unknown_demands=_has_unknown_demands(body["extensions"]),
            key_usage=None if usage is None else frozenset(usage.native),
            extended_key_usage=None if extended is None else tuple(str(each.dotted) for each in extended),
        )


def parse_revocation_list(der: bytes) -> RevocationList:
    """A file's, never a chip's. Raises `MalformedData`."""
    parsed = load_large(crl.CertificateList, der, "revocation list")
    with guarded("revocation list"):
        body = parsed["tbs_cert_list"]
        entries = body["revoked_certificates"]
        until = body["next_update"].native
        return RevocationList(
            signed=body.dump(),
            signature=bytes(parsed["signature"]),
            algorithm=parsed["signature_algorithm"],
            issuer=_name_key(body["issuer"]),
            authority_key_id=parsed.authority_key_identifier,
            issued=body["this_update"].native.date(),
            next_update=until.date() if until is not None else None,
            revoked=frozenset(int(entry["user_certificate"]) for entry in entries),
        )


def name_key_of(name: Any) -> NameKey:
    """The comparable form of an asn1crypto name. Raises `MalformedData`."""
    with guarded("name"):
        return _name_key(name)


def _has_unknown_demands(extensions: Any) -> bool:
    if isinstance(extensions, core.Void):
        return False
    critical = {str(each["extn_id"].dotted) for each in extensions if each["critical"].native}
    return not critical <= _KNOWN_EXTENSIONS


def _name_key(name: Any) -> NameKey:
    parts = list(name.chosen)
    if len(parts) > _MAX_NAME_PARTS:
        raise ValueError("name of too many parts")
    return tuple(
        tuple(sorted((str(each["type"].dotted), _comparable(each["value"])) for each in part)) for part in parts
    )


def _comparable(value: Any) -> str:
    native = value.native
    text = native if isinstance(native, str) else value.dump().hex()
    return " ".join(text.casefold().split())


def _name_text(name: Any) -> str:
    """For people: `C=VN, CN=…`. Countries and their authorities, never a person."""
    short = {"2.5.4.6": "C", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.3": "CN", "2.5.4.5": "SN"}
    parts = [(str(each["type"].dotted), each["value"].native) for part in name.chosen for each in part]
    return ", ".join(f"{short[oid]}={text}" for oid, text in parts if oid in short and isinstance(text, str))[:200]
