"""The card's side of PACE (ICAO 9303-11, 4.4): one run of GENERAL AUTHENTICATE from the nonce to the tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from devices.chip.apdu import Status
from devices.chip.ciphers import equal, pad
from devices.chip.errors import ChipError
from devices.chip.groups import Group, KeyPair, standardized_group
from devices.chip.keys import KeyUse, SessionKeys, derive_key
from devices.chip.tlv import Tlv, encode, find, parse
from devices.emulators.chip.algorithms import Mapping, PaceKind, is_curve
from devices.emulators.chip.der import oid
from devices.emulators.chip.pace_faults import SpoilAnswer, leave_answer
from devices.emulators.chip.pseudo_random_mapping import pseudo_random_number
from devices.emulators.chip.randomness import RandomBytes, below
from devices.emulators.chip.secure_session import SecureSession, exchange_mac

DYNAMIC_DATA = 0x7C
_NARROW_NONCE, _WIDE_NONCE = 16, 32
_NARROW_KEY = 16


class PaceRefused(Exception):
    """The run is over; `status` is what the card answers. `wrong_password`: the reader's token was not right."""

    def __init__(self, status: int, *, wrong_password: bool = False) -> None:
        super().__init__(f"{status:04X}")
        self.status = status
        self.wrong_password = wrong_password


@dataclass(frozen=True, kw_only=True, repr=False)
class PaceSecrets:
    """`password` as the reader must know it; `static_private` is the chip authentication key of the mapping that
    proves the chip."""

    password: bytes
    static_private: int | None = None


class PaceRun:
    """Steps in their order; `session` is there after the last. A wrong step ends the run."""

    def __init__(
        self,
        kind: PaceKind,
        secrets: PaceSecrets,
        random_bytes: RandomBytes,
        spoil: SpoilAnswer = leave_answer,
    ) -> None:
        self._kind = kind
        self._secrets = secrets
        self._random_bytes = random_bytes
        self._spoil = spoil
        self._suite = kind.suite.cipher
        self._group: Group = standardized_group(kind.parameter_id)
        self._nonce = random_bytes(_NARROW_NONCE if self._suite.key_size <= _NARROW_KEY else _WIDE_NONCE)
        self._steps: list[Callable[[Tlv], bytes]] = [self._tell_nonce, self._map, self._agree, self._prove]
        self._mapping_key: KeyPair | None = None
        self._key: KeyPair | None = None
        self._peer = b""
        self._keys: SessionKeys | None = None
        self.session: SecureSession | None = None

    @property
    def last_step_next(self) -> bool:
        return len(self._steps) == 1

    def step(self, data: bytes) -> bytes:
        """Answer one GENERAL AUTHENTICATE. Raises `PaceRefused`."""
        try:
            asked = parse(data)
            if asked.tag != DYNAMIC_DATA:
                raise PaceRefused(Status.WRONG_DATA)
            return encode(DYNAMIC_DATA, self._steps.pop(0)(asked))
        except ChipError as error:
            raise PaceRefused(Status.WRONG_DATA) from error

    def _tell_nonce(self, asked: Tlv) -> bytes:
        if asked.value:
            raise PaceRefused(Status.WRONG_DATA)
        key = derive_key(self._secrets.password, KeyUse.PASSWORD, self._suite)
        return self._spoil(0x80, encode(0x80, self._suite.encrypt(key, self._nonce)), asked, self._group)

    def _map(self, asked: Tlv) -> bytes:
        theirs = asked.child(0x81).value
        if self._kind.mapping is Mapping.INTEGRATED:
            if len(theirs) != len(self._integrated_nonce()):
                raise PaceRefused(Status.WRONG_DATA)
            number = pseudo_random_number(self._nonce, theirs, self._group.field, self._suite)
            self._group = self._group.mapped_to(number)
            return self._spoil(0x82, encode(0x82, b""), asked, self._group)
        plain = self._group
        self._mapping_key = self._new_key(plain)
        nonce = int.from_bytes(self._nonce, "big")
        self._group = plain.mapped_generically(nonce, self._mapping_key.private, theirs)
        return self._spoil(0x82, encode(0x82, self._mapping_key.public), asked, plain)

    def _integrated_nonce(self) -> bytes:
        """As long as the reader's nonce t must be: the cipher's key (9303-11, 4.4.3.3.2)."""
        return bytes(self._suite.key_size)

    def _agree(self, asked: Tlv) -> bytes:
        self._peer = asked.child(0x83).value
        self._key = self._new_key(self._group)
        if self._peer == self._key.public:
            raise PaceRefused(Status.WRONG_DATA)
        secret = self._group.shared_secret(self._key.private, self._peer)
        self._keys = SessionKeys.of(secret, self._suite)
        return self._spoil(0x84, encode(0x84, self._key.public), asked, self._group)

    def _prove(self, asked: Tlv) -> bytes:
        token = find(asked.children(), 0x85)
        if self._key is None or self._keys is None:
            raise PaceRefused(Status.CONDITIONS_NOT_SATISFIED)
        if token is None or not equal(token.value, self._token(self._keys, self._key.public)):
            raise PaceRefused(Status.AUTHENTICATION_FAILED, wrong_password=True)
        self.session = SecureSession(self._keys)
        answer = encode(0x86, self._token(self._keys, self._peer))
        if self._kind.mapping is Mapping.CHIP_AUTHENTICATION:
            answer += encode(0x8A, self._chip_authentication_data(self._keys))
        return self._spoil(0x86, answer, asked, self._group)

    def _token(self, keys: SessionKeys, public: bytes) -> bytes:
        tag = 0x86 if is_curve(self._kind.parameter_id) else 0x84
        return exchange_mac(keys, encode(0x7F49, oid(self._kind.oid), encode(tag, public)))

    def _chip_authentication_data(self, keys: SessionKeys) -> bytes:
        """SK_map / SK_chip, encrypted under the new session with an IV of its own (9303-11, 4.4.3.5.2)."""
        if self._mapping_key is None or self._secrets.static_private is None:
            raise PaceRefused(Status.CONDITIONS_NOT_SATISFIED)
        order = self._group.order
        data = pow(self._secrets.static_private, -1, order) * self._mapping_key.private % order
        size, block = (order.bit_length() + 7) // 8, self._suite.block_size
        iv = self._suite.encrypt(keys.encryption, b"\xff" * block)
        return self._suite.encrypt(keys.encryption, pad(data.to_bytes(size, "big"), block), iv)

    def _new_key(self, group: Group) -> KeyPair:
        return group.new_key(lambda limit: below(limit, self._random_bytes))
