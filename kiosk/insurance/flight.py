"""One question on its way to the insurer, and everybody who waits for its answer."""

from __future__ import annotations

import threading
from dataclasses import replace

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion


class Flight:
    """A question in flight. The first verdict frees the waiting callers; a later one, after somebody was sent away
    with a pending verdict, is reported late. Thread-safe."""

    def __init__(self, question: EligibilityQuestion, *, waiting: Eligibility, begun_s: float) -> None:
        self.question = question
        self.begun_s = begun_s
        self.tries = 0
        self._waiting = waiting
        self._changed = threading.Condition()
        self._verdict: Eligibility | None = None
        self._somebody_left = False

    @property
    def id(self) -> str:
        return self._waiting.id

    def wait(self, timeout_s: float) -> Eligibility:
        """The verdict, or after `timeout_s` the one that says the hub goes on asking."""
        with self._changed:
            self._changed.wait_for(lambda: self._verdict is not None, timeout_s)
            verdict = self._verdict or self._waiting
            self._somebody_left = self._somebody_left or verdict.pending
            return verdict

    def leave_pending(self, verdict: Eligibility) -> Eligibility:
        """`verdict` under this flight's id, for a caller who does not wait."""
        with self._changed:
            self._somebody_left = True
            return replace(verdict, id=self.id, pending=True)

    def land(self, verdict: Eligibility) -> bool:
        """Set the verdict (pending where it will be asked again); true where someone must hear of a final one late."""
        with self._changed:
            self._verdict = verdict
            self._changed.notify_all()
            return self._somebody_left and not verdict.pending
