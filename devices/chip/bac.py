"""Basic access control: opens a chip with the printed values (ICAO 9303-11, 4.3 and appendix D.3)."""

from __future__ import annotations

from devices.chip.apdu import Command, Response, Status, Transmit
from devices.chip.ciphers import TRIPLE_DES, equal, pad
from devices.chip.errors import ChipRefused, KeyRefused, ProtocolBroken
from devices.chip.keys import MrzKey, SessionKeys
from devices.chip.link import PlainChannel
from devices.chip.randomness import Randomness
from devices.chip.refusals import says_wrong_key, tries_left
from devices.chip.secure_messaging import SecureChannel

_NONCE_SIZE = 8
_SEED_SIZE = 16
_MAC_SIZE = 8


def open_by_bac(transmit: Transmit, key: MrzKey, randomness: Randomness | None = None) -> SecureChannel:
    """A session by BAC; the application must be selected. Raises `KeyRefused`, `ChipRefused` where the chip does not
    speak BAC, `ProtocolBroken`."""
    octets = (randomness or Randomness()).octets
    channel = PlainChannel(transmit)
    chip_nonce = _challenge(channel)
    nonce, seed = octets(_NONCE_SIZE), octets(_SEED_SIZE)
    keys = key.basic_access_keys
    sent = _sealed(keys, nonce + chip_nonce + seed)
    answer = channel.send(Command(ins=0x82, data=sent, expected=len(sent)))
    if not answer.ok:
        raise _refusal(answer)
    chip_seed = _chip_seed(keys, answer.data, chip_nonce + nonce)
    shared = bytes(one ^ other for one, other in zip(seed, chip_seed, strict=True))
    return SecureChannel(transmit, SessionKeys.of(shared, TRIPLE_DES), chip_nonce[-4:] + nonce[-4:])


def _challenge(channel: PlainChannel) -> bytes:
    answer = channel.send(Command(ins=0x84, expected=_NONCE_SIZE))
    if not answer.ok:
        raise ChipRefused(answer.status, "challenge")
    if len(answer.data) != _NONCE_SIZE:
        raise ProtocolBroken("challenge of another length")
    return answer.data


def _sealed(keys: SessionKeys, plain: bytes) -> bytes:
    encrypted = TRIPLE_DES.encrypt(keys.encryption, plain)
    return encrypted + TRIPLE_DES.mac(keys.mac, pad(encrypted, TRIPLE_DES.block_size))


def _chip_seed(keys: SessionKeys, answer: bytes, nonces: bytes) -> bytes:
    if len(answer) != len(nonces) + _SEED_SIZE + _MAC_SIZE:
        raise ProtocolBroken("BAC: answer of another length")
    encrypted, code = answer[:-_MAC_SIZE], answer[-_MAC_SIZE:]
    if not equal(TRIPLE_DES.mac(keys.mac, pad(encrypted, TRIPLE_DES.block_size)), code):
        raise ProtocolBroken("BAC: MAC of the answer is wrong")
    plain = TRIPLE_DES.decrypt(keys.encryption, encrypted)
    if not equal(plain[: len(nonces)], nonces):
        raise ProtocolBroken("BAC: nonces of the answer are wrong")
    return plain[len(nonces) :]


def _refusal(answer: Response) -> KeyRefused | ChipRefused:
    if says_wrong_key(answer.status) or answer.status == Status.SECURE_MESSAGING_WRONG:
        return KeyRefused(f"BAC: {answer.status:04X}", tries_left(answer.status))
    return ChipRefused(answer.status, "BAC")
