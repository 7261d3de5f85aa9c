"""READ BINARY on one file: offsets, lengths and the many ways to say that there is less (ISO/IEC 7816-4, 11.3.3)."""

from __future__ import annotations

from devices.chip.apdu import Response, Status
from devices.emulators.chip.manners import Manners, PastEnd, TooMuch

_WRONG_EXACT_LENGTH = 0x6C00
_MOST_IN_STATUS = 0xFF


def read_part(content: bytes, offset: int, expected: int, room: int, manners: Manners) -> Response:
    """`expected` bytes from `offset`; no more than `room`, what fits into the answer, and than the card gives at once.
    A length of 256 or 65,536 (Le of zero) asks for all that there is."""
    if offset >= len(content):
        return Response(status=Status.WRONG_OFFSET)
    all_there_is = expected in (0x100, 0x10000)
    most = min(room, manners.max_read_bytes or room)
    if expected > most:
        asked_too_much = manners.max_read_bytes is not None and expected > manners.max_read_bytes
        if asked_too_much and manners.too_much not in (TooMuch.SHORTER, TooMuch.WARNED):
            return _too_much(most, manners.too_much)
    part = content[offset : offset + min(expected, most)]
    if offset + expected > len(content) and offset + len(part) == len(content):
        return _past_end(part, manners.past_end, all_there_is=all_there_is)
    warned = len(part) < expected and manners.too_much is TooMuch.WARNED
    return Response(data=part, status=Status.END_OF_FILE if warned else Status.OK)


def _too_much(most: int, kind: TooMuch) -> Response:
    match kind:
        case TooMuch.EXACT_LENGTH:
            return Response(status=_WRONG_EXACT_LENGTH | min(most, _MOST_IN_STATUS))
        case TooMuch.WRONG_OFFSET:
            return Response(status=Status.WRONG_OFFSET)
        case _:
            return Response(status=Status.WRONG_LENGTH)


def _past_end(part: bytes, kind: PastEnd, *, all_there_is: bool) -> Response:
    match kind:
        case PastEnd.WRONG_LENGTH if not all_there_is:
            return Response(status=Status.WRONG_LENGTH)
        case PastEnd.WRONG_OFFSET if not all_there_is:
            return Response(status=Status.WRONG_OFFSET)
        case PastEnd.LENIENT if all_there_is:
            return Response(data=part, status=Status.OK)
        case PastEnd.WARNED | PastEnd.LENIENT:
            return Response(data=part, status=Status.END_OF_FILE)
        case _:
            return Response(data=part, status=Status.OK)
