"""What a whole copy is made from: one moment of the database, held as long as copying takes."""

from __future__ import annotations

from pathlib import Path

import apsw

from kiosk.storage.database import DAMAGE, open_reader


class Source:
    """A reading connection to the database file at `path`."""

    def __init__(self, path: Path) -> None:
        self.connection = open_reader(path)

    def hold(self) -> int:
        """From here on it shows this moment; the newest event's seq."""
        self.connection.execute("BEGIN")
        return int(self.connection.execute("SELECT coalesce(max(last_seq), 0) FROM site").get)

    def damage(self) -> str | None:
        """What SQLite's whole check finds wrong with it; null for a sound one. Raises `OSError`."""
        try:
            found = self.connection.pragma("integrity_check")
        except DAMAGE as error:
            return str(error)
        except apsw.Error as error:
            raise OSError(str(error)) from error
        return None if found == "ok" else str(found).splitlines()[0]

    def close(self) -> None:
        self.connection.close()
