"""The one way from a foreign thread into Qt: a queued signal to a slot of an object of the main thread. `Bridge` wakes
the main thread, `Inbox` also carries things to it."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

log = logging.getLogger("tiepdon.ui.bridge")

T = TypeVar("T")


class Bridge(QObject):
    """Runs what `lead_to` named (`wake`) on the thread this object lives in (the main thread), as often as
    `call` asks, but only once for calls that arrive together.

    `call` may be used from any thread. After `close` calls are dropped. An exception of `wake` is logged, not raised:
    a Qt slot is one of the edges where nothing may escape.
    """

    _called = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wake: Callable[[], object] | None = None
        self._waiting = False
        self._closed = False
        self._called.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def lead_to(self, wake: Callable[[], object]) -> None:
        """From now on calls run `wake`. Apart from the constructor, because what is woken is often built with `call`
        in hand. Main thread."""
        self._wake = wake

    def call(self) -> None:
        """Asks for one `wake`. Thread-safe, returns at once."""
        if self._closed or self._waiting:
            return
        self._waiting = True
        self._called.emit()

    def close(self) -> None:
        """From now on `wake` is not run any more."""
        self._closed = True

    @Slot()
    def _run(self) -> None:
        self._waiting = False
        if self._closed or self._wake is None:
            return
        try:
            self._wake()
        except Exception:
            log.exception("a wake-up of the screen failed")


class Inbox(Generic[T]):
    """Hands what `put` was given, on any thread, to `take` on the main thread, in order. Nothing after `close`."""

    def __init__(self, parent: QObject, take: Callable[[T], object]) -> None:
        self._take = take
        self._arrived: deque[T] = deque()
        self._bridge = Bridge(parent)
        self._bridge.lead_to(self._hand_over)

    def put(self, item: T) -> None:
        """Thread-safe, returns at once."""
        self._arrived.append(item)
        self._bridge.call()

    def close(self) -> None:
        self._bridge.close()

    def _hand_over(self) -> None:
        while self._arrived:
            self._take(self._arrived.popleft())
