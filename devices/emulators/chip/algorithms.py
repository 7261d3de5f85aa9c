"""The kinds of access and authentication a card may have, by their names and object identifiers (ICAO 9303-11, 9.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from devices.chip.ciphers import AES_128, AES_192, AES_256, TRIPLE_DES, CipherSuite

_PACE = "0.4.0.127.0.7.2.2.4"
_CHIP_AUTHENTICATION = "0.4.0.127.0.7.2.2.3"
ID_PUBLIC_KEY_DH = "0.4.0.127.0.7.2.2.1.1"
ID_PUBLIC_KEY_ECDH = "0.4.0.127.0.7.2.2.1.2"
ID_ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
LAST_FIELD_PARAMETER_ID = 2
"""Standardized domain parameters up to here are prime fields, those from 8 on are curves."""

_PRIME_IS_ONE_MODULO_FOUR = 10  # secp224r1


class Suite(StrEnum):
    """A cipher with its MAC."""

    TRIPLE_DES = "3des"
    AES_128 = "aes128"
    AES_192 = "aes192"
    AES_256 = "aes256"

    @property
    def cipher(self) -> CipherSuite:
        return _CIPHERS[self]

    @property
    def number(self) -> int:
        """The last arc of its object identifiers."""
        return list(Suite).index(self) + 1


_CIPHERS = {
    Suite.TRIPLE_DES: TRIPLE_DES,
    Suite.AES_128: AES_128,
    Suite.AES_192: AES_192,
    Suite.AES_256: AES_256,
}


class Mapping(StrEnum):
    """How PACE makes the nonce into a generator."""

    GENERIC = "gm"
    INTEGRATED = "im"
    CHIP_AUTHENTICATION = "cam"


_PACE_ARCS = {
    (Mapping.GENERIC, False): 1,
    (Mapping.GENERIC, True): 2,
    (Mapping.INTEGRATED, False): 3,
    (Mapping.INTEGRATED, True): 4,
    (Mapping.CHIP_AUTHENTICATION, True): 6,
}


def is_curve(parameter_id: int) -> bool:
    return parameter_id > LAST_FIELD_PARAMETER_ID


@dataclass(frozen=True, kw_only=True)
class PaceKind:
    """One way of PACE (9303-11, 4.4.3)."""

    mapping: Mapping = Mapping.GENERIC
    suite: Suite = Suite.AES_128
    parameter_id: int = 13

    @property
    def is_standard(self) -> bool:
        """Whether the standard has such a combination: chip authentication mapping is for curves and AES, integrated
        mapping for primes that are 3 modulo 4."""
        if self.mapping is Mapping.CHIP_AUTHENTICATION:
            return is_curve(self.parameter_id) and self.suite is not Suite.TRIPLE_DES
        return self.mapping is not Mapping.INTEGRATED or self.parameter_id != _PRIME_IS_ONE_MODULO_FOUR

    @property
    def oid(self) -> str:
        """Raises KeyError for a combination that the standard does not have."""
        return f"{_PACE}.{_PACE_ARCS[self.mapping, is_curve(self.parameter_id)]}.{self.suite.number}"


class ParameterForm(StrEnum):
    """How a public key in DG14 tells its domain parameters."""

    NAMED = "named"  # a curve's object identifier; for prime fields the same as explicit
    EXPLICIT = "explicit"  # all numbers; for prime fields p, g, q (ANSI X9.42)
    PKCS3 = "pkcs3"  # prime fields only: p and g
    STANDARDIZED = "standardized"  # the number of the standardized domain parameters (BSI TR-03110-3, A.2.1.1)


@dataclass(frozen=True, kw_only=True)
class ChipAuthenticationKind:
    """Chip authentication by key agreement. `key_id`: only with several keys. `with_info`: some chips hold only the
    key and leave the suite to be 3DES."""

    suite: Suite = Suite.AES_128
    parameter_id: int = 13
    form: ParameterForm = ParameterForm.NAMED
    key_id: int | None = None
    with_info: bool = True

    @property
    def oid(self) -> str:
        return f"{_CHIP_AUTHENTICATION}.{2 if is_curve(self.parameter_id) else 1}.{self.suite.number}"

    @property
    def key_oid(self) -> str:
        return ID_PUBLIC_KEY_ECDH if is_curve(self.parameter_id) else ID_PUBLIC_KEY_DH


class HashName(StrEnum):
    SHA1 = "sha1"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"

    @property
    def oid(self) -> str:
        return _HASH_OIDS[self]

    @property
    def number(self) -> int:
        return list(HashName).index(self) + 1


_HASH_OIDS = {
    HashName.SHA1: "1.3.14.3.2.26",
    HashName.SHA224: "2.16.840.1.101.3.4.2.4",
    HashName.SHA256: "2.16.840.1.101.3.4.2.1",
    HashName.SHA384: "2.16.840.1.101.3.4.2.2",
    HashName.SHA512: "2.16.840.1.101.3.4.2.3",
}


@dataclass(frozen=True, kw_only=True)
class RsaKind:
    """An RSA key of so many bits."""

    bits: int = 2048


@dataclass(frozen=True, kw_only=True)
class CurveKind:
    """A key on a named curve. `explicit`: its certificates or DG15 spell the parameters out."""

    curve: str = "brainpoolP256r1"
    explicit: bool = False


KeyKind = RsaKind | CurveKind


@dataclass(frozen=True, kw_only=True)
class ActiveAuthenticationKind:
    """Active authentication: the key, and the hash of its signatures. `with_info`: DG14 names the algorithm, as it
    must for ECDSA (9303-11, 9.2.6)."""

    key: KeyKind = field(default_factory=CurveKind)
    hash: HashName = HashName.SHA256
    with_info: bool = True

    @property
    def signature_oid(self) -> str:
        """The plain signature format of BSI TR-03111, 5.2.1.1."""
        return f"0.4.0.127.0.7.1.1.4.1.{self.hash.number}"


class SignatureScheme(StrEnum):
    """How a certificate or security object is signed; ECDSA for keys on curves."""

    PKCS1 = "pkcs1"
    PSS = "pss"
    ECDSA = "ecdsa"
