"""What a station needs of its outbox, as a port; `kiosk.storage.outbox` keeps it on disk.

Every call waits for the disk.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from kiosk.domain.outbox import Entry, Instant, OwnNumber, Stage
from kiosk.domain.paper import Paper, PaperReport
from kiosk.domain.ticket import TicketView
from kiosk.domain.visit.effects import IssueTicket


class OutboxPort(Protocol):
    """Wishes for numbers until the hub has settled them. Any thread may call."""

    def wish(self, wish: IssueTicket, asked: Instant) -> None:
        """Keep a wish before it is sent; a second time changes nothing."""
        ...

    def answered(self, request_id: str, ticket: TicketView) -> bool:
        """The hub gave this number. False where something else was settled first: the answer came too late."""
        ...

    def refused(self, request_id: str) -> bool:
        """The hub said no: there is nothing to keep. False where something else was settled first."""
        ...

    def give_own_number(self, request_id: str, today: date, now: datetime) -> OwnNumber | None:
        """The next number of the kiosk's own for a wish that nothing was settled of; null for any other."""
        ...

    def take_back(self, request_id: str) -> bool:
        """There shall be no ticket of this wish. False where its paper may be out: then nothing is changed."""
        ...

    def acknowledged(self, request_id: str, stage: Stage, ticket_id: str | None) -> None:
        """The hub knows that `stage` is settled, and has it as the ticket `ticket_id`; what was settled since is still
        to be told."""
        ...

    def paper(self, ticket_or_request: str, report: PaperReport) -> str | None:
        """Keep what is known of a paper; the wish's id where that is news for the hub, else null."""
        ...

    def paper_told(self, request_id: str, paper: Paper) -> None:
        """The hub knows of `paper`; what has become known since is still to be told."""
        ...

    def entry(self, request_id: str) -> Entry | None:
        """One wish, or null."""
        ...

    def open_ids(self) -> tuple[str, ...]:
        """Wishes the hub has still to hear something of: first those taken back, then oldest first."""
        ...

    def unfinished(self) -> tuple[Entry, ...]:
        """What was under way when the program ended, oldest first."""
        ...

    def purge(self, before: datetime) -> None:
        """Forget wishes from before `before` that are settled and told."""
        ...

    def keep_site(self, day: date, body: bytes) -> None:
        """Keep what the hub offers."""
        ...

    def site(self) -> tuple[date, bytes] | None:
        """What the hub offered when it was last heard, and on which day."""
        ...
