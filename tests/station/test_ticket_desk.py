"""Numbers without the hub, and a kiosk that is killed at any step: nothing lost, nothing twice, no phantom."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from keeping_hub import TODAY, Bench, KeepingHub, WaitingExecutor
from support.keepings import SEALER, START, AtOnce

from kiosk.domain.faults import Fault
from kiosk.domain.identity.recognise import recognise
from kiosk.domain.outbox import Instant
from kiosk.domain.paper import PaperState
from kiosk.domain.slip import Slip
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import PrintProgress, Step
from kiosk.station.keeping import Keeping
from kiosk.station.ticket_desk import REFUSED_AGAIN_S
from kiosk.storage.outbox import Outbox
from kiosk.storage.outbox_file import FILE_NAME

CARD = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường X, Hà Nội|15042021"
pytestmark = pytest.mark.allowed_warnings("hub does not answer")


class Power(BaseException):
    """The power fails: nothing after it is done."""


class FailingDisk(AtOnce):
    """The disk's thread, which ends before or after its work number `cut`, counted from `arm` on."""

    def __init__(self) -> None:
        self._works_left: int | None = None
        self._before = True

    def arm(self, cut: int, *, before: bool) -> None:
        self._works_left, self._before = cut, before

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if self._works_left is None:
            return super().submit(fn, *args, **kwargs)
        self._works_left -= 1
        if self._works_left < 0 or (self._works_left == 0 and self._before):
            raise Power
        future = super().submit(fn, *args, **kwargs)
        if self._works_left == 0:
            raise Power
        return future


class Lobby:
    """One kiosk over several runs of its program: its folder, its clock, its hub, and all papers it ever printed."""

    def __init__(self, folder: Path, hub: KeepingHub | None = None) -> None:
        self.path = folder / FILE_NAME
        self.hub = hub or KeepingHub()
        self.now_s = 100.0
        self.clock_off = timedelta(0)
        self.papers: list[Slip] = []
        self.bench: Bench | None = None

    def run(self, disk: Executor | None = None) -> Bench:
        """The program begins."""
        self.bench = None
        bench = Bench(
            hub=self.hub,
            now_s=self.now_s,
            print_slip=self.papers.append,
            keeping=Keeping(
                outbox=Outbox(self.path, SEALER, "K2"), disk=disk or AtOnce(), instant=self._instant, own_numbers=True
            ),
        )
        self.bench = bench
        return bench

    def _instant(self) -> Instant:
        now_s = self.now_s if self.bench is None else self.bench.now_s
        since = timedelta(seconds=now_s)
        return Instant(at=START + since + self.clock_off, boot="boot", since_boot=since)

    def outbox(self) -> Outbox:
        return Outbox(self.path, SEALER, "K2")


def choose(bench: Bench) -> None:
    events = (
        ev.CodeScanned(code=recognise(CARD, certain=True, today=TODAY)),
        ev.Confirmed(),
        ev.ServiceChosen(service="noi"),
    )
    for event in events:
        bench.station.post(event)
        bench.station.process_pending()


def paper_says(bench: Bench, slip: Slip, progress: PrintProgress, code: str | None = None) -> None:
    fault = Fault(code=code) if code else None
    bench.station.post(ev.PrintChanged(ticket_id=slip.ticket_id, progress=progress, fault=fault, copy=slip.reprint))
    bench.station.process_pending()


def test_the_hubs_number_is_on_disk_before_it_is_printed(tmp_path: Path) -> None:
    seen: list[object] = []

    class Printer(list[Slip]):
        def append(self, slip: Slip) -> None:
            with closing(lobby.outbox()) as box:
                [entry] = box.unfinished()
            seen.append((entry.ticket == slip.ticket_id, entry.paper.state if entry.paper else None))

    lobby = Lobby(tmp_path)
    lobby.papers = Printer()
    choose(lobby.run())
    assert seen == [(True, PaperState.SENT)]


def test_a_silent_hub_leads_to_a_number_of_the_kiosks_own_within_three_seconds(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    bench = lobby.run()
    bench.hub.reachable = False
    choose(bench)
    bench.later(3.0)
    visit = bench.station.visit
    assert (visit.step, visit.own_number) == (Step.TICKET, True)
    assert [(slip.label, slip.own_number, slip.people_ahead) for slip in lobby.papers] == [("K2-001", True, None)]


def test_a_kiosk_that_knows_the_hub_is_away_does_not_wait(tmp_path: Path) -> None:
    bench = Lobby(tmp_path).run()
    bench.hub.reachable = False
    bench.later(7)
    assert bench.station.visit.step is Step.WELCOME, "nobody is sent away"
    choose(bench)
    bench.later(0.2)
    assert bench.station.visit.step is Step.TICKET


def test_the_paper_is_uploaded_once_under_its_key_when_the_hub_is_back(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    bench = lobby.run()
    bench.hub.reachable = False
    choose(bench)
    bench.later(600)
    bench.hub.reachable = True
    bench.later(10)
    [(key, label, waited)] = bench.hub.uploads
    assert (label, set(bench.hub.attempts)) == ("K2-001", {key})
    assert timedelta(seconds=599) < waited < timedelta(seconds=605)
    assert bench.station.open_calls == frozenset()
    bench.later(10)
    assert len(bench.hub.uploads) == 1


@pytest.mark.allowed_warnings("the hub refused a number printed here")
def test_a_printed_number_the_hub_refuses_is_told_to_staff_and_again_until_the_hub_takes_it(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    bench = lobby.run()
    bench.hub.reachable = False
    choose(bench)
    bench.later(10)
    bench.hub.uploads_refused_with = "request.invalid"
    bench.hub.reachable = True
    bench.later(60)
    assert len(bench.hub.refused) == 1, "not again and again"
    assert bench.hub.faults == ["ticket.upload_refused"]
    assert bench.hub.told_with == [{"labels": "K2-001"}]
    bench.hub.uploads_refused_with = None
    bench.later(REFUSED_AGAIN_S)
    assert [label for _, label, _ in bench.hub.uploads] == ["K2-001"]


@pytest.mark.allowed_warnings("the hub refused a number printed here")
def test_a_number_refused_for_good_is_told_to_staff_once(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    bench = lobby.run()
    bench.hub.reachable = False
    choose(bench)
    bench.later(10)
    bench.hub.uploads_refused_with = "ticket.cancelled_before"
    bench.hub.reachable = True
    bench.later(2 * REFUSED_AGAIN_S)
    assert len(bench.hub.refused) == 1
    assert bench.hub.faults.count("ticket.upload_refused") == 1
    assert lobby.outbox().open_ids() == ()


def test_a_clock_that_is_set_meanwhile_changes_nothing_about_how_long_ago_it_was(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    bench = lobby.run()
    bench.hub.reachable = False
    choose(bench)
    bench.later(100)
    lobby.clock_off = timedelta(hours=-9)
    bench.hub.reachable = True
    bench.later(5)
    [(_, _, waited)] = bench.hub.uploads
    assert timedelta(seconds=99) < waited < timedelta(seconds=105)


def test_an_answer_that_comes_after_the_own_number_is_merged_and_changes_nothing_on_the_screen(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    bench = lobby.run()
    bench.hub.answers_lost = 5
    choose(bench)
    bench.later(2)
    assert [slip.label for slip in lobby.papers] == ["K2-001"]
    bench.later(10)
    [ticket] = bench.hub.tickets.values()
    assert ticket.label == "K2-001"
    assert bench.station.visit.ticket is not None
    assert bench.station.visit.ticket.label == "K2-001"
    assert len(lobby.papers) == 1


def test_what_becomes_of_the_paper_reaches_the_hub_also_when_it_was_away(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    bench = lobby.run()
    bench.hub.reachable = False
    choose(bench)
    bench.later(3)
    [slip] = lobby.papers
    paper_says(bench, slip, PrintProgress.SENT)
    paper_says(bench, slip, PrintProgress.CONFIRMED)
    bench.hub.reachable = True
    bench.later(5)
    assert bench.hub.papers[-1] == ("t1", 0, "confirmed")


def test_a_kiosk_that_starts_without_the_hub_offers_what_it_knew_and_counts_on(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    first = lobby.run()
    first.hub.reachable = False
    choose(first)
    first.later(3)
    paper_says(first, lobby.papers[0], PrintProgress.CONFIRMED)
    second = lobby.run()
    second.later(7)
    assert second.station.visit.step is Step.WELCOME
    assert second.station.visit.services
    choose(second)
    second.later(3)
    assert [slip.label for slip in lobby.papers] == ["K2-001", "K2-002"]
    second.hub.reachable = True
    second.later(10)
    assert {label for _, label, _ in second.hub.uploads} == {"K2-001", "K2-002"}


def test_a_kiosk_that_never_heard_of_a_service_says_where_to_go(tmp_path: Path) -> None:
    bench = Lobby(tmp_path, KeepingHub(reachable=False)).run()
    bench.later(2)
    assert bench.station.visit.step is Step.HUB_AWAY


def test_a_number_whose_patient_left_is_taken_back(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    bench = lobby.run()
    bench.station.post(ev.TicketIssued(request_id="gone", ticket=bench.hub._ticket(_wish())))
    bench.station.process_pending()
    assert bench.hub.faults == ["ticket.unclaimed"]
    assert bench.hub.told_with == [{"labels": "A001"}]


def _wish() -> Any:
    from kiosk.domain.ticket import Priority
    from kiosk.domain.visit.effects import IssueTicket

    return IssueTicket(
        request_id="gone",
        service="noi",
        priority=Priority.NORMAL,
        patient_ref=None,
        eligibility_id=None,
        masked_name=None,
        flags=(),
    )


@pytest.mark.parametrize("restart_after_s", [5.0, 300.0])
@pytest.mark.parametrize("reachable", [True, False])
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("cut", range(1, 9))
def test_a_kiosk_killed_at_any_step_loses_nothing_doubles_nothing_and_leaves_no_phantom(
    tmp_path: Path, cut: int, before: bool, reachable: bool, restart_after_s: float
) -> None:
    """After the restart, and once the hub is back, every number on a paper is one live ticket, once; and every live
    ticket is on a paper, or staff were told that its paper never came."""
    lobby = Lobby(tmp_path)
    disk = FailingDisk()
    first = lobby.run(disk)
    disk.arm(cut, before=before)
    try:
        first.hub.reachable = reachable
        choose(first)
        first.later(3)
        for slip in list(lobby.papers):
            paper_says(first, slip, PrintProgress.CONFIRMED)
        first.later(3)
    except Power:
        pass
    lobby.now_s = first.now_s + restart_after_s
    lobby.hub.reachable = True
    second = lobby.run()
    second.later(10)
    for slip in list(lobby.papers):
        paper_says(second, slip, PrintProgress.CONFIRMED)
    second.later(5)
    labels = [slip.label for slip in lobby.papers]
    assert len(labels) == len(set(labels)), "printed twice"
    without_paper = {ticket for ticket, _, state in lobby.hub.papers if state == "failed"}
    assert ("printer.kiosk_stopped" in lobby.hub.faults) == bool(without_paper)
    for code, params in zip(lobby.hub.faults, lobby.hub.told_with, strict=True):
        assert code != "printer.kiosk_stopped" or str(params["labels"]).startswith(("A0", "K2-0")), "which one"
    assert restart_after_s > 60 or not without_paper, "whoever still stands there gets the paper"
    live = [ticket.label for ticket in lobby.hub.tickets.values() if ticket.id not in without_paper]
    assert sorted(live) == sorted(labels), "a paper without a ticket, or a ticket without a paper"
    assert second.station.open_calls == frozenset()
    second.station.post(ev.DoneTapped())
    choose(second)
    second.later(3)
    assert lobby.papers[-1].label not in labels, "a number was given twice"


def test_a_paper_that_was_in_the_printers_hands_is_not_printed_again_and_staff_are_told(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    choose(lobby.run())
    assert len(lobby.papers) == 1
    second = lobby.run()
    second.later(3)
    assert len(lobby.papers) == 1
    assert ("printer.unconfirmed", {"labels": "A001"}) in list(
        zip(second.hub.faults, second.hub.told_with, strict=True)
    )
    assert second.hub.papers[-1] == ("t1", 0, "unconfirmed")


def test_who_still_stands_there_sees_that_number_again_and_may_print_a_marked_copy(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    choose(lobby.run())
    second = lobby.run()
    second.later(1)
    visit = second.station.visit
    assert visit.ticket is not None
    assert (visit.step, visit.ticket.label) == (Step.TICKET, "A001")
    assert visit.print_progress is PrintProgress.UNCONFIRMED
    second.station.post(ev.ReprintTapped())
    second.later(1)
    assert [(slip.label, slip.reprint) for slip in lobby.papers] == [("A001", 0), ("A001", 1)]


def test_a_number_that_is_due_is_shown_before_the_next_patient_can_begin(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    disk = FailingDisk()
    first = lobby.run(disk)
    disk.arm(2, before=True)  # the wish is kept and answered; the power fails before its paper is
    with pytest.raises(Power):
        choose(first)
    lobby.now_s = first.now_s + 5
    starting = WaitingExecutor()
    second = lobby.run(starting)
    second.station.post(ev.Started())
    second.later(1)
    assert second.station.visit.step is Step.WELCOME
    starting.run_all()
    second.later(0.1)
    starting.run_all()
    assert [slip.label for slip in lobby.papers] == ["A001"]
    assert second.station.visit.ticket is not None


def test_a_disk_that_does_not_answer_at_the_start_keeps_nobody_from_beginning(tmp_path: Path) -> None:
    bench = Lobby(tmp_path).run(WaitingExecutor())
    bench.station.post(ev.Started())
    bench.later(4)
    assert bench.station.visit.step is Step.WELCOME
    bench.later(2)
    assert bench.station.visit.step is Step.PRESENT


def test_a_kiosk_that_runs_for_days_forgets_what_is_settled(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    bench = lobby.run()
    choose(bench)
    paper_says(bench, lobby.papers[0], PrintProgress.CONFIRMED)
    bench.later(5)
    request_id = bench.hub.attempts[0]
    with closing(lobby.outbox()) as outbox:
        assert outbox.entry(request_id) is not None
    bench.now_s += timedelta(days=2, hours=1).total_seconds()
    bench.later(1)
    with closing(lobby.outbox()) as outbox:
        assert outbox.entry(request_id) is None
