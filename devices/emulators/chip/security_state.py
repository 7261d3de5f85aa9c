"""What the chip has been shown and has agreed on: access, sessions, and its proofs."""

from __future__ import annotations

from enum import IntEnum

from devices.chip.apdu import Command, Response, Status
from devices.chip.errors import ChipError
from devices.chip.groups import standardized_group
from devices.chip.keys import SessionKeys
from devices.chip.tlv import Tlv, find, parse, parse_all
from devices.emulators.chip.basic_access import CHALLENGE_SIZE, BasicAccess
from devices.emulators.chip.card_image import AgreementKey, CardImage
from devices.emulators.chip.der import oid_value
from devices.emulators.chip.faulty_session import FaultySession
from devices.emulators.chip.manners import Manners
from devices.emulators.chip.pace import PaceRefused, PaceRun, PaceSecrets
from devices.emulators.chip.pace_faults import spoiler
from devices.emulators.chip.password_tries import PasswordTries
from devices.emulators.chip.protocol_faults import ChipAuthenticationFault
from devices.emulators.chip.randomness import RandomBytes
from devices.emulators.chip.secure_session import SecureSession

_MECHANISM, _PASSWORD, _REFERENCE, _EPHEMERAL_KEY = 0x80, 0x83, 0x84, 0x91
_GARBAGE = bytes.fromhex("7C84FFFFFFFF80")


class EnvironmentFor(IntEnum):
    """P1 P2 of MANAGE SECURITY ENVIRONMENT."""

    PACE = 0xC1A4
    KEY_AGREEMENT = 0x41A4
    PUBLIC_KEY = 0x41A6


class SecurityState:
    """Reset forgets everything but the count of wrong passwords."""

    def __init__(self, image: CardImage, manners: Manners, random_bytes: RandomBytes) -> None:
        self._image = image
        self._manners = manners
        self._random_bytes = random_bytes
        self._tries = PasswordTries(manners.can_tries)
        self.reset()

    def reset(self) -> None:
        self.session: FaultySession | None = None
        self._next_session: FaultySession | None = None
        self._basic: BasicAccess | None = None
        self._pace: PaceRun | None = None
        self._pace_password = 0
        self._agreement: AgreementKey | None = None

    @property
    def granted(self) -> bool:
        return self.session is not None

    @property
    def in_pace(self) -> bool:
        """Whether the next GENERAL AUTHENTICATE is a step of PACE."""
        return self._pace is not None

    def end_session(self) -> None:
        """After a command in the clear or a broken one."""
        if self.session is not None:
            self.session, self._agreement = None, None

    def start_next_session(self) -> None:
        """When the last answer of a protocol has gone out under the session before."""
        if self._next_session is not None:
            self.session, self._next_session = self._next_session, None

    def leave_protocol(self) -> None:
        """Another command than its own in the middle of PACE ends the run."""
        self._pace = None

    def challenge(self, command: Command, *, in_application: bool) -> Response:
        """GET CHALLENGE: the first half of BAC."""
        if self._image.basic_access_keys is None:
            return Response(status=Status.UNKNOWN_INSTRUCTION)
        if not in_application:
            return Response(status=Status.CONDITIONS_NOT_SATISFIED)
        if command.expected not in (CHALLENGE_SIZE, 0x100, 0x10000):
            return Response(status=Status.WRONG_LENGTH)
        fault = self._manners.basic_access_fault
        self._basic = BasicAccess(self._image.basic_access_keys, self._random_bytes, fault)
        return Response(data=self._basic.challenge, status=Status.OK)

    def external_authenticate(self, command: Command) -> Response:
        """EXTERNAL AUTHENTICATE: the second half of BAC."""
        basic, self._basic = self._basic, None
        if basic is None:
            return Response(status=Status.CONDITIONS_NOT_SATISFIED)
        opened = basic.authenticate(command.data)
        if opened is None:
            return Response(status=Status.AUTHENTICATION_FAILED)
        answer, session = opened
        self.session = self._watched(session)
        return Response(data=answer, status=Status.OK)

    def internal_authenticate(self, command: Command) -> Response:
        """INTERNAL AUTHENTICATE: active authentication."""
        signer = self._image.challenge_signer
        if signer is None:
            return Response(status=Status.UNKNOWN_INSTRUCTION)
        if not self.granted:
            return Response(status=Status.SECURITY_NOT_SATISFIED)
        if len(command.data) != CHALLENGE_SIZE or command.expected is None:
            return Response(status=Status.WRONG_LENGTH)
        signature = signer.sign(command.data)
        if signature is None:
            return Response(status=Status.SECURITY_NOT_SATISFIED)
        return Response(data=signature, status=Status.OK)

    def manage_environment(self, command: Command) -> Response:
        """MSE:Set AT for PACE and for chip authentication, MSE:Set KAT for the latter with 3DES."""
        try:
            objects = parse_all(command.data)
        except ChipError:
            return Response(status=Status.WRONG_DATA)
        match command.p1 << 8 | command.p2:
            case EnvironmentFor.PACE:
                return Response(status=self._set_pace(objects))
            case EnvironmentFor.KEY_AGREEMENT:
                return Response(status=self._set_agreement(objects))
            case EnvironmentFor.PUBLIC_KEY:
                return Response(status=self._agree_by_key(objects))
            case _:
                return Response(status=Status.WRONG_PARAMETERS)

    def general_authenticate(self, command: Command, *, more: bool) -> Response:
        """A step of PACE, or the key agreement of chip authentication."""
        if self._pace is not None:
            return self._pace_step(self._pace, command.data, more=more)
        if self._agreement is None or more:
            return Response(status=Status.CONDITIONS_NOT_SATISFIED)
        return self._agree_by_data(command.data)

    def _set_pace(self, objects: tuple[Tlv, ...]) -> int:
        self._pace = None
        mechanism, password = find(objects, _MECHANISM), find(objects, _PASSWORD)
        if mechanism is None or password is None:
            return Status.WRONG_DATA
        number, reference = int.from_bytes(password.value, "big"), find(objects, _REFERENCE)
        kinds = [kind for kind in self._image.pace if oid_value(kind.oid) == mechanism.value]
        if reference is not None:
            kinds = [kind for kind in kinds if kind.parameter_id == int.from_bytes(reference.value, "big")]
        if len(kinds) != 1:
            return Status.WRONG_DATA
        if number not in self._image.passwords:
            return Status.REFERENCE_NOT_FOUND
        if self._tries.blocked(number):
            return Status.METHOD_BLOCKED
        secret = PaceSecrets(password=self._image.passwords[number], static_private=self._image.mapping_private)
        self._pace = PaceRun(kinds[0], secret, self._random_bytes, spoiler(self._manners.pace_fault))
        self._pace_password = number
        return self._tries.status(number)

    def _pace_step(self, run: PaceRun, data: bytes, *, more: bool) -> Response:
        if more is run.last_step_next:
            self._pace = None
            return Response(status=Status.CONDITIONS_NOT_SATISFIED)
        try:
            answer = run.step(data)
        except PaceRefused as refused:
            self._pace = None
            wrong = refused.wrong_password
            return Response(status=self._tries.failed(self._pace_password) if wrong else refused.status)
        if run.session is not None:
            self._tries.succeeded(self._pace_password)
            self._pace = None
            self._begin(run.session)
        return Response(data=answer, status=Status.OK)

    def _set_agreement(self, objects: tuple[Tlv, ...]) -> int:
        self._agreement = None
        mechanism = find(objects, _MECHANISM)
        if self.session is None:
            return Status.SECURITY_NOT_SATISFIED
        if self._manners.chip_authentication_fault is ChipAuthenticationFault.REFUSED or mechanism is None:
            return Status.WRONG_DATA
        found = [key for key in self._keys_for(objects) if oid_value(key.kind.oid) == mechanism.value]
        if len(found) != 1:
            return Status.REFERENCE_NOT_FOUND if find(objects, _REFERENCE) else Status.WRONG_DATA
        self._agreement = found[0]
        return Status.OK

    def _agree_by_key(self, objects: tuple[Tlv, ...]) -> int:
        """MSE:Set KAT, for 3DES only (9303-11, 6.2.4.1)."""
        public = find(objects, _EPHEMERAL_KEY)
        if self.session is None:
            return Status.SECURITY_NOT_SATISFIED
        if self._manners.chip_authentication_fault is ChipAuthenticationFault.REFUSED or public is None:
            return Status.WRONG_DATA
        keys = [key for key in self._keys_for(objects) if key.kind.suite.number == 1]
        if len(keys) != 1:
            return Status.REFERENCE_NOT_FOUND if find(objects, _REFERENCE) else Status.WRONG_DATA
        return self._agree(keys[0], public.value)

    def _agree_by_data(self, data: bytes) -> Response:
        key, self._agreement = self._agreement, None
        if self._manners.chip_authentication_fault is ChipAuthenticationFault.GARBAGE:
            return Response(data=_GARBAGE, status=Status.OK)
        try:
            public = parse(data).child(0x80).value
        except ChipError:
            return Response(status=Status.WRONG_DATA)
        if key is None:
            return Response(status=Status.CONDITIONS_NOT_SATISFIED)
        status = self._agree(key, public)
        return Response(data=bytes.fromhex("7C00") if status == Status.OK else b"", status=status)

    def _agree(self, key: AgreementKey, public: bytes) -> int:
        try:
            secret = standardized_group(key.kind.parameter_id).shared_secret(key.private, public)
        except ChipError:
            return Status.AUTHENTICATION_FAILED
        if self._manners.chip_authentication_fault is not ChipAuthenticationFault.OLD_KEYS:
            session = SecureSession(SessionKeys.of(secret, key.kind.suite.cipher))
            self._next_session = self._watched(session)
        return Status.OK

    def _keys_for(self, objects: tuple[Tlv, ...]) -> list[AgreementKey]:
        reference = find(objects, _REFERENCE)
        wanted = None if reference is None else int.from_bytes(reference.value, "big")
        return [key for key in self._image.agreement_keys if wanted is None or key.kind.key_id == wanted]

    def _begin(self, session: SecureSession) -> None:
        """At once where the protocol ran in the clear, after this answer where it ran under a session."""
        if self.session is None:
            self.session = self._watched(session)
        else:
            self._next_session = self._watched(session)

    def _watched(self, session: SecureSession) -> FaultySession:
        return FaultySession(session, self._manners.session_fault, self._manners.session_fault_after)
