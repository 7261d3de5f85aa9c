"""Signatures over certificates, security objects and revocation lists: RSA PKCS#1 v1.5 and PSS, ECDSA.

RFC 8017, 8; RFC 4055, 3.1 (PSS parameters); RFC 3279, 2.2.3 and BSI TR-03111, 5.2 (ECDSA, DER and plain).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import ecdsa
from asn1crypto import algos
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from devices.chip.asn1 import guarded, load
from devices.chip.errors import ChipError, MalformedData, Unsupported
from devices.chip.public_keys import EcPublicKey, PublicKey, RsaPublicKey

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 issuers still use it
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_HASH_OIDS = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_CURVES: dict[str, ec.EllipticCurve] = {
    "secp192r1": ec.SECP192R1(),
    "secp224r1": ec.SECP224R1(),
    "secp256r1": ec.SECP256R1(),
    "secp384r1": ec.SECP384R1(),
    "secp521r1": ec.SECP521R1(),
    "brainpoolP256r1": ec.BrainpoolP256R1(),
    "brainpoolP384r1": ec.BrainpoolP384R1(),
    "brainpoolP512r1": ec.BrainpoolP512R1(),
}
"""Those `cryptography` has; python-ecdsa does the others."""


class SignatureKind(StrEnum):
    RSA_PKCS1 = "rsa_pkcs1"
    RSA_PSS = "rsa_pss"
    ECDSA = "ecdsa"
    ECDSA_PLAIN = "ecdsa_plain"


@dataclass(frozen=True, kw_only=True)
class SignatureScheme:
    """`mask_hash_name` and `salt_size` (bytes) belong to PSS alone."""

    kind: SignatureKind
    hash_name: str
    mask_hash_name: str = ""
    salt_size: int = 0


_RSA, _ECDSA, _PLAIN = SignatureKind.RSA_PKCS1, SignatureKind.ECDSA, SignatureKind.ECDSA_PLAIN
_MAX_SALT = 1024
_PSS_OID = "1.2.840.113549.1.1.10"
_SCHEMES: dict[str, tuple[SignatureKind, str | None]] = {
    "1.2.840.113549.1.1.1": (_RSA, None),  # the key's kind alone: the hash is told elsewhere
    "1.2.840.113549.1.1.5": (_RSA, "sha1"),
    "1.3.14.3.2.29": (_RSA, "sha1"),
    "1.2.840.113549.1.1.14": (_RSA, "sha224"),
    "1.2.840.113549.1.1.11": (_RSA, "sha256"),
    "1.2.840.113549.1.1.12": (_RSA, "sha384"),
    "1.2.840.113549.1.1.13": (_RSA, "sha512"),
    "1.2.840.10045.2.1": (_ECDSA, None),
    "1.2.840.10045.4.3": (_ECDSA, None),
    "1.2.840.10045.4.1": (_ECDSA, "sha1"),
    "1.2.840.10045.4.3.1": (_ECDSA, "sha224"),
    "1.2.840.10045.4.3.2": (_ECDSA, "sha256"),
    "1.2.840.10045.4.3.3": (_ECDSA, "sha384"),
    "1.2.840.10045.4.3.4": (_ECDSA, "sha512"),
    "0.4.0.127.0.7.1.1.4.1.1": (_PLAIN, "sha1"),
    "0.4.0.127.0.7.1.1.4.1.2": (_PLAIN, "sha224"),
    "0.4.0.127.0.7.1.1.4.1.3": (_PLAIN, "sha256"),
    "0.4.0.127.0.7.1.1.4.1.4": (_PLAIN, "sha384"),
    "0.4.0.127.0.7.1.1.4.1.5": (_PLAIN, "sha512"),
}


def hash_name_of(oid: str) -> str:
    """`sha1` … `sha512`, as hashlib calls them. Raises `Unsupported`."""
    if oid not in _HASH_OIDS:
        raise Unsupported(f"hash {oid}")
    return _HASH_OIDS[oid]


def digest(hash_name: str, data: bytes) -> bytes:
    """The hash of `data`."""
    return hashlib.new(hash_name, data, usedforsecurity=False).digest()


def scheme_of(algorithm: Any, *, hash_name: str | None = None) -> SignatureScheme:
    """The scheme an AlgorithmIdentifier (asn1crypto) names; `hash_name` is what is told beside it, for identifiers
    that tell the kind of key alone. Raises `MalformedData`, `Unsupported`."""
    with guarded("signature algorithm"):
        oid = str(algorithm["algorithm"].dotted)
        if oid == _PSS_OID:
            return _pss(algorithm["parameters"])
    kind, told = _SCHEMES.get(oid, (None, None))
    if kind is None or not (told or hash_name):
        raise Unsupported(f"signature {oid}")
    return SignatureScheme(kind=kind, hash_name=told or hash_name or "")


def holds(key: PublicKey, scheme: SignatureScheme, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` is the key's. Raises `Unsupported` where key and scheme do not go together."""
    if isinstance(key, RsaPublicKey) and scheme.kind in (SignatureKind.RSA_PKCS1, SignatureKind.RSA_PSS):
        return _rsa_holds(key, scheme, signature, data)
    if isinstance(key, EcPublicKey) and scheme.kind in (SignatureKind.ECDSA, SignatureKind.ECDSA_PLAIN):
        return _ecdsa_holds(key, scheme, signature, data)
    raise Unsupported("signature of another kind than the key")


def _pss(parameters: Any) -> SignatureScheme:
    parameters = load(algos.RSASSAPSSParams, parameters.dump(), "pss parameters")
    with guarded("pss parameters"):
        if str(parameters["mask_gen_algorithm"]["algorithm"].dotted) != "1.2.840.113549.1.1.8":
            raise Unsupported("pss mask generation")
        mask = parameters["mask_gen_algorithm"]["parameters"]
        salt_size = int(parameters["salt_length"])
        if not 0 <= salt_size <= _MAX_SALT:
            raise MalformedData("pss salt")
        return SignatureScheme(
            kind=SignatureKind.RSA_PSS,
            hash_name=hash_name_of(str(parameters["hash_algorithm"]["algorithm"].dotted)),
            mask_hash_name=hash_name_of(str(mask["algorithm"].dotted)),
            salt_size=salt_size,
        )


def _rsa_holds(key: RsaPublicKey, scheme: SignatureScheme, signature: bytes, data: bytes) -> bool:
    filling: padding.AsymmetricPadding = padding.PKCS1v15()
    if scheme.kind is SignatureKind.RSA_PSS:
        filling = padding.PSS(padding.MGF1(_HASHES[scheme.mask_hash_name]), scheme.salt_size)
    try:
        public = rsa.RSAPublicNumbers(key.exponent, key.modulus).public_key()
        public.verify(signature, data, filling, _HASHES[scheme.hash_name])
    except InvalidSignature:
        return False
    except (ValueError, UnsupportedAlgorithm):
        raise Unsupported("RSA key or parameters of a size not taken") from None
    return True


def _ecdsa_holds(key: EcPublicKey, scheme: SignatureScheme, signature: bytes, data: bytes) -> bool:
    try:
        r, s = _plain(signature) if scheme.kind is SignatureKind.ECDSA_PLAIN else _der(signature)
    except ChipError:
        return False
    if not (0 < r < key.group.order and 0 < s < key.group.order):
        return False
    if key.group.name not in _CURVES:
        return _ecdsa_holds_slowly(key, digest(scheme.hash_name, data), r, s)
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[key.group.name], key.point)
        public.verify(encode_dss_signature(r, s), data, ec.ECDSA(_HASHES[scheme.hash_name]))
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm:
        return _ecdsa_holds_slowly(key, digest(scheme.hash_name, data), r, s)
    return True


def _ecdsa_holds_slowly(key: EcPublicKey, hashed: bytes, r: int, s: int) -> bool:
    x, y = key.group.point(key.point)
    curve = key.group.curve
    point = ecdsa.ellipticcurve.PointJacobi(curve.curve, x, y, 1, curve.order)
    excess = max(0, 8 * len(hashed) - key.group.order.bit_length())  # FIPS 186-4, 6.4: the leftmost bits
    number = int.from_bytes(hashed, "big") >> excess
    return bool(
        ecdsa.ecdsa.Public_key(curve.generator, point, verify=False).verifies(number, ecdsa.ecdsa.Signature(r, s))
    )


def _der(signature: bytes) -> tuple[int, int]:
    pair = load(algos.DSASignature, signature, "ecdsa signature")
    with guarded("ecdsa signature"):
        return int(pair["r"]), int(pair["s"])


def _plain(signature: bytes) -> tuple[int, int]:
    half, odd = divmod(len(signature), 2)
    if odd:
        raise MalformedData("ecdsa signature")
    return int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
