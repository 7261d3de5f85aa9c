"""Patients at a simulated kiosk, and staff who call them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from sim_hub import HubGone, SimHub
from sim_time import Scheduler

from kiosk.domain.faults import Refusal
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.queue import LONGEST_UNSEEN
from kiosk.domain.ticket import TicketAction
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Claim, PrintProgress, Step, Visit
from kiosk.services.change import Change, call_next, change_ticket

SETTLED = frozenset({PrintProgress.CONFIRMED, PrintProgress.UNCONFIRMED, PrintProgress.FAILED})
PEOPLE_WITH_CARDS = 12


@dataclass(kw_only=True)
class Seen:
    """What one visit saw: `chosen_s` when the service was chosen (null where a restarted kiosk shows it by itself)."""

    kiosk: str
    visit: int
    ref: str
    label: str
    at_s: float
    until_s: float
    chosen_s: float | None
    person: int | None
    already: bool


@dataclass(kw_only=True)
class Patients:
    """One after the other; what they tap depends on the screen alone, and on their own dice."""

    kiosk: str
    time: Scheduler
    dice: random.Random
    services: tuple[str, ...]
    today: date
    seen: list[Seen] = field(default_factory=list)
    resting: bool = False
    visit: int = 0
    person: int | None = None
    waits: list[float] = field(default_factory=list)
    _chosen_s: float | None = None
    _next_s: float = 0.0
    _leaves_s: float | None = None
    _open: Seen | None = None

    def power_lost(self) -> None:
        """The screen is dark, and whoever stood there walks on."""
        self._look_away()
        self._chosen_s = None
        self._next_s = self.time.now_s + 3.0
        self.person = None
        self.visit += 1

    def look(self, visit: Visit) -> None:
        """The screen changed."""
        ticket = visit.ticket if visit.step is Step.TICKET else None
        if self._open is not None and (
            ticket is None or (ticket.id, ticket.label) != (self._open.ref, self._open.label)
        ):
            self._look_away()
        if ticket is not None and self._open is None:
            self._open = Seen(
                kiosk=self.kiosk,
                visit=self.visit,
                ref=ticket.id,
                label=ticket.label,
                at_s=self.time.now_s,
                until_s=self.time.now_s,
                chosen_s=self._chosen_s,
                person=self.person,
                already=ticket.already,
            )
            if self._chosen_s is not None and self.person is None:
                self.waits.append(self.time.now_s - self._chosen_s)
            self._chosen_s = None

    def finish(self) -> None:
        self._look_away()

    def tap(self, visit: Visit) -> ev.Event | None:
        if self.time.now_s < self._next_s:
            return None
        event = self._tap(visit)
        if event is not None:
            self._next_s = self.time.now_s + self.dice.uniform(0.1, 1.0)
        return event

    def _tap(self, visit: Visit) -> ev.Event | None:
        match visit.step:
            case Step.WELCOME:
                return None if self.resting else self._come()
            case Step.PRESENT if self.person is None:
                return ev.NoDocumentChosen()
            case Step.PRESENT:
                return ev.CodeScanned(code=recognise(_card(self.person), certain=True, today=self.today))
            case Step.NO_DOCUMENT:
                return ev.ClaimMade(claim=Claim.WITHOUT_INSURANCE)
            case Step.CONFIRM:
                return ev.Confirmed()
            case Step.CHOOSE_SERVICE if visit.services:
                return self._choose()
            case Step.REFUSED:
                return ev.CancelTapped()
            case Step.TICKET:
                return self._at_the_ticket(visit)
        return None

    def _come(self) -> ev.Event:
        self.visit += 1
        self._next_s = self.time.now_s
        self.person = self.dice.randrange(PEOPLE_WITH_CARDS) if self.dice.random() < 0.3 else None
        return ev.Started()

    def _choose(self) -> ev.Event:
        if self.dice.random() < 0.05:
            return ev.CancelTapped()
        self._chosen_s = self.time.now_s
        return ev.ServiceChosen(service=self.dice.choice(self.services))

    def _at_the_ticket(self, visit: Visit) -> ev.Event | None:
        opened = self._open
        if opened is None or self.time.now_s - opened.at_s < 1.0:
            return None
        if visit.print_progress in (PrintProgress.FAILED, PrintProgress.UNCONFIRMED) and self.dice.random() < 0.2:
            return ev.ReprintTapped()
        if visit.print_progress in SETTLED or self.time.now_s - opened.at_s > 2.0:
            self._next_s = self.time.now_s + self.dice.uniform(0.5, 6.0)
            return ev.DoneTapped()
        return None

    def _look_away(self) -> None:
        if self._open is not None:
            self._open.until_s = self.time.now_s
            self.seen.append(self._open)
            self._open = None


def _card(person: int) -> str:
    return f"0010901234{person:02d}|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường Mẫu, Hà Nội|15042021"


@dataclass(frozen=True, kw_only=True)
class Called:
    ticket: str
    label: str
    at_s: float
    flags: tuple[str, ...]


@dataclass(kw_only=True)
class Staff:
    """Calls who is next every now and then, and finishes or misses them."""

    hub: SimHub
    time: Scheduler
    dice: random.Random
    every_s: float
    called: list[Called] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    stopped: bool = False

    def start(self) -> None:
        self.time.after(self.dice.expovariate(1 / self.every_s), self._work)

    def _work(self) -> None:
        if self.stopped:
            return
        self.start()
        try:
            ticket = self.hub.write(lambda context: call_next(context, "1", "staff"))
            if ticket is None:
                self.passed_over += self._passed_over()
                return
            self.called.append(Called(ticket=ticket.id, label=ticket.label, at_s=self.time.now_s, flags=ticket.flags))
        except HubGone:
            return
        action = self.dice.choice((TicketAction.FINISH, TicketAction.FINISH, TicketAction.NO_SHOW))
        self.time.after(self.dice.uniform(1.0, 30.0), lambda: self._end(ticket.id, action))

    def _passed_over(self) -> list[str]:
        """Who waits and could have been called: the hub has known of them for longer than it passes anybody over."""
        long_ago = self.hub.now - LONGEST_UNSEEN
        waiting = self.hub.rows("SELECT id, label FROM ticket WHERE state = 'waiting'")
        return [label for ticket, label in waiting if self.hub.issued_at(ticket) < long_ago]

    def _end(self, ticket: str, action: TicketAction) -> None:
        try:
            self.hub.write(lambda context: change_ticket(context, ticket, Change(action=action, counter="1")))
        except (HubGone, Refusal):
            return
