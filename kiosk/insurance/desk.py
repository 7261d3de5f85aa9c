"""The hub's insurance desk: a verdict within the kiosk's budget, whatever the insurer does, and the late one after.

A look-up runs on the desk's own threads. Who asked gets the verdict, or after the budget a pending one; the desk
goes on by itself, asks again after failures that pass, and reports the final verdict through `on_answer`. A person who
was answered definitely is not asked about again on the same day.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, date, datetime

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion, OutcomeClass
from kiosk.domain.eligibility_codes import AskAgain
from kiosk.domain.eligibility_judge import FORCES_PREFIXES, Judgement, judge_failure, judge_unasked
from kiosk.domain.identity.reference import patient_reference, question_reference
from kiosk.domain.insurance_work import RequestCounts, SourceHealth, SourceState
from kiosk.insurance.agenda import Agenda, Quota
from kiosk.insurance.breaker import Breaker
from kiosk.insurance.consulted import Consulted, verdict_of
from kiosk.insurance.desk_options import DeskOptions
from kiosk.insurance.flight import Cause, Flight
from kiosk.insurance.looking_up import LookedUp, Lookup
from kiosk.insurance.port import InsuranceSource
from kiosk.insurance.source_state import state_of

log = logging.getLogger("tiepdon.insurance")

DEFINITE = frozenset(
    {OutcomeClass.OK, OutcomeClass.OK_MANUAL, OutcomeClass.FIX_INPUT, OutcomeClass.DENY_CARD, OutcomeClass.UNKNOWN}
)
"""Outcomes in which the insurer has spoken: asking the same again on the same day brings the same."""
_SOURCE_DOWN = frozenset({OutcomeClass.PORTAL_ERR, OutcomeClass.TIMEOUT, OutcomeClass.AUTH, OutcomeClass.CONFIG})


def _utc_now() -> datetime:
    return datetime.now(UTC)


class InsuranceDesk:
    """Answers `EligibilityQuestion`s. Thread-safe; `close()` within 2 s, what waits then ends unanswered.

    `today` is the hospital's day; `new_id` makes ids of verdicts; `patient_key` keys the references of persons and
    questions; `on_answer` is called on a desk thread with the final verdict of a question somebody left pending, under
    the id they know. `downtime_left_s` tells how long a planned downtime lasts (0: there is none); `jitter` gives
    numbers from 0 to 1 that spread repeated questions; `first_state` is what is known of the source before it is asked.
    """

    def __init__(
        self,
        source: InsuranceSource,
        *,
        patient_key: bytes,
        today: Callable[[], date],
        new_id: Callable[[], str],
        on_answer: Callable[[Consulted], None],
        accepted_facilities: Collection[str] = (),
        skipped_prefixes: Collection[str] = FORCES_PREFIXES,
        options: DeskOptions | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _utc_now,
        downtime_left_s: Callable[[], float] = lambda: 0.0,
        jitter: Callable[[], float] = lambda: 0.5,
        first_state: SourceState = SourceState.NOT_ASKED,
    ) -> None:
        self._options = options or DeskOptions()
        self._source = source
        self._patient_key = patient_key
        self._today = today
        self._new_id = new_id
        self._on_answer = on_answer
        self._skipped_prefixes = frozenset(skipped_prefixes)
        self._clock = clock
        self._now = now
        self._downtime_left_s = downtime_left_s
        self._jitter = jitter
        self._lookup = Lookup(source, today=today, accepted_facilities=accepted_facilities, clock=clock)
        self._breaker = Breaker(
            failures_to_open=self._options.failures_to_open, probe_every_s=self._options.probe_every_s, clock=clock
        )
        quota = Quota(per_minute=self._options.per_minute, burst=self._options.burst, clock=clock)
        self._quota = quota
        self._agenda = Agenda(breaker=self._breaker, quota=quota, downtime_left_s=downtime_left_s, clock=clock)
        self._changed = threading.Condition()
        self._flights: dict[str, Flight] = {}
        self._known: dict[str, Eligibility] = {}
        self._known_day = today()
        self._counts: Counter[str] = Counter()
        self._health = SourceHealth(state=first_state)
        self._down_as = OutcomeClass.PORTAL_ERR
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"insurance-{number}", daemon=True)
            for number in range(self._options.workers)
        ]
        for thread in self._threads:
            thread.start()

    # -- asking ---------------------------------------------------------------------------------------------------

    def ask(self, question: EligibilityQuestion, budget_s: float | None = None, *, repaired: bool = False) -> Consulted:
        """The verdict on one person within `budget_s` seconds (the desk's own by default). Equal questions in flight
        share one look-up and id; a definite answer of today is given again."""
        key = self._key(question)
        unasked = judge_unasked(question, skipped_prefixes=self._skipped_prefixes)
        if unasked is not None:
            return self._consulted(unasked, question, key, pending=False)
        known = self._known_today(key)
        if known is not None:
            return Consulted(verdict=known, question=question, key=key, reused=True)
        flight = self._flight(question, key, Cause.REPAIRED if repaired else Cause.FIRST, self._new_id())
        if flight is None:
            return self._unable(OutcomeClass.PORTAL_ERR, question, key, pending=False)
        if self.is_held:
            return flight.leave_pending(self._unable(self._down_as, question, key, pending=True))
        return flight.wait(self._options.budget_s if budget_s is None else budget_s)

    def ask_again(self, question: EligibilityQuestion, verdict_id: str, budget_s: float | None = None) -> Consulted:
        """The insurer's own word of now for staff, under the id of the look-up it replaces; never one kept from
        before. Ends a pause the question is in."""
        key = self._key(question)
        with self._changed:
            self._known.pop(key, None)
        flight = self._flight(question, key, Cause.BY_STAFF, verdict_id)
        if flight is None:
            return self._unable(OutcomeClass.PORTAL_ERR, question, key, pending=False).under(verdict_id)
        if self.is_held:
            flight.leave(verdict_id)
            return self._unable(self._down_as, question, key, pending=True).under(verdict_id)
        return flight.wait(self._options.budget_s if budget_s is None else budget_s, verdict_id)

    def waiting(self, question: EligibilityQuestion, verdict_id: str) -> Consulted:
        """What is true of a question from the moment on that somebody decided to ask it."""
        return self._unable(OutcomeClass.TIMEOUT, question, self._key(question), pending=True).under(verdict_id)

    def resume(self, question: EligibilityQuestion, verdict_id: str, tries: int) -> None:
        """Take up a question that was pending when the hub ended."""
        key = self._key(question)
        flight = self._flight(question, key, Cause.RETRY, verdict_id, tries=tries)
        if flight is not None:
            flight.leave(verdict_id)

    def is_asking(self, question: EligibilityQuestion) -> bool:
        """Whether an answer to it is still to come."""
        key = self._key(question)
        with self._changed:
            return key in self._flights

    def drop(self, verdict_id: str) -> None:
        """Nobody waits for this look-up any more: staff decided by hand, or its day is over."""
        with self._changed:
            for key, flight in list(self._flights.items()):
                flight.drop(verdict_id)
                if flight.is_dropped:
                    del self._flights[key]

    def know(self, key: str, verdict: Eligibility) -> None:
        """A definite answer of today from before the hub was started; `key` as in `Consulted`."""
        with self._changed:
            self._known[key] = verdict

    # -- how it is going ------------------------------------------------------------------------------------------

    @property
    def is_held(self) -> bool:
        """Whether nobody should wait: the source is known to be down, or a planned downtime lasts."""
        return self._breaker.is_open or self._downtime_left_s() > 0

    @property
    def breaker_is_open(self) -> bool:
        return self._breaker.is_open

    @property
    def health(self) -> SourceHealth:
        return self._health

    @property
    def requests(self) -> RequestCounts:
        with self._changed:
            return RequestCounts(**self._counts)

    def wake(self) -> None:
        """Look anew what may go out: a planned downtime was switched on or off."""
        with self._changed:
            self._changed.notify_all()

    # -- questions in flight --------------------------------------------------------------------------------------

    def _key(self, question: EligibilityQuestion) -> str:
        return question_reference(question, self._today(), self._patient_key)

    def _known_today(self, key: str) -> Eligibility | None:
        with self._changed:
            if self._known_day != self._today():
                self._known.clear()
                self._known_day = self._today()
            known = self._known.get(key)
            if known is not None:
                self._counts["reused"] += 1
            return known

    def _flight(
        self, question: EligibilityQuestion, key: str, cause: Cause, verdict_id: str, tries: int = 0
    ) -> Flight | None:
        with self._changed:
            flight = self._flights.get(key)
            if flight is not None:
                self._joined(flight, cause)
                return flight
            if self._closed or len(self._flights) >= self._options.most_waiting:
                return None
            waiting = self.waiting(question, verdict_id)
            flight = Flight(question, waiting=replace(waiting, tries=tries), begun_s=self._clock(), cause=cause)
            self._flights[key] = flight
            self._agenda.add(flight)
            self._changed.notify()
            return flight

    def _joined(self, flight: Flight, cause: Cause) -> None:
        if cause is not Cause.BY_STAFF:
            self._counts["shared"] += 1
            return
        if self._agenda.bring_forward(flight):
            flight.cause = cause
            flight.wait_anew()
            self._changed.notify()

    def _unable(self, outcome: OutcomeClass, question: EligibilityQuestion, key: str, *, pending: bool) -> Consulted:
        judged = judge_failure(outcome, question, today=self._today())
        return self._consulted(judged, question, key, pending=pending)

    def _consulted(
        self,
        judged: Judgement,
        question: EligibilityQuestion,
        key: str,
        *,
        pending: bool,
        verdict_id: str | None = None,
    ) -> Consulted:
        verdict = verdict_of(
            judged,
            verdict_id=verdict_id or self._new_id(),
            patient_ref=patient_reference(question.card, self._patient_key),
            pending=pending,
        )
        return Consulted(verdict=verdict, question=question, key=key)

    # -- the desk's threads ---------------------------------------------------------------------------------------

    def _next(self) -> Flight | None:
        """The next flight that may go out; null when the desk closes."""
        with self._changed:
            while not self._closed:
                wait_s = self._agenda.wait_s()
                if wait_s is not None and wait_s <= 0 and (flight := self._agenda.take()) is not None:
                    return flight
                self._changed.wait(wait_s)
            return None

    def _work(self) -> None:
        while (flight := self._next()) is not None:
            try:
                self._fly(flight)
            except Exception:  # noqa: BLE001 - the edge of a worker thread
                log.error("insurance.worker_failed")  # no traceback: its frames hold the person's data
                self._land(flight, LookedUp(judge_failure(OutcomeClass.BUG, flight.question, today=self._today())))

    def _fly(self, flight: Flight) -> None:
        with self._changed:
            self._counts[(flight.cause if flight.tries == 0 else Cause.RETRY).value] += 1
        flight.tries += 1
        found = self._lookup.look_up(flight.question, self._options.hub_deadline_s)
        if found.asked_new_number:
            with self._changed:
                self._quota.spend()
                self._counts["new_number"] += 1
        self._tell_health(found)
        self._land(flight, found)

    def _tell_health(self, found: LookedUp) -> None:
        if found.answer is None:
            return
        state = state_of(found.answer)
        if (state, found.detail) != (self._health.state, self._health.detail):
            self._health = SourceHealth(state=state, detail=found.detail, since=self._now())
            if state is not SourceState.WORKS:
                log.info("insurance.source %s %s", state.value, found.detail)
        if found.judged.outcome in _SOURCE_DOWN and found.may_be_asked_again:
            self._down_as = found.judged.outcome
            self._breaker.failed()
            return
        was_open = self._breaker.is_open
        self._breaker.succeeded()
        if was_open:
            with self._changed:
                self._agenda.hurry()
                self._changed.notify_all()

    def _land(self, flight: Flight, found: LookedUp) -> None:
        judged = found.judged
        again = judged.retry and found.may_be_asked_again and not self._is_given_up(flight)
        with self._changed:
            again = again and not flight.is_dropped
            pending = again or (judged.retry and self._closed)  # unanswered at the end is not an answer
            consulted = replace(
                self._consulted(judged, flight.question, flight.key, pending=pending, verdict_id=flight.id),
                detail=found.detail,
                note=found.note,
                told=found.told,
                raw=found.raw,
                tries=flight.tries,
                reusable=not pending and judged.outcome in DEFINITE,
            )
            if again and not self._closed:
                self._agenda.repeat(flight, self._pause_s(flight, judged))
                self._changed.notify()
            elif self._flights.get(flight.key) is flight:
                del self._flights[flight.key]
            if consulted.reusable:
                self._known[flight.key] = consulted.verdict
            late = flight.land(consulted)
        for one in late:
            self._report(one)

    def _pause_s(self, flight: Flight, judged: Judgement) -> float:
        longest_s = self._options.retry_longest_s
        if judged.ask_again is AskAgain.WHEN_MENDED:
            pause_s = longest_s
        else:
            pause_s = min(longest_s, self._options.retry_after_s * 2.0 ** min(flight.tries - 1, 20))
        return pause_s * (0.75 + 0.5 * self._jitter())

    def _is_given_up(self, flight: Flight) -> bool:
        tries = self._options.tries
        is_old = self._clock() - flight.begun_s > self._options.give_up_after_s
        return is_old or (tries is not None and flight.tries >= tries)

    def _report(self, consulted: Consulted) -> None:
        try:
            self._on_answer(consulted)
        except Exception:  # noqa: BLE001 - somebody else's code on our thread
            log.error("insurance.late_answer_not_kept")

    def close(self) -> None:
        """Ends running look-ups, frees who waits for one, and stops the threads, within 2 s."""
        with self._changed:
            self._closed = True
            self._agenda.clear()
            self._changed.notify_all()
            waiting = tuple(self._flights.values())
        self._source.close()
        for flight in waiting:
            flight.release()
        end_s = time.monotonic() + 2.0
        for thread in self._threads:
            thread.join(max(0.0, end_s - time.monotonic()))
