"""Selecting and reading files, in as few commands as the chip allows (ISO/IEC 7816-4, 11.3; ICAO 9303-10, 3.6)."""

from __future__ import annotations

from collections.abc import Callable

from devices.chip import tlv
from devices.chip.apdu import Command, Response, Status
from devices.chip.chunk_sizes import ChunkSizes
from devices.chip.errors import ChipRefused, MalformedData, NotAnIdChip, ProtocolBroken
from devices.chip.files import APPLICATION_ID, MASTER_FILE_ID, FileId
from devices.chip.link import Channel
from devices.chip.secure_messaging import SessionEnded

FileProgress = Callable[[int, int], None]
"""Told after every part: bytes there, bytes in all."""
_MAX_EVEN_OFFSET = 0x7FFF
_OFFSET = 0x54
_DISCRETIONARY = 0x53
_LONGEST_HEADER = 8
_MAX_READS = 8192
_LENGTH_STATUSES = {Status.WRONG_LENGTH, Status.WRONG_OFFSET, Status.END_OF_FILE, 0x6F00}


def select_application(channel: Channel) -> None:
    """Selects the eMRTD application. Raises `NotAnIdChip` where there is none."""
    answer = channel.send(Command(ins=0xA4, p1=0x04, p2=0x0C, data=APPLICATION_ID))
    if answer.status == Status.WRONG_PARAMETERS:
        answer = channel.send(Command(ins=0xA4, p1=0x04, p2=0x00, data=APPLICATION_ID, expected=256))
    if not answer.ok:
        raise NotAnIdChip(f"application: {answer.status:04X}")


def select_master_file(channel: Channel) -> bool:
    """Selects the master file; chips that do not know how to are in it anyway after power-on. Whether it did."""
    return channel.send(Command(ins=0xA4, p1=0x00, p2=0x0C, data=MASTER_FILE_ID)).ok


class SpoiledFile(MalformedData):
    """A file that is not one data object as long as it says; `data` is what there was of it."""

    def __init__(self, detail: str, data: bytes) -> None:
        super().__init__(detail)
        self.data = data


class Files:
    """Reads files of one session. Sizes refused are remembered in `sizes`, which may outlive the session."""

    def __init__(self, channel: Channel, sizes: ChunkSizes, *, short_ids: bool = True) -> None:
        """`short_ids`: whether to address files in READ BINARY before selecting them by name."""
        self._channel = channel
        self._sizes = sizes
        self.short_ids = short_ids
        self._counts_header = True

    def read(self, file: FileId, progress: FileProgress | None = None) -> bytes:
        """The whole file, as long as its own first tag and length say. Raises `ChipRefused`, `SpoiledFile`,
        `ProtocolBroken`."""
        data = bytearray(self.beginning(file))
        for _ in range(_MAX_READS):
            total = _announced(file, data)
            if progress is not None and total:
                progress(min(len(data), total), total)
            if total and len(data) >= total:
                return bytes(data[:total])
            part = self._part(file, len(data), total - len(data) if total else _LONGEST_HEADER)
            if not part:
                raise SpoiledFile(f"{file.name}: ends before its length", bytes(data))
            data += part
        raise ProtocolBroken(f"{file.name}: in crumbs")

    def beginning(self, file: FileId) -> bytes:
        """The first part of a file, which then is the current one. Raises `ChipRefused`, `ProtocolBroken`."""
        if self.short_ids:
            answer = self._read_from(0x80 | file.short, 0)
            if answer.data:
                return answer.data
        self._select(file)
        answer = self._read_from(0, 0)
        if not answer.data:
            raise ChipRefused(answer.status, f"{file.name}: read")
        self.short_ids = False  # that chip wants its files selected
        return answer.data

    def _select(self, file: FileId) -> None:
        command = Command(ins=0xA4, p1=0x02, p2=0x0C, data=file.identifier.to_bytes(2, "big"))
        answer = self._channel.send(command)
        if not answer.ok:
            raise ChipRefused(answer.status, f"{file.name}: select")

    def _read_from(self, p1: int, p2: int) -> Response:
        """The first bytes, as many as there are; the last answer, whatever it is."""
        while True:
            size = self._sizes.first(self._channel)
            answer = self._read_first(Command(ins=0xB0, p1=p1, p2=p2, expected=size))
            told = _named_size(answer.status)
            if told is not None and told < size:
                answer = self._read_first(Command(ins=0xB0, p1=p1, p2=p2, expected=told))
            if answer.data or answer.status not in _LENGTH_STATUSES or not self._sizes.ask_headers_first():
                return answer

    def _read_first(self, command: Command) -> Response:
        """Learns from a refusal even where the session is gone with it: the next one starts wiser."""
        try:
            return self._channel.send(command)
        except SessionEnded as end:
            if _says_length(end.status):
                self._sizes.ask_headers_first()
            raise

    def _part(self, file: FileId, offset: int, left: int) -> bytes:
        """Some of the `left` bytes from `offset` on; empty where the file ends, for all that smaller parts could do."""
        ceiling, selected = self._sizes.short_ceiling, False
        while True:
            answer, may_ask_again = self._read_at(offset, left)
            data = _content(answer, offset)
            if data or answer.ok:
                return data[:left]
            if answer.status == Status.NO_CURRENT_FILE and not selected:
                self._select(file)
                selected = True
            elif not _says_length(answer.status):
                raise ChipRefused(answer.status, f"{file.name}: read")
            elif not may_ask_again:
                self._sizes.raise_short(ceiling)
                return b""

    def _read_at(self, offset: int, left: int) -> tuple[Response, bool]:
        """The answer, and whether there is another size to ask for after a refusal."""
        wrapped = offset > _MAX_EVEN_OFFSET and self._counts_header
        wanted = left + (1 + len(tlv.encode_length(left)) if wrapped else 0)
        short, long = self._sizes.short(self._channel), self._sizes.long(self._channel)
        if wanted > short and long > short:
            return self._read_long(_read_command(offset, min(wanted, long))), True
        size = min(wanted, short)
        answer = self._read_short(_read_command(offset, size), size)
        if answer.data or not _says_length(answer.status):
            return answer, True
        if wrapped and size == wanted:
            self._counts_header = False  # the chip does not count the data object around what it gives, as it should
            return answer, True
        return answer, self._sizes.lower_short(size, _named_size(answer.status))

    def _read_long(self, command: Command) -> Response:
        """A refusal in the clear means that the chip does not know the extended form at all."""
        try:
            answer = self._channel.send(command, extended=True)
        except SessionEnded:
            self._sizes.stay_short()
            raise
        if not answer.data and _says_length(answer.status):
            self._sizes.lower_long()
        return answer

    def _read_short(self, command: Command, size: int) -> Response:
        try:
            return self._channel.send(command)
        except SessionEnded as end:
            if _says_length(end.status):
                self._sizes.lower_short(size, _named_size(end.status))
            raise


def _announced(file: FileId, data: bytearray) -> int:
    """How long the file is by its first tag and length; 0 while they are not whole. Raises `SpoiledFile`."""
    try:
        header = tlv.read_header(bytes(data[:_LONGEST_HEADER]))
    except MalformedData as error:
        if len(data) < _LONGEST_HEADER:
            return 0
        raise SpoiledFile(f"{file.name}: {error.detail}", bytes(data)) from None
    return header.size + header.length


def _read_command(offset: int, size: int) -> Command:
    if offset <= _MAX_EVEN_OFFSET:
        return Command(ins=0xB0, p1=offset >> 8, p2=offset & 0xFF, expected=size)
    place = tlv.encode(_OFFSET, offset.to_bytes(2 if offset <= 0xFFFF else 3, "big"))
    return Command(ins=0xB1, data=place, expected=size)


def _content(answer: Response, offset: int) -> bytes:
    """What was read; beyond the reach of an even instruction it is wrapped in a data object."""
    if offset <= _MAX_EVEN_OFFSET or not answer.data:
        return answer.data
    try:
        wrapped = tlv.parse_first(answer.data)
    except MalformedData as error:
        raise ProtocolBroken(f"read: {error.detail}") from None
    if wrapped.tag != _DISCRETIONARY:
        raise ProtocolBroken("read: answer of another kind")
    return wrapped.value


def _says_length(status: int) -> bool:
    return status in _LENGTH_STATUSES or _named_size(status) is not None


def _named_size(status: int) -> int | None:
    """The size a 6Cxx names."""
    return (status & 0xFF or 256) if status >> 8 == 0x6C else None
