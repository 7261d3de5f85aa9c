"""Command and response APDUs in their short and extended forms (ISO/IEC 7816-4, 5.1 and 5.2; ISO/IEC 7816-3, 12.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from devices.chip.errors import MalformedData, ProtocolBroken

Transmit = Callable[[bytes], bytes]
"""Sends one command APDU to the chip and answers its response. Raises whatever its transport raises when the card is
gone; this package lets that pass."""

MAX_SHORT_DATA = 255
MAX_SHORT_EXPECTED = 256
MAX_EXTENDED_DATA = 65_535
MAX_EXTENDED_EXPECTED = 65_536


class Status:
    """Status bytes SW1 SW2 that mean something here (ISO/IEC 7816-4, 5.6)."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    WRONG_LENGTH = 0x6700
    SECURE_MESSAGING_INCOMPLETE = 0x6987
    SECURE_MESSAGING_WRONG = 0x6988
    SECURITY_NOT_SATISFIED = 0x6982
    METHOD_BLOCKED = 0x6983
    CONDITIONS_NOT_SATISFIED = 0x6985
    NO_CURRENT_FILE = 0x6986
    WRONG_DATA = 0x6A80
    FUNCTION_NOT_SUPPORTED = 0x6A81
    FILE_NOT_FOUND = 0x6A82
    WRONG_PARAMETERS = 0x6A86
    REFERENCE_NOT_FOUND = 0x6A88
    WRONG_OFFSET = 0x6B00
    UNKNOWN_INSTRUCTION = 0x6D00
    UNKNOWN_CLASS = 0x6E00
    CHAINING_NOT_SUPPORTED = 0x6884
    AUTHENTICATION_FAILED = 0x6300


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. `expected` is Ne, the most answer bytes wanted: None for no Le at all, 256 for a short Le of 00,
    65,536 for an extended one of 0000."""

    cla: int = 0x00
    ins: int
    p1: int = 0x00
    p2: int = 0x00
    data: bytes = b""
    expected: int | None = None

    @property
    def header(self) -> bytes:
        return bytes([self.cla, self.ins, self.p1, self.p2])

    @property
    def fits_short(self) -> bool:
        """Whether the short form can carry it."""
        return len(self.data) <= MAX_SHORT_DATA and (self.expected or 0) <= MAX_SHORT_EXPECTED

    def encode(self, *, extended: bool = False) -> bytes:
        """The APDU's bytes; in the extended form also when the short one cannot carry it. Raises ValueError beyond
        the extended form."""
        if len(self.data) > MAX_EXTENDED_DATA or (self.expected or 0) > MAX_EXTENDED_EXPECTED:
            raise ValueError("longer than an APDU can be")
        if not extended and self.fits_short:
            return self._short()
        return self._extended()

    def _short(self) -> bytes:
        body = bytes([len(self.data)]) + self.data if self.data else b""
        le = b"" if self.expected is None else bytes([self.expected & 0xFF])
        return self.header + body + le

    def _extended(self) -> bytes:
        le = b"" if self.expected is None else (self.expected & 0xFFFF).to_bytes(2, "big")
        if self.data:
            return self.header + b"\x00" + len(self.data).to_bytes(2, "big") + self.data + le
        return self.header + (b"\x00" + le if le else b"")

    @classmethod
    def decode(cls, apdu: bytes) -> Command:
        """A command from its bytes, as a chip receives it. Raises `MalformedData`."""
        if len(apdu) < 4:
            raise MalformedData("apdu: no header")
        data, expected = _decode_body(apdu[4:])
        return cls(cla=apdu[0], ins=apdu[1], p1=apdu[2], p2=apdu[3], data=data, expected=expected)


@dataclass(frozen=True, kw_only=True)
class Response:
    """One answer: data and SW1 SW2 as a number."""

    data: bytes = b""
    status: int

    @property
    def ok(self) -> bool:
        return self.status == Status.OK

    def encode(self) -> bytes:
        return self.data + self.status.to_bytes(2, "big")

    @classmethod
    def decode(cls, answer: bytes) -> Response:
        """Raises `ProtocolBroken` where not even the status bytes came."""
        if len(answer) < 2:
            raise ProtocolBroken("answer without status bytes")
        return cls(data=answer[:-2], status=int.from_bytes(answer[-2:], "big"))


def _decode_body(body: bytes) -> tuple[bytes, int | None]:
    if not body:
        return b"", None
    if body[0] != 0 or len(body) == 1:
        return _decode_short(body)
    if len(body) == 3:
        return b"", int.from_bytes(body[1:3], "big") or MAX_EXTENDED_EXPECTED
    length = int.from_bytes(body[1:3], "big")
    data, rest = body[3 : 3 + length], body[3 + length :]
    if len(body) < 4 or not length or len(data) != length or len(rest) not in (0, 2):
        raise MalformedData("apdu: extended lengths do not add up")
    return data, (int.from_bytes(rest, "big") or MAX_EXTENDED_EXPECTED) if rest else None


def _decode_short(body: bytes) -> tuple[bytes, int | None]:
    if len(body) == 1:
        return b"", body[0] or MAX_SHORT_EXPECTED
    length = body[0]
    data, rest = body[1 : 1 + length], body[1 + length :]
    if len(data) != length or len(rest) > 1:
        raise MalformedData("apdu: short lengths do not add up")
    return data, (rest[0] or MAX_SHORT_EXPECTED) if rest else None
