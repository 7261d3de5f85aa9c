"""Real-time commands, recognised in the stream as it arrives and ahead of everything that waits in the buffer.

As on real printers the recognition is blind: the same bytes inside raster data are answered too, and still stay data
(Epson ESC/POS reference, DLE EOT: executed also when the printer is off-line, in error, or its receive buffer is full).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
_COMMANDS = re.compile(
    rb"\x10\x04(?P<status>[\x01-\x04])|\x10\x05(?P<enquiry>[\x00-\x02])|(?P<clear>" + re.escape(_CLEAR) + rb")"
)
_BEGINNINGS = (*(_CLEAR[:length] for length in range(len(_CLEAR) - 1, 0, -1)), b"\x10\x04", b"\x10\x05")


class RealTimeKind(StrEnum):
    STATUS = "status"  # DLE EOT n
    ENQUIRY = "enquiry"  # DLE ENQ n: 1 recover and go on, 2 recover and clear the buffers
    CLEAR = "clear"  # DLE DC4 8: clear the buffers


@dataclass(frozen=True, kw_only=True)
class RealTimeCommand:
    """`argument` is n (0 for CLEAR); `end` is where the command ends in the bytes given to `feed`."""

    kind: RealTimeKind
    argument: int
    end: int


class RealTimeScanner:
    """Finds real-time commands in a stream delivered in any pieces."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, data: bytes) -> tuple[list[RealTimeCommand], bool]:
        """The commands completed by `data`, and whether `data` holds nothing but whole commands."""
        kept, stream = len(self._tail), self._tail + data
        commands, covered = [], 0
        for match in _COMMANDS.finditer(stream):
            kind = RealTimeKind(match.lastgroup or "")
            argument = 0 if kind is RealTimeKind.CLEAR else match[kind.value][0]
            commands.append(RealTimeCommand(kind=kind, argument=argument, end=match.end() - kept))
            covered += len(match[0])
        rest = stream[commands[-1].end + kept :] if commands else stream
        self._tail = next((start for start in _BEGINNINGS if rest.endswith(start)), b"")
        return commands, not kept and covered == len(data)
