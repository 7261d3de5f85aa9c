"""All tables of one site over one connection."""

from __future__ import annotations

from dataclasses import dataclass

import apsw

from kiosk.storage.calls import CallTable
from kiosk.storage.clocks import ClockTable
from kiosk.storage.keys import KeyTable
from kiosk.storage.lookups import LookupTable
from kiosk.storage.papers import PaperTable
from kiosk.storage.records import RecordTable
from kiosk.storage.restores import RestoreTable
from kiosk.storage.scan_hours import ScanHourTable
from kiosk.storage.tickets import TicketTable


@dataclass(frozen=True, kw_only=True)
class Tables:
    """What use cases read and, inside the writer's transaction, write."""

    tickets: TicketTable
    calls: CallTable
    records: RecordTable
    scan_hours: ScanHourTable
    lookups: LookupTable
    restores: RestoreTable
    keys: KeyTable
    papers: PaperTable
    clock: ClockTable


def tables_of(connection: apsw.Connection, site_id: str) -> Tables:
    return Tables(
        tickets=TicketTable(connection, site_id),
        calls=CallTable(connection, site_id),
        records=RecordTable(connection, site_id),
        scan_hours=ScanHourTable(connection, site_id),
        lookups=LookupTable(connection, site_id),
        restores=RestoreTable(connection, site_id),
        keys=KeyTable(connection, site_id),
        papers=PaperTable(connection, site_id),
        clock=ClockTable(connection, site_id),
    )
