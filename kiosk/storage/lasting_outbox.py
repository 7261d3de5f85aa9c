"""The outbox of a kiosk whatever becomes of its disk: in memory while that cannot be written, on it again when it can.

Nobody who uses it meets an `OutboxFault`. Its calls come one at a time, from any thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from kiosk.domain.outbox import Entry, Instant, OutboxFault, OwnNumber, Stage
from kiosk.domain.paper import Paper, PaperReport
from kiosk.domain.ticket import TicketView
from kiosk.domain.visit.effects import IssueTicket
from kiosk.storage.outbox import Outbox

log = logging.getLogger("tiepdon.station")

T = TypeVar("T")

LOOK_EVERY_S = 5.0
TELL_EVERY_S = 600.0
"""Staff may have marked the alert as handled while nothing was mended."""
UNWRITABLE = "outbox.unwritable"
MOVED_ASIDE = "outbox.moved_aside"


@dataclass(frozen=True, kw_only=True)
class OnDisk:
    """An open outbox and what gives its folder back. `fresh`: a damaged one was put aside."""

    outbox: Outbox
    release: Callable[[], None]
    fresh: bool


class LastingOutbox:
    """`open_on_disk` raises `OutboxFault` where the disk cannot be used (null: nothing shall last). `tell_staff` gets
    dotted codes, never while this is made: then `fault` holds one. After `close()` it knows nothing and keeps nothing,
    for who comes late."""

    def __init__(
        self,
        open_on_disk: Callable[[], OnDisk] | None,
        in_memory: Callable[[], Outbox],
        *,
        tell_staff: Callable[[str], None],
        clock_s: Callable[[], float],
    ) -> None:
        self._open_on_disk = open_on_disk
        self._tell_staff = tell_staff
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._closed = False
        self._on_disk: OnDisk | None = None
        self._look_at_s = clock_s() + LOOK_EVERY_S
        self._tell_at_s = clock_s() + TELL_EVERY_S
        self.fault: str | None = None
        if open_on_disk is None:
            self._outbox = in_memory()
            return
        try:
            self._on_disk = open_on_disk()
            self._outbox = self._on_disk.outbox
            self.fault = MOVED_ASIDE if self._on_disk.fresh else None
        except OutboxFault as fault:
            log.error("the outbox cannot be used: %s", fault)
            self._outbox = in_memory()
            self.fault = UNWRITABLE

    @property
    def is_on_disk(self) -> bool:
        return self._on_disk is not None

    def close(self) -> None:
        """Idempotent."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._outbox.close()
                if self._on_disk is not None:
                    self._on_disk.release()

    def wish(self, wish: IssueTicket, asked: Instant) -> None:
        self._use(lambda box: box.wish(wish, asked), None)

    def answered(self, request_id: str, ticket: TicketView) -> bool:
        return self._use(lambda box: box.answered(request_id, ticket), False)

    def refused(self, request_id: str) -> bool:
        return self._use(lambda box: box.refused(request_id), False)

    def give_own_number(self, request_id: str, today: date, now: datetime) -> OwnNumber | None:
        return self._use(lambda box: box.give_own_number(request_id, today, now), None)

    def take_back(self, request_id: str) -> bool:
        return self._use(lambda box: box.take_back(request_id), False)

    def acknowledged(self, request_id: str, stage: Stage, ticket_id: str | None) -> None:
        self._use(lambda box: box.acknowledged(request_id, stage, ticket_id), None)

    def paper(self, ticket_or_request: str, report: PaperReport) -> str | None:
        return self._use(lambda box: box.paper(ticket_or_request, report), None)

    def paper_told(self, request_id: str, paper: Paper) -> None:
        self._use(lambda box: box.paper_told(request_id, paper), None)

    def entry(self, request_id: str) -> Entry | None:
        return self._use(lambda box: box.entry(request_id), None)

    def open_ids(self) -> tuple[str, ...]:
        """Asked for every few seconds; looks after the disk on the way, when no patient waits for it."""
        with self._lock:
            due = self._on_disk is None and self._clock_s() >= self._look_at_s
            if due and not self._closed and self._open_on_disk is not None:
                self._look_at_s = self._clock_s() + LOOK_EVERY_S
                self._look_at_disk(self._open_on_disk)
        return self._use(lambda box: box.open_ids(), ())

    def unfinished(self) -> tuple[Entry, ...]:
        return self._use(lambda box: box.unfinished(), ())

    def purge(self, before: datetime) -> None:
        self._use(lambda box: box.purge(before), None)

    def keep_site(self, day: date, body: bytes) -> None:
        self._use(lambda box: box.keep_site(day, body), None)

    def site(self) -> tuple[date, bytes] | None:
        return self._use(lambda box: box.site(), None)

    def _use(self, call: Callable[[Outbox], T], late: T) -> T:
        with self._lock:
            if self._closed:
                return late
            try:
                return call(self._outbox)
            except OutboxFault as fault:
                if self._on_disk is None:
                    raise
                self._leave_disk(self._on_disk, fault)
            return call(self._outbox)

    def _leave_disk(self, on_disk: OnDisk, fault: OutboxFault) -> None:
        log.error("outbox: %s", fault)
        self._outbox = on_disk.outbox.move_to_memory()
        self._on_disk = None
        on_disk.release()  # so that the disk can be mounted anew
        self._look_at_s = self._clock_s() + LOOK_EVERY_S
        self._tell(UNWRITABLE)

    def _look_at_disk(self, open_on_disk: Callable[[], OnDisk]) -> None:
        try:
            on_disk = self._taken_in(open_on_disk())
        except OutboxFault:
            if self._clock_s() >= self._tell_at_s:
                self._tell(UNWRITABLE)
            return
        self._outbox.close()
        self._outbox, self._on_disk = on_disk.outbox, on_disk
        log.warning("the outbox is on disk again")
        if on_disk.fresh:
            self._tell(MOVED_ASIDE)

    def _taken_in(self, on_disk: OnDisk) -> OnDisk:
        try:
            on_disk.outbox.take_in(self._outbox)
        except OutboxFault:
            on_disk.outbox.close()
            on_disk.release()
            raise
        return on_disk

    def _tell(self, code: str) -> None:
        self._tell_at_s = self._clock_s() + TELL_EVERY_S
        self._tell_staff(code)
