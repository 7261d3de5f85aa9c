"""Why a back-up place takes no copy, as codes."""

from __future__ import annotations

import errno

import apsw

from kiosk.storage.faults import StorageFault

PLACE_ERRORS = (OSError, apsw.Error, StorageFault)
"""What copying raises when the place, or the database, refuses."""

_CODE_OF_ERRNO = {
    errno.ENOSPC: "backup.place_full",
    errno.EDQUOT: "backup.place_full",
    errno.EFBIG: "backup.place_full",
    errno.EACCES: "backup.place_denied",
    errno.EPERM: "backup.place_denied",
    errno.EROFS: "backup.place_denied",
}
_OWN_CODES = frozenset({"backup.unusable", "backup.place_taken"})


def code_of(error: Exception) -> str:
    match error:
        case StorageFault() if error.code in _OWN_CODES:
            return error.code
        case apsw.FullError():
            return "backup.place_full"
        case OSError(errno=int(number)) if number in _CODE_OF_ERRNO:
            return _CODE_OF_ERRNO[number]
        case TimeoutError(errno=None) | StorageFault():
            return "backup.database_busy"
        case _:
            return "backup.place_missing"


def technical(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
