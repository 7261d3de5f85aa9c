"""`tiepdon` with a bug put into the hub on purpose: `python mutated_hub.py BUG hub --data …`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import kiosk.services.issue as issuing
from kiosk.app.cli import main
from kiosk.domain.ticket import TicketState
from kiosk.services.context import WriteContext
from kiosk.storage.keys import KeyTable, RememberedKey
from kiosk.storage.tickets import StoredTicket, TicketTable

LONGER_THAN_A_KIOSK_WAITS_S = 3.0
LATE_ANSWERS = 3


def keys_forgotten() -> None:
    """And the first answers to wishes and to own numbers come later than any kiosk waits: keys come again."""
    remember = KeyTable.remember
    late = {True: LATE_ANSWERS, False: LATE_ANSWERS}

    def slowly(table: KeyTable, key: str, answer: RememberedKey, at: datetime) -> None:
        remember(table, key, answer, at)
        is_own = bool(answer.printed_labels)
        late[is_own] -= 1
        if late[is_own] >= 0:
            time.sleep(LONGER_THAN_A_KIOSK_WAITS_S)

    KeyTable.remember = slowly
    KeyTable.remembered = lambda table, key: None


def printed_label_ignored() -> None:
    def merged(context: WriteContext, key: str, known: RememberedKey, *given: object) -> StoredTicket:
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


def called_and_still_waiting() -> None:
    update = TicketTable.update

    def forgotten(table: TicketTable, ticket: StoredTicket) -> None:
        if ticket.state is not TicketState.CALLED:
            update(table, ticket)

    TicketTable.update = forgotten


def odd_numbers_never_called() -> None:
    first_waiting = TicketTable.first_waiting

    def even_only(table: TicketTable, *given: object) -> StoredTicket | None:
        head = first_waiting(table, *given)
        return None if head is None or head.number % 2 else head

    TicketTable.first_waiting = even_only


BUGS: dict[str, Callable[[], None]] = {
    "keys_forgotten": keys_forgotten,
    "printed_label_ignored": printed_label_ignored,
    "numbers_left_out": numbers_left_out,
    "called_and_still_waiting": called_and_still_waiting,
    "odd_numbers_never_called": odd_numbers_never_called,
}

if __name__ == "__main__":
    BUGS[sys.argv[1]]()
    sys.exit(main(sys.argv[2:]))
