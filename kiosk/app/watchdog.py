"""Tells systemd that a service is ready and alive (sd_notify(3)); does nothing when systemd did not start it.

Feed it from the event loop that does the work: a thread of its own would hide a frozen one.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping


class Watchdog:
    """`interval_s` is how often `alive()` is wanted (half of WatchdogSec), or null when nobody watches."""

    def __init__(self, address: str | None, interval_s: float | None) -> None:
        self._address = address
        self.interval_s = interval_s

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Watchdog:
        """From NOTIFY_SOCKET and WATCHDOG_USEC as systemd sets them (systemd.service(5), Type=notify)."""
        address = environment.get("NOTIFY_SOCKET")
        watched_us = environment.get("WATCHDOG_USEC", "")
        interval_s = int(watched_us) / 2e6 if address and watched_us.isdigit() and int(watched_us) > 0 else None
        return cls(address, interval_s)

    def ready(self) -> None:
        self._send(b"READY=1")

    def alive(self) -> None:
        self._send(b"WATCHDOG=1")

    def _send(self, message: bytes) -> None:
        if self._address is None:
            return
        # A leading @ stands for the NUL of Linux's abstract socket names.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as notifier:
            notifier.sendto(message, address)
