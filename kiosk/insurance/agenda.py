"""Which question goes out next, and when: breaker, quota, planned downtime, and pauses between tries."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable

from kiosk.insurance.breaker import Breaker
from kiosk.insurance.flight import Flight


class Quota:
    """Token bucket: `per_minute` questions on average (0: no limit), at most `burst` at once after a quiet time."""

    def __init__(self, *, per_minute: float, burst: int, clock: Callable[[], float]) -> None:
        self._per_s = per_minute / 60.0
        self._burst = float(burst)
        self._clock = clock
        self._filled = self._burst
        self._at_s = clock()

    def _refill(self) -> None:
        now_s = self._clock()
        self._filled = min(self._burst, self._filled + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s

    def wait_s(self) -> float:
        """Seconds until one question may go out."""
        if not self._per_s:
            return 0.0
        self._refill()
        return max(0.0, (1.0 - self._filled) / self._per_s)

    def spend(self) -> None:
        """One question goes out; one that must not wait may leave a debt."""
        if self._per_s:
            self._refill()
            self._filled -= 1.0


class Agenda:
    """Questions that wait to go out: new ones before repeated ones. Not thread-safe: the desk holds its lock.

    `downtime_left_s` tells how long a planned downtime still lasts (0 without one).
    """

    def __init__(
        self, *, breaker: Breaker, quota: Quota, downtime_left_s: Callable[[], float], clock: Callable[[], float]
    ) -> None:
        self._breaker = breaker
        self._quota = quota
        self._downtime_left_s = downtime_left_s
        self._clock = clock
        self._new: deque[Flight] = deque()
        self._repeated: list[tuple[float, int, Flight]] = []
        self._order = itertools.count()

    def add(self, flight: Flight) -> None:
        """A question nobody has tried to ask yet."""
        self._new.append(flight)

    def repeat(self, flight: Flight, after_s: float) -> None:
        heapq.heappush(self._repeated, (self._clock() + after_s, next(self._order), flight))

    def bring_forward(self, flight: Flight) -> bool:
        """End the pause of a repeated question; false where it is in none."""
        waiting = [entry for entry in self._repeated if entry[2] is not flight]
        if len(waiting) == len(self._repeated):
            return False
        heapq.heapify(waiting)
        self._repeated = waiting
        self._new.append(flight)
        return True

    def hurry(self) -> None:
        """The source is back: nothing waits for the end of its pause any more."""
        now_s = self._clock()
        self._repeated = [(min(due_s, now_s), order, flight) for due_s, order, flight in self._repeated]
        heapq.heapify(self._repeated)

    def wait_s(self) -> float | None:
        """Seconds until `take` can give a question; null when none waits at all."""
        self._forget_dropped()
        if not self._new and not self._repeated:
            return None
        held_s = max(self._downtime_left_s(), self._breaker.wait_s(), self._quota.wait_s())
        if self._new or self._breaker.is_open:  # an open breaker's probe does not wait for the end of a pause
            return held_s
        return max(held_s, self._repeated[0][0] - self._clock())

    def take(self) -> Flight | None:
        """The next question, where `wait_s` is not above 0 and the breaker lets it out."""
        if not self._breaker.permits():
            return None
        self._quota.spend()
        return self._new.popleft() if self._new else heapq.heappop(self._repeated)[2]

    def clear(self) -> None:
        self._new.clear()
        self._repeated.clear()

    def _forget_dropped(self) -> None:
        while self._new and self._new[0].is_dropped:
            self._new.popleft()
        while self._repeated and self._repeated[0][2].is_dropped:
            heapq.heappop(self._repeated)
