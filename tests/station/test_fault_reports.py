"""Fault reports with their parameters: nothing said is lost, nothing is said twice, the newest counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from kiosk.domain.alert import NO_PARAMS, AlertParams
from kiosk.domain.faults import Refusal
from kiosk.station.hub_calls import HubCalls
from kiosk.station.hub_port import HubPort, HubUnreachable
from kiosk.station.repeated_calls import RepeatedCalls


class AtOnce:
    """A pool that does the work when it is handed over, or later, one by one."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.held = False

    def submit(self, work: Callable[..., None], *arguments: object) -> None:
        self.waiting.append(lambda: work(*arguments))
        if not self.held:
            self.go_on()

    def go_on(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


@dataclass
class Reported:
    """A hub that keeps what is reported; `away` and `refuses` are switches."""

    away: bool = False
    refuses: bool = False
    told: list[tuple[str, dict[str, str | int]]] = field(default_factory=list)

    def report_fault(self, _kiosk: str, code: str, params: AlertParams = NO_PARAMS) -> None:
        if self.away:
            raise HubUnreachable("no route")
        if self.refuses:
            raise Refusal("request.invalid")
        self.told.append((code, dict(params)))


class Reporting:
    def __init__(self) -> None:
        self.hub = Reported()
        self.pool = AtOnce()
        self.now_s = 0.0
        self.repeated = RepeatedCalls(
            pool=cast("Any", self.pool),
            hand_over=lambda work: work(),
            clock_s=lambda: self.now_s,
            on_unreachable=lambda: None,
        )
        self.calls = HubCalls(
            hub=cast("HubPort", self.hub),
            kiosk_id="K2",
            question_budget_s=8.0,
            calls=cast("Any", self.pool),
            questions=cast("Any", self.pool),
            repeated=self.repeated,
            post=lambda event: None,
        )

    def later(self) -> None:
        self.now_s += 10
        self.repeated.tick()


def test_what_is_said_while_the_hub_is_away_is_told_once_and_together():
    kiosk = Reporting()
    kiosk.hub.away = True
    for label in ("A045", "A046"):
        kiosk.calls.tell_staff("printer.paper_out", {"labels": label})
    kiosk.calls.tell_staff("printer.paper_out")
    for left in (40, 20):
        kiosk.calls.tell_staff("printer.paper_low", {"left": left})
    kiosk.later()
    kiosk.hub.away = False
    kiosk.later()
    assert sorted(kiosk.hub.told) == [
        ("printer.paper_low", {"left": 20}),
        ("printer.paper_out", {"labels": "A045,A046"}),
    ]
    assert not kiosk.repeated.keys


def test_what_is_said_while_a_report_is_on_its_way_follows_it():
    kiosk = Reporting()
    kiosk.pool.held = True
    kiosk.calls.tell_staff("printer.paper_low", {"left": 40})
    kiosk.calls.tell_staff("printer.paper_low", {"left": 20})
    kiosk.calls.tell_staff("printer.paper_low", {"left": 40})
    kiosk.pool.go_on()
    kiosk.later()
    kiosk.pool.go_on()
    assert kiosk.hub.told[-1] == ("printer.paper_low", {"left": 40})
    assert not kiosk.repeated.keys


def test_numbers_told_once_are_not_told_with_the_next_fault():
    kiosk = Reporting()
    kiosk.calls.tell_staff("printer.paper_out", {"labels": "A045"})
    kiosk.calls.tell_staff("printer.paper_out", {"labels": "A101"})
    assert [params["labels"] for _, params in kiosk.hub.told] == ["A045", "A101"]


@pytest.mark.allowed_warnings("hub refused a fault report")
def test_a_refused_report_is_dropped_and_the_next_one_told():
    kiosk = Reporting()
    kiosk.hub.refuses = True
    kiosk.calls.tell_staff("printer.paper_low", {"left": 40})
    kiosk.hub.refuses = False
    kiosk.calls.tell_staff("printer.paper_low", {"left": 20})
    assert kiosk.hub.told == [("printer.paper_low", {"left": 20})]
