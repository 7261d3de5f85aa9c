"""Secure messaging: every command encrypted and with a MAC, every answer checked (ICAO 9303-11, 9.8).

Short and extended form, 3DES (counter of 8 bytes) and AES (16 bytes), even and odd instructions.
"""

from __future__ import annotations

from devices.chip import tlv
from devices.chip.apdu import MAX_SHORT_DATA, MAX_SHORT_EXPECTED, Command, Response, Transmit
from devices.chip.ciphers import equal, pad, unpad
from devices.chip.errors import MalformedData, ProtocolBroken
from devices.chip.keys import SessionKeys

_SECURE = 0x0C
_CRYPTOGRAM = 0x87  # padding indicator and cryptogram
_CRYPTOGRAM_BER = 0x85  # cryptogram of data objects, for odd instructions; no indicator
_LE = 0x97
_STATUS = 0x99
_MAC = 0x8E
_PADDED = b"\x01"
_STATUS_AND_MAC_SIZE = 4 + 10


class SessionEnded(ProtocolBroken):
    """The chip answered in the clear to a protected command: it has left the session. `status` is what it said."""

    def __init__(self, status: int) -> None:
        super().__init__(f"chip left secure messaging: {status:04X}")
        self.status = status


class SecureChannel:
    """One session. Not for several threads. An answer that is not properly protected ends it: `SessionEnded` for a
    bare status, `ProtocolBroken` for anything else, and `ProtocolBroken` for every command afterwards. A protected
    status that means no is an answer like any other and keeps the session."""

    def __init__(self, transmit: Transmit, keys: SessionKeys, counter: bytes | None = None) -> None:
        """`counter` is the send sequence counter after the authentication; zeros (PACE, chip authentication) unless
        given (BAC)."""
        self._transmit = transmit
        self._keys = keys
        self._suite = keys.suite
        self._counter = int.from_bytes(counter or b"", "big")
        self._over = False

    @property
    def counter(self) -> bytes:
        """The send sequence counter as it stands."""
        return self._counter.to_bytes(self._suite.block_size, "big")

    def largest_answer(self, limit: int) -> int:
        room = limit - _STATUS_AND_MAC_SIZE
        header = 1 + len(tlv.encode_length(max(room, 0))) + len(_PADDED)
        blocks = (room - header) // self._suite.block_size
        return blocks * self._suite.block_size - 1

    def send(self, command: Command, *, extended: bool = False) -> Response:
        if self._over:
            raise ProtocolBroken("session is over")
        self._over = True  # until the answer proves otherwise, also when the transport breaks in between
        apdu = self._protect(command, extended=extended)
        response = Response.decode(self._transmit(apdu))
        if not response.data:
            raise SessionEnded(response.status)
        try:
            opened = self._open(response)
        except MalformedData as error:
            raise ProtocolBroken(f"secure messaging: {error.detail}") from None
        self._over = False
        return opened

    def _protect(self, command: Command, *, extended: bool) -> bytes:
        counter = self._next_counter()
        header = bytes([command.cla | _SECURE, command.ins, command.p1, command.p2])
        body = self._cryptogram(command, counter)
        wide = extended or (command.expected or 0) > MAX_SHORT_EXPECTED or len(body) + 14 > MAX_SHORT_DATA
        if command.expected is not None:
            body += tlv.encode(_LE, _encode_expected(command.expected, wide=wide))
        code = self._mac(counter + pad(header, self._suite.block_size), body)
        body += tlv.encode(_MAC, code)
        outer = Command(
            cla=header[0],
            ins=command.ins,
            p1=command.p1,
            p2=command.p2,
            data=body,
            expected=65_536 if wide else MAX_SHORT_EXPECTED,
        )
        return outer.encode(extended=wide)

    def _cryptogram(self, command: Command, counter: bytes) -> bytes:
        if not command.data:
            return b""
        iv = self._suite.session_iv(self._keys.encryption, counter)
        encrypted = self._suite.encrypt(self._keys.encryption, pad(command.data, self._suite.block_size), iv)
        if command.ins & 1:
            return tlv.encode(_CRYPTOGRAM_BER, encrypted)
        return tlv.encode(_CRYPTOGRAM, _PADDED, encrypted)

    def _open(self, response: Response) -> Response:
        counter = self._next_counter()
        objects = tlv.parse_all(response.data)
        code = tlv.require(objects, _MAC)
        if objects[-1] is not code:
            raise MalformedData("something after the MAC")
        covered = response.data[: len(response.data) - len(code.encode())]
        if not equal(self._mac(counter, covered), code.value):
            raise ProtocolBroken("secure messaging: MAC of an answer is wrong")
        status = tlv.require(objects, _STATUS).value
        if status != response.status.to_bytes(2, "big"):
            raise ProtocolBroken("secure messaging: status differs from the protected one")
        return Response(data=self._decrypted(objects, counter), status=response.status)

    def _decrypted(self, objects: tuple[tlv.Tlv, ...], counter: bytes) -> bytes:
        padded, bare = tlv.find(objects, _CRYPTOGRAM), tlv.find(objects, _CRYPTOGRAM_BER)
        if padded is not None:
            if padded.value[:1] != _PADDED:
                raise MalformedData("padding indicator")
            encrypted = padded.value[1:]
        elif bare is not None:
            encrypted = bare.value
        else:
            return b""
        iv = self._suite.session_iv(self._keys.encryption, counter)
        return unpad(self._suite.decrypt(self._keys.encryption, encrypted, iv))

    def _mac(self, start: bytes, objects: bytes) -> bytes:
        """`start` is whole blocks; no block of padding alone is added to it (ISO/IEC 7816-4, 10.2.3.1)."""
        padded = pad(objects, self._suite.block_size) if objects else b""
        return self._suite.mac(self._keys.mac, start + padded)

    def _next_counter(self) -> bytes:
        self._counter = (self._counter + 1) % (1 << 8 * self._suite.block_size)
        return self.counter


def _encode_expected(expected: int, *, wide: bool) -> bytes:
    if expected < MAX_SHORT_EXPECTED or (expected == MAX_SHORT_EXPECTED and not wide):
        return bytes([expected & 0xFF])
    return (expected & 0xFFFF).to_bytes(2, "big")
