"""The card's side of Basic Access Control (ICAO 9303-11, 4.3)."""

from __future__ import annotations

from devices.chip.ciphers import TRIPLE_DES, equal, pad
from devices.chip.keys import SessionKeys
from devices.emulators.chip.randomness import RandomBytes
from devices.emulators.chip.secure_session import SecureSession

CHALLENGE_SIZE = 8
_KEY_SIZE, _CIPHER_SIZE = 16, 32
_TOKEN_SIZE = _CIPHER_SIZE + 8


class BasicAccess:
    """One exchange; `challenge` first, then `authenticate`."""

    def __init__(self, keys: SessionKeys, random_bytes: RandomBytes) -> None:
        self._keys = keys
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
        answer = TRIPLE_DES.encrypt(self._keys.encryption, self.challenge + theirs + our_key)
        secret = bytes(one ^ other for one, other in zip(their_key, our_key, strict=True))
        session = SecureSession(SessionKeys.of(secret, TRIPLE_DES), self.challenge[4:] + theirs[4:])
        return answer + self._mac(answer), session

    def _mac(self, data: bytes) -> bytes:
        return TRIPLE_DES.mac(self._keys.mac, pad(data, TRIPLE_DES.block_size))
