"""The kiosk's side of a number: nothing is sent, shown or printed that is not on disk before.

Each wish is settled once, in the outbox: by the hub's number, by one of the kiosk's own, or by none. Whatever the hub
has still to hear (a printed label, a key taken back, what became of a paper) is told until it has heard it, also after
the program was killed at any moment.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import msgspec

from kiosk.domain.alert import about
from kiosk.domain.faults import Fault, Refusal
from kiosk.domain.kept_site import KeptSite
from kiosk.domain.outbox import Entry, Instant, OwnNumber, Stage
from kiosk.domain.paper import PaperReport, PaperState
from kiosk.domain.slip import Slip
from kiosk.domain.ticket import TicketState, TicketView
from kiosk.domain.visit.effects import IssueTicket
from kiosk.domain.visit.events import (
    Event,
    IssueRefused,
    OwnNumberFailed,
    OwnNumberGiven,
    PrintChanged,
    ServicesLoaded,
    TicketIssued,
    TicketResumed,
)
from kiosk.domain.visit.state import PrintProgress
from kiosk.station.hub_port import HubPort, ReportFault
from kiosk.station.outbox_port import OutboxPort
from kiosk.station.repeated_calls import HandOver, RepeatedCalls

log = logging.getLogger("tiepdon.station")

SWEEP_S = 2.0
RESUMED_WITHIN = timedelta(seconds=60)
"""A number that was given and not printed is still due to its patient for this long after a restart."""
KEPT_FOR = timedelta(days=2)
PURGE_S = 3600.0
_IN_THE_PRINTERS_HANDS = (PaperState.QUEUED, PaperState.SENT)
REFUSED_AGAIN_S = 600.0
"""How long to wait before a printed number that the hub refused is told again: its set-up may be mended by then."""
NEVER_AGAIN = frozenset({"ticket.cancelled_before"})
"""Refusals that no set-up mends."""
NOT_SURE = "printer.no_confirmation"
STOPPED = "printer.kiosk_stopped"
"""The kiosk was off when the paper of a number should have come."""


class TicketDesk:
    """The public methods belong to the owner's thread and return at once.

    What waits for the disk runs on `disk`, a pool of one thread; what waits for the hub in `repeated`. `post` and
    `tell_staff` are thread-safe; `print_slip` is called on the disk's thread, `site_known` on the owner's with what the
    hub offered before this run.
    """

    def __init__(
        self,
        *,
        hub: HubPort,
        outbox: OutboxPort,
        disk: Executor,
        repeated: RepeatedCalls,
        hand_over: HandOver,
        post: Callable[[Event], None],
        print_slip: Callable[[Slip], None],
        tell_staff: ReportFault,
        site_known: Callable[[ServicesLoaded], None],
        kiosk_id: str,
        instant: Callable[[], Instant],
        clock_s: Callable[[], float],
        today: Callable[[], date],
    ) -> None:
        self._hub = hub
        self._outbox = outbox
        self._disk = disk
        self._repeated = repeated
        self._hand_over = hand_over
        self._post = post
        self._print_slip = print_slip
        self._tell_staff = tell_staff
        self._site_known = site_known
        self._site_kept: KeptSite | None = None
        self._kiosk_id = kiosk_id
        self._instant = instant
        self._clock_s = clock_s
        self._today = today
        self._next_sweep_s = clock_s() + SWEEP_S
        self._next_purge_s = clock_s() + PURGE_S
        self._refused_until_s: dict[str, float] = {}

    def issue(self, wish: IssueTicket) -> None:
        """Ask the hub for a number, after the wish is on disk."""
        self._on_disk(self._wished, wish)

    def give_own_number(self, request_id: str) -> None:
        self._on_disk(self._own_number, request_id)

    def take_back(self, request_id: str) -> None:
        self._on_disk(self._taken_back, request_id)

    def leave_unprinted(self, request_id: str) -> None:
        self._on_disk(self._left_unprinted, request_id)

    def print(self, slip: Slip) -> None:
        """Put a slip on its way; from before that its paper counts as out."""
        self._on_disk(self._printed, slip)

    def paper_changed(self, event: PrintChanged) -> None:
        """Keep what the printer says, and tell the hub."""
        if event.progress is not PrintProgress.NONE:
            self._on_disk(self._paper_known, event)

    def keep_site(self, site: ServicesLoaded) -> None:
        """Keep what the hub offers, and when it said so, for a start without it."""
        kept = KeptSite(site=site, kept=self._instant())
        if site.services and (self._site_kept is None or not self._site_kept.says_the_same(kept)):
            self._site_kept = kept
            self._on_disk(self._keep_site, msgspec.json.encode(kept))

    def resume(self, then: Callable[[], None]) -> None:
        """Take up what the last run of the program left undone; `then` runs on the owner's thread, after the number
        that is still due was posted."""
        self._on_disk(self._taken_up, then)

    def tick(self) -> None:
        """Now and then look for what the hub has still to hear, and forget what is old and settled."""
        if self._clock_s() >= self._next_purge_s:
            self._next_purge_s = self._clock_s() + PURGE_S
            self._on_disk(self._purged)
        if self._clock_s() >= self._next_sweep_s:
            self._next_sweep_s = self._clock_s() + SWEEP_S
            self._on_disk(self._swept)

    def _on_disk(self, work: Callable[..., None], *given: object) -> None:
        self._disk.submit(self._worked, work, given)

    # -- on the disk's thread -------------------------------------------------------------------------------------

    def _worked(self, work: Callable[..., None], given: tuple[object, ...]) -> None:
        try:
            work(*given)
        except Exception:
            log.exception("something a kiosk keeps could not be kept")

    def _wished(self, wish: IssueTicket) -> None:
        self._outbox.wish(wish, self._instant())
        self._settle_soon(wish.request_id)

    def _own_number(self, request_id: str) -> None:
        try:
            own = self._outbox.give_own_number(request_id, self._today(), self._instant().at)
            entry = self._outbox.entry(request_id)
        except Exception:
            log.exception("no number of the kiosk's own could be given")
            self._post(OwnNumberFailed(request_id=request_id))
            return
        if entry is None:
            self._post(OwnNumberFailed(request_id=request_id))
        elif own is not None and entry.wish is not None:
            self._post(OwnNumberGiven(request_id=request_id, ticket=own_ticket(entry.wish, own)))

    def _taken_back(self, request_id: str) -> None:
        if self._outbox.take_back(request_id):
            self._settle_soon(request_id)

    def _printed(self, slip: Slip) -> None:
        try:
            self._keep_paper(slip.ticket_id, PaperState.SENT, None, slip.reprint)
            self._print_slip(slip)
        except Exception:
            # the number is given and on the screen; a slip that cannot be made must not take it away
            log.exception("a slip could not be handed to the printer")
            fault = Fault(code="printer.failed")
            failed = PrintProgress.FAILED
            paper = PrintChanged(ticket_id=slip.ticket_id, progress=failed, fault=fault, copy=slip.reprint)
            self._post(replace(paper, label=slip.label))

    def _paper_known(self, event: PrintChanged) -> None:
        code = None if event.fault is None else event.fault.code
        self._keep_paper(event.ticket_id, PaperState(event.progress.value), code, event.copy)

    def _keep_paper(self, ticket_or_request: str, state: PaperState, code: str | None, copy: int) -> None:
        report = PaperReport(state=state, code=code, copy=copy, at=self._instant().at, kiosk=self._kiosk_id)
        request_id = self._outbox.paper(ticket_or_request, report)
        if request_id is not None:
            self._settle_soon(request_id)

    def _keep_site(self, body: bytes) -> None:
        self._outbox.keep_site(self._today(), body)

    def _resume_site(self) -> None:
        kept = self._outbox.site()
        if kept is None:
            return
        try:
            site = msgspec.json.decode(kept[1], type=KeptSite)
        except msgspec.MsgspecError:
            return  # of another version of the program: the hub will say
        self._hand_over(partial(self._site_known, site.resumed(self._instant())))

    def _taken_up(self, then: Callable[[], None]) -> None:
        try:
            self._resume_site()
            self._resume_wishes()
        finally:
            self._hand_over(then)
        self._purged()
        self._swept()

    def _resume_wishes(self) -> None:
        """Only a wish nothing was settled of is taken back: a number that was settled may have been seen. The newest of
        those is shown again, if its patient may still stand there."""
        settled: list[Entry] = []
        for entry in self._outbox.unfinished():
            if entry.stage is Stage.ASKED:
                self._taken_back(entry.request_id)
            elif entry.paper is None or entry.paper.state in _IN_THE_PRINTERS_HANDS:
                settled.append(entry)
        now = self._instant()
        newest = settled.pop() if settled and settled[-1].asked.age(now) <= RESUMED_WITHIN else None
        for entry in settled:
            self._end_paper(entry)
        if newest is not None:
            self._resume_visit(newest)

    def _purged(self) -> None:
        self._outbox.purge(self._instant().at - KEPT_FOR)

    def _end_paper(self, entry: Entry) -> None:
        """A paper the printer had when the program ended counts as printed, and staff look; one it had not cannot come
        any more. Who had the number already has a paper of earlier."""
        if entry.paper is not None:
            self._keep_paper(entry.request_id, PaperState.UNCONFIRMED, NOT_SURE, entry.paper.copy)
            self._tell_staff("printer.unconfirmed", about(entry.label))
        elif entry.answer is None or not entry.answer.already:
            self._left_unprinted(entry.request_id)

    def _left_unprinted(self, request_id: str) -> None:
        self._keep_paper(request_id, PaperState.FAILED, STOPPED, 0)
        entry = self._outbox.entry(request_id)
        self._tell_staff(STOPPED, about(None if entry is None else entry.label))

    def _resume_visit(self, entry: Entry) -> None:
        draft = None if entry.wish is None else entry.wish.draft
        ticket = entry.answer if entry.own is None else _own_ticket_of(entry, entry.own)
        printed = entry.paper is not None
        if printed or ticket is None or draft is None:
            self._end_paper(entry)
        if ticket is not None and draft is not None:
            slip = draft.slip(ticket, own_number=entry.own is not None)
            slip = slip if entry.paper is None else replace(slip, reprint=entry.paper.copy)
            self._post(TicketResumed(request_id=entry.request_id, ticket=ticket, slip=slip, printed=printed))

    def _swept(self) -> None:
        for request_id in self._outbox.open_ids():
            self._settle_soon(request_id)

    def _settle_soon(self, request_id: str) -> None:
        self._hand_over(partial(self._repeated.start, f"issue {request_id}", partial(self._settle, request_id)))

    # -- on a thread of the pool of calls -------------------------------------------------------------------------

    def _settle(self, request_id: str) -> None:
        """Tell the hub all there is to tell of one wish. Raises `HubUnreachable` to be called again."""
        while (entry := self._outbox.entry(request_id)) is not None and entry.is_open:
            if self._clock_s() < self._refused_until_s.get(request_id, 0.0):
                return
            if entry.acknowledged:
                self._tell_paper(entry)
            elif entry.stage is Stage.TAKEN_BACK or entry.wish is None:
                self._tell_taken_back(entry)
            elif entry.own is not None:
                self._upload(entry.wish, entry.own, entry.asked)
            else:
                self._ask(entry.wish)

    def _ask(self, wish: IssueTicket) -> None:
        try:
            ticket = self._hub.issue(wish)
        except Refusal as refusal:
            if self._outbox.refused(wish.request_id):
                self._post(IssueRefused(request_id=wish.request_id, fault=refusal.fault))
            return
        if self._outbox.answered(wish.request_id, ticket):
            self._post(TicketIssued(request_id=wish.request_id, ticket=ticket))

    def _upload(self, wish: IssueTicket, own: OwnNumber, asked: Instant) -> None:
        now = self._instant()
        try:
            ticket = self._hub.upload(
                wish, own, kiosk_id=self._kiosk_id, asked_at=now.at - asked.age(now), kiosk_now=now.at
            )
        except Refusal as refusal:
            self._upload_refused(wish.request_id, own.label, refusal.fault.code)
            return
        self._refused_until_s.pop(wish.request_id, None)
        self._outbox.acknowledged(wish.request_id, Stage.OWN, ticket.id)

    def _upload_refused(self, request_id: str, label: str, code: str) -> None:
        """Its holder waits with a number the hub does not know: staff hear of it, and the number is told again."""
        log.error("the hub refused a number printed here: %s", code)
        self._tell_staff("ticket.upload_refused", about(label))
        self._refused_until_s[request_id] = self._clock_s() + REFUSED_AGAIN_S
        if code in NEVER_AGAIN:
            self._outbox.acknowledged(request_id, Stage.OWN, None)

    def _tell_taken_back(self, entry: Entry) -> None:
        """A wish that can no longer be read (its key is lost) is taken back too, unless its paper is out."""
        if entry.own is not None and entry.stage is not Stage.TAKEN_BACK:
            self._tell_staff("ticket.upload_refused", about(entry.label))
        else:
            self._hub.take_back(entry.request_id)
        self._outbox.acknowledged(entry.request_id, entry.stage, None)

    def _tell_paper(self, entry: Entry) -> None:
        assert entry.paper is not None
        assert entry.ticket is not None
        paper, at = entry.paper, entry.paper_at or self._instant().at
        report = PaperReport(state=paper.state, code=paper.code, copy=paper.copy, at=at, kiosk=self._kiosk_id)
        try:
            self._hub.tell_paper(entry.ticket, report)
        except Refusal as refusal:
            log.warning("hub refused to hear of a paper: %s", refusal.fault.code)
        self._outbox.paper_told(entry.request_id, paper)


def own_ticket(wish: IssueTicket, own: OwnNumber) -> TicketView:
    """A number of the kiosk's own as the visit and the slip see it, until the hub has it."""
    return TicketView(
        id=wish.request_id,
        number=own.number,
        label=own.label,
        service=wish.service,
        state=TicketState.WAITING,
        priority=wish.priority,
        people_ahead=None,
        estimate=None,
        counter=None,
        issued_at=own.printed_at,
        masked_name=wish.masked_name,
        next_step=wish.next_step or "next_step.wait_for_call",
        flags=wish.flags,
    )


def _own_ticket_of(entry: Entry, own: OwnNumber) -> TicketView | None:
    return None if entry.wish is None else own_ticket(entry.wish, own)
