"""What storage raises when the database cannot be used."""

from __future__ import annotations


class StorageFault(Exception):
    """The database cannot be used. `code` is dotted (`storage.unreadable`); `detail` is technical."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
