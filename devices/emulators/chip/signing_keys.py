"""Keys of the made-up issuer and of active authentication: RSA, and every curve the standards name.

Deterministic from a seed, so that a country certificate written yesterday still fits. For test chips only: neither the
making nor the use of these keys hides anything.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from abc import ABC, abstractmethod
from dataclasses import dataclass

import ecdsa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from ecdsa.ellipticcurve import PointJacobi
from ecdsa.util import sigencode_der, sigencode_string

from devices.chip.groups import CurveGroup, curve_named
from devices.emulators.chip import der
from devices.emulators.chip.algorithms import HashName, KeyKind, RsaKind, SignatureScheme

_RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
_RSA_PSS, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
EC_PUBLIC_KEY, _PRIME_FIELD = "1.2.840.10045.2.1", "1.2.840.10045.1.1"
_RSA_SIGNATURES = {
    HashName.SHA1: "1.2.840.113549.1.1.5",
    HashName.SHA224: "1.2.840.113549.1.1.14",
    HashName.SHA256: "1.2.840.113549.1.1.11",
    HashName.SHA384: "1.2.840.113549.1.1.12",
    HashName.SHA512: "1.2.840.113549.1.1.13",
}
_EC_SIGNATURES = {
    HashName.SHA1: "1.2.840.10045.4.1",
    HashName.SHA224: "1.2.840.10045.4.3.1",
    HashName.SHA256: "1.2.840.10045.4.3.2",
    HashName.SHA384: "1.2.840.10045.4.3.3",
    HashName.SHA512: "1.2.840.10045.4.3.4",
}
CURVE_OIDS = {
    "secp192r1": "1.2.840.10045.3.1.1",
    "secp224r1": "1.3.132.0.33",
    "secp256r1": "1.2.840.10045.3.1.7",
    "secp384r1": "1.3.132.0.34",
    "secp521r1": "1.3.132.0.35",
    "brainpoolP192r1": "1.3.36.3.3.2.8.1.1.3",
    "brainpoolP224r1": "1.3.36.3.3.2.8.1.1.5",
    "brainpoolP256r1": "1.3.36.3.3.2.8.1.1.7",
    "brainpoolP320r1": "1.3.36.3.3.2.8.1.1.9",
    "brainpoolP384r1": "1.3.36.3.3.2.8.1.1.11",
    "brainpoolP512r1": "1.3.36.3.3.2.8.1.1.13",
}
CURVES = tuple(CURVE_OIDS)
_HASHES: dict[HashName, hashes.HashAlgorithm] = {
    HashName.SHA1: hashes.SHA1(),  # noqa: S303 old documents are signed with it
    HashName.SHA224: hashes.SHA224(),
    HashName.SHA256: hashes.SHA256(),
    HashName.SHA384: hashes.SHA384(),
    HashName.SHA512: hashes.SHA512(),
}
_PUBLIC_EXPONENT = 65537
_SMALL_PRIMES = tuple(p for p in range(3, 2000, 2) if all(p % q for q in range(3, int(p**0.5) + 1, 2)))


def digest(name: HashName, data: bytes) -> bytes:
    return hashlib.new(name.value, data).digest()


class SigningKey(ABC):
    """A private key with its public half in DER."""

    @property
    @abstractmethod
    def default_scheme(self) -> SignatureScheme:
        """PKCS#1 for RSA, ECDSA for curves."""

    @abstractmethod
    def public_key_info(self) -> bytes:
        """SubjectPublicKeyInfo (RFC 5280, 4.1.2.7)."""

    @abstractmethod
    def algorithm(self, scheme: SignatureScheme, hash_name: HashName) -> bytes:
        """AlgorithmIdentifier of its signatures."""

    @abstractmethod
    def sign(self, data: bytes, scheme: SignatureScheme, hash_name: HashName) -> bytes:
        """A signature as certificates hold it: ECDSA in DER."""

    def key_id(self) -> bytes:
        """For subject key identifiers: SHA-1 over the public key (RFC 5280, 4.2.1.2)."""
        return hashlib.sha1(self.public_key_info()).digest()  # noqa: S324


@dataclass(frozen=True, kw_only=True, repr=False)
class RsaSigningKey(SigningKey):
    key: rsa.RSAPrivateKey

    @property
    def default_scheme(self) -> SignatureScheme:
        return SignatureScheme.PKCS1

    def public_key_info(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        public = der.sequence(der.integer(numbers.n), der.integer(numbers.e))
        return der.sequence(der.sequence(der.oid(_RSA_ENCRYPTION), der.null()), der.bits(public))

    def algorithm(self, scheme: SignatureScheme, hash_name: HashName) -> bytes:
        if scheme is not SignatureScheme.PSS:
            return der.sequence(der.oid(_RSA_SIGNATURES[hash_name]), der.null())
        hashed = der.sequence(der.oid(hash_name.oid), der.null())
        mask = der.sequence(der.oid(_MGF1), hashed)
        salt = der.integer(_HASHES[hash_name].digest_size)
        parameters = der.sequence(der.explicit(0, hashed), der.explicit(1, mask), der.explicit(2, salt))
        return der.sequence(der.oid(_RSA_PSS), parameters)

    def sign(self, data: bytes, scheme: SignatureScheme, hash_name: HashName) -> bytes:
        chosen = _HASHES[hash_name]
        if scheme is SignatureScheme.PSS:
            return self.key.sign(data, padding.PSS(padding.MGF1(chosen), chosen.digest_size), chosen)
        return self.key.sign(data, padding.PKCS1v15(), chosen)

    def raw(self, block: int) -> bytes:
        """The block to the private exponent: what active authentication signs (ISO/IEC 9796-2)."""
        numbers = self.key.private_numbers()
        modulus = numbers.public_numbers.n
        return pow(block, numbers.d, modulus).to_bytes(self.size, "big")

    @property
    def size(self) -> int:
        """Bytes of the modulus."""
        return self.key.key_size // 8


@dataclass(frozen=True, kw_only=True, repr=False)
class CurveSigningKey(SigningKey):
    """`group` may have another generator than its curve's own: then only explicit parameters tell the whole key."""

    group: CurveGroup
    private: int
    explicit: bool = False

    @property
    def default_scheme(self) -> SignatureScheme:
        return SignatureScheme.ECDSA

    @property
    def public(self) -> bytes:
        return self.group.public_of(self.private)

    def public_key_info(self) -> bytes:
        parameters = explicit_parameters(self.group) if self.explicit else der.oid(CURVE_OIDS[self.group.name])
        return der.sequence(der.sequence(der.oid(EC_PUBLIC_KEY), parameters), der.bits(self.public))

    def algorithm(self, scheme: SignatureScheme, hash_name: HashName) -> bytes:  # noqa: ARG002 curves have one
        return der.sequence(der.oid(_EC_SIGNATURES[hash_name]))

    def sign(self, data: bytes, scheme: SignatureScheme, hash_name: HashName) -> bytes:  # noqa: ARG002
        return bytes(self._signed(data, hash_name, sigencode_der))

    def sign_plain(self, data: bytes, hash_name: HashName) -> bytes:
        """r ‖ s in the order's length (BSI TR-03111, 5.2.1.1)."""
        return bytes(self._signed(data, hash_name, sigencode_string))

    def _signed(self, data: bytes, hash_name: HashName, encode: object) -> bytes:
        # the library hashes, truncates to the order's bits and takes a deterministic nonce (RFC 6979)
        key = ecdsa.SigningKey.from_secret_exponent(self.private, self._curve())
        hasher = getattr(hashlib, hash_name.value)
        signature: bytes = key.sign_deterministic(data, hashfunc=hasher, sigencode=encode)
        return signature

    def _curve(self) -> ecdsa.curves.Curve:
        known = self.group.curve
        x, y = self.group.point(self.group.public_of(1))
        generator = PointJacobi(known.curve, x, y, 1, self.group.order, generator=True)
        return ecdsa.curves.Curve(known.name, known.curve, generator, known.oid)


def explicit_parameters(group: CurveGroup) -> bytes:
    """SpecifiedECDomain with all parameters spelled out (ICAO 9303-12, 4.1.6.3; SEC 1, C.2)."""
    curve, size = group.curve.curve, group.coordinate_size
    field = der.sequence(der.oid(_PRIME_FIELD), der.integer(group.field))
    a, b = (int(number % group.field).to_bytes(size, "big") for number in (curve.a(), curve.b()))
    generator = group.public_of(1)
    coefficients = der.sequence(der.octets(a), der.octets(b))
    order = der.integer(group.order)
    return der.sequence(der.integer(1), field, coefficients, der.octets(generator), order, der.integer(1))


def forged_key(victim: CurveSigningKey, seed: str) -> CurveSigningKey:
    """The victim's public key with a private one of our choosing, by explicit parameters whose generator was made to
    fit (CVE-2020-0601)."""
    group = victim.group
    private = private_number(seed, group.order)
    x, y = group.point(victim.public)
    generator = PointJacobi(group.curve.curve, x, y, 1, group.order) * pow(private, -1, group.order)
    return CurveSigningKey(group=CurveGroup(group.curve, group.name, generator), private=private, explicit=True)


def make_key(kind: KeyKind, seed: str) -> SigningKey:
    """The key that a seed stands for."""
    if isinstance(kind, RsaKind):
        return RsaSigningKey(key=_rsa_key(kind.bits, seed))
    group = curve_named(kind.curve)
    return CurveSigningKey(group=group, private=private_number(seed, group.order), explicit=kind.explicit)


def private_number(seed: str, order: int) -> int:
    """A private key, 1 … order-1."""
    size = (order.bit_length() + 7) // 8 + 8
    return 1 + int.from_bytes(hashlib.shake_256(seed.encode()).digest(size), "big") % (order - 1)


@functools.cache
def _rsa_key(bits: int, seed: str) -> rsa.RSAPrivateKey:
    primes = _primes(bits // 2, seed)
    p, q = next(primes), next(primes)
    d = pow(_PUBLIC_EXPONENT, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(_PUBLIC_EXPONENT, p * q)
    private = rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), public
    )
    return private.private_key()


def _primes(bits: int, seed: str) -> itertools.chain[int]:
    return itertools.chain.from_iterable(_prime_after(bits, f"{seed}/{number}") for number in itertools.count())


def _prime_after(bits: int, seed: str) -> tuple[int, ...]:
    """The first prime from a seed's number on that suits the public exponent; its two top bits are set."""
    start = int.from_bytes(hashlib.shake_256(seed.encode()).digest(bits // 8), "big") | 3 << bits - 2 | 1
    for number in range(start, start + (1 << 20), 2):
        likely = all(number % prime for prime in _SMALL_PRIMES) and (number - 1) % _PUBLIC_EXPONENT
        if likely and pow(2, number - 1, number) == 1:
            return (number,)
    return ()
