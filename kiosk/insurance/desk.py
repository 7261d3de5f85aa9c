"""The hub's insurance desk: a verdict within the kiosk's budget, whatever the insurer does, and the late one after.

A look-up runs on the desk's own threads. Who asked gets the verdict, or after the budget a pending one; the desk
goes on by itself, tries again after failures that pass, and reports the final verdict through `on_answer`.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion, OutcomeClass
from kiosk.domain.eligibility_judge import FORCES_PREFIXES, Judgement, judge, judge_failure, judge_unasked
from kiosk.domain.identity.reference import patient_reference
from kiosk.domain.identity.values import masked_number
from kiosk.insurance.breaker import Breaker
from kiosk.insurance.flight import Flight
from kiosk.insurance.port import InsuranceSource

log = logging.getLogger("tiepdon.insurance")

LEAST_REQUERY_S = 1.0
_SOURCE_DOWN = frozenset({OutcomeClass.PORTAL_ERR, OutcomeClass.TIMEOUT, OutcomeClass.AUTH})
_NO_ANSWER = _SOURCE_DOWN | {OutcomeClass.CONFIG, OutcomeClass.BUG}


class InsuranceDesk:
    """Answers `EligibilityQuestion`s. Thread-safe; `close()` within 2 s, what waits then ends unanswered.

    `today` is the hospital's day; `new_id` makes ids of verdicts; `patient_key` keys the patient reference;
    `on_answer` is called on a desk thread with the final verdict of a question somebody left pending, under the same
    id. Who asks waits `budget_s` at most, one look-up may take `hub_deadline_s`. A question that keeps failing is given
    up after `give_up_after_s` or `tries` attempts.
    """

    def __init__(
        self,
        source: InsuranceSource,
        *,
        patient_key: bytes,
        today: Callable[[], date],
        new_id: Callable[[], str],
        on_answer: Callable[[Eligibility], None],
        accepted_facilities: Collection[str] = (),
        skipped_prefixes: Collection[str] = FORCES_PREFIXES,
        clock: Callable[[], float] = time.monotonic,
        budget_s: float = 8.0,
        hub_deadline_s: float = 30.0,
        workers: int = 8,
        retry_after_s: float = 30.0,
        tries: int = 3,
        give_up_after_s: float = 900.0,
        failures_to_open: int = 5,
        probe_every_s: float = 30.0,
        most_waiting: int = 1000,
    ) -> None:
        self._source = source
        self._patient_key = patient_key
        self._today = today
        self._new_id = new_id
        self._on_answer = on_answer
        self._accepted_facilities = frozenset(accepted_facilities)
        self._skipped_prefixes = frozenset(skipped_prefixes)
        self._clock = clock
        self._budget_s = budget_s
        self._hub_deadline_s = hub_deadline_s
        self._retry_after_s = retry_after_s
        self._tries = tries
        self._give_up_after_s = give_up_after_s
        self._most_waiting = most_waiting
        self._breaker = Breaker(failures_to_open=failures_to_open, probe_every_s=probe_every_s, clock=clock)
        self._changed = threading.Condition()
        self._flights: dict[EligibilityQuestion, Flight] = {}
        self._due: list[tuple[float, int, Flight]] = []
        self._order = itertools.count()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"insurance-{number}", daemon=True) for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    # -- asking ---------------------------------------------------------------------------------------------------

    def ask(self, question: EligibilityQuestion, budget_s: float | None = None) -> Eligibility:
        """The verdict on one person within `budget_s` seconds (the desk's own by default). Equal questions in flight
        share one look-up and id."""
        unasked = judge_unasked(question, skipped_prefixes=self._skipped_prefixes)
        if unasked is not None:
            return self._verdict(unasked, question, pending=False)
        flight = self._flight(question)
        if flight is None:
            return self._verdict(judge_failure(OutcomeClass.PORTAL_ERR, question), question, pending=False)
        if self._breaker.is_open:
            refused = judge_failure(OutcomeClass.PORTAL_ERR, question)
            return flight.leave_pending(self._verdict(refused, question, pending=True))
        return flight.wait(self._budget_s if budget_s is None else budget_s)

    def _flight(self, question: EligibilityQuestion) -> Flight | None:
        with self._changed:
            flight = self._flights.get(question)
            if flight is not None:
                return flight
            if self._closed or len(self._flights) >= self._most_waiting:
                return None
            waiting = self._verdict(judge_failure(OutcomeClass.TIMEOUT, question), question, pending=True)
            flight = Flight(question, waiting=waiting, begun_s=self._clock())
            self._flights[question] = flight
            self._schedule(flight, 0.0)
            return flight

    def _verdict(
        self, judged: Judgement, question: EligibilityQuestion, *, pending: bool, verdict_id: str | None = None
    ) -> Eligibility:
        return Eligibility(
            id=verdict_id or self._new_id(),
            patient_ref=patient_reference(question.card, self._patient_key),
            outcome=judged.outcome,
            code=judged.code,
            valid_from=judged.valid_from,
            valid_to=judged.valid_to,
            facility_match=judged.facility_match,
            card_masked=masked_number(judged.card),
            next_step=judged.next_step.value,
            pending=pending,
            coverage=judged.coverage.value,
            staff_action=judged.staff_action.value,
            repair=judged.repair,
        )

    # -- the desk's threads ---------------------------------------------------------------------------------------

    def _schedule(self, flight: Flight, after_s: float) -> None:
        """Put a flight on the agenda; the caller holds the lock."""
        heapq.heappush(self._due, (self._clock() + after_s, next(self._order), flight))
        self._changed.notify()

    def _next(self) -> Flight | None:
        """The next flight whose time has come and that the breaker lets out; null when the desk closes."""
        with self._changed:
            while not self._closed:
                wait_s: float | None = None
                if self._due:
                    wait_s = max(self._due[0][0] - self._clock(), self._breaker.wait_s())
                    if wait_s <= 0 and self._breaker.permits():
                        return heapq.heappop(self._due)[2]
                self._changed.wait(wait_s)
            return None

    def _work(self) -> None:
        while (flight := self._next()) is not None:
            try:
                self._fly(flight)
            except Exception:  # noqa: BLE001 - the edge of a worker thread
                log.error("insurance.worker_failed")  # no traceback: its frames hold the person's data
                self._land(flight, judge_failure(OutcomeClass.BUG, flight.question), pending=False)

    def _fly(self, flight: Flight) -> None:
        flight.tries += 1
        judged = self._looked_up(flight.question)
        self._tell_breaker(judged)
        again = judged.retry and flight.tries < self._tries and not self._is_old(flight)
        self._land(flight, judged, pending=again)

    def _looked_up(self, question: EligibilityQuestion) -> Judgement:
        begun_s = self._clock()
        judged = self._judged(question, self._hub_deadline_s, replaced=False)
        left_s = self._hub_deadline_s - (self._clock() - begun_s)
        if judged.requery_card is None or left_s < LEAST_REQUERY_S:
            return judged
        second = self._judged(replace(question, card=judged.requery_card), left_s, replaced=True)
        return judged if second.outcome in _NO_ANSWER else second

    def _judged(self, question: EligibilityQuestion, deadline_s: float, *, replaced: bool) -> Judgement:
        answer = self._source.look_up(question, deadline_s)
        if answer.fields is None:
            outcome = answer.failure or OutcomeClass.UNKNOWN
            log.info("insurance.failed %s %s", outcome.value, answer.detail)
            return judge_failure(outcome, question, code=answer.code)
        return judge(
            answer.fields,
            question,
            today=self._today(),
            accepted_facilities=self._accepted_facilities,
            replaced=replaced,
        )

    def _tell_breaker(self, judged: Judgement) -> None:
        if judged.outcome in _SOURCE_DOWN:
            self._breaker.failed()
            return
        self._breaker.succeeded()
        with self._changed:
            self._changed.notify_all()  # what waited for the breaker may go out

    def _is_old(self, flight: Flight) -> bool:
        return self._clock() - flight.begun_s > self._give_up_after_s

    def _land(self, flight: Flight, judged: Judgement, *, pending: bool) -> None:
        with self._changed:
            pending = pending or (judged.retry and self._closed)  # unanswered at the end is not an answer
            if pending and not self._closed:
                self._schedule(flight, self._retry_after_s)
            else:
                self._flights.pop(flight.question, None)
        verdict = self._verdict(judged, flight.question, pending=pending, verdict_id=flight.id)
        if flight.land(verdict):
            self._report(verdict)

    def _report(self, verdict: Eligibility) -> None:
        try:
            self._on_answer(verdict)
        except Exception:  # noqa: BLE001 - somebody else's code on our thread
            log.error("insurance.late_answer_not_kept")

    def close(self) -> None:
        """Ends running look-ups and stops the threads, within 2 s."""
        with self._changed:
            self._closed = True
            self._due.clear()
            self._changed.notify_all()
        self._source.close()
        end_s = time.monotonic() + 2.0
        for thread in self._threads:
            thread.join(max(0.0, end_s - time.monotonic()))
