"""The pseudo-random function of PACE's integrated mapping (ICAO 9303-11, 4.4.3.3.2)."""

from __future__ import annotations

from devices.chip.ciphers import CipherSuite

_NARROW_CONSTANTS = (
    bytes.fromhex("A668892A7C41E3CA739F40B057D85904"),
    bytes.fromhex("A4E136AC725F738B01C1F60217C188AD"),
)
_WIDE_CONSTANTS = (
    bytes.fromhex("D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676"),
    bytes.fromhex("54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517"),
)
_SECURITY_BITS = 64


def pseudo_random_number(nonce: bytes, reader_nonce: bytes, prime: int, suite: CipherSuite) -> int:
    """R(s, t) modulo the prime: the nonce encrypted under the reader's is the first key; each key makes a part of the
    number and the next key, until there are 64 bits more than the prime has."""
    next_key, part = _NARROW_CONSTANTS if suite.key_size <= 16 else _WIDE_CONSTANTS
    key = suite.encrypt(reader_nonce, nonce)
    made = b""
    while 8 * len(made) < prime.bit_length() + _SECURITY_BITS:
        short_key = key[: suite.key_size]
        made += suite.encrypt(short_key, part)
        key = suite.encrypt(short_key, next_key)
    return int.from_bytes(made, "big") % prime
