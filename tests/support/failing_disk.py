"""A disk that refuses on command: full, read-only, or broken at a write or a flush."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import apsw

NAME = "failing"


class FailingDisk(apsw.VFS):
    """The machine's disk as SQLite's default; while `at_write` or `at_flush` is set, every one raises it."""

    def __init__(self) -> None:
        super().__init__(NAME, base="unix", makedefault=True)
        self.at_write: type[apsw.Error] | None = None
        self.at_flush: type[apsw.Error] | None = None

    def xOpen(self, name: apsw.URIFilename | str | None, flags: list[int]) -> apsw.VFSFile:
        return _FailingFile(name, flags, self)


class _FailingFile(apsw.VFSFile):
    def __init__(self, name: apsw.URIFilename | str | None, flags: list[int], disk: FailingDisk) -> None:
        super().__init__("unix", name, flags)
        self._disk = disk

    def xWrite(self, data: bytes, offset: int) -> None:
        if self._disk.at_write is not None:
            raise self._disk.at_write("the test's disk refuses")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        if self._disk.at_flush is not None:
            raise self._disk.at_flush("the test's disk refuses")
        super().xSync(flags)


@contextmanager
def failing_disk() -> Iterator[FailingDisk]:
    """Every database opened inside is on it."""
    disk = FailingDisk()
    try:
        yield disk
    finally:
        disk.unregister()
