"""One simulated kiosk: the real station, visit machine, desk and outbox; threads, disk, cable, printer simulated."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import apsw
import msgspec
from sim_fibers import Fibers
from sim_hub import SimHub
from sim_network import Cable, CallsPool, DiskPool, Killed, Process, Weather
from sim_people import Patients
from sim_printer import SimPrinter
from sim_time import Scheduler

from kiosk.domain.alert import NO_PARAMS, AlertParams
from kiosk.domain.eligibility import Eligibility, EligibilityQuestion, FacilityMatch, OutcomeClass
from kiosk.domain.outbox import Instant, OwnNumber
from kiosk.domain.paper import PaperReport
from kiosk.domain.slip import Slip
from kiosk.domain.ticket import TicketView
from kiosk.domain.visit.effects import IssueTicket
from kiosk.domain.visit.state import Step
from kiosk.domain.visit.surroundings import VisitOptions
from kiosk.services.issue import IssueRequest, OfflinePaper, issue_ticket
from kiosk.services.paper import tell_paper
from kiosk.services.show import services_now
from kiosk.services.take_back import take_back
from kiosk.station.hub_port import SiteView
from kiosk.station.keeping import Keeping
from kiosk.station.kiosk_station import KioskStation
from kiosk.storage.moments import from_stored
from kiosk.storage.outbox import Outbox
from kiosk.storage.sealing import Sealer

TICK_S = 1.0
BUSY_TICK_S = 0.2


class HubOverCable:
    """The kiosk's port to the hub: the hub's own use cases at the far end of a cable."""

    def __init__(self, cable: Cable) -> None:
        self._ask = cable.request

    def site(self) -> SiteView:
        def view(hub: SimHub) -> SiteView:
            return SiteView(hospital=hub.site.hospital, time_zone="UTC", services=hub.read(services_now))

        return self._ask(view)

    def issue(self, request: IssueTicket) -> TicketView:
        return self._ask(lambda hub: _issued(hub, request, None), request.request_id)

    def upload(
        self, request: IssueTicket, own: OwnNumber, *, kiosk_id: str, asked_at: datetime, kiosk_now: datetime
    ) -> TicketView:
        paper = OfflinePaper(
            label=own.label,
            number=own.number,
            kiosk=kiosk_id,
            asked_at=asked_at,
            printed_at=own.printed_at,
            kiosk_now=kiosk_now,
        )
        return self._ask(lambda hub: _issued(hub, request, paper), request.request_id)

    def take_back(self, request_id: str) -> None:
        self._ask(lambda hub: hub.write(lambda context: take_back(context, request_id)))

    def tell_paper(self, ticket_id: str, report: PaperReport) -> None:
        self._ask(lambda hub: hub.write(lambda context: tell_paper(context, ticket_id, report)))

    def eligibility(self, question: EligibilityQuestion, **_: Any) -> Eligibility:
        return self._ask(lambda hub: _verdict(hub, question.card))

    def call_staff(self, kiosk_id: str) -> None:
        self._ask(lambda hub: None)

    def report_fault(self, kiosk_id: str, code: str, params: AlertParams = NO_PARAMS) -> None:
        self._ask(lambda hub: None)


def _issued(hub: SimHub, request: IssueTicket, paper: OfflinePaper | None) -> TicketView:
    asked = IssueRequest(
        service=request.service,
        priority=request.priority,
        patient_ref=request.patient_ref,
        eligibility=request.eligibility_id,
        masked_name=request.masked_name,
        next_step=request.next_step,
        flags=request.flags,
    )
    issued = hub.write(
        lambda context: issue_ticket(context, request.request_id, asked, offline=paper, tells_paper=True)
    )
    return msgspec.json.decode(issued.body, type=TicketView)


def _verdict(hub: SimHub, card: str) -> Eligibility:
    verdict = Eligibility(
        id=f"e{card}",
        patient_ref=f"ref{card}",
        outcome=OutcomeClass.OK,
        code="000",
        valid_from=None,
        valid_to=None,
        facility_match=FacilityMatch.HERE,
        card_masked="***",
        next_step="next_step.wait_for_call",
        pending=False,
        coverage="coverage.valid",
    )
    hub.write(lambda context: context.records.put_eligibility(verdict, context.now, context.now))
    return verdict


class MortalOutbox(Outbox):
    """The kiosk's outbox; its process may be killed right before and right after each commit. `settled` is called when
    a number is on disk and on no screen."""

    def __init__(self, prefix: str, may_die: Callable[[], None], settled: Callable[[], None]) -> None:
        super().__init__(None, Sealer(b"k" * 32), prefix)
        self._may_die = may_die
        self._settled = settled

    def answered(self, request_id: str, ticket: TicketView) -> bool:
        is_news = super().answered(request_id, ticket)
        self._settled()
        return is_news

    def give_own_number(self, request_id: str, today: date, now: datetime) -> OwnNumber | None:
        own = super().give_own_number(request_id, today, now)
        self._settled()
        return own

    @contextmanager
    def _transaction(self) -> Iterator[apsw.Connection]:
        self._may_die()
        with super()._transaction() as db:
            yield db
        self._may_die()


@dataclass(frozen=True, kw_only=True)
class KeptWish:
    """What a kiosk's disk says of one wish. `told_after` is how long after the wish the newest word on its paper was
    known; `code` is that word's."""

    request_id: str
    code: str | None
    told_after: timedelta | None


class SimKiosk:
    """`skew` is how far its clock is off; `deadly` the share of disk writes over which it dies, `slowest_s` how long
    one takes at most."""

    def __init__(
        self,
        *,
        number: int,
        time: Scheduler,
        fibers: Fibers,
        hub: SimHub,
        dice: random.Random,
        skew: timedelta,
        deadly: float,
        slowest_s: float,
    ) -> None:
        self.name = f"K{number}"
        self.time = time
        self.weather = Weather()
        self.printer = SimPrinter(time=time, dice=random.Random(dice.random()))
        self.kills = 0
        self.deadly = deadly
        self.slowest_s = slowest_s
        self.stays_down_until_s = 0.0
        self.dies_over_next_number = False
        self.on_killed: Callable[[SimKiosk], None] = lambda kiosk: None
        self._fibers = fibers
        self._hub = hub
        self._dice = dice
        self._skew = skew
        self._ids = 0
        self._boot = 0
        self.outbox = MortalOutbox(self.name, self._may_die, self._number_settled)
        self.process: Process | None = None
        self.patients = Patients(
            kiosk=self.name,
            time=time,
            dice=random.Random(dice.random()),
            services=tuple(service.id for service in hub.site.services),
            today=self.today(),
        )

    def now(self) -> datetime:
        return self._hub.now + self._skew

    def today(self) -> date:
        return self._hub.site.day_of(self.now())

    def instant(self) -> Instant:
        return Instant(at=self.now(), boot=f"{self.name}.{self._boot}", since_boot=timedelta(seconds=self.time.now_s))

    def start(self) -> None:
        if self.process is not None:
            return
        if self._dice.random() < 0.3:
            self._boot += 1  # the whole machine, not only the program
        self.process = process = Process(self.time, self._fibers, self.kill)
        self._station = self._assembled(process)
        self._station.subscribe(self.patients.look)
        process.soon(self._tick)

    def kill(self) -> None:
        """kill -9. Called from inside or outside."""
        process = self.process
        if process is None:
            return
        self.kills += 1
        self.process = None
        process.end()
        self.patients.power_lost()
        self.on_killed(self)

    @property
    def is_at_rest(self) -> bool:
        if self.process is None or self.outbox.open_ids():
            return False
        return self._station.visit.step is Step.WELCOME and not self._station.open_calls

    def own_numbers(self) -> dict[int, tuple[str, str]]:
        """Every number of its own it ever gave: label and stage by number."""
        rows = self.outbox._db.execute("SELECT number, label, stage FROM entry WHERE printed_at IS NOT NULL")
        return {number: (label, stage) for number, label, stage in rows}

    def kept_wishes(self) -> Iterator[KeptWish]:
        rows = self.outbox._db.execute("SELECT request_id, paper_code, asked_at, paper_at FROM entry")
        for request_id, code, asked_at, paper_at in rows:
            told_after = None if paper_at is None else from_stored(paper_at) - from_stored(asked_at)
            yield KeptWish(request_id=request_id, code=code, told_after=told_after)

    def close(self) -> None:
        if self.process is not None:
            self.process.end()
        self.patients.finish()
        self.outbox.close()

    def _assembled(self, process: Process) -> KioskStation:
        hub = HubOverCable(Cable(self.time, self._hub, self.weather, process, random.Random(self._dice.random())))
        pool = CallsPool(process)
        disk = DiskPool(process, random.Random(self._dice.random()), self.kill, self.slowest_s)

        def print_slip(slip: Slip) -> None:
            self._may_die()
            self.printer.print(slip, process, lambda event: station.post(event))

        station = KioskStation(
            hub=hub,
            print_slip=print_slip,
            options=VisitOptions(kiosk_id=self.name),
            ids=self,
            clock_s=lambda: self.time.now_s,
            today=self.today,
            calls=pool,
            questions=pool,
            wake=lambda: process.soon(lambda: station.process_pending()),
            keeping=Keeping(outbox=self.outbox, disk=disk, instant=self.instant, own_numbers=True),
        )
        return station

    def _tick(self) -> None:
        process, station = self.process, self._station
        assert process is not None
        event = self.patients.tap(station.visit)
        if event is not None:
            station.post(event)
        station.tick()
        idle = station.visit.step is Step.WELCOME
        process.soon(self._tick, TICK_S if idle else BUSY_TICK_S)

    def _number_settled(self) -> None:
        if self.dies_over_next_number:
            self.dies_over_next_number = False
            raise Killed

    def _may_die(self) -> None:
        if self._dice.random() < self.deadly:
            raise Killed

    # -- ids of the station

    def request_id(self) -> str:
        return self._next_id("r")

    def question_number(self) -> int:
        return int(self._next_id(""))

    def reading_number(self) -> int:
        return int(self._next_id(""))

    def _next_id(self, kind: str) -> str:
        self._ids += 1
        return f"{kind}{self.name}{self._ids}" if kind else str(self._ids)
