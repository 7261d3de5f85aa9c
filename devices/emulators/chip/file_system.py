"""The card's two directories and what may be read of them (ICAO 9303-10, 3 and 4; ISO/IEC 7816-4, 7.3)."""

from __future__ import annotations

from devices.chip.apdu import Command, Response, Status
from devices.chip.errors import MalformedData
from devices.chip.tlv import encode, find, parse_all
from devices.emulators.chip.card_image import CardImage
from devices.emulators.chip.file_reading import read_part
from devices.emulators.chip.manners import Manners

EMRTD_AID = bytes.fromhex("A0000002471001")
_MASTER_FILE = 0x3F00
_BY_FILE_ID, _CHILD_DF, _BY_CHILD_EF, _BY_NAME = 0x00, 0x01, 0x02, 0x04
_SHORT_FILE_ID_BIT, _SHORT_FILE_ID_MASK = 0x80, 0x1F
_MASTER_SHORT_IDS = {0x01: 0x2F01, 0x1C: 0x011C, 0x1D: 0x011D, 0x1E: 0x2F00}
_OFFSET_OBJECT, _DATA_OBJECT = 0x54, 0x53
_DATA_OBJECT_HEAD = 4
_OPEN_MASTER_FILES = frozenset({0x2F00, 0x2F01, 0x011C})


class FileSystem:
    """Which directory and file are current. `reset` is power-on: the master file, and no file."""

    def __init__(self, image: CardImage, manners: Manners) -> None:
        self._image = image
        self._manners = manners
        self.reset()

    def reset(self) -> None:
        self.in_application = False
        self._current: int | None = None

    def select(self, command: Command) -> int:
        """SELECT; answers the status."""
        wanted = command.data
        if command.p1 == _BY_NAME:
            return self._select_application(wanted)
        if command.p1 in (_BY_FILE_ID, _CHILD_DF) and (not wanted or int.from_bytes(wanted, "big") == _MASTER_FILE):
            return self._select_master_file()
        if command.p1 not in (_BY_FILE_ID, _BY_CHILD_EF):
            return Status.WRONG_PARAMETERS
        if len(wanted) != 2:
            return Status.WRONG_LENGTH if command.p1 == _BY_CHILD_EF else Status.FILE_NOT_FOUND
        return self._select_file(int.from_bytes(wanted, "big"))

    def read_even(self, command: Command, *, granted: bool, room: int) -> Response:
        """READ BINARY B0: offset in P1 P2, or a short file identifier in P1 and the offset in P2."""
        if command.data or command.expected is None:
            return Response(status=Status.WRONG_LENGTH)
        if command.p1 & _SHORT_FILE_ID_BIT:
            status = self._select_short(command.p1 & _SHORT_FILE_ID_MASK)
            if status != Status.OK:
                return Response(status=status)
            return self._read(command.p2, command.expected, granted=granted, room=room)
        return self._read(command.p1 << 8 | command.p2, command.expected, granted=granted, room=room)

    def read_odd(self, command: Command, *, granted: bool, room: int) -> Response:
        """READ BINARY B1: the offset in a data object, the answer in one; P1 P2 name a file, or 0000 the current."""
        if not self._manners.odd_read:
            return Response(status=Status.UNKNOWN_INSTRUCTION)
        try:
            offset = find(parse_all(command.data), _OFFSET_OBJECT)
        except MalformedData:
            return Response(status=Status.WRONG_DATA)
        if offset is None:
            return Response(status=Status.WRONG_DATA)
        if command.expected is None:
            return Response(status=Status.WRONG_LENGTH)
        status = self._select_by_parameters(command.p1 << 8 | command.p2)
        if status != Status.OK:
            return Response(status=status)
        room, at = room - _DATA_OBJECT_HEAD, int.from_bytes(offset.value, "big")
        answer = self._read(at, command.expected, granted=granted, room=room)
        data = encode(_DATA_OBJECT, answer.data) if answer.data else b""
        return Response(data=data, status=answer.status)

    def _select_by_parameters(self, parameters: int) -> int:
        if parameters == 0:
            return Status.OK
        if parameters <= _SHORT_FILE_ID_MASK:
            return self._select_short(parameters)
        return self._select_file(parameters)

    def _read(self, offset: int, expected: int, *, granted: bool, room: int) -> Response:
        if self._current is None:
            return Response(status=Status.NO_CURRENT_FILE)
        if not self._readable(self._current, granted=granted):
            return Response(status=Status.SECURITY_NOT_SATISFIED)
        return read_part(self._files[self._current], offset, expected, room, self._manners)

    def _readable(self, file_id: int, *, granted: bool) -> bool:
        if not self.in_application:
            return granted or file_id in _OPEN_MASTER_FILES
        return granted and file_id not in self._image.locked_files

    @property
    def _files(self) -> dict[int, bytes]:
        return dict(self._image.application_files if self.in_application else self._image.master_files)

    def _select_application(self, name: bytes) -> int:
        if not 5 <= len(name) <= 16:
            return Status.WRONG_LENGTH
        if not EMRTD_AID.startswith(name):
            return Status.FILE_NOT_FOUND
        self.in_application, self._current = True, None
        return Status.OK

    def _select_master_file(self) -> int:
        if not self._manners.master_file:
            return Status.UNKNOWN_INSTRUCTION  # seen on real citizen cards, unlike ICAO 9303-10, 3.6.1 has it
        self.in_application, self._current = False, None
        return Status.OK

    def _select_short(self, short_id: int) -> int:
        if not self._manners.short_file_ids:
            return Status.WRONG_PARAMETERS
        if not self.in_application:
            return self._select_file(_MASTER_SHORT_IDS.get(short_id, 0))
        return self._select_file(0x0100 | short_id)

    def _select_file(self, file_id: int) -> int:
        if file_id not in self._files:
            return Status.FILE_NOT_FOUND
        self._current = file_id
        return Status.OK
