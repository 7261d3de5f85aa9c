"""The pseudo-random function of PACE's integrated mapping (ICAO 9303-11, 4.4.3.3.2)."""

from __future__ import annotations

from devices.chip.ciphers import CipherSuite
from devices.chip.errors import ProtocolBroken

_EXTRA_BITS = 64  # more than the prime has, so that the remainder is even
_CONSTANTS = {
    16: (
        bytes.fromhex("a668892a7c41e3ca739f40b057d85904"),
        bytes.fromhex("a4e136ac725f738b01c1f60217c188ad"),
    ),
    32: (
        bytes.fromhex("d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676"),
        bytes.fromhex("54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517"),
    ),
}


def pseudo_random_number(nonce: bytes, terminal_nonce: bytes, suite: CipherSuite, prime: int) -> int:
    """R_p(s, t): a number below `prime` of the chip's nonce s and the terminal's t, which is a key of `suite`.

    s has 16 bytes for keys of 16 bytes and 32 for longer ones. Raises `ProtocolBroken` for other lengths.
    """
    wanted = 16 if suite.key_size == 16 else 32
    if len(nonce) != wanted or len(terminal_nonce) != suite.key_size:
        raise ProtocolBroken(f"nonce of {len(nonce)} bytes in integrated mapping")
    next_key, output = _CONSTANTS[len(nonce)]
    key = suite.encrypt(terminal_nonce, nonce)[: suite.key_size]
    made = b""
    while 8 * len(made) < prime.bit_length() + _EXTRA_BITS:
        made += suite.encrypt(key, output)
        key = suite.encrypt(key, next_key)[: suite.key_size]
    return int.from_bytes(made, "big") % prime
