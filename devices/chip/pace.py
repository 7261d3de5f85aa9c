"""PACE: opens a chip with the CAN or the printed values (ICAO 9303-11, 4.4; BSI TR-03110-3, B.1).

Generic, integrated and chip authentication mapping, over curves and fields, with 3DES and AES.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from devices.chip import object_identifiers as oids
from devices.chip import tlv
from devices.chip.apdu import Command, Response, Status, Transmit
from devices.chip.ciphers import TRIPLE_DES, equal, pad, unpad
from devices.chip.errors import ChipRefused, KeyRefused, MalformedData, ProtocolBroken, Unsupported
from devices.chip.groups import CurveGroup, Group
from devices.chip.keys import AccessKey, CanKey, KeyUse, SessionKeys, derive_key
from devices.chip.link import PlainChannel
from devices.chip.object_identifiers import Agreement, Mapping, Protocol
from devices.chip.pace_mapping import pseudo_random_number
from devices.chip.randomness import Randomness
from devices.chip.refusals import is_counter, says_wrong_key, tries_left
from devices.chip.secure_messaging import SecureChannel
from devices.chip.security_infos import PaceInfo, SecurityInfos, pace_group

_DYNAMIC = 0x7C
_PUBLIC_KEY = 0x7F49
_BY_MRZ = b"\x01"
_BY_CAN = b"\x02"
_SPOKEN_VERSION = 2
_MAX_NONCE = 64
_STRENGTH_OF_MAPPING = {Mapping.GENERIC: 0, Mapping.INTEGRATED: 1, Mapping.CHIP_AUTHENTICATION: 2}


@dataclass(frozen=True, kw_only=True)
class PaceChoice:
    """One way of PACE the chip offers and we speak."""

    info: PaceInfo
    group: Group

    @property
    def name(self) -> str:
        return f"{self.info.protocol.name} {self.group.name}"


@dataclass(frozen=True, kw_only=True)
class MappingProof:
    """What chip authentication mapping leaves to check: the chip knows the private key of whichever static public key
    this fits (9303-11, 4.4.3.3.3 and 4.4.3.5). The key stands in EF.CardSecurity and must be signed to mean
    anything."""

    group: CurveGroup
    mapping_public: bytes
    data: int

    def fits(self, static_public: bytes) -> bool:
        """Whether the chip proved the private key of `static_public`, a point of the same curve."""
        try:
            proven = self.group.shared_secret(self.data, static_public)
        except ProtocolBroken:
            return False
        return equal(proven, self.mapping_public[1 : 1 + self.group.coordinate_size])


@dataclass(frozen=True, kw_only=True)
class PaceSession:
    """A chip opened by PACE. `proof` only after chip authentication mapping."""

    channel: SecureChannel
    choice: PaceChoice
    proof: MappingProof | None = None


def pace_choices(infos: SecurityInfos) -> tuple[PaceChoice, ...]:
    """Every way of PACE the chip offers and we speak, strongest first: by cipher, then size of the group, then
    mapping with chip authentication before integrated before generic. The order is the same every time."""
    spoken = (_spoken(infos, info) for info in infos.pace)
    return tuple(sorted((each for each in spoken if each is not None), key=_strength, reverse=True))


def open_by_pace(
    transmit: Transmit,
    choices: Sequence[PaceChoice],
    key: AccessKey,
    randomness: Randomness | None = None,
) -> PaceSession:
    """A session by the first of `choices` that the chip takes; one try of `key`. Raises `KeyRefused`, `ChipRefused`,
    `ProtocolBroken`, `Unsupported` when there is no choice."""
    if not choices:
        raise Unsupported("no way of PACE in common")
    channel = PlainChannel(transmit)
    refusal = ChipRefused(Status.REFERENCE_NOT_FOUND, "PACE")
    for choice in choices:
        answer = _select(channel, choice, key)
        if answer.ok or is_counter(answer.status):
            return _Handshake(transmit, choice, key, randomness or Randomness()).run()
        if answer.status == Status.METHOD_BLOCKED:
            raise KeyRefused("PACE: password blocked", 0)
        refusal = ChipRefused(answer.status, "PACE: MSE:Set AT")
    raise refusal


def _spoken(infos: SecurityInfos, info: PaceInfo) -> PaceChoice | None:
    if info.version != _SPOKEN_VERSION:
        return None
    try:
        group = pace_group(infos, info)
    except Unsupported:
        return None
    on_curve = isinstance(group, CurveGroup)
    mappable = info.protocol.mapping is not Mapping.INTEGRATED or not on_curve or group.field % 4 == 3
    if on_curve != (info.protocol.agreement is Agreement.ECDH) or not mappable:
        return None
    return PaceChoice(info=info, group=group)


def _strength(choice: PaceChoice) -> tuple[bool, int, int, int, int]:
    protocol, group = choice.info.protocol, choice.group
    mapping = protocol.mapping or Mapping.GENERIC
    return (
        protocol.suite is not TRIPLE_DES,
        min(protocol.suite.key_size * 8, group.order.bit_length() // 2),
        group.order.bit_length(),
        _STRENGTH_OF_MAPPING[mapping],
        protocol.suite.key_size,
    )


def _select(channel: PlainChannel, choice: PaceChoice, key: AccessKey) -> Response:
    """MSE:Set AT (9303-11, 4.4.4.1); without Le."""
    data = tlv.encode(0x80, oids.encode(choice.info.protocol.oid))
    data += tlv.encode(0x83, _BY_CAN if isinstance(key, CanKey) else _BY_MRZ)
    if choice.info.parameter_id is not None:
        data += tlv.encode(0x84, bytes([choice.info.parameter_id & 0xFF]))
    return channel.send(Command(ins=0x22, p1=0xC1, p2=0xA4, data=data))


class _Handshake:
    """The four steps of GENERAL AUTHENTICATE, once."""

    def __init__(self, transmit: Transmit, choice: PaceChoice, key: AccessKey, randomness: Randomness) -> None:
        self._transmit = transmit
        self._channel = PlainChannel(transmit)
        self._choice = choice
        self._protocol: Protocol = choice.info.protocol
        self._suite = self._protocol.suite
        self._key = key
        self._randomness = randomness

    def run(self) -> PaceSession:
        nonce = self._nonce()
        mapped, mapping_public = self._mapped(nonce)
        own = mapped.new_key(self._randomness.below)
        peer = self._exchange(0x83, own.public, 0x84)
        if equal(peer, own.public):
            raise ProtocolBroken("PACE: chip answered our own key")
        keys = SessionKeys.of(mapped.shared_secret(own.private, peer), self._suite)
        encrypted_proof = self._prove(keys, own.public, peer)
        proof = self._mapping_proof(keys, encrypted_proof, mapping_public)
        return PaceSession(channel=SecureChannel(self._transmit, keys), choice=self._choice, proof=proof)

    def _nonce(self) -> bytes:
        encrypted = self._child(self._step(b"", last=False), 0x80)
        if len(encrypted) > _MAX_NONCE:
            raise ProtocolBroken("PACE: nonce too long")
        try:
            return self._suite.decrypt(derive_key(self._key.password, KeyUse.PASSWORD, self._suite), encrypted)
        except MalformedData:
            raise ProtocolBroken("PACE: nonce not of whole blocks") from None

    def _mapped(self, nonce: bytes) -> tuple[Group, bytes]:
        """The group with the mapped generator, and the public key the chip mapped with (generic mapping)."""
        group = self._choice.group
        if self._protocol.mapping is Mapping.INTEGRATED:
            own_nonce = self._randomness.octets(self._suite.key_size)
            self._step(tlv.encode(0x81, own_nonce), last=False)
            return group.mapped_to(pseudo_random_number(nonce, own_nonce, self._suite, group.field)), b""
        own = group.new_key(self._randomness.below)
        peer = self._exchange(0x81, own.public, 0x82)
        if equal(peer, own.public):
            raise ProtocolBroken("PACE: chip answered our own key")
        return group.mapped_generically(int.from_bytes(nonce, "big"), own.private, peer), peer

    def _prove(self, keys: SessionKeys, own: bytes, peer: bytes) -> bytes | None:
        """Exchanges the tokens; what the chip encrypted beside its own, if anything."""
        answer = self._step(tlv.encode(0x85, self._token(keys, peer)), last=True)
        if not equal(self._child(answer, 0x86), self._token(keys, own)):
            raise ProtocolBroken("PACE: token of the chip is wrong")
        extra = tlv.find(answer, 0x8A)
        return extra.value if extra is not None else None

    def _token(self, keys: SessionKeys, public: bytes) -> bytes:
        """MAC over identifier and public key (9303-11, 4.4.3.4 and 9.4.4)."""
        tag = 0x86 if self._protocol.agreement is Agreement.ECDH else 0x84
        covered = tlv.encode(_PUBLIC_KEY, tlv.encode(0x06, oids.encode(self._protocol.oid)), tlv.encode(tag, public))
        whole = pad(covered, self._suite.block_size) if self._suite is TRIPLE_DES else covered
        return self._suite.mac(keys.mac, whole)

    def _mapping_proof(self, keys: SessionKeys, encrypted: bytes | None, public: bytes) -> MappingProof | None:
        group = self._choice.group
        if self._protocol.mapping is not Mapping.CHIP_AUTHENTICATION or not isinstance(group, CurveGroup):
            return None
        if encrypted is None:
            raise ProtocolBroken("PACE: no chip authentication data")
        iv = self._suite.encrypt(keys.encryption, b"\xff" * self._suite.block_size)
        try:
            data = unpad(self._suite.decrypt(keys.encryption, encrypted, iv))
        except MalformedData:
            raise ProtocolBroken("PACE: chip authentication data cannot be read") from None
        return MappingProof(group=group, mapping_public=public, data=int.from_bytes(data, "big"))

    def _exchange(self, sent_tag: int, sent: bytes, wanted_tag: int) -> bytes:
        return self._child(self._step(tlv.encode(sent_tag, sent), last=False), wanted_tag)

    def _step(self, data: bytes, *, last: bool) -> tuple[tlv.Tlv, ...]:
        command = Command(cla=0x00 if last else 0x10, ins=0x86, data=tlv.encode(_DYNAMIC, data), expected=256)
        answer = self._channel.send(command)
        if not answer.ok:
            if last and says_wrong_key(answer.status):
                raise KeyRefused(f"PACE: {answer.status:04X}", tries_left(answer.status))
            raise ChipRefused(answer.status, "PACE: GENERAL AUTHENTICATE")
        return self._dynamic(answer.data)

    @staticmethod
    def _dynamic(data: bytes) -> tuple[tlv.Tlv, ...]:
        """The dynamic authentication data of an answer; some chips leave out the empty one."""
        try:
            outer = tlv.parse(data) if data else tlv.Tlv(tag=_DYNAMIC, value=b"")
            if outer.tag != _DYNAMIC:
                raise ProtocolBroken("PACE: answer of another kind")
            return outer.children()
        except MalformedData as error:
            raise ProtocolBroken(f"PACE: {error.detail}") from None

    @staticmethod
    def _child(objects: tuple[tlv.Tlv, ...], tag: int) -> bytes:
        found = tlv.find(objects, tag)
        if found is None:
            raise ProtocolBroken(f"PACE: no {tag:02X} in the answer")
        return found.value
