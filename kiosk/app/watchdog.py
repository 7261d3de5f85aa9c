"""Speaks to systemd: "ready", "alive", "stopping" (the protocol of sd_notify(3)); silent when systemd is not there.

`alive` is sent from the event loop that must not hang, never from a thread of its own: a thread would go on telling
systemd that all is well while the screen or the hub stands still.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping


class Watchdog:
    """One process's line to systemd.

    `interval_s` is how often `alive()` must be called: half of the unit's `WatchdogSec=`, as sd_watchdog_enabled(3)
    advises; None when no watchdog waits. `WATCHDOG_PID` is left aside on purpose: under cage the unit's main
    process is the compositor, and we speak for it (`NotifyAccess=all`).
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        watchdog_us = environ.get("WATCHDOG_USEC", "")
        self.interval_s = int(watchdog_us) / 2e6 if self._address and watchdog_us.isdecimal() else None

    @classmethod
    def from_environment(cls) -> Watchdog:
        return cls(os.environ)

    def ready(self) -> None:
        """Start-up is done: for the hub, it listens; for a screen, its first frame is shown."""
        self._send("READY=1")

    def alive(self) -> None:
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        """Never blocks and never raises: a deaf systemd must not take the program down."""
        if not self._address:
            return
        # a leading @ stands for Linux's abstract socket names
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as line:
                line.sendto(message.encode(), address)
        except OSError:
            return
