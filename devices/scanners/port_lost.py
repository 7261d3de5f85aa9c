"""Why a scanner's port or input device cannot be used."""

from __future__ import annotations

import errno

from devices.contract import DeviceLost

_CODES_BY_ERRNO = {
    errno.EACCES: "scanner.port_denied",
    errno.EPERM: "scanner.port_denied",
    errno.EAGAIN: "scanner.port_busy",
    errno.EBUSY: "scanner.port_busy",
}


def port_lost(error: Exception) -> DeviceLost:
    """As the system's own reason says; `scanner.port_missing` where it gives none of the known ones."""
    number = getattr(error, "errno", None) or 0
    code = _CODES_BY_ERRNO.get(number, "scanner.port_missing")
    return DeviceLost(code, f"{type(error).__name__} {number or ''}".strip())
