"""Frames between a host and a PN532 over its high-speed UART (HSU): bytes to frames and back. Pure.

Source: NXP UM0701-02 (PN532 User Manual), 6.2.1: normal, extended, ACK, NACK and syntax error frames, checksums.
A frame is `00 00 FF`, length and its checksum, TFI (D4 to the chip, D5 to the host, 7F alone for a syntax error), data,
their checksum, `00`. Only `00 FF` is needed to find one: the leading and trailing zeros may be missing or be many.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

TO_CHIP, TO_HOST, SYNTAX_ERROR = 0xD4, 0xD5, 0x7F
MAX_PACKET_BYTES = 265
"""Longest TFI and data together."""

ACK_FRAME = bytes.fromhex("0000FF00FF00")
NACK_FRAME = bytes.fromhex("0000FFFF0000")
ERROR_FRAME = bytes.fromhex("0000FF01FF7F8100")

_START = b"\x00\xff"
_EXTENDED = b"\xff\xff"
_MAX_NORMAL_BYTES = 255


class FrameKind(StrEnum):
    DATA = "data"
    ACK = "ack"
    NACK = "nack"
    ERROR = "error"  # the chip did not understand the command
    DAMAGED = "damaged"  # a good head, but the data's checksum is wrong


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One received frame; `data` follows the TFI and is empty unless `kind` is DATA."""

    kind: FrameKind
    data: bytes = b""


_SHORT_FRAMES = {
    b"\x00\xff": Frame(kind=FrameKind.ACK),
    b"\xff\x00": Frame(kind=FrameKind.NACK),
}


def encode_frame(direction: int, data: bytes) -> bytes:
    """A data frame, extended if it must be. Raises ValueError when TFI and data exceed `MAX_PACKET_BYTES`."""
    packet = bytes([direction]) + data
    size = len(packet)
    if size > MAX_PACKET_BYTES:
        raise ValueError("pn532.packet_too_long")
    if size <= _MAX_NORMAL_BYTES:
        head = bytes([size, -size & 0xFF])
    else:
        head = _EXTENDED + bytes([size >> 8, size & 0xFF, -((size >> 8) + size) & 0xFF])
    return b"\x00" + _START + head + packet + bytes([-sum(packet) & 0xFF, 0x00])


_NOISE: tuple[None, int] = (None, 1)


class FrameParser:
    """Finds the frames of one direction in a stream that may hold anything; never raises, keeps at most one frame.

    `direction` is the TFI to expect: frames with another one are noise to it (an echo of the own words, for one).
    """

    def __init__(self, direction: int) -> None:
        self._directions = {direction, SYNTAX_ERROR} if direction == TO_HOST else {direction}
        self._buffer = bytearray()

    @property
    def is_waiting(self) -> bool:
        """Whether a frame, or something that looks like one, has begun and not ended."""
        return self._buffer.find(_START) >= 0

    def reset(self) -> None:
        self._buffer.clear()

    def feed(self, received: bytes) -> list[Frame]:
        """The frames that end within what was received."""
        self._buffer += received
        return self._scan()

    def resynchronise(self) -> list[Frame]:
        """The line fell silent in what looks like a frame: gives the frames hidden inside it, if it was none.

        Without any it may still be one that comes slowly, and is kept."""
        kept, frames = bytes(self._buffer), list[Frame]()
        while self.is_waiting:
            del self._buffer[: self._buffer.find(_START) + 1]
            frames += self._scan()
        if not frames:
            self._buffer[:] = kept
        return frames

    def _scan(self) -> list[Frame]:
        frames: list[Frame] = []
        while (start := self._buffer.find(_START)) >= 0:
            del self._buffer[:start]
            found = _read_frame(self._buffer, self._directions)
            if found is None:
                return frames
            frame, done_bytes = found
            del self._buffer[:done_bytes]
            if frame is not None:
                frames.append(frame)
        del self._buffer[:-1]  # the last byte may begin a start code
        return frames


def _read_frame(buffer: bytearray, directions: set[int]) -> tuple[Frame | None, int] | None:
    """What stands at a start code: a frame or noise (None), and how many bytes are done with; None: more to come."""
    head = bytes(buffer[2:7])
    if len(head) < 2:
        return None
    short = _SHORT_FRAMES.get(head[:2])
    if short is not None:
        return short, 4
    if head[:2] == _EXTENDED and len(head) < 5:
        return None
    size, head_bytes = _packet_size(head)
    if not size:
        return _NOISE
    end = head_bytes + size + 1
    packet = bytes(buffer[head_bytes:end])
    if packet and not _is_for(packet[0], size, directions):
        return _NOISE
    if len(buffer) < end:
        return None
    if sum(packet) & 0xFF:
        return Frame(kind=FrameKind.DAMAGED), 1  # a whole frame may hide in what a false head spanned
    if packet[0] == SYNTAX_ERROR:
        return Frame(kind=FrameKind.ERROR), end
    return Frame(kind=FrameKind.DATA, data=packet[1:-1]), end


def _packet_size(head: bytes) -> tuple[int, int]:
    """Bytes of TFI and data by the head, 0 if it is none, and where they begin."""
    if head[:2] == _EXTENDED:
        size, head_bytes, is_head = head[2] << 8 | head[3], 7, not sum(head[2:5]) & 0xFF
    else:
        size, head_bytes, is_head = head[0], 4, not sum(head[:2]) & 0xFF
    return size if is_head and size <= MAX_PACKET_BYTES else 0, head_bytes


def _is_for(direction: int, size: int, directions: set[int]) -> bool:
    return direction in directions and (direction != SYNTAX_ERROR or size == 1)
