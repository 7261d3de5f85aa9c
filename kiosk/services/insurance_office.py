"""The hub's insurance, whole: the desk that asks, and the look-ups kept in the database, which outlast a restart."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion, OutcomeClass
from kiosk.domain.insurance_work import (
    LookupState,
    RequestCounts,
    SourceHealth,
    SourceState,
    WorkAction,
    WorkDetail,
    WorkItem,
)
from kiosk.insurance.consulted import Consulted
from kiosk.insurance.desk import InsuranceDesk
from kiosk.insurance.downtime import Downtimes
from kiosk.services import insurance_work as work
from kiosk.services.context import ReadContext
from kiosk.services.eligibility import (
    Asked,
    Keeping,
    answers_of_today,
    keep_answer,
    keep_late_answer,
    pending_cases,
)
from kiosk.services.insurance_work import Staff
from kiosk.services.reception import Reception
from kiosk.services.show import known_ticket
from kiosk.storage.faults import StorageFault

log = logging.getLogger("tiepdon.insurance")

LateAnswer = Callable[[Consulted], None]
TIDY_EVERY_S = 300.0


@dataclass(frozen=True, kw_only=True)
class OfficeHealth:
    """How the source is doing, what waits, what went out."""

    source: SourceHealth
    pending: int
    breaker_open: bool
    downtime_until: datetime | None
    requests: RequestCounts


class InsuranceOffice:
    """Answers kiosks and staff. Thread-safe; its methods block (run them beside an event loop).

    `open_desk` makes the desk from what late answers go to. What was pending in the data folder is asked again at
    once; a thread of its own purges what has had its time every `tidy_every_s`, and takes up what is pending although
    nobody asks: its answer came while the disk was full. `close()` before the reception.
    """

    def __init__(
        self,
        *,
        reception: Reception,
        open_desk: Callable[[LateAnswer], InsuranceDesk],
        keeping: Keeping,
        downtimes: Downtimes,
        keep_question: timedelta = timedelta(0),
        tidy_every_s: float = TIDY_EVERY_S,
    ) -> None:
        self._reception = reception
        self._keeping = keeping
        self._downtimes = downtimes
        self._keep_question = keep_question
        self._tidy_every_s = tidy_every_s
        self._downtimes.switched_until = reception.read(_switched_until)
        self._desk = open_desk(self._late)
        self.tidy()
        self._take_up()
        self._stopping = threading.Event()
        self._tidier = threading.Thread(target=self._keep_tidy, name="insurance-tidy", daemon=True)
        self._tidier.start()

    # -- kiosks ---------------------------------------------------------------------------------------------------

    def ask(self, question: EligibilityQuestion, kiosk: str | None = None, repairs: str | None = None) -> Eligibility:
        """The verdict within the kiosk's budget, kept before it is told."""
        asked = Asked(at=self._reception.now(), kiosk=kiosk, repairs=repairs)
        consulted = self._desk.ask(question, repaired=repairs is not None)
        return self._reception.write(lambda context: keep_answer(context, consulted, asked, self._keeping)).result()

    def _late(self, consulted: Consulted) -> None:
        self._reception.write(lambda context: keep_late_answer(context, consulted, self._keeping)).result()

    # -- reception ------------------------------------------------------------------------------------------------

    def worklist(self) -> tuple[WorkItem, ...]:
        return self._reception.read(work.worklist)

    def detail(self, ticket_id: str) -> WorkDetail:
        return self._reception.read(lambda context: work.work_detail(context, ticket_id, self._keeping))

    def retry(self, ticket_id: str, staff: Staff) -> Eligibility:
        """Ask the insurer again as before. Raises `Refusal` as `case_to_ask` does."""
        _, case = self._reception.read(lambda context: work.case_to_ask(context, ticket_id, self._keeping))
        return self._asked_again(ticket_id, case.question(), WorkAction.RETRY, staff)

    def correct_and_retry(self, ticket_id: str, question: EligibilityQuestion, staff: Staff) -> Eligibility:
        """Ask again with what staff corrected. Raises `Refusal`: `ticket.unknown`, `insurance.lookup_unknown`."""
        return self._asked_again(ticket_id, question, WorkAction.CORRECT, staff)

    def _asked_again(
        self, ticket_id: str, question: EligibilityQuestion, action: WorkAction, staff: Staff
    ) -> Eligibility:
        verdict_id = self._reception.read(lambda context: _lookup_id(context, ticket_id))
        if action is WorkAction.CORRECT:
            self._desk.drop(verdict_id)  # the wrong question need not be asked any more
        begun = self._desk.waiting(question, verdict_id)
        self._reception.write(
            lambda context: work.begin_again(context, ticket_id, begun, action, staff, self._keeping)
        ).result()
        consulted = self._desk.ask_again(question, verdict_id)
        return self._reception.write(lambda context: work.keep_again(context, consulted, self._keeping)).result()

    def decide_by_hand(self, ticket_id: str, outcome: OutcomeClass, staff: Staff) -> Eligibility:
        """Staff's word in place of the insurer's. Raises `Refusal` as `insurance_work.decide_by_hand` does."""
        decided = self._reception.write(
            lambda context: work.decide_by_hand(context, ticket_id, outcome, staff)
        ).result()
        self._desk.drop(decided.id)
        return decided

    # -- IT -------------------------------------------------------------------------------------------------------

    def switch_downtime(self, duration: timedelta, staff: Staff) -> datetime | None:
        """The insurer is announced to be away for `duration` from now (zero: it is back). End of what lasts now."""
        until = self._reception.now() + duration
        self._reception.write(lambda context: work.switch_downtime(context, until, staff)).result()
        self._downtimes.switched_until = until
        self._desk.wake()
        return self._downtimes.until()

    @property
    def source_state(self) -> SourceState:
        """How the source is doing, in a word."""
        return SourceState.PLANNED_DOWNTIME if self._downtimes.until() is not None else self._desk.health.state

    def health(self) -> OfficeHealth:
        until = self._downtimes.until()
        source = self._desk.health
        if until is not None:
            source = SourceHealth(state=SourceState.PLANNED_DOWNTIME)
        return OfficeHealth(
            source=source,
            pending=self._reception.read(_pending_today),
            breaker_open=self._desk.breaker_is_open,
            downtime_until=until,
            requests=self._desk.requests,
        )

    def tidy(self) -> None:
        """Purge what has had its time."""
        ended = self._reception.write(lambda context: work.tidy(context, self._keep_question)).result()
        for verdict_id in ended:
            self._desk.drop(verdict_id)

    def _keep_tidy(self) -> None:
        while not self._stopping.wait(self._tidy_every_s):
            try:
                self.tidy()
                self._take_up_pending()
            except StorageFault as fault:  # a full disk: the next round tries again
                log.error("insurance.tidy_failed %s", fault.code)

    def _take_up(self) -> None:
        for key, answer in self._reception.read(answers_of_today):
            self._desk.know(key, answer)
        self._take_up_pending()

    def _take_up_pending(self) -> None:
        for lookup, case in self._reception.read(lambda context: pending_cases(context, self._keeping)):
            if not self._desk.is_asking(case.question()):
                self._desk.resume(case.question(), lookup.id, lookup.tries)

    def close(self) -> None:
        """End the desk within 2 s; what is pending stays in the database."""
        self._stopping.set()
        self._desk.close()
        self._tidier.join(2.0)


def _switched_until(context: ReadContext) -> datetime | None:
    newest = context.lookups.newest_downtime()
    return None if newest is None else newest.until


def _pending_today(context: ReadContext) -> int:
    return context.lookups.count(context.today, context.today, LookupState.PENDING)


def _lookup_id(context: ReadContext, ticket_id: str) -> str:
    return work.lookup_of(context, known_ticket(context, ticket_id)).id
