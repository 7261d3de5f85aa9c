"""An emulated citizen card (CCCD) at the APDU interface, as far as a reader meets it before any secret is shared.

It answers as real ones do: no master file to select (6D00), EF.CardAccess readable in the clear, the eMRTD application
selectable by its AID. It holds no personal data and offers no access protocol: everything behind one is 6982 or 6D00.
Source: ICAO 9303-10 and -11 (commands, EF.CardAccess), ISO/IEC 7816-3 (ATR) and -4 (APDUs, status bytes).
"""

from __future__ import annotations

EMRTD_AID = bytes.fromhex("A0000002471001")
CARD_ACCESS_FILE_ID = b"\x01\x1c"
CONTACTLESS_ATR = bytes.fromhex("3B80800101")
"""ATR that PC/SC readers make for an ISO 14443-4 card without historical bytes (PC/SC part 3, 3.1.3.2.3)."""
CARD_ACCESS = bytes.fromhex("31143012060A04007F0007020204020202010202010D")
"""One PACEInfo: PACE-ECDH-GM-AES-CBC-CMAC-128, version 2, parameter 13 (brainpoolP256r1), ICAO 9303-11, 9.2.1."""

_OK = b"\x90\x00"
_WRONG_LENGTH = b"\x67\x00"
_SECURITY_NOT_SATISFIED = b"\x69\x82"
_NO_CURRENT_FILE = b"\x69\x86"
_FILE_NOT_FOUND = b"\x6a\x82"
_WRONG_OFFSET = b"\x6b\x00"
_END_REACHED = b"\x62\x82"
_UNKNOWN_INSTRUCTION = b"\x6d\x00"
_UNKNOWN_CLASS = b"\x6e\x00"
_SELECT, _READ_BINARY = 0xA4, 0xB0
_MASTER_FILE_SELECTIONS = (b"", b"\x3f\x00")


class EmulatedCard:
    """A card to be laid on a `VirtualReader` or connected to vpcd. `atr` may be another one, for tests."""

    def __init__(self, atr: bytes = CONTACTLESS_ATR) -> None:
        self._atr = atr
        self.reset()

    @property
    def atr(self) -> bytes:
        return self._atr

    def reset(self) -> None:
        """Power on or reset: no application and no file is selected."""
        self._in_application = False
        self._current_file: bytes | None = None

    def transmit(self, command: bytes) -> bytes:
        """Answer one short command APDU with data and status bytes. Never raises."""
        if len(command) < 4:
            return _WRONG_LENGTH
        if command[0] != 0x00:
            return _UNKNOWN_CLASS
        if command[1] == _SELECT:
            return self._select(command[2], command[4:])
        if command[1] == _READ_BINARY:
            return self._read_binary(command[2] << 8 | command[3], command[4:])
        return _UNKNOWN_INSTRUCTION

    def _select(self, selected_by: int, body: bytes) -> bytes:
        if body and len(body) not in (1 + body[0], 2 + body[0]):
            return _WRONG_LENGTH
        wanted = body[1 : 1 + body[0]] if body else b""
        if selected_by == 0x00 and wanted in _MASTER_FILE_SELECTIONS:
            return _UNKNOWN_INSTRUCTION  # seen on real CCCDs, unlike ICAO 9303-10 3.6.1 has it
        if selected_by == 0x04 and wanted == EMRTD_AID:
            self._in_application, self._current_file = True, None
            return _OK
        if selected_by == 0x02 and wanted == CARD_ACCESS_FILE_ID and not self._in_application:
            self._current_file = CARD_ACCESS
            return _OK
        if selected_by == 0x02 and self._in_application:
            return _SECURITY_NOT_SATISFIED
        return _FILE_NOT_FOUND

    def _read_binary(self, offset: int, body: bytes) -> bytes:
        if len(body) != 1:
            return _WRONG_LENGTH
        if self._current_file is None:
            return _SECURITY_NOT_SATISFIED if self._in_application else _NO_CURRENT_FILE
        if offset >= len(self._current_file):
            return _WRONG_OFFSET
        wanted = body[0] or 256
        part = self._current_file[offset : offset + wanted]
        return part + (_OK if len(part) == wanted or body[0] == 0 else _END_REACHED)
