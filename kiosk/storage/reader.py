"""Reading connections, apart from the writer: a small pool, each used by one thread at a time."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from kiosk.storage.database import DAMAGE, open_reader
from kiosk.storage.faults import StorageFault
from kiosk.storage.tables import Tables, tables_of


class ReaderPool:
    """Hands out the site's tables over `query_only` connections, each a consistent snapshot (one read transaction).
    `on_damage` is told where the file holds something else than was written."""

    def __init__(
        self, path: Path, site_id: str, size: int = 4, on_damage: Callable[[str], None] = lambda _: None
    ) -> None:
        self._site_id = site_id
        self._on_damage = on_damage
        self._idle: queue.LifoQueue[apsw.Connection] = queue.LifoQueue()
        self._all = [open_reader(path) for _ in range(size)]
        for connection in self._all:
            self._idle.put(connection)

    @contextmanager
    def snapshot(self) -> Iterator[Tables]:
        """Raises `StorageFault` where the file is damaged."""
        connection = self._idle.get()
        try:
            connection.execute("BEGIN")
            try:
                yield tables_of(connection, self._site_id)
            finally:
                connection.execute("COMMIT")
        except DAMAGE as error:
            self._on_damage(str(error))
            raise StorageFault("storage.read_failed", str(error)) from error
        finally:
            self._idle.put(connection)

    def close(self) -> None:
        for connection in self._all:
            connection.close()
