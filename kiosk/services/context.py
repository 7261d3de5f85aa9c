"""What every use case gets: the site, the moment, fresh ids, and the tables of the running transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import apsw

from kiosk.domain.site import Site
from kiosk.storage.calls import CallTable
from kiosk.storage.records import RecordTable
from kiosk.storage.session import WriteSession
from kiosk.storage.tickets import TicketTable


@dataclass(frozen=True, kw_only=True)
class ReadContext:
    """A consistent reading of the site at `now` (UTC)."""

    site: Site
    now: datetime
    tickets: TicketTable
    calls: CallTable
    records: RecordTable

    @property
    def today(self) -> date:
        return self.site.day_of(self.now)


@dataclass(frozen=True, kw_only=True)
class WriteContext(ReadContext):
    """The same inside the writer's transaction."""

    session: WriteSession
    new_id: Callable[[], str]


def read_context(site: Site, now: datetime, connection: apsw.Connection) -> ReadContext:
    return ReadContext(
        site=site,
        now=now,
        tickets=TicketTable(connection, site.id),
        calls=CallTable(connection, site.id),
        records=RecordTable(connection, site.id),
    )


def write_context(site: Site, now: datetime, session: WriteSession, new_id: Callable[[], str]) -> WriteContext:
    return WriteContext(
        site=site,
        now=now,
        tickets=TicketTable(session.connection, site.id),
        calls=CallTable(session.connection, site.id),
        records=RecordTable(session.connection, site.id),
        session=session,
        new_id=new_id,
    )
