"""The chip's side of active authentication (ICAO 9303-11, 6.1): signing a challenge."""

from __future__ import annotations

from dataclasses import dataclass

from devices.emulators.chip.algorithms import ActiveAuthenticationKind, HashName
from devices.emulators.chip.protocol_faults import ActiveAuthenticationFault
from devices.emulators.chip.randomness import RandomBytes
from devices.emulators.chip.signing_keys import CurveSigningKey, RsaSigningKey, SigningKey, digest

CHALLENGE_SIZE = 8
_HEAD, _TRAILER_SHA1 = 0x6A, b"\xbc"
_TRAILERS = {
    HashName.SHA1: _TRAILER_SHA1,
    HashName.SHA224: b"\x38\xcc",
    HashName.SHA256: b"\x34\xcc",
    HashName.SHA384: b"\x36\xcc",
    HashName.SHA512: b"\x35\xcc",
}
_REPLAYED_CHALLENGE = bytes(CHALLENGE_SIZE)


@dataclass(frozen=True, kw_only=True, repr=False)
class ChallengeSigner:
    """Signs with `key` as `kind` says; `fault` breaks it on purpose."""

    kind: ActiveAuthenticationKind
    key: SigningKey
    random_bytes: RandomBytes
    fault: ActiveAuthenticationFault | None = None

    def sign(self, challenge: bytes) -> bytes | None:
        """The signature, or None when the card refuses."""
        match self.fault:
            case ActiveAuthenticationFault.REFUSED:
                return None
            case ActiveAuthenticationFault.EMPTY:
                return b""
            case ActiveAuthenticationFault.OTHER_CHALLENGE:
                return self._signature(self.random_bytes(CHALLENGE_SIZE))
            case ActiveAuthenticationFault.REPLAYED:
                return self._signature(_REPLAYED_CHALLENGE)
        return self._spoiled(self._signature(challenge))

    def _spoiled(self, signature: bytes) -> bytes:
        match self.fault:
            case ActiveAuthenticationFault.SHORT:
                return signature[:-1]
            case ActiveAuthenticationFault.ZERO:
                return bytes(len(signature))
            case ActiveAuthenticationFault.GARBAGE:
                return self.random_bytes(len(signature))
        return signature

    def _signature(self, challenge: bytes) -> bytes:
        if isinstance(self.key, CurveSigningKey):
            return self.key.sign_plain(challenge, self.kind.hash)
        assert isinstance(self.key, RsaSigningKey)
        return self._recoverable(self.key, challenge)

    def _recoverable(self, key: RsaSigningKey, challenge: bytes) -> bytes:
        """ISO/IEC 9796-2, scheme 1 with partial recovery: 6A ‖ M1 ‖ hash(M1 ‖ challenge) ‖ trailer."""
        trailer = self._trailer()
        hash_size = len(digest(self.kind.hash, b""))
        own_part = self.random_bytes(key.size - 1 - hash_size - len(trailer))
        block = bytes([_HEAD]) + own_part + digest(self.kind.hash, own_part + challenge) + trailer
        return key.raw(int.from_bytes(block, "big"))

    def _trailer(self) -> bytes:
        if self.fault is not ActiveAuthenticationFault.WRONG_TRAILER:
            return _TRAILERS[self.kind.hash]
        return _TRAILERS[HashName.SHA384 if self.kind.hash is not HashName.SHA384 else HashName.SHA512]
