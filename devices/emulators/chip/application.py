"""The emulated chip: takes command APDUs, keeps the security state, answers as ICAO 9303-10/-11 and ISO/IEC 7816-4 say.

Nothing but EF.CardAccess, EF.ATR/INFO and EF.DIR can be read before BAC or PACE. A command that breaks a session ends
it, with all rights it gave.
"""

from __future__ import annotations

import secrets
from enum import IntEnum

from devices.chip.apdu import MAX_SHORT_EXPECTED, Command, Response, Status
from devices.chip.errors import MalformedData
from devices.emulators.chip.card_image import CardImage
from devices.emulators.chip.faulty_session import FaultySession
from devices.emulators.chip.file_system import FileSystem
from devices.emulators.chip.manners import Manners
from devices.emulators.chip.randomness import RandomBytes
from devices.emulators.chip.secure_session import CHAINING_BIT, SECURE_CLASS, SessionBroken
from devices.emulators.chip.security_state import SecurityState

CONTACTLESS_ATR = bytes.fromhex("3B80800101")
"""ATR that PC/SC readers make for an ISO 14443-4 card without historical bytes (PC/SC part 3, 3.1.3.2.3)."""
_MORE_TO_GET = 0x6100
_SECURE_MESSAGING_UNKNOWN = 0x6882
_UNKNOWN_CLASS_BITS = 0xE3


class Instruction(IntEnum):
    """The commands it knows."""

    MANAGE_ENVIRONMENT = 0x22
    EXTERNAL_AUTHENTICATE = 0x82
    GET_CHALLENGE = 0x84
    GENERAL_AUTHENTICATE = 0x86
    INTERNAL_AUTHENTICATE = 0x88
    SELECT = 0xA4
    READ_BINARY = 0xB0
    READ_BINARY_ODD = 0xB1
    GET_RESPONSE = 0xC0


class EmulatedChip:
    """A card to be laid on any of the emulated readers."""

    def __init__(
        self,
        image: CardImage,
        manners: Manners | None = None,
        *,
        atr: bytes = CONTACTLESS_ATR,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> None:
        self._atr = atr
        self._manners = manners or Manners()
        self._files = FileSystem(image, self._manners)
        self._security = SecurityState(image, self._manners, random_bytes)
        self.reset()

    @property
    def atr(self) -> bytes:
        return self._atr

    def reset(self) -> None:
        """Power on or reset: no session, no application and no file."""
        self._files.reset()
        self._security.reset()
        self._chained = b""
        self._unfetched = b""

    def transmit(self, command: bytes) -> bytes:
        """Answer one command APDU. Never raises."""
        try:
            asked = Command.decode(command)
        except MalformedData:
            return Response(status=Status.WRONG_LENGTH).encode()
        extended = len(command) > 5 and command[4] == 0
        if extended and not self._manners.extended_length:
            return Response(status=Status.WRONG_LENGTH).encode()
        if asked.ins == Instruction.GET_RESPONSE and self._unfetched:
            return self._more(asked.expected or MAX_SHORT_EXPECTED).encode()
        self._unfetched = b""
        return self._fitted(self._answer(asked), asked, extended=extended).encode()

    def _answer(self, asked: Command) -> Response:
        if asked.cla & _UNKNOWN_CLASS_BITS:
            return Response(status=Status.UNKNOWN_CLASS)
        protection = asked.cla & SECURE_CLASS
        if protection == SECURE_CLASS:
            return self._answer_protected(asked)
        if protection:
            return Response(status=_SECURE_MESSAGING_UNKNOWN)
        self._security.end_session()
        return self._chain(asked, MAX_SHORT_EXPECTED if asked.expected is None else asked.expected)

    def _answer_protected(self, asked: Command) -> Response:
        session: FaultySession | None = self._security.session
        if session is None:
            return Response(status=Status.SECURE_MESSAGING_WRONG)
        try:
            plain = session.open(asked)
        except SessionBroken as broken:
            self._security.end_session()
            self._chained = b""
            return Response(status=broken.status)
        answer = self._chain(plain, session.room(asked.expected or MAX_SHORT_EXPECTED))
        protected = session.close(answer, odd=bool(asked.ins & 1))
        self._security.start_next_session()
        return protected

    def _chain(self, command: Command, room: int) -> Response:
        """Collects chained parts; the steps of PACE are chained too, and each is answered."""
        chained, self._chained = self._chained, b""
        more = bool(command.cla & CHAINING_BIT)
        if command.ins == Instruction.GENERAL_AUTHENTICATE and self._security.in_pace:
            return self._security.general_authenticate(command, more=more)
        if more and not self._manners.chaining:
            return Response(status=Status.CHAINING_NOT_SUPPORTED)
        whole = chained + command.data
        if more:
            self._chained = whole
            return Response(status=Status.OK)
        joined = Command(ins=command.ins, p1=command.p1, p2=command.p2, data=whole, expected=command.expected)
        return self._execute(joined, room)

    def _execute(self, command: Command, room: int) -> Response:
        security = self._security
        if command.ins != Instruction.GENERAL_AUTHENTICATE:
            security.leave_protocol()
        match command.ins:
            case Instruction.SELECT:
                return Response(status=self._files.select(command))
            case Instruction.READ_BINARY:
                return self._files.read_even(command, granted=security.granted, room=room)
            case Instruction.READ_BINARY_ODD:
                return self._files.read_odd(command, granted=security.granted, room=room)
            case Instruction.GET_CHALLENGE:
                return security.challenge(command, in_application=self._files.in_application)
            case Instruction.EXTERNAL_AUTHENTICATE:
                return security.external_authenticate(command)
            case Instruction.INTERNAL_AUTHENTICATE:
                return security.internal_authenticate(command)
            case Instruction.MANAGE_ENVIRONMENT:
                return security.manage_environment(command)
            case Instruction.GENERAL_AUTHENTICATE:
                return security.general_authenticate(command, more=False)
            case _:
                return Response(status=Status.UNKNOWN_INSTRUCTION)

    def _fitted(self, answer: Response, asked: Command, *, extended: bool) -> Response:
        """Answers beyond a short length come in pieces (ISO/IEC 7816-4, 11.8.1)."""
        if extended or len(answer.data) <= MAX_SHORT_EXPECTED:
            return answer
        self._unfetched = answer.encode()
        return self._more(asked.expected or MAX_SHORT_EXPECTED)

    def _more(self, expected: int) -> Response:
        part = self._unfetched[: min(expected, len(self._unfetched) - 2)]
        self._unfetched = self._unfetched[len(part) :]
        left = len(self._unfetched) - 2
        if left:
            return Response(data=part, status=_MORE_TO_GET | min(left, 0xFF))
        status, self._unfetched = int.from_bytes(self._unfetched, "big"), b""
        return Response(data=part, status=status)
