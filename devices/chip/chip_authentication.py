"""Chip authentication: the chip shows that it knows the private key of a public key its issuer signed, and the
session goes on with new keys (ICAO 9303-11, 6.2; BSI TR-03110-3, B.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from devices.chip import object_identifiers as oids
from devices.chip import proof_reasons as reasons
from devices.chip import tlv
from devices.chip.apdu import Command, Response, Transmit
from devices.chip.ciphers import TRIPLE_DES
from devices.chip.errors import ChipRefused, MalformedData, ProtocolBroken
from devices.chip.groups import CurveGroup
from devices.chip.keys import SessionKeys
from devices.chip.long_commands import send_long
from devices.chip.object_identifiers import Agreement, Protocol
from devices.chip.randomness import Randomness
from devices.chip.secure_messaging import SecureChannel, SessionEnded
from devices.chip.security_infos import ChipAuthenticationPublicKeyInfo, SecurityInfos
from devices.chip.subject_keys import AgreementKey
from devices.chip.values import Check

_DYNAMIC = 0x7C
_ASSUMED = {Agreement.ECDH: f"{oids.CHIP_AUTHENTICATION}.2.1", Agreement.DH: f"{oids.CHIP_AUTHENTICATION}.1.1"}
"""What a key without an entry of its own speaks: 3DES (9303-11, 9.2.5)."""
_PROBE = Command(ins=0xB0, p1=0x81, expected=8)
"""Any command proves the new keys; reading a few bytes by short identifier changes nothing."""


@dataclass(frozen=True, kw_only=True)
class ChipAuthenticationChoice:
    """One key of the chip and a protocol to prove it with. `key_id` is named to the chip when it has several keys.
    `version` 2 is that of BSI TR-03110 for chips that let only authenticated terminals so far."""

    protocol: Protocol
    key: AgreementKey
    key_id: int | None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class ChipAuthenticationResult:
    """How it went. `channel` carries on; None when the session is over and has to be opened anew."""

    check: Check
    channel: SecureChannel | None


def chip_authentication_choices(infos: SecurityInfos) -> tuple[ChipAuthenticationChoice, ...]:
    """The ways to prove the chip that it offers and we speak, strongest first."""
    made = [choice for info in infos.chip_authentication_keys for choice in _choices(infos, info)]
    return tuple(sorted(made, key=_strength, reverse=True))


def authenticate_chip(
    transmit: Transmit,
    channel: SecureChannel,
    infos: SecurityInfos,
    randomness: Randomness | None = None,
    *,
    extended: bool = False,
) -> ChipAuthenticationResult:
    """Proves the chip by the strongest way in common that it does not refuse. `extended`: whether the transport carries
    extended APDUs.

    A copy shows as a failed check, never as an exception; only what the transport raises passes.
    """
    choices = chip_authentication_choices(infos)
    result = ChipAuthenticationResult(check=_nothing_to_do(infos), channel=channel)
    for choice in choices:
        result = _tried(transmit, channel, choice, randomness or Randomness(), extended=extended)
        if result.check.reason != reasons.PROOF_REFUSED or result.channel is None:
            break
    return result


def _tried(
    transmit: Transmit,
    channel: SecureChannel,
    choice: ChipAuthenticationChoice,
    randomness: Randomness,
    *,
    extended: bool,
) -> ChipAuthenticationResult:
    try:
        run = _Run(transmit, channel, choice, randomness, extended=extended)
    except ProtocolBroken as broken:
        check = reasons.failed(reasons.KEY_MALFORMED, broken.detail)
        return ChipAuthenticationResult(check=check, channel=channel)
    try:
        return run.run()
    except SessionEnded as end:
        return ChipAuthenticationResult(check=reasons.failed(reasons.PROOF_REFUSED, end.detail), channel=None)
    except ProtocolBroken as broken:
        return ChipAuthenticationResult(check=reasons.broken_by(broken), channel=None)


def _choices(infos: SecurityInfos, info: ChipAuthenticationPublicKeyInfo) -> Sequence[ChipAuthenticationChoice]:
    if info.key is None:
        return ()
    agreement = Agreement.ECDH if isinstance(info.key.group, CurveGroup) else Agreement.DH
    fitting = [
        (each.protocol, each.version)
        for each in infos.chip_authentication
        if each.protocol.agreement is agreement and (each.key_id == info.key_id or None in (each.key_id, info.key_id))
    ]
    assumed = oids.chip_authentication_protocol(_ASSUMED[agreement])
    protocols = fitting or ([(assumed, 1)] if assumed else [])
    return [
        ChipAuthenticationChoice(protocol=protocol, key=info.key, key_id=info.key_id, version=version)
        for protocol, version in protocols
    ]


def _strength(choice: ChipAuthenticationChoice) -> tuple[bool, bool, int, int, int]:
    suite, order = choice.protocol.suite, choice.key.group.order.bit_length()
    return choice.version == 1, suite is not TRIPLE_DES, min(suite.key_size * 8, order // 2), order, suite.key_size


def _nothing_to_do(infos: SecurityInfos) -> Check:
    unspoken = next((info.reason for info in infos.chip_authentication_keys if info.key is None), None)
    if unspoken is not None:
        return reasons.not_done(reasons.KEY_UNSUPPORTED, unspoken)
    return reasons.not_done(reasons.NO_KEY)


class _Run:
    """One chip authentication. Raises `ProtocolBroken` when the chip's public key is none of its group."""

    def __init__(
        self,
        transmit: Transmit,
        channel: SecureChannel,
        choice: ChipAuthenticationChoice,
        randomness: Randomness,
        *,
        extended: bool,
    ) -> None:
        self._transmit = transmit
        self._channel = channel
        self._choice = choice
        self._own = choice.key.group.new_key(randomness.below)
        self._secret = choice.key.group.shared_secret(self._own.private, choice.key.public)
        self._extended = extended

    def run(self) -> ChipAuthenticationResult:
        suite = self._choice.protocol.suite
        try:
            if suite is TRIPLE_DES:
                self._set_key()
            else:
                self._set_protocol()
                self._send_key()
        except ChipRefused as refused:
            return ChipAuthenticationResult(check=self._refusal(refused), channel=self._channel)
        return self._proven(SecureChannel(self._transmit, SessionKeys.of(self._secret, suite)))

    def _refusal(self, refused: ChipRefused) -> Check:
        if self._choice.version == 1:
            return reasons.failed(reasons.PROOF_REFUSED, refused.detail)
        return reasons.not_done(reasons.KEY_UNSUPPORTED, "for authenticated terminals only")

    @staticmethod
    def _proven(renewed: SecureChannel) -> ChipAuthenticationResult:
        """Whatever the chip says under the new keys, that it could say so proves its key; that it could not, a copy."""
        try:
            renewed.send(_PROBE)
        except ProtocolBroken as broken:
            return ChipAuthenticationResult(check=reasons.broken_by(broken), channel=None)
        return ChipAuthenticationResult(check=reasons.passed(), channel=renewed)

    def _set_key(self) -> None:
        """MSE:Set KAT (9303-11, 6.2.4.1)."""
        data = tlv.encode(0x91, self._own.public) + self._key_reference()
        self._sent(Command(ins=0x22, p1=0x41, p2=0xA6, data=data), "MSE:Set KAT")

    def _set_protocol(self) -> None:
        """MSE:Set AT (9303-11, 6.2.4.2)."""
        data = tlv.encode(0x80, oids.encode(self._choice.protocol.oid)) + self._key_reference()
        self._sent(Command(ins=0x22, p1=0x41, p2=0xA4, data=data), "MSE:Set AT")

    def _send_key(self) -> None:
        data = tlv.encode(_DYNAMIC, tlv.encode(0x80, self._own.public))
        answer = self._sent(Command(ins=0x86, data=data, expected=256), "GENERAL AUTHENTICATE")
        self._secret += _nonce_in(answer.data)

    def _key_reference(self) -> bytes:
        key_id = self._choice.key_id
        if key_id is None:
            return b""
        return tlv.encode(0x84, key_id.to_bytes(max(1, (key_id.bit_length() + 7) // 8), "big"))

    def _sent(self, command: Command, what: str) -> Response:
        answer = send_long(self._channel, command, extended=self._extended)
        if not answer.ok:
            raise ChipRefused(answer.status, what)
        return answer


def _nonce_in(answer: bytes) -> bytes:
    """What version 2 puts beside the secret its keys are made of (TR-03110-3, A.2.3.2); version 1 sends none."""
    try:
        nonce = tlv.find(tlv.parse(answer).children(), 0x81) if answer else None
    except MalformedData as error:
        raise ProtocolBroken(f"chip authentication: {error.detail}") from None
    return nonce.value if nonce is not None else b""
