"""A secure session that breaks the rules on purpose, after some good answers; without a fault it keeps them."""

from __future__ import annotations

from devices.chip.apdu import Command, Response, Status
from devices.chip.tlv import encode, parse_all
from devices.emulators.chip.protocol_faults import SessionFault
from devices.emulators.chip.secure_session import SecureSession

_STATUS_OBJECT, _MAC_OBJECT = 0x99, 0x8E


class FaultySession:
    """Wraps `SecureSession`; `good_answers` come before the fault."""

    def __init__(self, session: SecureSession, fault: SessionFault | None, good_answers: int) -> None:
        self._session = session
        self._fault = fault
        self._good_answers = good_answers
        self._before = Response(status=Status.OK)

    def open(self, command: Command) -> Command:
        return self._session.open(command)

    def room(self, answer_bytes: int) -> int:
        return self._session.room(answer_bytes)

    def close(self, response: Response, *, odd: bool) -> Response:
        if self._fault is None or self._good_answers > 0:
            self._good_answers -= 1
            self._before = self._session.close(response, odd=odd)
            return self._before
        return self._spoiled(response, odd=odd)

    def _spoiled(self, response: Response, *, odd: bool) -> Response:
        match self._fault:
            case SessionFault.REPLAYED:
                return self._before
            case SessionFault.PLAIN:
                return response
            case SessionFault.SESSION_LOST:
                return Response(status=Status.SECURE_MESSAGING_WRONG)
            case SessionFault.GARBAGE:
                return Response(data=b"\x87\x84\xff\xff\xff\xff\x01", status=Status.OK)
            case SessionFault.STALE_COUNTER:
                self._session.rewind(2)
        return self._reworked(
            self._session.close(
                response,
                odd=odd,
                spoil_padded=_without_padding if self._fault is SessionFault.PADDING_WRONG else bytes,
                spoil_cipher=_cut if self._fault is SessionFault.NOT_BLOCKS else bytes,
            )
        )

    def _reworked(self, answer: Response) -> Response:
        objects = {each.tag: each.value for each in parse_all(answer.data)}
        status = answer.status
        match self._fault:
            case SessionFault.WRONG_MAC:
                objects[_MAC_OBJECT] = bytes(byte ^ 1 for byte in objects[_MAC_OBJECT])
            case SessionFault.MAC_MISSING:
                del objects[_MAC_OBJECT]
            case SessionFault.MAC_SHORT:
                objects[_MAC_OBJECT] = objects[_MAC_OBJECT][:4]
            case SessionFault.STATUS_MISSING:
                del objects[_STATUS_OBJECT]
            case SessionFault.STATUS_DIFFERS:
                status = Status.FILE_NOT_FOUND
        return Response(data=b"".join(encode(tag, value) for tag, value in objects.items()), status=status)


def _without_padding(padded: bytes) -> bytes:
    """Whole blocks in which no padding can be found."""
    return b"\x01" * len(padded)


def _cut(cipher: bytes) -> bytes:
    return cipher[:-3]
