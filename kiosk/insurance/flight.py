"""One question on its way to the insurer, and everybody who waits for its answer."""

from __future__ import annotations

import threading
from dataclasses import replace
from enum import StrEnum

from kiosk.domain.eligibility import EligibilityQuestion
from kiosk.insurance.consulted import Consulted


class Cause(StrEnum):
    """Why a question goes out the first time; what counts it in `RequestCounts`."""

    FIRST = "first"
    REPAIRED = "repaired"
    BY_STAFF = "by_staff"
    RETRY = "retries"  # also one taken up again after the hub was started anew


class Flight:
    """A question in flight. The first verdict frees the waiting callers; a final one, after somebody was sent away
    with a pending verdict, is reported late under each id it is known by. Thread-safe."""

    def __init__(self, question: EligibilityQuestion, *, waiting: Consulted, begun_s: float, cause: Cause) -> None:
        self.question = question
        self.key = waiting.key
        self.begun_s = begun_s
        self.cause = cause
        self.tries = waiting.tries
        self._waiting = waiting
        self._changed = threading.Condition()
        self._consulted: Consulted | None = None
        self._left: dict[str, None] = {}
        self._dropped = False

    @property
    def id(self) -> str:
        return self._waiting.verdict.id

    @property
    def is_dropped(self) -> bool:
        return self._dropped

    def wait(self, timeout_s: float, verdict_id: str | None = None) -> Consulted:
        """The verdict, or after `timeout_s` the one that says the hub goes on asking."""
        with self._changed:
            self._changed.wait_for(lambda: self._consulted is not None, timeout_s)
            consulted = (self._consulted or self._waiting).under(verdict_id or self.id)
            if consulted.verdict.pending:
                self._left[consulted.verdict.id] = None
            return consulted

    def wait_anew(self) -> None:
        """Forget the pending verdict of the last try: who comes now waits for the next one."""
        with self._changed:
            self._consulted = None

    def release(self) -> None:
        """Nothing will come any more: who waits goes on with a pending verdict."""
        with self._changed:
            self._consulted = self._consulted or self._waiting
            self._changed.notify_all()

    def leave_pending(self, consulted: Consulted) -> Consulted:
        """`consulted` under this flight's id, for a caller who does not wait."""
        with self._changed:
            self._left[self.id] = None
            return replace(consulted, verdict=replace(consulted.verdict, id=self.id, pending=True))

    def leave(self, verdict_id: str) -> None:
        """Somebody holds a pending verdict of this question under that id."""
        with self._changed:
            self._left[verdict_id] = None

    def drop(self, verdict_id: str) -> None:
        """Nobody wants to hear of this id any more; the flight ends when that was the last one."""
        with self._changed:
            if verdict_id in self._left:
                del self._left[verdict_id]
                self._dropped = not self._left

    def land(self, consulted: Consulted) -> tuple[Consulted, ...]:
        """Set the verdict (pending where it will be asked again); a final one for each id that must hear of it late."""
        with self._changed:
            self._consulted = consulted
            self._changed.notify_all()
            if consulted.verdict.pending:
                return ()
            return tuple(consulted.under(verdict_id) for verdict_id in self._left)
