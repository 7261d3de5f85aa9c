"""An opened chip that is opened anew when it drops the session: some do so over a command they do not like."""

from __future__ import annotations

from collections.abc import Callable

from devices.chip.apdu import Status
from devices.chip.chunk_sizes import ChunkSizes
from devices.chip.errors import ChipRefused, ProtocolBroken
from devices.chip.file_access import FileProgress, Files
from devices.chip.files import FileId
from devices.chip.secure_messaging import SecureChannel, SessionEnded

_MAX_REOPENINGS = 4
_WITHHELD = {
    Status.FILE_NOT_FOUND,
    Status.SECURITY_NOT_SATISFIED,
    Status.CONDITIONS_NOT_SATISFIED,
    Status.FUNCTION_NOT_SUPPORTED,
}


class ReadingSession:
    """Reads files one after the other; `reopen` makes a new session like the first."""

    def __init__(self, channel: SecureChannel, sizes: ChunkSizes, reopen: Callable[[], SecureChannel]) -> None:
        self._channel: SecureChannel | None = channel
        self._sizes = sizes
        self._reopen = reopen
        self._reopenings = 0
        self._short_ids = True

    @property
    def channel(self) -> SecureChannel:
        """The session as it stands, opened anew if it was lost. Raises `ChipError`, `ProtocolBroken` when that
        happens too often."""
        if self._channel is None:
            if self._reopenings == _MAX_REOPENINGS:
                raise ProtocolBroken("chip drops every session")
            self._reopenings += 1
            self._channel = self._reopen()
        return self._channel

    def renew(self, channel: SecureChannel | None) -> None:
        """Goes on with the keys another protocol agreed on; None when it lost the session."""
        self._channel = channel

    def read(self, file: FileId, progress: FileProgress | None = None) -> bytes:
        """The whole file; read again from the start where the session was lost over it, once for each thing learned.
        Raises `ChipRefused`, `MalformedData`, `ProtocolBroken`."""
        while True:
            try:
                return self._read(file, progress)
            except SessionEnded as end:
                self._channel = None
                if end.status in _WITHHELD:
                    raise ChipRefused(end.status, f"{file.name}: in the clear") from None
            except ProtocolBroken:
                self._channel = None
                if self._reopenings == _MAX_REOPENINGS:
                    raise

    def _read(self, file: FileId, progress: FileProgress | None) -> bytes:
        files = Files(self.channel, self._sizes, short_ids=self._short_ids)
        data = files.read(file, progress)
        self._short_ids = files.short_ids
        return data
