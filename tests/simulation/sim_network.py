"""The network between one kiosk and the hub: requests and answers are lost, late, and reach the hub long after the
kiosk has given them up, in any order. And the kiosk's thread pools, which end with its process."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

from sim_fibers import Abandoned, Fiber, Fibers
from sim_hub import HubGone, SimHub
from sim_time import Scheduler

from kiosk.station.hub_port import HubUnreachable

ANSWER_TIMEOUT_S = 2.0
REFUSED_AFTER_S = 0.05


@dataclass(kw_only=True)
class Weather:
    """What happens to requests on their way: shares of all requests, and mean delay in seconds."""

    cut: bool = False  # nothing arrives, nothing comes back
    away: bool = False  # the same, for long
    refused: bool = False  # the far end says no at once
    request_lost: float = 0.0
    answer_lost: float = 0.0
    straggles: float = 0.0  # arrives long after it was given up
    delay_s: float = 0.02
    after_next_issue: Callable[[], None] | None = None  # told once, between the hub's commit of a wish and its answer


class Killed(BaseException):
    """The kiosk's process ends here and now; no `Exception`, so that nobody catches it."""


class Process:
    """One run of a kiosk's program: its pools' functions run until they wait for the hub; `killed` is told when one of
    them meets its end."""

    def __init__(self, time: Scheduler, fibers: Fibers, killed: Callable[[], None]) -> None:
        self._time = time
        self._fibers = fibers
        self._killed = killed
        self._waiting: set[Fiber] = set()
        self.running: Fiber | None = None
        self.alive = True

    def soon(self, work: Callable[[], Any], delay_s: float = 0.0) -> None:
        """Have `work` run on the owner's thread, unless the process is dead by then."""

        def alive() -> None:
            if self.alive:
                work()

        self._time.after(delay_s, alive)

    def begin(self, work: Callable[[], Any]) -> None:
        def guarded() -> None:
            try:
                work()
            except Killed:
                self._killed()

        self.go_on(Fiber(self._fibers, guarded))

    def go_on(self, fiber: Fiber, given: Any = None) -> None:
        before, self.running = self.running, fiber
        self._waiting.discard(fiber)
        fiber.go_on(given)
        self.running = before
        if not fiber.is_over:
            if self.alive:
                self._waiting.add(fiber)
            else:
                fiber.go_on(Abandoned())

    def end(self) -> None:
        self.alive = False
        while self._waiting:
            self._waiting.pop().go_on(Abandoned())


class CallsPool(Executor):
    """A pool with room for everything; its functions may wait for the hub."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._process.soon(lambda: self._process.begin(lambda: fn(*args, **kwargs)))
        return Future()


class DiskPool(Executor):
    """A pool of one thread: what is submitted runs in order, each after the disk's own time of up to `slowest_s`, and
    never asks the hub."""

    def __init__(self, process: Process, dice: random.Random, killed: Callable[[], None], slowest_s: float) -> None:
        self._slowest_s = slowest_s
        self._process = process
        self._dice = dice
        self._killed = killed
        self._queue: deque[Callable[[], Any]] = deque()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._queue.append(lambda: fn(*args, **kwargs))
        if len(self._queue) == 1:
            self._process.soon(self._next, self._dice.uniform(0.0, self._slowest_s))
        return Future()

    def _next(self) -> None:
        try:
            self._queue[0]()
        except Killed:
            self._killed()
            return
        self._queue.popleft()
        if self._queue:
            self._process.soon(self._next, self._dice.uniform(0.0, self._slowest_s))


class Cable:
    """Carries requests of `process` to the hub."""

    def __init__(self, time: Scheduler, hub: SimHub, weather: Weather, process: Process, dice: random.Random) -> None:
        self._time = time
        self._hub = hub
        self._weather = weather
        self._process = process
        self._dice = dice

    def request(self, work: Callable[[SimHub], Any], key: str | None = None) -> Any:
        """From inside a function of the pool: have the hub do `work` for the wish `key`. Raises `HubUnreachable` and
        what `work` raises."""
        fiber = self._process.running
        assert fiber is not None, "a hub is only asked on a pool thread"
        self._send(fiber, work, key)
        return fiber.wait()

    def _send(self, fiber: Fiber, work: Callable[[SimHub], Any], key: str | None) -> None:
        weather, dice = self._weather, self._dice
        there_s, back_s = (dice.expovariate(1 / weather.delay_s) for _ in range(2))
        if weather.refused:
            self._answer(fiber, HubUnreachable("refused"), REFUSED_AFTER_S)
        elif weather.cut or weather.away or dice.random() < weather.request_lost:
            self._answer(fiber, HubUnreachable("nothing came"), ANSWER_TIMEOUT_S)
        elif dice.random() < weather.straggles:
            self._hub.straggled.add(key)
            self._time.after(dice.uniform(0.5, 40.0), lambda: self._acted(work))
            self._answer(fiber, HubUnreachable("nothing came"), ANSWER_TIMEOUT_S)
        else:
            self._time.after(there_s, lambda: self._arrived(fiber, work, back_s, key))

    def _arrived(self, fiber: Fiber, work: Callable[[SimHub], Any], back_s: float, key: str | None) -> None:
        answer = self._acted(work)
        if key is not None and self._weather.after_next_issue is not None:
            happens, self._weather.after_next_issue = self._weather.after_next_issue, None
            happens()
        if isinstance(answer, HubGone):
            gone_s = self._dice.choice((REFUSED_AFTER_S, ANSWER_TIMEOUT_S))
            self._answer(fiber, HubUnreachable("hub gone"), gone_s)
        elif self._weather.cut or self._weather.away or self._dice.random() < self._weather.answer_lost:
            self._answer(fiber, HubUnreachable("no answer"), ANSWER_TIMEOUT_S)
        else:
            self._answer(fiber, answer, back_s)

    def _acted(self, work: Callable[[SimHub], Any]) -> Any:
        try:
            return work(self._hub)
        except Exception as error:  # noqa: BLE001 - it travels to whoever asked
            return error

    def _answer(self, fiber: Fiber, answer: Any, in_s: float) -> None:
        self._process.soon(lambda: self._process.go_on(fiber, answer), in_s)
