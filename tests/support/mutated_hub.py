"""`tiepdon` with a bug put into the hub on purpose: `python mutated_hub.py BUG hub --data …`."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import kiosk.services.issue as issuing
from kiosk.app.cli import main
from kiosk.services.context import WriteContext
from kiosk.storage.keys import KeyTable, RememberedKey
from kiosk.storage.tickets import StoredTicket, TicketTable

LONGER_THAN_A_KIOSK_WAITS_S = 5.0


def keys_forgotten() -> None:
    """And now and then an answer comes later than any kiosk waits for it, so that keys come again."""
    remember, hear_of_the_next = KeyTable.remember, itertools.count(1)

    def slowly(table: KeyTable, *given: Any) -> None:
        remember(table, *given)
        if next(hear_of_the_next) % 4 == 0:
            time.sleep(LONGER_THAN_A_KIOSK_WAITS_S)

    KeyTable.remember = slowly
    KeyTable.remembered = lambda table, key: None


def printed_label_ignored() -> None:
    def merged(context: WriteContext, known: RememberedKey, label: str) -> StoredTicket:
        ticket = context.tickets.get(known.ticket)
        assert ticket is not None
        return ticket

    came = issuing.came_with_label
    issuing.merged = merged
    issuing.came_with_label = lambda context, *given: _with_hubs_label(came(context, *given), context)


def _with_hubs_label(ticket: StoredTicket, context: WriteContext) -> StoredTicket:
    from dataclasses import replace

    own = replace(ticket, label=f"Z{ticket.id[:6]}")
    context.tickets.relabel(own)
    return own


def numbers_left_out() -> None:
    take = TicketTable.take_number

    def twice(table: TicketTable, day, service: str) -> int:
        take(table, day, service)
        return take(table, day, service)

    TicketTable.take_number = twice


BUGS: dict[str, Callable[[], None]] = {
    "keys_forgotten": keys_forgotten,
    "printed_label_ignored": printed_label_ignored,
    "numbers_left_out": numbers_left_out,
}

if __name__ == "__main__":
    BUGS[sys.argv[1]]()
    sys.exit(main(sys.argv[2:]))
