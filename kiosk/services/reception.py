"""The one way in to the queue: runs use cases in the writer's transaction, or on a reading snapshot."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from kiosk.domain.events import SiteEvent
from kiosk.domain.site import Site
from kiosk.services.context import ReadContext, WriteContext
from kiosk.storage.database import FILE_NAME
from kiosk.storage.reader import ReaderPool
from kiosk.storage.session import WriteSession
from kiosk.storage.wal_tap import WalTap
from kiosk.storage.writer import Writer

log = logging.getLogger("tiepdon.storage")

T = TypeVar("T")


def _nobody() -> None:
    """Nobody listens yet."""


class Reception:
    """A site's queue over its data folder. Clock (`now`, UTC) and ids are injected; `close()` when done.

    Raises `kiosk.storage.faults.StorageFault` when the folder cannot be used.
    """

    def __init__(
        self,
        *,
        site: Site,
        data: Path,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        on_events: Callable[[tuple[SiteEvent, ...]], None],
    ) -> None:
        self.site = site
        self.now = now
        self._new_id = new_id
        self._damage = threading.Event()
        self._damage_lock = threading.Lock()
        self._on_damage: Callable[[], None] = _nobody
        self._writer = Writer(data / FILE_NAME, site.id, on_events, self.damaged)
        self._readers = ReaderPool(data / FILE_NAME, site.id, on_damage=self.damaged)

    @property
    def tap(self) -> WalTap:
        """The newest commits for a back-up; to be used inside `write` only."""
        return self._writer.tap

    def write(self, use_case: Callable[[WriteContext], T]) -> Future[T]:
        """Run `use_case` in the writer's next group; the future is done when its commit is durable."""

        def work(session: WriteSession) -> T:
            context = WriteContext(
                site=self.site, now=self.now(), tables=session.tables, session=session, new_id=self._new_id
            )
            return use_case(context)

        return self._writer.submit(work)

    def read(self, use_case: Callable[[ReadContext], T]) -> T:
        """Run `use_case` on a consistent snapshot; blocks only on the disk."""
        with self._readers.snapshot() as tables:
            return use_case(ReadContext(site=self.site, now=self.now(), tables=tables))

    @property
    def is_damaged(self) -> bool:
        return self._damage.is_set()

    def damaged(self, detail: str) -> None:
        """The database turned out to hold something else than was written: nothing but a new start mends that."""
        with self._damage_lock:
            if self._damage.is_set():
                return
            self._damage.set()
            tell = self._on_damage
        log.critical("THE DATABASE IS DAMAGED, the hub ends to be started anew: %s", detail)
        tell()

    def when_damaged(self, tell: Callable[[], None]) -> None:
        """`tell` is called once, on any thread; at once where damage is known already. It must not raise or wait."""
        with self._damage_lock:
            self._on_damage = tell
            known = self.is_damaged
        if known:
            tell()

    def close(self) -> None:
        self._writer.close()
        self._readers.close()
