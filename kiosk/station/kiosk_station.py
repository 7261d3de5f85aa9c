"""The driver of one kiosk: joins devices, the visit machine and the hub. Knows no screen.

Events come from any thread into one queue; the owner's thread (the screen's, or `station_loop`) takes them out,
steps the machine and has its wishes carried out. Nothing here waits for disk, network or device.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import date
from functools import partial
from queue import Empty, SimpleQueue

from kiosk.domain.alert import NO_PARAMS, AlertParams
from kiosk.domain.slip import Slip
from kiosk.domain.visit.chip_values import ChipRules
from kiosk.domain.visit.effects import (
    AskEligibility,
    CallStaff,
    Effect,
    GiveOwnNumber,
    IssueTicket,
    LeaveUnprinted,
    LoadServices,
    PrintSlip,
    ReadChip,
    StopChip,
    TakeBack,
    TellStaff,
    WipeTraces,
)
from kiosk.domain.visit.events import Event, PrintChanged, ServicesLoaded, Ticked, TicketResumed
from kiosk.domain.visit.machine import step
from kiosk.domain.visit.state import Visit
from kiosk.domain.visit.surroundings import Ids, Surroundings, VisitOptions
from kiosk.station.hub_calls import HubCalls
from kiosk.station.hub_port import HubPort
from kiosk.station.hub_watch import HubWatch
from kiosk.station.keeping import Keeping
from kiosk.station.repeated_calls import RepeatedCalls
from kiosk.station.ticket_desk import TicketDesk

log = logging.getLogger("tiepdon.station")

TAKEN_UP_WITHIN_S = 5.0
"""A disk that cannot say within this time what was left undone keeps nobody waiting for longer."""


class KioskStation:
    """Holds the current visit.

    `post` and `report_fault` may be called from any thread; `wake` is called after them, from that thread, and has
    `process_pending` run on the owner's. `tick` is called by the owner a few times a second. `keeping` is where wishes
    for numbers are kept. `print_slip` puts one slip on its way, on the thread
    of `keeping`, and answers later with `PrintChanged` events. `wipe` forgets what else the last patient left behind,
    on the owner's thread. `read_chip` begins reading the card that lies there by the rules in `chip` and answers with
    chip events, `stop_chip` ends that; both return at once. `calls` and `questions` are thread pools of the caller, who
    also ends them.
    """

    def __init__(
        self,
        *,
        hub: HubPort,
        print_slip: Callable[[Slip], None],
        keeping: Keeping,
        options: VisitOptions,
        ids: Ids,
        clock_s: Callable[[], float],
        today: Callable[[], date],
        calls: Executor,
        questions: Executor,
        wake: Callable[[], None],
        wipe: Callable[[], None] = lambda: None,
        chip: ChipRules | None = None,
        read_chip: Callable[[ReadChip], None] = lambda _wish: None,
        stop_chip: Callable[[], None] = lambda: None,
    ) -> None:
        self._options = options
        self._ids = ids
        self._clock_s = clock_s
        self._today = today
        self._wake = wake
        self._wipe = wipe
        self._chip = chip or ChipRules()
        self._read_chip = read_chip
        self._stop_chip = stop_chip
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._visit = self._shown = Visit(own_numbers=keeping.own_numbers)
        self._subscribers: list[Callable[[Visit], None]] = []
        self._stopped = False
        self._begun_s: float | None = None
        self._early: list[Event] | None = []
        self._repeated = RepeatedCalls(
            pool=calls, hand_over=self._hand_over, clock_s=clock_s, on_unreachable=self._suspect_hub
        )
        self._watch = HubWatch(
            hub=hub,
            pool=calls,
            hand_over=self._hand_over,
            clock_s=clock_s,
            post=self._told_by_hub,
            on_back=self._repeated.hurry,
        )
        self._hub_calls = HubCalls(
            hub=hub,
            kiosk_id=options.kiosk_id,
            question_budget_s=options.eligibility_wait_s,
            calls=calls,
            questions=questions,
            repeated=self._repeated,
            post=self.post,
        )
        self._tickets = TicketDesk(
            hub=hub,
            outbox=keeping.outbox,
            disk=keeping.disk,
            repeated=self._repeated,
            hand_over=self._hand_over,
            post=self.post,
            print_slip=print_slip,
            tell_staff=self.report_fault,
            site_known=self._site_known,
            kiosk_id=options.kiosk_id,
            instant=keeping.instant,
            clock_s=clock_s,
            today=today,
        )

    @property
    def visit(self) -> Visit:
        return self._visit

    @property
    def open_calls(self) -> frozenset[str]:
        """Calls the hub has not answered yet, for tests; holds nothing personal."""
        return self._repeated.keys

    def subscribe(self, on_visit: Callable[[Visit], None]) -> None:
        """Have `on_visit` called with the visit now and after every change, on the owner's thread."""
        self._subscribers.append(on_visit)
        on_visit(self._visit)

    def post(self, event: Event) -> None:
        """Something happened. Thread-safe, returns at once."""
        self._hand_over(partial(self._apply, event))

    def report_fault(self, code: str, params: AlertParams = NO_PARAMS) -> None:
        """A device has trouble that staff should know of. Thread-safe, returns at once."""
        self._hand_over(partial(self._hub_calls.tell_staff, code, params))

    def process_pending(self) -> None:
        """Take in what has happened. Owner's thread."""
        while not self._stopped:
            try:
                work = self._inbox.get_nowait()
            except Empty:
                break
            work()
        self._show()

    def tick(self) -> None:
        """Let time pass: deadlines of the visit, the watch over the hub, calls that are due. Owner's thread."""
        if self._stopped:
            return
        self._take_up()
        self._watch.tick()
        self._repeated.tick()
        self._tickets.tick()
        self._apply(Ticked())
        self.process_pending()

    def _take_up(self) -> None:
        """First of all what the last run of the program left undone: a number that is due is shown before anybody can
        begin a visit."""
        if self._begun_s is None:
            self._begun_s = self._clock_s()
            self._tickets.resume(self._taken_up)
        elif self._early is not None and self._clock_s() - self._begun_s >= TAKEN_UP_WITHIN_S:
            self._taken_up()

    def _taken_up(self) -> None:
        early, self._early = self._early or [], None
        for event in early:
            self._apply(event)

    def stop(self) -> None:
        """From now on nothing is taken in and nothing is started. Owner's thread."""
        self._stopped = True
        self._hub_calls.forget()

    def _hand_over(self, work: Callable[[], None]) -> None:
        self._inbox.put(work)
        self._wake()

    def _suspect_hub(self) -> None:
        self._watch.suspect()

    def _apply(self, event: Event) -> None:
        if self._early is not None and not isinstance(event, Ticked | TicketResumed):
            self._early.append(event)
            return
        at = Surroundings(
            now_s=self._clock_s(), today=self._today(), options=self._options, ids=self._ids, chip=self._chip
        )
        if isinstance(event, PrintChanged):
            self._tickets.paper_changed(event)
        self._visit, effects = step(self._visit, event, at)
        for effect in effects:
            self._carry_out(effect)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case LoadServices():
                self._watch.look_now()
            case AskEligibility():
                self._hub_calls.ask_eligibility(effect)
            case IssueTicket():
                self._tickets.issue(effect)
            case GiveOwnNumber(request_id=request_id):
                self._tickets.give_own_number(request_id)
            case TakeBack(request_id=request_id):
                self._tickets.take_back(request_id)
            case LeaveUnprinted(request_id=request_id):
                self._tickets.leave_unprinted(request_id)
            case PrintSlip(slip=slip):
                self._tickets.print(slip)
            case CallStaff():
                self._hub_calls.call_staff()
            case TellStaff(code=code, params=params):
                self._hub_calls.tell_staff(code, params)
            case ReadChip():
                self._read_chip(effect)
            case StopChip():
                self._stop_chip()
            case WipeTraces():
                self._stop_chip()
                self._hub_calls.forget()
                self._wipe()

    def _told_by_hub(self, event: Event) -> None:
        if isinstance(event, ServicesLoaded):
            self._tickets.keep_site(event)
        self._apply(event)

    def _site_known(self, site: ServicesLoaded) -> None:
        """What the hub offered before this run of the program, until it is heard again."""
        if not self._visit.services:
            self._apply(site)

    def _show(self) -> None:
        if self._visit != self._shown:
            self._shown = self._visit
            for on_visit in self._subscribers:
                on_visit(self._visit)
