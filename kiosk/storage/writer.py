"""The single writer: one thread owns the write connection and commits all waiting requests as one group.

A request is a function of a `WriteSession`; it runs in a savepoint of its own, so one refused request leaves its
neighbours untouched. Its future is answered only after the commit they share is on disk.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Generic, TypeVar

import apsw

from kiosk.domain.events import SiteEvent
from kiosk.domain.faults import Refusal
from kiosk.storage.database import DAMAGE, open_writer
from kiosk.storage.faults import StorageFault
from kiosk.storage.lock import FolderLock
from kiosk.storage.session import TransactionLost, WriteSession
from kiosk.storage.wal_tap import WalTap

log = logging.getLogger("tiepdon.storage")

T = TypeVar("T")

MAX_BATCH = 64


class _Request(Generic[T]):
    """One waiting caller: what to do, and the future that is answered after the commit."""

    def __init__(self, work: Callable[[WriteSession], T]) -> None:
        self._work = work
        self.future: Future[T] = Future()
        self.future.set_running_or_notify_cancel()  # from here on a caller that goes away cannot cancel it
        self._result: T | None = None
        self._error: BaseException | None = None
        self.damage: str | None = None

    def run(self, session: WriteSession) -> None:
        try:
            with session.savepoint():
                self._result = self._work(session)
        except TransactionLost:
            raise
        except Refusal as refusal:
            self._error = refusal
        except apsw.Error as error:
            self._error = StorageFault("storage.write_failed", str(error))
            self.damage = str(error) if isinstance(error, DAMAGE) else None
        except Exception as error:
            # A bug in one use case must not take the writer, or the requests beside it, down.
            log.exception("a write request failed")
            self._error = error

    def answer(self) -> None:
        if self._error is not None:
            self.future.set_exception(self._error)
        else:
            self.future.set_result(self._result)  # type: ignore[arg-type]

    def fail(self, error: Exception) -> None:
        self.future.set_exception(error)


class Writer:
    """Owns the write connection and, until `close()`, the data folder. `on_events` is called on the writer's thread
    after each commit that made events, `on_damage` when the file holds something else than was written. `tap` belongs
    to that thread: use it inside a request. Raises `StorageFault` when the database cannot be used."""

    def __init__(
        self,
        path: Path,
        site_id: str,
        on_events: Callable[[tuple[SiteEvent, ...]], None],
        on_damage: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._lock = FolderLock(path.with_suffix(".lock"))
        try:
            self._connection = open_writer(path)
        except BaseException:
            self._lock.close()
            raise
        self._session = WriteSession(self._connection, site_id)
        self.tap = self._prepared(path)
        self._on_events = on_events
        self._on_damage = on_damage
        self._requests: queue.SimpleQueue[_Request[Any] | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="storage-writer", daemon=True)
        self._thread.start()

    def _prepared(self, path: Path) -> WalTap:
        """The site has its row from the start, so that a copy of an empty queue can note that it is one."""
        try:
            self._session.transaction(lambda: None)
            return WalTap(self._connection, path)
        except apsw.Error as error:
            self._connection.close()
            self._lock.close()
            full = isinstance(error, apsw.FullError)
            raise StorageFault("storage.full" if full else "storage.unreadable", str(error)) from error

    def submit(self, work: Callable[[WriteSession], T]) -> Future[T]:
        """Queue `work`; the future is done once its commit is durable.

        It fails with `Refusal` (nothing written), or `StorageFault` (disk full, closed …).
        """
        request = _Request(work)
        with self._closing:
            if not self._closed:
                self._requests.put(request)
                return request.future
        request.fail(StorageFault("storage.closed", "the hub is stopping"))
        return request.future

    def close(self) -> None:
        """Commit what waits, then close the connection and give the folder back. Closing twice is no error."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._requests.put(None)
        self._thread.join()
        self._connection.close()
        self._lock.close()

    def _run(self) -> None:
        stopping = False
        while not stopping:
            batch, stopping = self._next_batch()
            if batch:
                self._commit(batch)

    def _next_batch(self) -> tuple[list[_Request[Any]], bool]:
        """Wait for one request, then take what else is waiting. The flag tells that the writer is closing."""
        batch: list[_Request[Any]] = []
        item = self._requests.get()
        while item is not None:
            batch.append(item)
            if len(batch) == MAX_BATCH or self._requests.empty():
                return batch, False
            item = self._requests.get()
        return batch, True

    def _run_each(self, batch: list[_Request[Any]]) -> None:
        for request in batch:
            request.run(self._session)
            if request.damage is not None:
                self._on_damage(request.damage)

    def _commit(self, batch: list[_Request[Any]]) -> None:
        try:
            events = self._session.transaction(lambda: self._run_each(batch))
        except (apsw.Error, TransactionLost) as error:
            log.error("commit failed: %s", error)
            if isinstance(error, DAMAGE) or isinstance(error.__cause__, DAMAGE):
                self._on_damage(str(error))
            for request in batch:
                request.fail(StorageFault("storage.write_failed", str(error)))
            return
        for request in batch:
            request.answer()
        if events:
            self._tell(events)
        self.tap.after_commit()

    def _tell(self, events: tuple[SiteEvent, ...]) -> None:
        try:
            self._on_events(events)
        except Exception:
            # Who listens must not take the writer down; the feed's readers find the events in the database.
            log.exception("telling of a commit failed")
