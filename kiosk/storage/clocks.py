"""SQL of the hub's clock: what it keeps over a restart, and taking the queue along when the clock steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import apsw

from kiosk.domain.clock import ClockMark
from kiosk.storage.moments import from_stored, to_stored

_LIVE = "state IN ('waiting', 'called', 'serving', 'held')"
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class DayMove:
    """Tickets of `source` given from event `since` on come to belong to `target`. Unless `queue_since` is null, those
    from there on that are still in the queue do too, and `target` gives none of the numbers `source` has given."""

    source: date
    target: date
    since: int
    queue_since: int | None


class ClockTable:
    """The clock of one site over one connection; writing methods belong inside the writer's transaction."""

    def __init__(self, connection: apsw.Connection, site_id: str) -> None:
        self._db = connection
        self._site = site_id

    def mark(self) -> ClockMark | None:
        """What was kept last; null before the first start."""
        row = self._db.execute(
            "SELECT boot, offset_us, boot_seq, followed_us, followed_at, day, day_seq FROM clock WHERE site_id = ?",
            (self._site,),
        ).fetchone()
        if row is None:
            return None
        boot, offset_us, boot_seq, followed_us, followed_at, day, day_seq = row
        return ClockMark(
            boot=boot,
            offset=timedelta(microseconds=offset_us),
            boot_seq=boot_seq,
            followed=timedelta(microseconds=followed_us),
            followed_at=None if followed_at is None else from_stored(followed_at),
            day=day,
            day_seq=day_seq,
        )

    def keep(self, mark: ClockMark) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO clock VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._site,
                mark.boot,
                mark.offset // _MICROSECOND,
                mark.boot_seq,
                mark.followed // _MICROSECOND,
                None if mark.followed_at is None else to_stored(mark.followed_at),
                mark.day,
                mark.day_seq,
            ),
        )

    # -- the queue ------------------------------------------------------------------------------------------------

    def first_seq_of(self, day: date, since: int) -> int | None:
        """The event of a day's first ticket from `since` on; null without any."""
        found = self._db.execute(
            "SELECT min(issued_seq) FROM ticket WHERE site_id = ? AND day = ? AND issued_seq >= ?",
            (self._site, day.isoformat(), since),
        ).get
        return None if found is None else int(found)

    def has_tickets(self, day: date) -> bool:
        found = self._db.execute(
            "SELECT 1 FROM ticket WHERE site_id = ? AND day = ? LIMIT 1", (self._site, day.isoformat())
        ).get
        return found is not None

    def shift_moments(self, days: Sequence[date], since: int, by: timedelta) -> None:
        """Who is in the queue came as long ago by the new clock as by the old one."""
        self._db.executemany(
            _SHIFT,
            [(by // _MICROSECOND, self._site, day.isoformat(), since) for day in days],
        )

    def move(self, move: DayMove) -> None:
        """Rename a day's tickets, with their calls, insurance answers, series and places."""
        bound = {
            "site": self._site,
            "source": move.source.isoformat(),
            "target": move.target.isoformat(),
            "since": move.since,
            "queue_since": move.queue_since,
        }
        chosen = f"(issued_seq >= :since OR (issued_seq >= :queue_since AND {_LIVE}))"
        rows = self._db.execute(_SERIES_THAT_MOVE.format(chosen=chosen), bound).fetchall()
        change = [dict(bound, service=service, last=last, places=places) for service, last, places in rows]
        self._db.executemany(_SERIES_GAIN, change)
        self._db.executemany(_SERIES_LOSE, change)
        for statement in (_ASIDE, _CALLS, _LOOKUPS, _TICKETS, _WAITING, _NOT_GIVEN, _EMPTY):
            self._db.execute(statement.format(chosen=chosen), bound)


_SHIFT = (
    "UPDATE ticket SET order_at = order_at + ?1, issued_at = issued_at + ?1, callable_from = callable_from + ?1"  # noqa: S608 - constant
    f" WHERE site_id = ?2 AND day = ?3 AND issued_seq >= ?4 AND {_LIVE}"
)
# Of a day that moves whole its places do, else one for each number that moves.
_SERIES_THAT_MOVE = (
    "SELECT s.service,"
    " CASE WHEN :queue_since IS NOT NULL THEN s.last_number"
    "  ELSE coalesce((SELECT max(number) FROM ticket WHERE site_id = :site AND day = :source"
    "   AND series = s.service AND {chosen}), 0) END,"
    " CASE WHEN EXISTS (SELECT 1 FROM ticket WHERE site_id = :site AND day = :source AND issued_seq < :since)"
    "  THEN (SELECT count(*) FROM ticket WHERE site_id = :site AND day = :source AND issued_seq >= :since"
    "   AND (series = s.service OR substr(series, 1, length(s.service) + 1) = s.service || '@'"
    "    OR (series LIKE 'kiosk:%' AND service = s.service)))"
    "  ELSE s.places END"
    " FROM series AS s WHERE s.site_id = :site AND s.day = :source"
)
_SERIES_GAIN = (
    "INSERT INTO series (site_id, day, service, last_number, places) VALUES (:site, :target, :service, :last, :places)"
    " ON CONFLICT DO UPDATE SET last_number = max(last_number, :last), places = places + :places"
)
_SERIES_LOSE = (
    "UPDATE series SET places = max(places - :places, 0) WHERE site_id = :site AND day = :source AND service = :service"
)
# Where the target has that number already: in a series of its own, for neither of them may be lost.
_ASIDE = (
    "UPDATE ticket SET series = series || '@' || issued_seq WHERE site_id = :site AND day = :source AND {chosen}"
    " AND EXISTS (SELECT 1 FROM ticket AS other WHERE other.site_id = :site AND other.day = :target"
    "  AND other.series = ticket.series AND other.number = ticket.number)"
)
_CALLS = (
    "UPDATE call SET day = :target WHERE site_id = :site AND day = :source"
    " AND ticket IN (SELECT id FROM ticket WHERE site_id = :site AND day = :source AND {chosen})"
)
_LOOKUPS = (
    "UPDATE lookup SET day = :target WHERE site_id = :site AND day = :source"
    " AND id IN (SELECT eligibility FROM ticket WHERE site_id = :site AND day = :source AND {chosen})"
)
_TICKETS = "UPDATE ticket SET day = :target WHERE site_id = :site AND day = :source AND {chosen}"
_WAITING = (
    "UPDATE series SET waiting = (SELECT count(*) FROM ticket WHERE ticket.site_id = series.site_id"
    "  AND ticket.day = series.day AND ticket.service = series.service AND ticket.state = 'waiting')"
    " WHERE site_id = :site AND day IN (:source, :target)"
)
_NOT_GIVEN = (
    "UPDATE series SET skipped = last_number - (SELECT count(*) FROM ticket WHERE ticket.site_id = series.site_id"
    "  AND ticket.day = series.day AND ticket.series = series.service)"
    " WHERE site_id = :site AND day IN (:source, :target)"
)
_EMPTY = (
    "DELETE FROM series WHERE site_id = :site AND day = :source"
    " AND NOT EXISTS (SELECT 1 FROM ticket WHERE site_id = :site AND day = :source)"
)
