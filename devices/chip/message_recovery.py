"""RSA signatures that carry part of their message: ISO/IEC 9796-2, digital signature scheme 1."""

from __future__ import annotations

import hashlib

from devices.chip.ciphers import equal
from devices.chip.public_keys import RsaPublicKey

_IMPLICIT_TRAILER = 0xBC
_EXPLICIT_TRAILER = 0xCC
_HASH_BY_ID = {0x33: "sha1", 0x34: "sha256", 0x35: "sha512", 0x36: "sha384", 0x38: "sha224"}
"""Hash identifiers of ISO/IEC 10118-3."""
_HEADER = 0x60  # 01, then 1 for a message recovered in part, then the start of the padding
_PADDING, _PADDING_END = 0x0B, 0x0A


def recovers(key: RsaPublicKey, signature: bytes, message_end: bytes) -> bool:
    """Whether `signature` is `key`'s over a message whose unrecovered end is `message_end`. Hashes SHA-1, -224, -256,
    -384, -512; the hash must stand right before the trailer, and nothing may be left over."""
    size = (key.modulus.bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= key.modulus:
        return False
    recovered = pow(number, key.exponent, key.modulus)
    if recovered & 0x0F != 0x0C:
        recovered = key.modulus - recovered  # the signer may have taken the smaller of two (9796-2, B.4)
    return _holds(recovered.to_bytes(size, "big"), message_end)


def _holds(representative: bytes, message_end: bytes) -> bool:
    hash_name, trailer_size = _trailer(representative)
    if hash_name is None:
        return False
    digest_size = hashlib.new(hash_name).digest_size
    digest_start = len(representative) - trailer_size - digest_size
    start = _message_start(representative[:digest_start])
    if start is None:
        return False
    digest = representative[digest_start : digest_start + digest_size]
    whole = representative[start:digest_start] + message_end
    return equal(hashlib.new(hash_name, whole).digest(), digest)


def _trailer(representative: bytes) -> tuple[str | None, int]:
    """Which hash it is, None for none we know, and the trailer's length."""
    if representative[-1] == _IMPLICIT_TRAILER:
        return "sha1", 1
    if representative[-1] == _EXPLICIT_TRAILER:
        return _HASH_BY_ID.get(representative[-2]), 2
    return None, 0


def _message_start(head: bytes) -> int | None:
    """Where the recovered part begins behind header and padding: 6A, or 6B BB … BA; None where it does not."""
    if not head or head[0] & 0xF0 != _HEADER:
        return None
    if head[0] & 0x0F == _PADDING_END:
        return 1
    if head[0] & 0x0F != _PADDING:
        return None
    at = 1
    while at < len(head) and head[at] == 0xBB:
        at += 1
    return at + 1 if at < len(head) and head[at] == 0xBA else None
