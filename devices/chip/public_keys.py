"""Public keys of certificates and chips: RSA, and elliptic curves named or spelled out (RFC 5280, 4.1.2.7; RFC 3279).

ICAO 9303-12, 4.4 demands curve parameters spelled out; they are matched to a known curve or refused (CVE-2020-0601).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from asn1crypto import keys

from devices.chip.asn1 import guarded, load
from devices.chip.errors import ChipError, MalformedData, Unsupported
from devices.chip.groups import PARAMETER_IDS, CurveGroup, curve_named, named_curve, standardized_group

_RSA = frozenset({"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"})  # rsaEncryption, id-RSASSA-PSS
_EC = "1.2.840.10045.2.1"
_PRIME_FIELD = "1.2.840.10045.1.1"
_CURVE_OIDS = {
    "1.2.840.10045.3.1.1": "secp192r1",
    "1.3.36.3.3.2.8.1.1.3": "brainpoolP192r1",
    "1.3.132.0.33": "secp224r1",
    "1.3.36.3.3.2.8.1.1.5": "brainpoolP224r1",
    "1.2.840.10045.3.1.7": "secp256r1",
    "1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1",
    "1.3.36.3.3.2.8.1.1.9": "brainpoolP320r1",
    "1.3.132.0.34": "secp384r1",
    "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1",
    "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
    "1.3.132.0.35": "secp521r1",
}
MAX_RSA_BITS = 8192
_MAX_RSA_EXPONENT = 1 << 33


@dataclass(frozen=True, kw_only=True)
class RsaPublicKey:
    modulus: int
    exponent: int


@dataclass(frozen=True, kw_only=True)
class EcPublicKey:
    """`point` is uncompressed, 04 ‖ x ‖ y, and lies on the curve."""

    group: CurveGroup
    point: bytes


PublicKey = RsaPublicKey | EcPublicKey


def parse_public_key(der: bytes) -> PublicKey:
    """A SubjectPublicKeyInfo. Raises `MalformedData`, or `Unsupported` for other kinds and for unknown curves."""
    info = load(keys.PublicKeyInfo, der, "public key")
    with guarded("public key"):
        algorithm = str(info["algorithm"]["algorithm"].dotted)
        if algorithm in _RSA:
            return _rsa(info["public_key"].parsed)
        if algorithm == _EC:
            return _ec(info["algorithm"]["parameters"], bytes(info["public_key"]))
    raise Unsupported(f"public key {algorithm}")


def _rsa(key: Any) -> RsaPublicKey:
    modulus, exponent = int(key["modulus"]), int(key["public_exponent"])
    if modulus <= 0 or exponent <= 2 or modulus % 2 == 0 or exponent % 2 == 0:
        raise MalformedData("public key: RSA numbers")
    if modulus.bit_length() > MAX_RSA_BITS or exponent > _MAX_RSA_EXPONENT:
        raise Unsupported("public key: RSA numbers beyond the cap")
    return RsaPublicKey(modulus=modulus, exponent=exponent)


def _ec(parameters: Any, point: bytes) -> EcPublicKey:
    group = _group(parameters)
    try:
        group.point(point)
    except ChipError:
        raise MalformedData("public key: point not on the curve") from None
    return EcPublicKey(group=group, point=point)


def _group(parameters: Any) -> CurveGroup:
    if parameters.name == "named":
        oid = str(parameters.chosen.dotted)
        if oid not in _CURVE_OIDS:
            raise Unsupported(f"curve {oid}")
        return curve_named(_CURVE_OIDS[oid])
    if parameters.name != "specified":
        raise Unsupported("curve left to the issuer's certificate")
    return _spelled_out(parameters.chosen)


def _spelled_out(domain: Any) -> CurveGroup:
    field, curve = domain["field_id"], domain["curve"]
    if str(field["field_type"].dotted) != _PRIME_FIELD:
        raise Unsupported("curve over another field than a prime one")
    if domain["cofactor"].native not in (None, 1):
        raise Unsupported("curve with a cofactor")
    prime = int(field["parameters"].native)
    a, b = int.from_bytes(bytes(curve["a"]), "big"), int.from_bytes(bytes(curve["b"]), "big")
    try:
        base = _generator(bytes(domain["base"]), prime)
        return named_curve(p=prime, a=a, b=b, generator=base, order=int(domain["order"]))
    except Unsupported:
        if any((known.field, *_coefficients(known)) == (prime, a, b) for known in _known_curves()):
            raise MalformedData("public key: a known curve with a generator of its own") from None
        raise


def _known_curves() -> Iterator[CurveGroup]:
    groups = (standardized_group(parameter_id) for parameter_id in PARAMETER_IDS)
    return (group for group in groups if isinstance(group, CurveGroup))


def _coefficients(group: CurveGroup) -> tuple[int, int]:
    curve = group.curve.curve
    return int(curve.a()) % group.field, int(curve.b()) % group.field


def _generator(coded: bytes, prime: int) -> tuple[int, int]:
    size = (prime.bit_length() + 7) // 8
    if len(coded) == 1 + 2 * size and coded[0] == 4:
        return int.from_bytes(coded[1 : 1 + size], "big"), int.from_bytes(coded[1 + size :], "big")
    for group in _known_curves():  # compressed: only the generators we know need be found
        if group.field == prime:
            x, y = int(group.curve.generator.x()), int(group.curve.generator.y())
            if coded == bytes([2 + y % 2]) + x.to_bytes(size, "big"):
                return x, y
    raise Unsupported("curve with a generator of its own")
