"""Checkpoints the write-ahead log and, while somebody follows, keeps what it committed for a copy elsewhere.

The writer is the only one that checkpoints, so no frame can be overwritten before it was taken here. Reads the log's
file as described in "WAL-mode File Format" (sqlite.org/walformat.html). Used on the writer's thread alone.
"""

from __future__ import annotations

import logging
import struct
from dataclasses import dataclass
from pathlib import Path

import apsw

log = logging.getLogger("tiepdon.storage")

CHECKPOINT_FRAMES = 1000
PENDING_LIMIT_BYTES = 64 * 1024 * 1024
"""What may wait for a slow second place; beyond it following breaks and a whole new copy is needed."""

_HEADER_BYTES = 32
_FRAME_HEADER = struct.Struct(">II8s8x")


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Whole pages by number, as one or more commits left them; the file has `size_pages` pages afterwards."""

    page_bytes: int
    size_pages: int
    pages: dict[int, bytes]


NO_CHANGES = Changes(page_bytes=0, size_pages=0, pages={})


class WalTap:
    """Attached to the writing connection of the database file at `path`."""

    def __init__(self, connection: apsw.Connection, path: Path) -> None:
        self._connection = connection
        self._wal = Path(f"{path}-wal")
        self._frames = max(0, connection.wal_checkpoint()[0])
        self._taken: tuple[bytes, int] | None = None
        self._changes = NO_CHANGES
        self._broken = False
        connection.set_wal_hook(self._committed)

    def begin(self) -> None:
        """Follow from the newest commit on."""
        self._taken = (self._header()[1], self._frames)
        self._changes = NO_CHANGES
        self._broken = False

    def end(self) -> None:
        self._taken = None
        self._changes = NO_CHANGES

    def take(self) -> Changes | None:
        """What was committed since the last take; `pages` is empty when nothing was. Null when a change was not kept:
        a copy must then begin anew with a whole one."""
        self._capture()
        if self._broken or self._taken is None:
            return None
        taken, self._changes = self._changes, NO_CHANGES
        return taken

    def after_commit(self) -> None:
        """Checkpoint when the log is long enough. A disk that refuses is met again at the next commit."""
        if self._frames < CHECKPOINT_FRAMES:
            return
        self._capture()
        try:
            self._connection.wal_checkpoint()
        except apsw.Error as error:
            log.warning("checkpoint put off: %s", error)

    def _committed(self, _connection: apsw.Connection, _name: str, frames: int) -> int:
        self._frames = frames
        return apsw.SQLITE_OK

    def _capture(self) -> None:
        if self._taken is None or self._broken:
            return
        try:
            self._read_frames(self._taken)
        except OSError as error:
            log.warning("the write-ahead log cannot be read: %s", error.strerror)
            self._broken = True
        if len(self._changes.pages) * self._changes.page_bytes > PENDING_LIMIT_BYTES:
            self._broken = True
        if self._broken:
            self._changes = NO_CHANGES

    def _read_frames(self, taken: tuple[bytes, int]) -> None:
        page_bytes, salt = self._header()
        first = taken[1] if salt == taken[0] else 0  # another salt: the log began anew after a whole checkpoint
        size_pages, pages = self._changes.size_pages, dict(self._changes.pages)
        if first < self._frames:
            with self._wal.open("rb") as file:
                file.seek(_HEADER_BYTES + first * (_FRAME_HEADER.size + page_bytes))
                for _ in range(first, self._frames):
                    number, committed_size, frame_salt = _FRAME_HEADER.unpack(file.read(_FRAME_HEADER.size))
                    self._broken |= frame_salt != salt
                    pages[number] = file.read(page_bytes)
                    size_pages = committed_size or size_pages
        self._changes = Changes(page_bytes=page_bytes, size_pages=size_pages, pages=pages)
        self._taken = (salt, self._frames)

    def _header(self) -> tuple[int, bytes]:
        """Page size and salts of the log; zero and nothing where it has not been written yet."""
        try:
            with self._wal.open("rb") as file:
                header = file.read(_HEADER_BYTES)
        except FileNotFoundError:
            header = b""
        return int.from_bytes(header[8:12], "big"), header[16:24]
