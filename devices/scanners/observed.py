"""What a scan looked like on the wire: for the person who sets a scanner up, never for a log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from devices.scanners.decoding import decode_frame, has_aim_identifier
from devices.scanners.framing import Frame


@dataclass(frozen=True, kw_only=True)
class ObservedScan:
    """One scan with everything that says how the scanner is set.

    `encoding` as in `devices.code_text.CodeText`; `terminator` is empty where silence ended the scan; `aim` is true
    where a symbology identifier came before it; `baud` is null where there is no bit rate.
    """

    text: str
    certain: bool
    whole: bool
    encoding: str
    terminator: bytes
    aim: bool
    baud: int | None


Observer = Callable[[ObservedScan], None]
"""Called on the driver's own thread beside the event sink."""


def observed(frame: Frame, *, baud: int | None) -> ObservedScan:
    """How `frame` arrived."""
    decoded = decode_frame(frame.data)
    return ObservedScan(
        text=decoded.text,
        certain=decoded.certain and frame.whole,
        whole=frame.whole,
        encoding=decoded.encoding,
        terminator=frame.terminator,
        aim=has_aim_identifier(frame.data),
        baud=baud,
    )
