"""Reading all of a hub's books at once, for a proof or a report: every ticket there ever was, with its keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.domain.paper import PaperState
from kiosk.domain.ticket import TicketState
from kiosk.storage.database import FILE_NAME, open_reader


@dataclass(frozen=True, kw_only=True)
class BookedTicket:
    """A ticket as the hub keeps it. `keys` are the idempotency keys that were answered with it; `labels` all that its
    papers may bear, the one it is called by first; `series` is a service or a kiosk's own; `offline` tells that a kiosk
    gave a number of its own for it, `paper_code` why its paper failed or is not sure."""

    id: str
    day: str
    series: str
    number: int
    labels: tuple[str, ...]
    state: TicketState
    paper: PaperState | None
    keys: frozenset[str]
    offline: bool
    paper_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Books:
    """`taken_back` are the keys that make no ticket any more; `skipped` is how many numbers of a day and series were
    left out on purpose (people wait over midnight, a database was restored)."""

    tickets: tuple[BookedTicket, ...]
    taken_back: frozenset[str]
    skipped: Mapping[tuple[str, str], int] = field(default_factory=dict)


def read_books(data: Path) -> Books:
    """The books in a hub's data folder. Raises `apsw.Error` where there are none."""
    with closing(open_reader(data / FILE_NAME)) as connection:
        keys: dict[str, set[str]] = defaultdict(set)
        offline: set[str] = set()
        for key, ticket, printed in connection.execute("SELECT key, ticket, printed_label FROM idempotency"):
            keys[ticket].add(key)
            if printed is not None:
                offline.add(ticket)
        rows = connection.execute(
            "SELECT id, day, series, number, label, printed_labels, state, paper_state, paper_code"
            " FROM ticket ORDER BY issued_seq"
        )
        tickets = tuple(
            BookedTicket(
                id=row[0],
                day=row[1],
                series=row[2],
                number=row[3],
                labels=(row[4], *row[5].split()),
                state=TicketState(row[6]),
                paper=PaperState(row[7]) if row[7] else None,
                keys=frozenset(keys[row[0]]),
                offline=row[0] in offline,
                paper_code=row[8],
            )
            for row in rows
        )
        taken_back = frozenset(key for (key,) in connection.execute("SELECT key FROM tombstone"))
        series = connection.execute("SELECT day, service, skipped FROM series WHERE skipped > 0")
        skipped = {(day, name): int(count) for day, name, count in series}
        return Books(tickets=tickets, taken_back=taken_back, skipped=skipped)
