"""A disk that remembers every write and flush of SQLite, so that a power cut can be played at any moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import apsw

NAME = "recording"
SECTOR = 512


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`data` written at `offset` of file `name`; a truncation to `offset` (no data); a flush (no offset), or a removal
    that was flushed."""

    name: str
    offset: int | None = None
    data: bytes | None = None
    removed: bool = False

    @property
    def is_flush(self) -> bool:
        return self.offset is None


class RecordingDisk(apsw.VFS):
    """The machine's disk as SQLite's default, recording into `operations`."""

    def __init__(self) -> None:
        super().__init__(NAME, base="unix", makedefault=True)
        self.operations: list[Operation] = []

    def xOpen(self, name: apsw.URIFilename | str | None, flags: list[int]) -> apsw.VFSFile:
        return _RecordingFile(name, flags, self.operations)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        if syncdir:  # otherwise a power cut may bring the file back
            self.operations.append(Operation(name=Path(filename).name, removed=True))

    def flushes(self) -> int:
        return sum(operation.is_flush and not operation.removed for operation in self.operations)

    def flush_points(self) -> list[int]:
        """Before and after each flush, each as the number of operations until then."""
        return sorted({at for i, o in enumerate(self.operations) if o.is_flush for at in (i, i + 1)})

    def image_after_cut(self, at: int, folder: Path, survives: Callable[[], bool] = lambda: False) -> Path:
        """The files as they would be found after the power failed before operation `at`: of each file what a flush had
        made durable, and of what came later those sectors `survives` says (none by default)."""
        folder.mkdir()
        durable = {o.name: i for i, o in enumerate(self.operations[:at]) if o.is_flush}
        for name, last_flush in durable.items():
            content = bytearray()
            for operation in self.operations[:last_flush]:
                if operation.name == name:
                    _replay(operation, content)
            for operation in self.operations[last_flush + 1 : at]:
                if operation.name == name:
                    for sector in _sectors(operation):
                        if survives():
                            _replay(sector, content)
            if not self.operations[last_flush].removed:
                (folder / name).write_bytes(content)
        return folder


def _sectors(operation: Operation) -> Iterator[Operation]:
    """A write as the disk does it, sector by sector; anything else whole."""
    if operation.offset is None or operation.data is None:
        yield operation
        return
    start = 0
    while start < len(operation.data):
        end = start + SECTOR - (operation.offset + start) % SECTOR
        yield Operation(name=operation.name, offset=operation.offset + start, data=operation.data[start:end])
        start = end


def _replay(operation: Operation, content: bytearray) -> None:
    if operation.removed:
        content.clear()
    if operation.offset is None:
        return
    if operation.data is None:
        del content[operation.offset :]
        return
    content.extend(b"\0" * (operation.offset - len(content)))
    content[operation.offset : operation.offset + len(operation.data)] = operation.data


class _RecordingFile(apsw.VFSFile):
    def __init__(self, name: apsw.URIFilename | str | None, flags: list[int], operations: list[Operation]) -> None:
        super().__init__("unix", name, flags)
        filename = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self._name = Path(filename).name
        self._operations = operations

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._operations.append(Operation(name=self._name, offset=offset, data=bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._operations.append(Operation(name=self._name, offset=newsize))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._operations.append(Operation(name=self._name))


@contextmanager
def recording_disk() -> Iterator[RecordingDisk]:
    """Every database opened inside is recorded."""
    disk = RecordingDisk()
    try:
        yield disk
    finally:
        disk.unregister()
