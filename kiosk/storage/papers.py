"""SQL of papers: every state each of a ticket's papers was told to be in."""

from __future__ import annotations

from datetime import datetime

import apsw

from kiosk.domain.paper import PaperReport, PaperState
from kiosk.storage.moments import from_stored, to_stored


class PaperTable:
    """Papers of one site over one connection; writing methods belong inside the writer's transaction."""

    def __init__(self, connection: apsw.Connection, site_id: str) -> None:
        self._db = connection
        self._site = site_id

    def add(self, ticket_id: str, report: PaperReport, told_at: datetime) -> None:
        """Keep one report; the same paper in the same state is kept once."""
        self._db.execute(
            "INSERT OR IGNORE INTO print (site_id, ticket, copy, state, code, at, told_at, kiosk)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._site,
                ticket_id,
                report.copy,
                report.state.value,
                report.code,
                to_stored(report.at),
                to_stored(told_at),
                report.kiosk,
            ),
        )

    def of_ticket(self, ticket_id: str) -> tuple[PaperReport, ...]:
        """All reports of a ticket's papers, in the order they were told."""
        rows = self._db.execute(
            "SELECT state, code, copy, at, kiosk FROM print WHERE site_id = ? AND ticket = ?"
            " ORDER BY copy, told_at, at",
            (self._site, ticket_id),
        )
        return tuple(
            PaperReport(state=PaperState(state), code=code, copy=copy, at=from_stored(at), kiosk=kiosk)
            for state, code, copy, at, kiosk in rows
        )
