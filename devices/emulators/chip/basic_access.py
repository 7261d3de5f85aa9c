"""The card's side of Basic Access Control (ICAO 9303-11, 4.3)."""

from __future__ import annotations

from devices.chip.ciphers import TRIPLE_DES, equal, pad
from devices.chip.keys import SessionKeys
from devices.emulators.chip.protocol_faults import BasicAccessFault
from devices.emulators.chip.randomness import RandomBytes
from devices.emulators.chip.secure_session import SecureSession

CHALLENGE_SIZE = 8
_KEY_SIZE, _CIPHER_SIZE = 16, 32
_TOKEN_SIZE = _CIPHER_SIZE + 8


class BasicAccess:
    """One exchange; `challenge` first, then `authenticate`. `fault` spoils the answer."""

    def __init__(self, keys: SessionKeys, random_bytes: RandomBytes, fault: BasicAccessFault | None = None) -> None:
        self._keys = keys
        self._fault = fault
        self._random_bytes = random_bytes
        self.challenge = random_bytes(CHALLENGE_SIZE)

    def authenticate(self, token: bytes) -> tuple[bytes, SecureSession] | None:
        """The card's token and the session, None when the reader's token is not right."""
        cipher, code = token[:_CIPHER_SIZE], token[_CIPHER_SIZE:]
        if len(token) != _TOKEN_SIZE or not equal(self._mac(cipher), code):
            return None
        plain = TRIPLE_DES.decrypt(self._keys.encryption, cipher)
        theirs, ours, their_key = plain[:8], plain[8:16], plain[16:]
        if not equal(ours, self.challenge):
            return None
        our_key = self._random_bytes(_KEY_SIZE)
        answer = TRIPLE_DES.encrypt(self._keys.encryption, self._nonces(theirs) + our_key)
        secret = bytes(one ^ other for one, other in zip(their_key, our_key, strict=True))
        session = SecureSession(SessionKeys.of(secret, TRIPLE_DES), self.challenge[4:] + theirs[4:])
        return self._spoiled(answer + self._mac(answer), token), session

    def _nonces(self, theirs: bytes) -> bytes:
        match self._fault:
            case BasicAccessFault.OTHER_NONCE:
                return self.challenge + self._random_bytes(CHALLENGE_SIZE)
            case BasicAccessFault.SWAPPED_NONCES:
                return theirs + self.challenge
        return self.challenge + theirs

    def _spoiled(self, answer: bytes, token: bytes) -> bytes:
        match self._fault:
            case BasicAccessFault.WRONG_MAC:
                return answer[:-1] + bytes([answer[-1] ^ 1])
            case BasicAccessFault.REFLECTED:
                return token
            case BasicAccessFault.SHORT:
                return answer[:-8]
            case BasicAccessFault.EMPTY:
                return b""
        return answer

    def _mac(self, data: bytes) -> bytes:
        return TRIPLE_DES.mac(self._keys.mac, pad(data, TRIPLE_DES.block_size))
