"""Who waits for what, by the books of a hub that need not run."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

from kiosk.storage.database import FILE_NAME, open_reader
from kiosk.storage.tickets import TicketTable


def waiting_by_service(data: Path, site_id: str, days: Iterable[date]) -> dict[str, int]:
    """How many wait on `days` for each service in the books. Raises `apsw.Error` where there are none."""
    counted: dict[str, int] = {}
    with closing(open_reader(data / FILE_NAME)) as connection:
        tickets = TicketTable(connection, site_id)
        for day in days:
            for service in tickets.services_of(day):
                counted[service] = counted.get(service, 0) + tickets.waiting(day, service)
    return {service: people for service, people in counted.items() if people}
