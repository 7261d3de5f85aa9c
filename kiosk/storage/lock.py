"""One hub per data folder: an advisory lock that the kernel gives back when its process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from kiosk.storage.faults import StorageFault


class FolderLock:
    """Held from construction to `close()`. Raises `StorageFault`: `storage.in_use` when another hub holds it."""

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except OSError as error:
            raise StorageFault("storage.unreadable", error.strerror or str(error)) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            raise StorageFault("storage.in_use", error.strerror or str(error)) from error

    def close(self) -> None:
        """The file stays: removing it would let two processes lock two different files of the same name."""
        os.close(self._descriptor)
