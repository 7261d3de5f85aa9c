"""Hub calls of the console: made on a small pool, answered in the main thread."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from kiosk.domain.faults import Fault, Refusal
from kiosk.station.hub_port import HubUnreachable
from ui.bridge import Bridge

log = logging.getLogger("tiepdon.ui.counter")

T = TypeVar("T")

UNREACHABLE = Fault(code="hub.unreachable")
FAILED = Fault(code="counter.failed")


@dataclass(frozen=True, kw_only=True)
class Answer(Generic[T]):
    """What a call came to: `value`, or `fault` when the hub refused or did not answer."""

    value: T | None = None
    fault: Fault | None = None


class BackgroundCalls:
    """Lives in the main thread; `close` when done."""

    def __init__(self, parent: QObject, workers: int = 3) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="counter-call")
        self._answered: deque[Callable[[], None]] = deque()
        self._bridge = Bridge(parent)
        self._bridge.lead_to(self._hand_over)

    def ask(self, call: Callable[[], T], then: Callable[[Answer[T]], None]) -> None:
        """Run `call` on the pool, then `then` with its answer in the main thread."""
        self._pool.submit(self._work, call, then)

    def close(self) -> None:
        """No answer is handed over any more; waits for running calls, which time out by themselves."""
        self._bridge.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, call: Callable[[], T], then: Callable[[Answer[T]], None]) -> None:
        answer = _answer_of(call)
        self._answered.append(lambda: then(answer))
        self._bridge.call()

    def _hand_over(self) -> None:
        while self._answered:
            self._answered.popleft()()


def _answer_of(call: Callable[[], T]) -> Answer[T]:
    try:
        return Answer(value=call())
    except Refusal as refusal:
        return Answer(fault=refusal.fault)
    except HubUnreachable:
        return Answer(fault=UNREACHABLE)
    except Exception:
        log.exception("a call to the hub failed")
        return Answer(fault=FAILED)
