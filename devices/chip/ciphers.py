"""The two families of ciphers and MACs of ICAO 9303-11: two-key 3DES with the retail MAC, and AES with CMAC.

ISO/IEC 9797-1 (MAC algorithm 3, padding method 2), NIST SP 800-38B (CMAC), ICAO 9303-11, 9.8.
"""

from __future__ import annotations

import hmac
from abc import ABC, abstractmethod

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from devices.chip.errors import MalformedData

MAC_SIZE = 8


def pad(data: bytes, block_size: int) -> bytes:
    """Padding method 2: 80 and zeros up to whole blocks; always at least one byte."""
    return data + b"\x80" + b"\x00" * (-(len(data) + 1) % block_size)


def unpad(data: bytes) -> bytes:
    """Without padding method 2. Raises `MalformedData`."""
    bare = data.rstrip(b"\x00")
    if not bare.endswith(b"\x80"):
        raise MalformedData("padding")
    return bare[:-1]


def equal(one: bytes, other: bytes) -> bool:
    """Comparison that does not tell where they differ."""
    return hmac.compare_digest(one, other)


class CipherSuite(ABC):
    """A block cipher in CBC mode and the MAC that goes with it. `key_size` in bytes."""

    block_size: int

    def __init__(self, key_size: int) -> None:
        self.key_size = key_size

    @abstractmethod
    def encrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC over whole blocks; `iv` is zero unless given."""

    @abstractmethod
    def decrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC over whole blocks; raises `MalformedData` when they are not whole."""

    @abstractmethod
    def mac(self, key: bytes, data: bytes) -> bytes:
        """Eight bytes over `data`; padding is the caller's where the protocol pads, except that the retail MAC
        takes whole blocks only."""

    @abstractmethod
    def session_iv(self, key: bytes, counter: bytes) -> bytes:
        """The IV of a secure message with this send sequence counter (ICAO 9303-11, 9.8.6)."""

    def _check_blocks(self, data: bytes) -> None:
        if not data or len(data) % self.block_size:
            raise MalformedData("not whole cipher blocks")


class TripleDesSuite(CipherSuite):
    """Two-key 3DES; keys of 16 bytes."""

    block_size = 8

    def __init__(self) -> None:
        super().__init__(16)

    def encrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        self._check_blocks(data)
        return self._cipher(key, iv).encryptor().update(data)

    def decrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        self._check_blocks(data)
        return self._cipher(key, iv).decryptor().update(data)

    def mac(self, key: bytes, data: bytes) -> bytes:
        self._check_blocks(data)
        single, other = key[:8], key[8:16]
        chained = Cipher(TripleDES(single * 3), modes.CBC(bytes(8))).encryptor().update(data)[-8:]
        # DES with one key is 3DES with it three times: decrypt with the second, encrypt with the first again
        opened = Cipher(TripleDES(other * 3), modes.CBC(bytes(8))).decryptor().update(chained)
        return Cipher(TripleDES(single * 3), modes.CBC(bytes(8))).encryptor().update(opened)

    def session_iv(self, key: bytes, counter: bytes) -> bytes:  # noqa: ARG002 3DES needs neither
        return bytes(self.block_size)

    def _cipher(self, key: bytes, iv: bytes | None) -> Cipher[modes.CBC]:
        return Cipher(TripleDES(key[:16] + key[:8]), modes.CBC(iv or bytes(8)))


class AesSuite(CipherSuite):
    """AES with keys of 16, 24 or 32 bytes."""

    block_size = 16

    def encrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        self._check_blocks(data)
        return Cipher(algorithms.AES(key), modes.CBC(iv or bytes(16))).encryptor().update(data)

    def decrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        self._check_blocks(data)
        return Cipher(algorithms.AES(key), modes.CBC(iv or bytes(16))).decryptor().update(data)

    def mac(self, key: bytes, data: bytes) -> bytes:
        code = CMAC(algorithms.AES(key))
        code.update(data)
        return code.finalize()[:MAC_SIZE]

    def session_iv(self, key: bytes, counter: bytes) -> bytes:
        return self.encrypt(key, counter)


TRIPLE_DES = TripleDesSuite()
AES_128 = AesSuite(16)
AES_192 = AesSuite(24)
AES_256 = AesSuite(32)
