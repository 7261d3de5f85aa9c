"""The card's side of secure messaging (ICAO 9303-11, 9.8; ISO/IEC 7816-4, clause 10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from devices.chip.apdu import MAX_SHORT_EXPECTED, Command, Response, Status
from devices.chip.ciphers import TripleDesSuite, equal, pad, unpad
from devices.chip.errors import MalformedData
from devices.chip.keys import SessionKeys
from devices.chip.tlv import Tlv, encode, find, parse_all

SECURE_CLASS = 0x0C
CHAINING_BIT = 0x10
_PADDED, _PLAIN_CIPHER, _EXPECTED, _STATUS, _MAC = 0x87, 0x85, 0x97, 0x99, 0x8E
_WITH_PADDING_2 = b"\x01"
_STATUS_SIZE, _MAC_OBJECT_SIZE, _CIPHER_HEAD_SIZE = 4, 10, 5


class SessionBroken(Exception):
    """A command that does not belong to the session; `status` is what the card answers, in the clear."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


class SecureSession:
    """Keys and counter of one session; the counter starts as the access protocol left it, zero unless given."""

    def __init__(self, keys: SessionKeys, counter: bytes | None = None) -> None:
        self._keys = keys
        self._size = keys.suite.block_size
        self._counter = int.from_bytes(counter or b"", "big")

    def open(self, command: Command) -> Command:
        """The plain command inside. Raises `SessionBroken` with 6987 or 6988."""
        try:
            objects = parse_all(command.data)
        except MalformedData as error:
            raise SessionBroken(Status.SECURE_MESSAGING_INCOMPLETE) from error
        code = find(objects, _MAC)
        if code is None or objects[-1] is not code:
            raise SessionBroken(Status.SECURE_MESSAGING_INCOMPLETE)
        self._count()
        covered = b"".join(each.encode() for each in objects[:-1])
        if not equal(self._mac(pad(command.header, self._size), covered), code.value):
            raise SessionBroken(Status.SECURE_MESSAGING_WRONG)
        data, expected = self._plain(command, objects), _expected(find(objects, _EXPECTED))
        return replace(command, cla=command.cla & ~SECURE_CLASS, data=data, expected=expected)

    def close(
        self,
        response: Response,
        *,
        odd: bool,
        spoil_padded: Callable[[bytes], bytes] = bytes,
        spoil_cipher: Callable[[bytes], bytes] = bytes,
    ) -> Response:
        """The protected response; `odd` as the command's instruction was. The `spoil` functions change what is
        encrypted and what came of it, before the MAC is made."""
        self._count()
        objects = b""
        if response.data:
            cipher = spoil_cipher(self._encrypt(spoil_padded(pad(response.data, self._size))))
            objects = encode(_PLAIN_CIPHER, cipher) if odd else encode(_PADDED, _WITH_PADDING_2, cipher)
        objects += encode(_STATUS, response.status.to_bytes(2, "big"))
        code = self._mac(b"", objects)
        return Response(data=objects + encode(_MAC, code), status=response.status)

    def rewind(self, steps: int) -> None:
        """Fall back, as no honest card does."""
        self._counter -= steps

    def room(self, answer_bytes: int) -> int:
        """How many plain bytes fit into a protected response with `answer_bytes` of data."""
        cipher = answer_bytes - _STATUS_SIZE - _MAC_OBJECT_SIZE - _CIPHER_HEAD_SIZE
        return max(cipher // self._size * self._size - 1, 0)

    def _plain(self, command: Command, objects: tuple[Tlv, ...]) -> bytes:
        cipher = find(objects, _PLAIN_CIPHER if command.ins & 1 else _PADDED)
        if cipher is None:
            return b""
        value = cipher.value
        if cipher.tag == _PADDED:
            if value[:1] != _WITH_PADDING_2:
                raise SessionBroken(Status.SECURE_MESSAGING_WRONG)
            value = value[1:]
        try:
            return unpad(self._keys.suite.decrypt(self._keys.encryption, value, self._iv()))
        except MalformedData as error:
            raise SessionBroken(Status.SECURE_MESSAGING_WRONG) from error

    def _encrypt(self, data: bytes) -> bytes:
        return self._keys.suite.encrypt(self._keys.encryption, data, self._iv())

    def _mac(self, header: bytes, objects: bytes) -> bytes:
        message = self._counter_bytes() + header + (pad(objects, self._size) if objects else b"")
        return self._keys.suite.mac(self._keys.mac, message)

    def _iv(self) -> bytes:
        return self._keys.suite.session_iv(self._keys.encryption, self._counter_bytes())

    def _count(self) -> None:
        self._counter = (self._counter + 1) % (1 << 8 * self._size)

    def _counter_bytes(self) -> bytes:
        return self._counter.to_bytes(self._size, "big")


def exchange_mac(keys: SessionKeys, data: bytes) -> bytes:
    """The MAC of access protocols: padded for the retail MAC, as it is for CMAC (9303-11, 9.8.7)."""
    padded = pad(data, keys.suite.block_size) if isinstance(keys.suite, TripleDesSuite) else data
    return keys.suite.mac(keys.mac, padded)


def _expected(found: Tlv | None) -> int | None:
    if found is None:
        return None
    if len(found.value) not in (1, 2):
        raise SessionBroken(Status.SECURE_MESSAGING_WRONG)
    whole = MAX_SHORT_EXPECTED if len(found.value) == 1 else 0x10000
    return int.from_bytes(found.value, "big") or whole
