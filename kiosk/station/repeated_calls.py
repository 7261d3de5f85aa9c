"""Calls to the hub that must get through: repeated with back-off until there is an answer, a yes or a no.

Everything but the call itself happens on the owner's thread, so there is nothing to lock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

from kiosk.station.hub_port import HubUnreachable

log = logging.getLogger("tiepdon.station")

FIRST_RETRY_S = 0.3
LAST_RETRY_S = 2.0

HandOver = Callable[[Callable[[], None]], None]
"""Takes work from any thread and has it run on the owner's."""


@dataclass(kw_only=True)
class _Open:
    call: Callable[[], None]
    running: bool = False
    next_at_s: float = 0.0
    delay_s: float = FIRST_RETRY_S


class RepeatedCalls:
    """Open calls by key. `start` and `tick` belong to the owner's thread; `call` runs on `pool`, reports its own
    answer and raises `HubUnreachable` to be repeated."""

    def __init__(
        self,
        *,
        pool: Executor,
        hand_over: HandOver,
        clock_s: Callable[[], float],
        on_unreachable: Callable[[], None],
    ) -> None:
        self._pool = pool
        self._hand_over = hand_over
        self._clock_s = clock_s
        self._on_unreachable = on_unreachable
        self._open: dict[str, _Open] = {}

    @property
    def keys(self) -> frozenset[str]:
        """Calls still without an answer."""
        return frozenset(self._open)

    def start(self, key: str, call: Callable[[], None]) -> None:
        """Make `call` until it gets through; a key that is still open is not started twice."""
        if key not in self._open:
            self._open[key] = _Open(call=call)
            self._attempt(key)

    def tick(self) -> None:
        """Make the calls that are due."""
        now_s = self._clock_s()
        for key, opened in list(self._open.items()):
            if not opened.running and now_s >= opened.next_at_s:
                self._attempt(key)

    def hurry(self) -> None:
        """The hub is back: what waits is due now."""
        for opened in self._open.values():
            opened.next_at_s = 0.0
            opened.delay_s = FIRST_RETRY_S
        self.tick()

    def _attempt(self, key: str) -> None:
        opened = self._open[key]
        opened.running = True
        self._pool.submit(self._run, key, opened.call)

    def _run(self, key: str, call: Callable[[], None]) -> None:
        try:
            call()
            answered = True
        except HubUnreachable:
            answered = False
        except Exception:
            log.exception("a call to the hub failed and will be repeated")
            answered = False
        self._hand_over(partial(self._ended, key, answered))

    def _ended(self, key: str, answered: bool) -> None:
        if answered:
            del self._open[key]
            return
        opened = self._open[key]
        opened.running = False
        opened.next_at_s = self._clock_s() + opened.delay_s
        opened.delay_s = min(opened.delay_s * 2, LAST_RETRY_S)
        self._on_unreachable()
