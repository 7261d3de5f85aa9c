"""Certificates and revocation lists of a made-up country (ICAO 9303-12, 7; RFC 5280)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from devices.chip.tlv import encode
from devices.emulators.chip import der
from devices.emulators.chip.algorithms import HashName, SignatureScheme
from devices.emulators.chip.signing_keys import SigningKey

_SUBJECT_KEY_ID, _AUTHORITY_KEY_ID = "2.5.29.14", "2.5.29.35"
_BASIC_CONSTRAINTS, _KEY_USAGE, _EXTENDED_KEY_USAGE = "2.5.29.19", "2.5.29.15", "2.5.29.37"
_CRL_NUMBER = "2.5.29.20"
_NAME_PARTS = {"C": "2.5.4.6", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3"}
_SIGNS_CERTIFICATES, _SIGNS_DATA = (b"\x06", 1), (b"\x80", 7)
"""Key usage bits: keyCertSign and cRLSign; digitalSignature."""


def distinguished_name(**parts: str) -> bytes:
    """A Name of `C`, `O`, `CN` … in the order given."""
    return der.sequence(
        *(
            der.set_of(der.sequence(der.oid(_NAME_PARTS[key]), der.printable(text) if key == "C" else der.utf8(text)))
            for key, text in parts.items()
        )
    )


@dataclass(frozen=True, kw_only=True)
class Signing:
    """How something is signed."""

    scheme: SignatureScheme
    hash: HashName


@dataclass(frozen=True, kw_only=True, repr=False)
class Authority:
    """Who signs certificates."""

    name: bytes
    key: SigningKey
    signing: Signing


@dataclass(frozen=True, kw_only=True, repr=False)
class CertificateRequest:
    """What a certificate says. `purposes`: extended key usages. `authority_key_id`: another one than the signer's."""

    name: bytes
    key: SigningKey
    serial: int
    valid_from: datetime
    valid_until: datetime
    is_authority: bool = False
    purposes: tuple[str, ...] = ()
    with_key_ids: bool = True
    authority_key_id: bytes | None = None


def certificate(request: CertificateRequest, authority: Authority) -> bytes:
    """A certificate in DER."""
    algorithm = authority.key.algorithm(authority.signing.scheme, authority.signing.hash)
    body = der.sequence(
        der.explicit(0, der.integer(2)),
        der.integer(request.serial),
        algorithm,
        authority.name,
        der.sequence(der.time(request.valid_from), der.time(request.valid_until)),
        request.name,
        request.key.public_key_info(),
        der.explicit(3, der.sequence(*_extensions(request, authority))),
    )
    return _signed(body, algorithm, authority)


def revocation_list(
    authority: Authority, serials: Iterable[int], *, issued: datetime, next_issue: datetime, number: int = 1
) -> bytes:
    """A CRL in DER, revoking `serials` on its day of issue."""
    algorithm = authority.key.algorithm(authority.signing.scheme, authority.signing.hash)
    revoked = [der.sequence(der.integer(serial), der.time(issued)) for serial in serials]
    extensions = der.sequence(
        _extension(_AUTHORITY_KEY_ID, der.sequence(der.implicit(0, authority.key.key_id()))),
        _extension(_CRL_NUMBER, der.integer(number)),
    )
    body = der.sequence(
        der.integer(1),
        algorithm,
        authority.name,
        der.time(issued),
        der.time(next_issue),
        *([der.sequence(*revoked)] if revoked else []),
        der.explicit(0, extensions),
    )
    return _signed(body, algorithm, authority)


def _signed(body: bytes, algorithm: bytes, authority: Authority) -> bytes:
    signature = authority.key.sign(body, authority.signing.scheme, authority.signing.hash)
    return der.sequence(body, algorithm, der.bits(signature))


def _extensions(request: CertificateRequest, authority: Authority) -> list[bytes]:
    usage, unused = _SIGNS_CERTIFICATES if request.is_authority else _SIGNS_DATA
    made = [_extension(_KEY_USAGE, der.bits(usage, unused), critical=True)]
    if request.is_authority:
        constraints = der.sequence(der.boolean(True), der.integer(0))
        made.append(_extension(_BASIC_CONSTRAINTS, constraints, critical=True))
    if request.with_key_ids:
        made.append(_extension(_SUBJECT_KEY_ID, der.octets(request.key.key_id())))
        authority_key_id = request.authority_key_id or authority.key.key_id()
        made.append(_extension(_AUTHORITY_KEY_ID, der.sequence(der.implicit(0, authority_key_id))))
    if request.purposes:
        made.append(_extension(_EXTENDED_KEY_USAGE, der.sequence(*map(der.oid, request.purposes)), critical=True))
    return made


def _extension(kind: str, value: bytes, *, critical: bool = False) -> bytes:
    return der.sequence(der.oid(kind), *([der.boolean(True)] if critical else []), encode(0x04, value))
