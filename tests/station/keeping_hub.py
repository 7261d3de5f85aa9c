"""A hub for station tests: the port's own semantics in memory. Numbers are kept by request id, as the real hub does;
it can be cut off, lose its answers after the commit, refuse, and hold an insurance question until told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from support.keepings import keeping

from kiosk.domain.alert import NO_PARAMS, AlertParams
from kiosk.domain.eligibility import Eligibility, EligibilityQuestion, FacilityMatch, OutcomeClass
from kiosk.domain.faults import Refusal
from kiosk.domain.localized import LocalizedText
from kiosk.domain.outbox import OwnNumber
from kiosk.domain.paper import PaperReport
from kiosk.domain.service import Availability, ServiceView
from kiosk.domain.slip import Slip
from kiosk.domain.ticket import Estimate, TicketState, TicketView
from kiosk.domain.visit.effects import IssueTicket
from kiosk.domain.visit.surroundings import VisitOptions
from kiosk.station.hub_port import HubUnreachable, SiteView
from kiosk.station.ids import StationIds
from kiosk.station.keeping import Keeping
from kiosk.station.kiosk_station import KioskStation

TODAY = date(2026, 11, 22)
HOSPITAL = LocalizedText(vi="Bệnh viện Mẫu", en="Sample Hospital")
OPTIONS = VisitOptions(kiosk_id="k1")
SERVICE = ServiceView(
    id="noi",
    prefix="A",
    name=LocalizedText(vi="Khám nội", en="Internal medicine"),
    room=LocalizedText(vi="Phòng 12", en="Room 12"),
    directions=LocalizedText(vi="Tầng 1, rẽ trái", en="Floor 1, turn left"),
    availability=Availability.OPEN,
    opens_at=None,
    waiting=3,
    for_insured=True,
    for_uninsured=True,
)
VERDICT = Eligibility(
    id="e1",
    patient_ref="ref-1",
    outcome=OutcomeClass.OK,
    code="000",
    valid_from=None,
    valid_to=None,
    facility_match=FacilityMatch.HERE,
    card_masked="***********3456",
    next_step="next_step.wait_for_call",
    pending=False,
    coverage="coverage.valid",
)


@dataclass
class KeepingHub:
    reachable: bool = True
    answers_lost: int = 0
    refuses_with: str | None = None
    uploads_refused_with: str | None = None
    breaks: bool = False
    verdict: Eligibility = VERDICT
    tickets: dict[str, TicketView] = field(default_factory=dict)
    attempts: list[str] = field(default_factory=list)
    asked: list[EligibilityQuestion] = field(default_factory=list)
    calls_for_help: int = 0
    numbers_given: int = 0
    faults: list[str] = field(default_factory=list)
    told_with: list[dict[str, str | int]] = field(default_factory=list)
    uploads: list[tuple[str, str, timedelta]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    papers: list[tuple[str, int, str]] = field(default_factory=list)
    may_answer_insurance: threading.Event = field(default_factory=threading.Event)
    insurance_waits: bool = False
    services: tuple[ServiceView, ...] = (SERVICE,)
    now: datetime | None = None

    def site(self) -> SiteView:
        self._reached()
        return SiteView(hospital=HOSPITAL, time_zone="Asia/Ho_Chi_Minh", services=self.services, now=self.now)

    def issue(self, request: IssueTicket) -> TicketView:
        self.attempts.append(request.request_id)
        self._reached()
        if self.refuses_with is not None:
            raise Refusal(self.refuses_with, service=request.service)
        ticket = self.tickets.get(request.request_id) or self._ticket(request)
        self.tickets[request.request_id] = ticket
        if self.answers_lost:
            self.answers_lost -= 1
            raise HubUnreachable("answer lost")
        return ticket

    def eligibility(
        self, question: EligibilityQuestion, *, budget_s: float, kiosk: str | None = None, repairs: str | None = None
    ) -> Eligibility:
        self.asked.append(question)
        self._reached()
        if self.insurance_waits and not self.may_answer_insurance.wait(budget_s):
            raise HubUnreachable("too late")
        return self.verdict

    def upload(
        self, request: IssueTicket, own: OwnNumber, *, kiosk_id: str, asked_at: datetime, kiosk_now: datetime
    ) -> TicketView:
        self.attempts.append(request.request_id)
        self._reached()
        if self.uploads_refused_with is not None:
            self.refused.append(own.label)
            raise Refusal(self.uploads_refused_with)
        ticket = replace(self.tickets.get(request.request_id) or self._ticket(request), label=own.label)
        self.tickets[request.request_id] = ticket
        self.uploads.append((request.request_id, own.label, kiosk_now - asked_at))
        return ticket

    def take_back(self, request_id: str) -> None:
        self._reached()
        self.tickets.pop(request_id, None)
        self.taken_back.append(request_id)

    def tell_paper(self, ticket_id: str, report: PaperReport) -> None:
        self._reached()
        self.papers.append((ticket_id, report.copy, report.state.value))

    def call_staff(self, kiosk_id: str) -> None:
        self._reached()
        self.calls_for_help += 1

    def report_fault(self, kiosk_id: str, code: str, params: AlertParams = NO_PARAMS) -> None:
        self._reached()
        self.faults.append(code)
        self.told_with.append(dict(params))

    def _reached(self) -> None:
        if self.breaks:
            raise RuntimeError("a bug")
        if not self.reachable:
            raise HubUnreachable("no route")

    def _ticket(self, request: IssueTicket) -> TicketView:
        self.numbers_given += 1
        number = self.numbers_given
        return TicketView(
            id=f"t{number}",
            number=number,
            label=f"A{number:03d}",
            service=request.service,
            state=TicketState.WAITING,
            priority=request.priority,
            people_ahead=4,
            estimate=Estimate(low_min=20, high_min=35),
            counter=None,
            issued_at=datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
        )


class InlineExecutor(Executor):
    """Runs what is submitted at once, on the caller's thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class WaitingExecutor(Executor):
    """Keeps what is submitted until `run_all`: a busy pool."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.waiting.append(lambda: fn(*args, **kwargs))
        return Future()

    def run_all(self) -> None:
        waiting, self.waiting = self.waiting, []
        for work in waiting:
            work()


@dataclass
class Bench:
    """A station over a `KeepingHub`, with a clock moved by hand and the printed slips."""

    hub: KeepingHub = field(default_factory=KeepingHub)
    now_s: float = 100.0
    slips: list[Slip] = field(default_factory=list)
    wakes: int = 0
    questions: Executor = field(default_factory=InlineExecutor)
    wipe: Callable[[], None] = lambda: None
    print_slip: Callable[[Slip], None] | None = None
    keeping: Keeping | None = None

    def __post_init__(self) -> None:
        self.station = KioskStation(
            hub=self.hub,
            print_slip=self.print_slip or self.slips.append,
            options=OPTIONS,
            ids=StationIds(),
            clock_s=lambda: self.now_s,
            today=lambda: TODAY,
            calls=InlineExecutor(),
            questions=self.questions,
            wake=self._woken,
            wipe=self.wipe,
            keeping=self.keeping or keeping(),
        )
        self.station.tick()

    def _woken(self) -> None:
        self.wakes += 1

    def later(self, seconds: float, tick_s: float = 0.1) -> Bench:
        """Time passes with a tick every `tick_s`."""
        for _ in range(round(seconds / tick_s)):
            self.now_s += tick_s
            self.station.tick()
        return self
