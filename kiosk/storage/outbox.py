"""The kiosk's outbox: a small SQLite file that knows every wish for a number until the hub has settled it.

What it says is on disk before anything is sent, shown or printed. Any thread may call; calls wait for the disk, so
they belong on a thread of their own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import apsw
import msgspec

from kiosk.domain.outbox import (
    Entry,
    Instant,
    OutboxFault,
    OwnNumber,
    Series,
    Stage,
    next_in_series,
    next_without_disk,
    own_label,
)
from kiosk.domain.paper import Paper, PaperState, newest_paper
from kiosk.domain.paper import PaperReport as Report
from kiosk.domain.ticket import TicketView
from kiosk.domain.visit.effects import IssueTicket
from kiosk.storage.moments import from_stored, to_stored
from kiosk.storage.outbox_file import connected
from kiosk.storage.sealing import Sealer

T = TypeVar("T")
Row = tuple[Any, ...]

_COLUMNS = (
    "request_id, stage, asked_at, boot, since_boot, wish, answer, ticket, label, number, printed_at, acknowledged,"
    " paper_state, paper_code, paper_copy, paper_at, paper_told"
)
_MICROSECOND = timedelta(microseconds=1)


class Outbox:
    """One kiosk's entries and its series of numbers, labelled with `prefix`.

    Without a `path` it lives in memory only; `is_whole`: it knows all that the file did which it was before. Every
    method raises `OutboxFault` when the file cannot be used: then nothing was changed.
    """

    def __init__(self, path: Path | None, sealer: Sealer, prefix: str) -> None:
        self._sealer = sealer
        self._prefix = prefix
        self._lock = threading.Lock()
        self.is_whole = self._is_apart = False
        self._db = connected(":memory:" if path is None else str(path))

    def close(self) -> None:
        with self._lock, suppress(apsw.Error):  # a disk that refuses the last checkpoint: the log stays
            self._db.close(True)

    def move_to_memory(self) -> Outbox:
        """The same outbox without its file, which may have become unwritable; this one is closed. Its own numbers are
        from now on of a series apart.

        What cannot even be read any more is left behind.
        """
        moved = Outbox(None, self._sealer, self._prefix)
        with self._lock:
            try:
                with moved._db.backup("main", self._db, "main") as backup:
                    backup.step()
                moved._db.execute("DELETE FROM series")
                moved.is_whole = True
            except (apsw.Error, ValueError):  # apsw's own word for a closed source
                moved = Outbox(None, self._sealer, self._prefix)
        moved._is_apart = True
        self.close()
        return moved

    def take_in(self, without_disk: Outbox) -> None:
        """Keep on disk what was done without it. The series on disk goes on where it was.

        What another run wished for and nobody has seen a number of is taken back; the rest of it waits for the next
        start.
        """
        with without_disk._reading() as source:
            rows = [self._sealed_anew(row, without_disk) for row in source.execute(f"SELECT {_COLUMNS} FROM entry")]  # noqa: S608
            sites = source.execute("SELECT * FROM site").fetchall()
        with self._transaction() as db:
            if without_disk.is_whole:
                db.execute("DELETE FROM entry")
            db.execute(
                "UPDATE entry SET stage = ?, wish = NULL WHERE stage = ?", (Stage.TAKEN_BACK.value, Stage.ASKED.value)
            )
            for table, found in (("entry", rows), ("site", sites)):
                for row in found:
                    marks = ", ".join("?" * len(row))
                    db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)  # noqa: S608 - our own names

    # -- wishes ---------------------------------------------------------------------------------------------------

    def wish(self, wish: IssueTicket, asked: Instant) -> None:
        """Keep a wish before it is sent; a second time changes nothing."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO entry (request_id, stage, asked_at, boot, since_boot, wish)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    wish.request_id,
                    Stage.ASKED.value,
                    to_stored(asked.at),
                    asked.boot,
                    asked.since_boot // _MICROSECOND,
                    self._sealed(wish, wish.request_id),
                ),
            )

    def answered(self, request_id: str, ticket: TicketView) -> bool:
        """The hub gave this number. False where something else was settled first: then the answer came too late."""
        with self._transaction() as db:
            db.execute(
                "UPDATE entry SET stage = ?, ticket = ?, label = ?, number = ?, answer = ?, acknowledged = 1"
                " WHERE request_id = ? AND stage = ?",
                (
                    Stage.ANSWERED.value,
                    ticket.id,
                    ticket.label,
                    ticket.number,
                    self._sealed(ticket, request_id),
                    request_id,
                    Stage.ASKED.value,
                ),
            )
            return db.changes() == 1

    def refused(self, request_id: str) -> bool:
        """The hub said no: there is nothing to keep. False where something else was settled first."""
        with self._transaction() as db:
            db.execute("DELETE FROM entry WHERE request_id = ? AND stage = ?", (request_id, Stage.ASKED.value))
            return db.changes() == 1

    def give_own_number(self, request_id: str, today: date, now: datetime) -> OwnNumber | None:
        """The next number of the kiosk's own for a wish that nothing was settled of; null for any other."""
        with self._transaction() as db:
            if db.execute("SELECT stage FROM entry WHERE request_id = ?", (request_id,)).get != Stage.ASKED.value:
                return None
            following = next_without_disk if self._is_apart else next_in_series
            series = following(_series(db), today, now)
            own = OwnNumber(
                number=series.last_number, label=own_label(self._prefix, series.last_number), printed_at=now
            )
            db.execute(
                "INSERT INTO series (only_row, day, last_number, given_at) VALUES (1, ?, ?, ?) ON CONFLICT DO UPDATE"
                " SET day = excluded.day, last_number = excluded.last_number, given_at = excluded.given_at",
                (series.day.isoformat(), series.last_number, to_stored(now)),
            )
            db.execute(
                "UPDATE entry SET stage = ?, label = ?, number = ?, printed_at = ? WHERE request_id = ?",
                (Stage.OWN.value, own.label, own.number, to_stored(now), request_id),
            )
            return own

    def take_back(self, request_id: str) -> bool:
        """There shall be no ticket of this wish. False where its paper may be out: then nothing is changed."""
        with self._transaction() as db:
            db.execute(
                "UPDATE entry SET stage = ?, acknowledged = 0, wish = NULL, answer = NULL, paper_told = 1"
                " WHERE request_id = ? AND paper_state IS NULL",
                (Stage.TAKEN_BACK.value, request_id),
            )
            return db.changes() == 1

    def acknowledged(self, request_id: str, stage: Stage, ticket_id: str | None) -> None:
        """The hub knows that `stage` is settled, and has it as the ticket `ticket_id`. Where something else was settled
        while it was told (the wish was taken back), that is still to be told."""
        with self._transaction() as db:
            db.execute(
                "UPDATE entry SET acknowledged = 1, ticket = coalesce(?, ticket) WHERE request_id = ? AND stage = ?",
                (ticket_id, request_id, stage.value),
            )
            _forget_what_is_not_needed(db, request_id)

    # -- papers ---------------------------------------------------------------------------------------------------

    def paper(self, ticket_or_request: str, report: Report) -> str | None:
        """Keep what is known of a paper; the wish's id where that is news for the hub, else null."""
        with self._transaction() as db:
            row = db.execute(
                "SELECT request_id, paper_state, paper_code, paper_copy FROM entry WHERE request_id = ?1 OR ticket = ?1"
                " ORDER BY paper_state IS NULL, asked_at DESC LIMIT 1",
                (ticket_or_request,),
            ).fetchone()
            if row is None:
                return None
            known = Paper(state=PaperState(row[1]), code=row[2], copy=row[3]) if row[1] else None
            paper = newest_paper(known, report)
            if paper == known:
                return None
            db.execute(
                "UPDATE entry SET paper_state = ?, paper_code = ?, paper_copy = ?, paper_at = ?, paper_told = 0"
                " WHERE request_id = ?",
                (paper.state.value, paper.code, paper.copy, to_stored(report.at), row[0]),
            )
            _forget_what_is_not_needed(db, row[0])
            return str(row[0])

    def paper_told(self, request_id: str, paper: Paper) -> None:
        """The hub knows of `paper`; where more has become known meanwhile, that is still to be told."""
        with self._transaction() as db:
            db.execute(
                "UPDATE entry SET paper_told = 1 WHERE request_id = ? AND paper_state = ? AND paper_copy = ?",
                (request_id, paper.state.value, paper.copy),
            )

    # -- reading and clearing up ----------------------------------------------------------------------------------

    def entry(self, request_id: str) -> Entry | None:
        with self._reading() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM entry WHERE request_id = ?", (request_id,)).fetchone()  # noqa: S608
            return self._entry(row) if row else None

    def open_ids(self) -> tuple[str, ...]:
        """Wishes the hub has still to hear something of, oldest first."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT request_id FROM entry WHERE NOT acknowledged OR (NOT paper_told AND ticket IS NOT NULL)"
                " ORDER BY stage <> 'taken_back', asked_at"
            )
            return tuple(request_id for (request_id,) in rows)

    def unfinished(self) -> tuple[Entry, ...]:
        """Everything that was under way when the program ended, oldest first: wishes that may still be open, and papers
        of which the end is not known."""
        with self._reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM entry WHERE stage <> 'taken_back' AND (NOT acknowledged"  # noqa: S608
                " OR paper_state IS NULL OR paper_state IN ('queued', 'sent')) ORDER BY asked_at"
            )
            return tuple(self._entry(row) for row in rows)

    def purge(self, before: datetime) -> None:
        """Forget wishes from before `before` that are settled and told."""
        with self._transaction() as db:
            db.execute(
                "DELETE FROM entry WHERE acknowledged AND (paper_told OR ticket IS NULL) AND asked_at < ?",
                (to_stored(before),),
            )

    # -- the site -------------------------------------------------------------------------------------------------

    def keep_site(self, day: date, body: bytes) -> None:
        """Keep what the hub offers, for a start without it."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO site (only_row, day, body) VALUES (1, ?, ?)"
                " ON CONFLICT DO UPDATE SET day = excluded.day, body = excluded.body",
                (day.isoformat(), body),
            )

    def site(self) -> tuple[date, bytes] | None:
        """What the hub offered when it was last heard, and on which day."""
        with self._reading() as db:
            row = db.execute("SELECT day, body FROM site").fetchone()
            return (date.fromisoformat(row[0]), row[1]) if row else None

    # -- the file -------------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[apsw.Connection]:
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    @contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        with self._lock:
            try:
                yield self._db
            except apsw.Error as error:
                raise OutboxFault("outbox.unusable", str(error)) from error

    def _sealed(self, value: object, request_id: str) -> bytes:
        return self._sealer.seal(msgspec.json.encode(value), request_id)

    def _sealed_anew(self, row: Row, other: Outbox) -> Row:
        """A row of `other`, which may have another key."""
        request_id, *_ = row
        plain = [None if sealed is None else other._sealer.open(sealed, request_id) for sealed in row[5:7]]
        sealed_anew = [None if each is None else self._sealer.seal(each, request_id) for each in plain]
        return (*row[:5], *sealed_anew, *row[7:])

    def _opened(self, sealed: bytes | None, request_id: str, kind: type[T]) -> T | None:
        """A sealed value; null also where the key was lost or the value is of another version of the program."""
        plain = None if sealed is None else self._sealer.open(sealed, request_id)
        try:
            return None if plain is None else msgspec.json.decode(plain, type=kind)
        except msgspec.MsgspecError:
            return None

    def _entry(self, row: Row) -> Entry:
        own = OwnNumber(number=row[9], label=row[8], printed_at=from_stored(row[10])) if row[10] is not None else None
        return Entry(
            request_id=row[0],
            stage=Stage(row[1]),
            asked=Instant(at=from_stored(row[2]), boot=row[3], since_boot=row[4] * _MICROSECOND),
            wish=self._opened(row[5], row[0], IssueTicket),
            answer=self._opened(row[6], row[0], TicketView),
            ticket=row[7],
            label=row[8],
            own=own,
            acknowledged=bool(row[11]),
            paper=Paper(state=PaperState(row[12]), code=row[13], copy=row[14]) if row[12] else None,
            paper_at=None if row[15] is None else from_stored(row[15]),
            paper_told=bool(row[16]),
        )


def _forget_what_is_not_needed(db: apsw.Connection, request_id: str) -> None:
    """Who wanted what is needed until the hub knows it and the paper has ended."""
    db.execute(
        "UPDATE entry SET wish = NULL, answer = NULL WHERE request_id = ? AND acknowledged"
        " AND (stage = 'taken_back' OR paper_state IN ('confirmed', 'unconfirmed', 'failed'))",
        (request_id,),
    )


def _series(db: apsw.Connection) -> Series | None:
    row = db.execute("SELECT day, last_number, given_at FROM series").fetchone()
    return Series(day=date.fromisoformat(row[0]), last_number=row[1], given_at=from_stored(row[2])) if row else None
