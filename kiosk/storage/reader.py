"""Reading connections, apart from the writer: a small pool, each used by one thread at a time."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from kiosk.storage.database import open_reader
from kiosk.storage.tables import Tables, tables_of


class ReaderPool:
    """Hands out the site's tables over `query_only` connections, each a consistent snapshot (one read transaction)."""

    def __init__(self, path: Path, site_id: str, size: int = 4) -> None:
        self._site_id = site_id
        self._idle: queue.LifoQueue[apsw.Connection] = queue.LifoQueue()
        self._all = [open_reader(path) for _ in range(size)]
        for connection in self._all:
            self._idle.put(connection)

    @contextmanager
    def snapshot(self) -> Iterator[Tables]:
        connection = self._idle.get()
        try:
            connection.execute("BEGIN")
            try:
                yield tables_of(connection, self._site_id)
            finally:
                connection.execute("COMMIT")
        finally:
            self._idle.put(connection)

    def close(self) -> None:
        for connection in self._all:
            connection.close()
