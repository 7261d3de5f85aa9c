"""Bugs put in on purpose: a simulation that does not catch them all proves nothing.

Each replaces one small piece of the real program (or of what its disk keeps over a kill) while the worlds run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import sim_kiosk
from sim_kiosk import SimKiosk
from sim_world import Outcome, run_world

import kiosk.domain.visit.issuing
import kiosk.domain.visit.printing
import kiosk.services.change
import kiosk.services.issue
import kiosk.services.merge
import kiosk.services.new_ticket
import kiosk.services.show
from kiosk.domain.outbox import Stage
from kiosk.domain.visit.effects import PrintSlip
from kiosk.domain.visit.state import PrintProgress
from kiosk.station.kiosk_station import KioskStation
from kiosk.station.ticket_desk import RESUMED_WITHIN, TicketDesk
from kiosk.storage.calls import CallTable
from kiosk.storage.keys import KeyTable
from kiosk.storage.outbox import Outbox

Mutant = Callable[[int], Outcome]


def _patched(*replaced: tuple[object, str, object], long_absence: bool = False) -> Mutant:
    @contextmanager
    def put_in() -> Iterator[None]:
        patches = [patch.object(owner, name, new) for owner, name, new in replaced]
        for one in patches:
            one.start()
        try:
            yield
        finally:
            for one in patches:
                one.stop()

    def run(seed: int) -> Outcome:
        with put_in():
            return run_world(seed, long_absence=long_absence)

    return run


def _forgets_on_kill(sql: str) -> Mutant:
    """The kiosk's disk had not kept it when the process was killed."""
    kill = SimKiosk.kill

    def killed(kiosk: SimKiosk) -> None:
        was_alive = kiosk.process is not None
        kill(kiosk)
        if was_alive:
            kiosk.outbox._db.execute(sql)

    return _patched((SimKiosk, "kill", killed))


def _answered_whatever_was_settled(outbox: Outbox, request_id, ticket) -> bool:
    with outbox._transaction() as db:
        db.execute(
            "UPDATE entry SET stage = 'answered', ticket = ?, label = ?, number = ?, printed_at = NULL,"
            " answer = ?, acknowledged = 1 WHERE request_id = ?",
            (ticket.id, ticket.label, ticket.number, outbox._sealed(ticket, request_id), request_id),
        )
        return True


_issued = kiosk.domain.visit.issuing._issued


def _late_answer_shown(visit, request_id, ticket, at, *, own_number=False):
    if request_id == visit.request_id and visit.ticket is not None and not own_number:
        visit = replace(visit, ticket=None)
    return _issued(visit, request_id, ticket, at, own_number=own_number)


_print_changed = kiosk.domain.visit.printing._changed


def _unconfirmed_printed_again(visit, event):
    changed, effects = _print_changed(visit, event)
    first = visit.print_progress is not PrintProgress.UNCONFIRMED
    if event.progress is PrintProgress.UNCONFIRMED and changed is not visit and visit.slip is not None and first:
        effects = (*effects, PrintSlip(slip=visit.slip))
    return changed, effects


def _printed_without_keeping(desk: TicketDesk, slip) -> None:
    desk._print_slip(slip)


_paper_known = TicketDesk._paper_known


def _kept_when_it_is_out(desk: TicketDesk, event) -> None:
    if event.progress is not PrintProgress.SENT:
        _paper_known(desk, event)


def _ordered_by_number(context, wish, given):
    midnight = context.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return _insert_ticket(context, wish, replace(given, arrived=midnight + timedelta(seconds=given.number)))


_insert_ticket = kiosk.services.new_ticket.insert_ticket


def _settled_taken_back(desk: TicketDesk) -> None:
    """As it was: only who may still stand there is shown a number that was given and not printed."""
    now = desk._instant()
    for entry in desk._outbox.unfinished():
        if entry.stage is Stage.ASKED or (entry.paper is None and entry.asked.age(now) > RESUMED_WITHIN):
            desk._taken_back(entry.request_id)
        elif entry.paper is None:
            desk._resume_visit(entry)
        else:
            desk._end_paper(entry)


def _all_taken_back(desk: TicketDesk) -> None:
    for entry in desk._outbox.unfinished():
        if entry.paper is None:
            desk._taken_back(entry.request_id)
        else:
            desk._end_paper(entry)


def _none_shown_again(desk: TicketDesk) -> None:
    for entry in desk._outbox.unfinished():
        if entry.stage is Stage.ASKED:
            desk._taken_back(entry.request_id)
        else:
            desk._end_paper(entry)


_take_up = KioskStation._take_up


def _begun_before_all_is_taken_up(station: KioskStation) -> None:
    _take_up(station)
    station._taken_up()


_resumed = kiosk.domain.visit.issuing._resumed


def _printed_once_more(visit, event):
    return _resumed(visit, replace(event, printed=False))


def _never_shown_is_kept_quiet(desk: TicketDesk, request_id: str) -> None:
    """Staff hear nothing of it."""


def _own_numbers_called_unseen(context, key, asked, *, offline=None, **more):
    return kiosk.services.issue.issue_ticket(context, key, asked, offline=offline, tells_paper=offline is None)


_held_already = kiosk.services.issue._held_already


def _met_at_another_kiosk_counts_as_seen(context, request, staff):
    held = _held_already(context, request, staff)
    if held is not None:
        context.tickets.may_be_called(held.id)
    return held


def _unseen_for_days(*modules: object) -> Mutant:
    return _patched(*((module, "LONGEST_UNSEEN", timedelta(days=7)) for module in modules), long_absence=True)


MUTANTS: dict[str, Mutant] = {
    "the hub answers before its commit": lambda seed: run_world(seed, answers_before_commit=True),
    "the hub forgets keys": _patched((KeyTable, "remember", lambda *_: None)),
    "no tombstone is kept": _patched((KeyTable, "is_taken_back", lambda *_: False)),
    "the printed label is not taken over": _patched(
        (kiosk.services.issue, "merged", lambda context, key, known, *paper: context.tickets.get(known.ticket))
    ),
    "who was called is called by another label": _patched((CallTable, "called_at", lambda *_: None), long_absence=True),
    "an upload counts as arrival": _patched((kiosk.services.merge, "arrival", lambda now, paper: now)),
    "the kiosk's clock is believed": _patched((kiosk.services.merge, "arrival", lambda now, paper: paper.asked_at)),
    "the queue is ordered by number": _patched(
        (kiosk.services.issue, "insert_ticket", _ordered_by_number),
        (kiosk.services.merge, "insert_ticket", _ordered_by_number),
    ),
    "the key is not on disk when it is sent": _forgets_on_kill("DELETE FROM entry WHERE stage = 'asked'"),
    "the kiosk's series begins anew after a restart": _forgets_on_kill("DELETE FROM series"),
    "the kiosk's number is not on disk before its paper": _forgets_on_kill(
        "UPDATE entry SET stage = 'asked', label = NULL, number = NULL, printed_at = NULL WHERE stage = 'own'"
    ),
    "a late answer takes the place of the printed number": _patched(
        (Outbox, "answered", _answered_whatever_was_settled)
    ),
    "a late answer is printed too": _patched(
        (Outbox, "answered", _answered_whatever_was_settled),
        (kiosk.domain.visit.issuing, "_issued", _late_answer_shown),
    ),
    "an ambiguous print is repeated": _patched((kiosk.domain.visit.printing, "_changed", _unconfirmed_printed_again)),
    "a paper is kept only when it is out": _patched(
        (TicketDesk, "_printed", _printed_without_keeping), (TicketDesk, "_paper_known", _kept_when_it_is_out)
    ),
    "a number that was settled is taken back after a restart": _patched(
        (TicketDesk, "_resume_wishes", _all_taken_back)
    ),
    "a number that is still due is not shown after a restart": _patched(
        (TicketDesk, "_resume_wishes", _none_shown_again)
    ),
    "a paper the printer had is printed once more after a restart": _patched(
        (kiosk.domain.visit.issuing, "_resumed", _printed_once_more)
    ),
    "the hub calls what nobody has seen": _patched((kiosk.services.change, "LONGEST_UNSEEN", timedelta(0))),
    "a kiosk that is back too late keeps quiet about it": _patched(
        (TicketDesk, "_left_unprinted", _never_shown_is_kept_quiet), long_absence=True
    ),
    "a number that nobody has seen is never callable": _unseen_for_days(kiosk.services.issue, kiosk.services.change),
    "such a number is called without a word": _patched(
        (kiosk.services.show, "NOT_SHOWN", "flag.something"), long_absence=True
    ),
    "a number is taken back after a restart when its patient has gone": _patched(
        (TicketDesk, "_resume_wishes", _settled_taken_back)
    ),
    "patients may begin before the due number is shown": _patched(
        (KioskStation, "_take_up", _begun_before_all_is_taken_up)
    ),
    "a kiosk's own number is called before anybody has seen it": _patched(
        (sim_kiosk, "issue_ticket", _own_numbers_called_unseen), long_absence=True
    ),
}
RARE_MUTANTS: dict[str, Mutant] = {
    "who meets a number at another kiosk counts as having seen it": _patched(
        (kiosk.services.issue, "_held_already", _met_at_another_kiosk_counts_as_seen)
    ),
}
