"""Simulated time: everything that happens, happens in the order of one heap, and one seed decides all of it."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count


class Scheduler:
    """`now_s` counts seconds since the simulation began; it only moves inside `run_until`."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._order = count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def after(self, delay_s: float, work: Callable[[], None]) -> None:
        heapq.heappush(self._due, (self.now_s + max(delay_s, 0.0), next(self._order), work))

    def run_until(self, end_s: float) -> None:
        while self._due and self._due[0][0] <= end_s:
            self.now_s, _, work = heapq.heappop(self._due)
            work()
        self.now_s = end_s
