"""A simulated stretch of a hospital's day under one seed: kiosks, hub, networks, printers, people, trouble."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sim_account import findings
from sim_fibers import Fibers
from sim_hub import SimHub
from sim_kiosk import SimKiosk
from sim_people import Staff
from sim_phantoms import told_of
from sim_time import Scheduler
from sim_truth import truth_of

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BEFORE_MIDNIGHT = datetime(2026, 3, 2, 16, 59, tzinfo=UTC)
KINDS = (
    "cut",
    "cut",
    "refused",
    "loss",
    "straggles",
    "straggles_and_kill",
    "slow",
    "kill",
    "hub",
    "hub",
    "hub_down",
)
DRAIN_STEP_S = 10.0
DRAIN_S = 180.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is broken in a world. `long_absence`: one kiosk is away for long whatever the dice say."""

    seed: int
    long_absence: bool = False
    answers_before_commit: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    findings: tuple[str, ...]
    papers: int
    offline: int
    tickets: int
    kills: int
    told: int
    """Numbers that nobody has seen, of which staff were told so."""
    worst_s: float


@dataclass(kw_only=True)
class World:
    plan: Plan
    time: Scheduler = field(default_factory=Scheduler)
    fibers: Fibers = field(default_factory=Fibers)

    def __post_init__(self) -> None:
        self.dice = dice = random.Random(self.plan.seed)
        self.has_long_absence = dice.random() < 0.15 or self.plan.long_absence
        self.load_s = 140.0 if self.has_long_absence else 90.0
        begins = BEFORE_MIDNIGHT if dice.random() < 0.15 else MORNING
        self.hub = SimHub(time=self.time, started_at=begins, answers_before_commit=self.plan.answers_before_commit)
        self.kiosks = tuple(
            SimKiosk(
                number=number,
                time=self.time,
                fibers=self.fibers,
                hub=self.hub,
                dice=random.Random(dice.random()),
                skew=self._skew(),
                deadly=dice.choice((0.0, 0.0, 0.01, 0.03)),
                slowest_s=dice.choice((0.02, 0.02, 0.3)),
            )
            for number in range(1, dice.randint(2, 4))
        )
        self.staff = Staff(
            hub=self.hub, time=self.time, dice=random.Random(dice.random()), every_s=dice.choice((0.3, 2.0, 10.0, 40.0))
        )

    def run(self) -> Outcome:
        """Load, trouble, then everything healed, and the account."""
        try:
            for kiosk in self.kiosks:
                kiosk.on_killed = self._restart_later
                self._set_printer(kiosk)
                kiosk.start()
            self.staff.start()
            self.time.run_until(2.0)
            self._trouble_later()
            if self.has_long_absence:
                self.time.after(self.dice.uniform(0.0, 30.0), self._long_absence)
            self.time.run_until(self.load_s)
            self._heal()
            drained = self._drain()
            return self._outcome(drained)
        finally:
            for kiosk in self.kiosks:
                kiosk.close()
            self.fibers.close()
            self.hub.close()

    def _skew(self) -> timedelta:
        scale_s = self.dice.choice((0.0, 1.0, 60.0, 3_600.0, 6 * 3_600.0))
        return timedelta(seconds=self.dice.uniform(-scale_s, scale_s))

    def _set_printer(self, kiosk: SimKiosk) -> None:
        kiosk.printer.refuses, kiosk.printer.silent, kiosk.printer.swallows = (
            self.dice.choice((0.0, 0.1, 0.3)) for _ in range(3)
        )

    # -- trouble

    def _trouble_later(self) -> None:
        if self.time.now_s < self.load_s:
            self.time.after(self.dice.expovariate(1 / 4.0), self._trouble)

    def _trouble(self) -> None:
        if self.time.now_s >= self.load_s:
            return
        self._trouble_later()
        kiosk = self.dice.choice(self.kiosks)
        kind = self.dice.choice(KINDS)
        lasts_s = self.dice.choice((1.0, 5.0, 20.0)) * self.dice.uniform(0.5, 1.5)
        weather = kiosk.weather
        match kind:
            case "cut":
                self._for(lasts_s, lambda on: setattr(weather, "cut", on))
            case "refused":
                self._for(lasts_s, lambda on: setattr(weather, "refused", on))
            case "loss":
                share = self.dice.uniform(0.1, 0.9)
                self._for(lasts_s, lambda on: setattr(weather, "answer_lost", share if on else 0.0))
                self._for(lasts_s, lambda on: setattr(weather, "request_lost", share if on else 0.0))
            case "straggles":
                share = self.dice.uniform(0.1, 0.9)
                self._for(lasts_s, lambda on: setattr(weather, "straggles", share if on else 0.0))
            case "straggles_and_kill":
                self._for(4.0, lambda on: setattr(weather, "straggles", 0.9 if on else 0.0))
                self.time.after(self.dice.uniform(0.5, 4.0), kiosk.kill)
            case "slow":
                self._for(lasts_s, lambda on: setattr(weather, "delay_s", 0.8 if on else 0.02))
            case "kill":
                kiosk.kill()
            case "hub":
                self.hub.die_at_next_write(self.dice.choice(("before", "after")))
                self.time.after(lasts_s, self.hub.start)
            case _:
                self.hub.die()
                self.time.after(lasts_s, self.hub.start)

    def _long_absence(self) -> None:
        """One kiosk is away for longer than the hub passes over a number it may not have shown. It begins in the middle
        of a number: between the hub's commit and its answer, or between the kiosk's disk and its screen."""
        kiosk = self.dice.choice(self.kiosks)
        lasts_s = self.dice.uniform(76.0, 110.0)
        kiosk.stays_down_until_s = self.time.now_s + lasts_s

        def alone() -> None:
            self._for(lasts_s, lambda on: setattr(kiosk.weather, "away", on))

        match self.dice.randrange(3):
            case 0:
                kiosk.weather.after_next_issue = alone
            case 1:
                kiosk.weather.after_next_issue = kiosk.kill
            case _:
                kiosk.dies_over_next_number = True

    def _for(self, lasts_s: float, turn: object) -> None:
        turn(True)
        self.time.after(lasts_s, lambda: turn(False))

    def _restart_later(self, kiosk: SimKiosk) -> None:
        long = self.dice.random() < 0.1
        down_s = self.dice.uniform(60.0, 90.0) if long else self.dice.uniform(1.0, 20.0)
        down_s = max(down_s, kiosk.stays_down_until_s - self.time.now_s)
        self.time.after(down_s, kiosk.start)

    def _heal(self) -> None:
        for kiosk in self.kiosks:
            weather = kiosk.weather
            weather.cut = weather.away = weather.refused = False
            weather.request_lost = weather.answer_lost = weather.straggles = 0.0
            weather.delay_s = 0.02
            kiosk.deadly = 0.0
            kiosk.dies_over_next_number = False
            kiosk.patients.resting = True
            kiosk.start()
        self.hub.start()

    def _drain(self) -> bool:
        end_s = self.time.now_s + DRAIN_S
        self.time.run_until(self.time.now_s + 45.0)  # what straggles arrives, and what was being told is over
        while not all(kiosk.is_at_rest for kiosk in self.kiosks):
            self._heal()
            if self.time.now_s > end_s:
                return False
            self.time.run_until(self.time.now_s + DRAIN_STEP_S)
        self.staff.stopped = True
        for kiosk in self.kiosks:
            kiosk.patients.finish()
        return True

    def _outcome(self, drained: bool) -> Outcome:
        truth = truth_of(self.hub, self.kiosks, self.staff)
        found = findings(truth)
        if not drained:
            found = (*found, "stuck: a kiosk never came to rest")
        waits = [wait for kiosk in self.kiosks for wait in kiosk.patients.waits]
        return Outcome(
            findings=found,
            papers=sum(len(kiosk.printer.papers) for kiosk in self.kiosks),
            offline=self.hub.rows("SELECT count(*) FROM idempotency WHERE printed_label IS NOT NULL")[0][0],
            tickets=self.hub.rows("SELECT count(*) FROM ticket")[0][0],
            kills=self.hub.deaths + sum(kiosk.kills for kiosk in self.kiosks),
            told=len(told_of(truth)),
            worst_s=max(waits, default=0.0),
        )


def run_world(seed: int, *, long_absence: bool = False, answers_before_commit: bool = False) -> Outcome:
    plan = Plan(seed=seed, long_absence=long_absence, answers_before_commit=answers_before_commit)
    return World(plan=plan).run()
