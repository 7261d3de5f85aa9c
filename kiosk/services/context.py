"""What every use case gets: the site, the moment, fresh ids, and the tables of the running transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.domain.site import Site
from kiosk.storage.calls import CallTable
from kiosk.storage.keys import KeyTable
from kiosk.storage.lookups import LookupTable
from kiosk.storage.papers import PaperTable
from kiosk.storage.records import RecordTable
from kiosk.storage.scan_hours import ScanHourTable
from kiosk.storage.session import WriteSession
from kiosk.storage.tables import Tables
from kiosk.storage.tickets import TicketTable


@dataclass(frozen=True, kw_only=True)
class ReadContext:
    """A consistent reading of the site at `now` (UTC)."""

    site: Site
    now: datetime
    tables: Tables

    @property
    def today(self) -> date:
        return self.site.day_of(self.now)

    @property
    def live_days(self) -> tuple[date, ...]:
        """Today, at night after yesterday: whose tickets wait and are called."""
        return self.site.live_days(self.now)

    @property
    def leftover_services(self) -> tuple[str, ...]:
        """Ids of services that are no longer configured although they are in the books of a live day: who holds a
        number there is still called, by every counter."""
        configured = {service.id for service in self.site.services}
        booked = {service for day in self.live_days for service in self.tickets.services_of(day)}
        return tuple(sorted(booked - configured))

    @property
    def tickets(self) -> TicketTable:
        return self.tables.tickets

    @property
    def calls(self) -> CallTable:
        return self.tables.calls

    @property
    def records(self) -> RecordTable:
        return self.tables.records

    @property
    def lookups(self) -> LookupTable:
        return self.tables.lookups

    @property
    def keys(self) -> KeyTable:
        return self.tables.keys

    @property
    def papers(self) -> PaperTable:
        return self.tables.papers

    @property
    def scan_hours(self) -> ScanHourTable:
        return self.tables.scan_hours


@dataclass(frozen=True, kw_only=True)
class WriteContext(ReadContext):
    """The same inside the writer's transaction."""

    session: WriteSession
    new_id: Callable[[], str]
