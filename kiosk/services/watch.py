"""The thread of what watches over a part of the hub: it looks again and again."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod

log = logging.getLogger("tiepdon.watch")

STOP_S = 2.0


class Watch(ABC):
    """Looks on a thread called `name` from `start()` to `close()`, first after `first_s` seconds. What a look raises is
    logged, and the next one comes as late as the one before."""

    def __init__(self, name: str, first_s: float) -> None:
        self._pause_s = first_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @abstractmethod
    def look(self) -> float:
        """One look; in how many seconds the next is due."""

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_S)

    def _run(self) -> None:
        while not self._stop.wait(self._pause_s):
            try:
                self._pause_s = self.look()
            except Exception:
                log.exception("a look of %s failed", self._thread.name)
