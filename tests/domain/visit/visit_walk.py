"""Helpers of the visit tests: a walk that feeds events to the machine and collects what it wants done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from kiosk.domain.eligibility import Coverage, Eligibility, FacilityMatch, NextStep, OutcomeClass, RepairField
from kiosk.domain.identity.values import Assurance, BirthDate, CodeKind, Identity, NumberKind, RecognisedCode
from kiosk.domain.localized import LocalizedText
from kiosk.domain.service import Availability, ServiceView
from kiosk.domain.ticket import Estimate, Priority, TicketState, TicketView
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_values import ChipRules
from kiosk.domain.visit.effects import AskEligibility, Effect, IssueTicket
from kiosk.domain.visit.machine import step
from kiosk.domain.visit.state import Visit
from kiosk.domain.visit.surroundings import Surroundings, VisitOptions

TODAY = date(2026, 11, 22)
OPTIONS = VisitOptions(hospital=LocalizedText(vi="Bệnh viện Mẫu", en="Sample Hospital"), kiosk_id="k1")


def service(id_: str, availability: Availability = Availability.OPEN, *, for_uninsured: bool = True) -> ServiceView:
    return ServiceView(
        id=id_,
        prefix=id_[0].upper(),
        name=LocalizedText(vi=f"Khám {id_}", en=f"Clinic {id_}"),
        room=LocalizedText(vi="Phòng 12", en="Room 12"),
        directions=LocalizedText(vi="Tầng 1, rẽ trái", en="Floor 1, turn left"),
        availability=availability,
        opens_at=None,
        waiting=3,
        for_insured=True,
        for_uninsured=for_uninsured,
    )


SERVICES = (service("noi"), service("nhi"), service("bhyt", for_uninsured=False), service("mat", Availability.FULL))


def person(number: str = "001090123456", name: str | None = "Nguyễn Văn An", year: int = 1990) -> Identity:
    return Identity(
        number=number,
        number_kind=NumberKind.CITIZEN,
        assurance=Assurance.CODE_READ,
        name=name,
        birth=BirthDate(year=year, month=1, day=1),
    )


def scan(identity: Identity | None = None) -> ev.CodeScanned:
    return ev.CodeScanned(code=RecognisedCode(kind=CodeKind.CITIZEN_CARD, identity=identity or person()))


def bad_scan(fault: str = "code.torn") -> ev.CodeScanned:
    return ev.CodeScanned(code=RecognisedCode(kind=CodeKind.UNKNOWN, fault=fault))


def verdict(
    outcome: OutcomeClass = OutcomeClass.OK, *, pending: bool = False, repair: RepairField | None = None
) -> Eligibility:
    good = outcome is OutcomeClass.OK
    return Eligibility(
        id="e1",
        patient_ref="ref-1",
        outcome=outcome,
        code="000" if good else None,
        valid_from=None,
        valid_to=None,
        facility_match=FacilityMatch.HERE,
        card_masked="***********3456",
        next_step=(NextStep.WAIT_FOR_CALL if good else NextStep.CHECK_AT_COUNTER).value,
        pending=pending,
        repair=repair,
        coverage=(Coverage.VALID if good else Coverage.STILL_CHECKING).value,
    )


def ticket(request: IssueTicket, number: int = 15) -> TicketView:
    return TicketView(
        id=f"t-{request.request_id}",
        number=number,
        label=f"A{number:03d}",
        service=request.service,
        state=TicketState.WAITING,
        priority=Priority(request.priority),
        people_ahead=4,
        estimate=Estimate(low_min=20, high_min=35),
        counter=None,
        issued_at=datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
    )


@dataclass
class CountingIds:
    """Ids in order: `r1`, `r2` …"""

    requests: int = 0
    questions: int = 0
    readings: int = 0

    def request_id(self) -> str:
        self.requests += 1
        return f"r{self.requests}"

    def question_number(self) -> int:
        self.questions += 1
        return self.questions

    def reading_number(self) -> int:
        self.readings += 1
        return self.readings


@dataclass
class Walk:
    """One kiosk's screen over time."""

    visit: Visit = field(default_factory=lambda: Visit(services=SERVICES))
    now_s: float = 1000.0
    ids: CountingIds = field(default_factory=CountingIds)
    options: VisitOptions = OPTIONS
    chip: ChipRules = field(default_factory=ChipRules)
    effects: list[Effect] = field(default_factory=list)

    def on(self, *events: ev.Event) -> Walk:
        for event in events:
            at = Surroundings(now_s=self.now_s, today=TODAY, options=self.options, ids=self.ids, chip=self.chip)
            self.visit, effects = step(self.visit, event, at)
            self.effects.extend(effects)
        return self

    def later(self, seconds: float) -> Walk:
        """Time passes in one go; the machine is ticked at the end of it."""
        self.now_s += seconds
        return self.on(ev.Ticked())

    def said(self, kind: type[Effect]) -> list[Effect]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    def answer(self, eligibility: Eligibility | None) -> Walk:
        """The hub answers the insurance question asked last."""
        asked = [effect for effect in self.effects if isinstance(effect, AskEligibility)]
        return self.on(ev.EligibilityAnswered(request=asked[-1].request, eligibility=eligibility))

    def request(self) -> IssueTicket:
        """The last request for a number."""
        return [effect for effect in self.effects if isinstance(effect, IssueTicket)][-1]

    def issue(self, number: int = 15) -> Walk:
        """The hub commits the number asked for last."""
        request = self.request()
        return self.on(ev.TicketIssued(request_id=request.request_id, ticket=ticket(request, number)))

    def to_ticket(self) -> Walk:
        """An insured person by QR, as far as the ticket."""
        self.on(scan()).answer(verdict())
        return self.on(ev.Confirmed(), ev.ServiceChosen(service="noi")).issue()
