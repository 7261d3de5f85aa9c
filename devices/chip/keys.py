"""Keys made of what is printed on a document, and of what two sides agreed on (ICAO 9303-11, 9.7)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from devices.chip.ciphers import TRIPLE_DES, CipherSuite, TripleDesSuite
from devices.chip.mrz import check_digit

_SEED_SIZE = 16
_NUMBER_SIZE = 9


class KeyUse(IntEnum):
    """The counter of the key derivation (9303-11, 9.7.1)."""

    ENCRYPTION = 1
    MAC = 2
    PASSWORD = 3


def derive_key(secret: bytes, use: KeyUse, suite: CipherSuite) -> bytes:
    """KDF(K, c): SHA-1 for 3DES (parity adjusted) and AES-128, SHA-256 for AES-192 and -256."""
    wide = suite.key_size > 16
    digest = (hashlib.sha256 if wide else hashlib.sha1)(secret + int(use).to_bytes(4, "big")).digest()
    key = digest[: suite.key_size]
    return _with_odd_parity(key) if isinstance(suite, TripleDesSuite) else key


@dataclass(frozen=True, kw_only=True, repr=False)
class SessionKeys:
    """What both sides derive from a shared secret; never printed."""

    suite: CipherSuite
    encryption: bytes
    mac: bytes

    @classmethod
    def of(cls, secret: bytes, suite: CipherSuite) -> SessionKeys:
        return cls(
            suite=suite,
            encryption=derive_key(secret, KeyUse.ENCRYPTION, suite),
            mac=derive_key(secret, KeyUse.MAC, suite),
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class MrzKey:
    """The three printed values that open a chip. `document_number` as printed, up to nine characters or, on TD1
    documents with longer numbers, all of it; `birth` and `expiry` are yymmdd. Never printed by `repr`."""

    document_number: str
    birth: str
    expiry: str

    @property
    def mrz_information(self) -> bytes:
        """Number, birth and expiry, each with its check digit (9303-11, 9.7.2)."""
        number = self.document_number.upper().ljust(_NUMBER_SIZE, "<")
        parts = (number, self.birth, self.expiry)
        return "".join(part + check_digit(part) for part in parts).encode("ascii")

    @property
    def password(self) -> bytes:
        """K for PACE: the whole SHA-1."""
        return hashlib.sha1(self.mrz_information).digest()  # noqa: S324

    @property
    def basic_access_keys(self) -> SessionKeys:
        """Document basic access keys (9303-11, 4.3.2 and D.2)."""
        return SessionKeys.of(self.password[:_SEED_SIZE], TRIPLE_DES)


@dataclass(frozen=True, kw_only=True, repr=False)
class CanKey:
    """The card access number: six digits printed on the front; on Vietnamese cards taken from the citizen number."""

    digits: str

    @property
    def password(self) -> bytes:
        """K for PACE: the digits themselves."""
        return self.digits.encode("ascii")


AccessKey = MrzKey | CanKey


def _with_odd_parity(key: bytes) -> bytes:
    return bytes(byte & 0xFE | ((byte >> 1).bit_count() + 1) % 2 for byte in key)
