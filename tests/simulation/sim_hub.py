"""The hub of the simulation: the real use cases on SQLite in memory, with the simulation's clock and deaths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import TypeVar

import apsw
from sim_time import Scheduler
from support.receptions import site

from kiosk.domain.events import EventType, SiteEvent
from kiosk.domain.faults import Refusal
from kiosk.domain.site import Site
from kiosk.services.context import ReadContext, WriteContext
from kiosk.storage.database import migrate
from kiosk.storage.session import WriteSession
from kiosk.storage.tables import tables_of

T = TypeVar("T")


class HubGone(Exception):
    """No answer: the hub is down, or died before it could answer."""


@cache
def _empty_database() -> bytes:
    with apsw.Connection(":memory:") as connection:
        migrate(connection)
        return connection.serialize("main")


@dataclass(kw_only=True)
class SimHub:
    """`started_at` is the true time (UTC) at which the simulation begins. A death takes what was not committed."""

    time: Scheduler
    started_at: datetime
    site: Site = field(default_factory=site)
    answers_before_commit: bool = False
    up: bool = True
    deaths: int = 0
    events: list[SiteEvent] = field(default_factory=list)
    straggled: set[str | None] = field(default_factory=set)
    """Wishes of which a request came long after it had been sent."""

    def __post_init__(self) -> None:
        self._connection = apsw.Connection(":memory:")
        self._connection.deserialize("main", _empty_database())
        self._session = WriteSession(self._connection, self.site.id)
        self._ids = count(1)
        self._dying: str | None = None

    @property
    def now(self) -> datetime:
        return self.started_at + timedelta(seconds=self.time.now_s)

    def die_at_next_write(self, when: str) -> None:
        """Before its commit (`before`), or after it and before the answer (`after`)."""
        self._dying = when

    def die(self) -> None:
        self.up = False
        self.deaths += 1

    def start(self) -> None:
        self.up = True
        self._dying = None

    def write(self, use_case: Callable[[WriteContext], T]) -> T:
        """One request in one transaction. Raises `Refusal`, and `HubGone` where it died over it."""
        if not self.up:
            raise HubGone
        results: list[T] = []
        refusals: list[Refusal] = []

        def work() -> None:
            context = WriteContext(
                site=self.site, now=self.now, tables=self._session.tables, session=self._session, new_id=self._new_id
            )
            try:
                with self._session.savepoint():
                    results.append(use_case(context))
            except Refusal as refusal:
                refusals.append(refusal)
            if self._dying == "before":
                raise HubGone

        try:
            self.events += self._session.transaction(work)
        except HubGone:
            self.die()
            if self.answers_before_commit and results:
                return results[0]
            raise
        if self._dying == "after":
            self.die()
            raise HubGone
        if refusals:
            raise refusals[0]
        return results[0]

    def read(self, use_case: Callable[[ReadContext], T]) -> T:
        if not self.up:
            raise HubGone
        return use_case(self._reading())

    def books(self) -> ReadContext:
        """Everything it has kept, whether it runs or not."""
        return self._reading()

    def rows(self, sql: str) -> list[tuple]:
        return list(self._connection.execute(sql))

    def issued_at(self, ticket: str) -> datetime:
        """When the hub first knew of it, by its own clock."""
        issued = EventType.TICKET_ISSUED
        return next(
            event.at for event in self.events if event.type is issued and event.ticket and event.ticket.id == ticket
        )

    def close(self) -> None:
        self._connection.close()

    def _reading(self) -> ReadContext:
        return ReadContext(site=self.site, now=self.now, tables=tables_of(self._connection, self.site.id))

    def _new_id(self) -> str:
        return f"t{next(self._ids)}"


@contextmanager
def running_hub(hub: SimHub) -> Iterator[SimHub]:
    try:
        yield hub
    finally:
        hub.close()
