"""What must be true at the end of a simulated day, whatever happened: each finding is one sentence, none is good."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from sim_phantoms import phantoms
from sim_truth import Truth

from kiosk.domain.events import EventType
from kiosk.domain.ticket import TicketState
from kiosk.services.labels import TWO_LABELS

NUMBER_WITHIN_S = 3.0
ARRIVAL_WITHIN_S = 12.0
"""How far a place in the queue may be off: an upload takes its time on a bad network."""


def findings(truth: Truth) -> tuple[str, ...]:
    checks = (_lost, _doubled, phantoms, _gaps, _own_gaps, _undone, _out_of_order, _late)
    return tuple(finding for check in checks for finding in check(truth))


def _lost(truth: Truth) -> Iterator[str]:
    on_screens = ((f"screen of {s.kiosk}", s.ref, s.label) for s in truth.seen)
    on_papers = (("paper", paper.ref, paper.label) for paper in truth.papers)
    for where, ref, label in (*on_screens, *on_papers):
        ticket = truth.by_ref.get(ref)
        if ticket is None:
            yield f"lost: {where} {label} ({ref}) is not in the books"
        elif label not in ticket.labels:
            yield f"lost: {where} {label} ({ref}) is {ticket.labels} in the books"
        elif ticket.state is TicketState.CANCELLED:
            yield f"lost: {where} {label} ({ref}) is cancelled"


def _doubled(truth: Truth) -> Iterator[str]:
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for ticket in truth.valid:
        for label in ticket.labels:
            holders[ticket.day, label].add(ticket.id)
    yield from (f"doubled: {key} has {len(ids)} tickets" for key, ids in holders.items() if len(ids) > 1)
    per_visit: dict[tuple[str, int], set[str]] = defaultdict(set)
    for seen in truth.seen:
        if seen.chosen_s is not None:
            per_visit[seen.kiosk, seen.visit].add(seen.label)
    yield from (f"doubled: {visit} saw {labels}" for visit, labels in per_visit.items() if len(labels) > 1)
    per_ref: dict[str, set[str]] = defaultdict(set)
    for paper in truth.papers:
        per_ref[paper.ref].add(paper.label)
    yield from (f"doubled: papers of {ref} bear {labels}" for ref, labels in per_ref.items() if len(labels) > 1)
    firsts = Counter(paper.ref for paper in truth.papers if paper.copy == 0)
    yield from (f"doubled: {ref} came out {n} times unmarked" for ref, n in firsts.items() if n > 1)


def _gaps(truth: Truth) -> Iterator[str]:
    series: dict[tuple[str, str], set[int]] = defaultdict(set)
    for ticket in truth.tickets:
        series[ticket.day, ticket.series].add(ticket.number)
    rows = truth.hub.rows("SELECT day, service, skipped FROM series")
    skipped = {(day, name): count for day, name, count in rows}  # while people wait over midnight
    for (day, name), numbers in series.items():
        if name.startswith("kiosk:"):
            continue  # a number of a kiosk's own whose key had a ticket already is no row of its own
        missing = sorted(set(range(1, max(numbers) + 1)) - numbers)[skipped.get((day, name), 0) :]
        yield from (f"gap: {name} {day} has no {number}" for number in missing)


def _own_gaps(truth: Truth) -> Iterator[str]:
    """A kiosk's own numbers follow each other; each is in the hub's books, or was taken back before anybody saw it."""
    labels = {label for ticket in truth.tickets for label in ticket.labels}
    for kiosk in truth.kiosks:
        own = kiosk.own_numbers()
        missing = sorted(set(range(1, max(own, default=0) + 1)) - own.keys())
        yield from (f"gap: {kiosk.name} left out its number {number}" for number in missing)
        for label, stage in own.values():
            if stage == "own" and label not in labels:
                yield f"gap: {label} never came into the books"


def _undone(truth: Truth) -> Iterator[str]:
    """Who was called stays called by that label, unless nobody has it and staff were shown; boards hear of every change
    after it."""
    seen = {(seen.ref, seen.label) for seen in truth.seen} | {(paper.ref, paper.label) for paper in truth.papers}
    for call in truth.staff.called:
        ticket = truth.by_ref[call.ticket]
        is_held = any((ref, call.label) in seen for ref in ticket.refs)
        if call.label not in ticket.labels and (is_held or TWO_LABELS not in ticket.flags):
            yield f"undone: {call.label} was called and is {ticket.labels} now"
    called: set[str] = set()
    for event in truth.hub.events:
        if event.ticket is None:
            continue
        if event.type is EventType.TICKET_CALLED:
            called.add(event.ticket.id)
        elif event.ticket.id in called and event.ticket.state in (TicketState.WAITING, TicketState.CANCELLED):
            yield f"undone: {event.ticket.label} was called and is {event.ticket.state.value}"


def _out_of_order(truth: Truth) -> Iterator[str]:
    """A place in the queue is when the holder chose a service, by the true clock."""
    for seen in truth.seen:
        ticket = truth.by_ref.get(seen.ref)
        if ticket is None or seen.chosen_s is None or seen.already or len(ticket.keys) > 1:
            continue
        if seen.person is not None or ticket.keys & truth.hub.straggled:
            continue  # insurance was waited for first; nobody can say how old a request is that was long on its way
        arrived = truth.hub.started_at + timedelta(seconds=seen.chosen_s)
        off_s = (ticket.order_at - arrived).total_seconds()
        if abs(off_s) > ARRIVAL_WITHIN_S:
            yield f"order: {seen.label} stands {off_s:.0f} s off its arrival"


def _late(truth: Truth) -> Iterator[str]:
    for kiosk in truth.kiosks:
        yield from (
            f"late: a number after {wait:.1f} s at {kiosk.name}"
            for wait in kiosk.patients.waits
            if wait > NUMBER_WITHIN_S
        )
