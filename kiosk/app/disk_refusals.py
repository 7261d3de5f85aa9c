"""Why a program does not start on its disk, in words that say what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.app.start import CannotStart
from kiosk.storage.session import FIRST_TICKETS_BYTES

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
DISK_ERRORS = _FULL | {errno.EROFS}


@contextmanager
def disk_refusals(data: Path) -> Iterator[None]:
    """Whatever the disk of the data folder refuses inside becomes `CannotStart`."""
    try:
        yield
    except OSError as error:
        raise refusal_of(data, error) from error


def refusal_of(data: Path, error: OSError) -> CannotStart:
    """What to say of an error of the data folder's disk."""
    detail = error.strerror or str(error)
    if error.errno in _FULL:
        return CannotStart("start.disk_full", path=str(data))
    if error.errno == errno.EROFS:
        return CannotStart("start.disk_read_only", path=str(data))
    return CannotStart("start.data_unreadable", path=str(data), detail=detail)


def require_writable(data: Path) -> None:
    """Raises `CannotStart` where not even the first tickets would find room."""
    probe = data / ".probe"
    with disk_refusals(data):
        try:
            with probe.open("wb") as file:
                file.write(bytes(FIRST_TICKETS_BYTES))
                file.flush()
                os.fsync(file.fileno())
        finally:
            probe.unlink(missing_ok=True)
