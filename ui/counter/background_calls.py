"""Hub calls of the console: made on a small pool, answered in the main thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from kiosk.domain.faults import Fault, Refusal
from kiosk.station.hub_port import HubUnreachable
from ui.bridge import Inbox

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
        self._answered: Inbox[Callable[[], None]] = Inbox(parent, lambda then: then())

    def ask(self, call: Callable[[], T], then: Callable[[Answer[T]], None]) -> None:
        """Run `call` on the pool, then `then` with its answer in the main thread."""
        self._pool.submit(self._work, call, then)

    def close(self) -> None:
        """No answer is handed over any more; waits for running calls, which time out by themselves."""
        self._answered.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, call: Callable[[], T], then: Callable[[Answer[T]], None]) -> None:
        answer = _answer_of(call)
        self._answered.put(lambda: then(answer))


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
