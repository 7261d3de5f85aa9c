"""SQL of the scan quality: one row per kiosk, device, hour and run of the kiosk's program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import apsw
import msgspec

from kiosk.domain.scan_quality import ScanCounts, ScanHour
from kiosk.storage.moments import from_stored, to_stored


class ScanHourTable:
    """Scan counts of one site over one connection."""

    def __init__(self, connection: apsw.Connection, site_id: str) -> None:
        self._db = connection
        self._site = site_id

    def put(self, day: date, kiosk: str, source: str, hour: ScanHour) -> None:
        """Keep the totals of an hour. Totals only grow: an older telling that comes late changes nothing."""
        self._db.execute(
            "INSERT INTO scan_hour (site_id, day, kiosk, device, hour, source, scans, counts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET scans = excluded.scans, counts = excluded.counts WHERE excluded.scans > scans",
            (
                self._site,
                day.isoformat(),
                kiosk,
                hour.device,
                to_stored(hour.hour),
                source,
                hour.counts.scans,
                msgspec.json.encode(hour.counts),
            ),
        )

    def between(self, first: date, last: date) -> Iterator[tuple[str, ScanHour]]:
        """(kiosk, hour) of the days from `first` to `last`, in order of day, kiosk, device and hour; an hour comes once
        for each run of the kiosk's program."""
        rows = self._db.execute(
            "SELECT kiosk, device, hour, counts FROM scan_hour WHERE site_id = ? AND day BETWEEN ? AND ?"
            " ORDER BY day, kiosk, device, hour",
            (self._site, first.isoformat(), last.isoformat()),
        )
        for kiosk, device, hour, counts in rows:
            decoded = msgspec.json.decode(counts, type=ScanCounts)
            yield kiosk, ScanHour(device=device, hour=from_stored(hour), counts=decoded)
