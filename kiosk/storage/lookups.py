"""SQL of insurance look-ups: what waits, what was answered, counts, what staff did, planned downtimes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import apsw

from kiosk.domain.eligibility import OutcomeClass
from kiosk.domain.insurance_report import LookupCount, LookupKind
from kiosk.domain.insurance_work import LookupState, WorkAction
from kiosk.storage.moments import from_stored, to_stored


@dataclass(frozen=True, kw_only=True)
class StoredLookup:
    """A row of `lookup`; its id is that of the verdict. `question` and `raw` are sealed, null once purged."""

    id: str
    day: date
    key: str
    kiosk: str | None
    kind: LookupKind
    state: LookupState
    outcome: OutcomeClass
    code: str | None
    detail: str
    tries: int
    reusable: bool
    late: bool
    asked_at: datetime
    answered_at: datetime | None
    question: bytes | None = field(repr=False)
    raw: bytes | None = field(repr=False)
    raw_until: datetime | None
    decided_by: str | None = None
    decided_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class StoredDowntime:
    """A planned downtime somebody switched on (or, ending before it began, off)."""

    set_at: datetime
    until: datetime
    by: str | None
    reason: str | None


_COLUMNS = (
    "id, day, key, kiosk, kind, state, outcome, code, detail, tries, reusable, late, asked_at, answered_at, question,"
    " raw, raw_until, decided_by, decided_reason"
)


class LookupTable:
    """Look-ups of one site over one connection; writing methods belong inside the writer's transaction."""

    def __init__(self, connection: apsw.Connection, site_id: str) -> None:
        self._db = connection
        self._site = site_id

    # -- look-ups -------------------------------------------------------------------------------------------------

    def add(self, lookup: StoredLookup) -> bool:
        """Keep a new look-up; false (and nothing changed) where one of that id is there already."""
        self._db.execute(
            f"INSERT INTO lookup (site_id, {_COLUMNS}) VALUES (?{', ?' * 19}) ON CONFLICT DO NOTHING",  # noqa: S608
            (self._site, *_row(lookup)),
        )
        return self._db.changes() > 0

    def put(self, lookup: StoredLookup) -> None:
        """Keep a look-up in place of what was there under its id."""
        self._db.execute(
            f"INSERT OR REPLACE INTO lookup (site_id, {_COLUMNS}) VALUES (?{', ?' * 19})",  # noqa: S608
            (self._site, *_row(lookup)),
        )

    def get(self, lookup_id: str) -> StoredLookup | None:
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM lookup WHERE site_id = ? AND id = ?",  # noqa: S608
            (self._site, lookup_id),
        ).fetchone()
        return _lookup(row) if row else None

    def of_day(self, day: date, state: LookupState) -> list[StoredLookup]:
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM lookup WHERE site_id = ? AND day = ? AND state = ? ORDER BY asked_at",  # noqa: S608
            (self._site, day.isoformat(), state.value),
        )
        return [_lookup(row) for row in rows]

    def with_question_before(self, day: date) -> list[StoredLookup]:
        """Look-ups of earlier days that still hold personal data."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM lookup WHERE site_id = ? AND day < ? AND question IS NOT NULL",  # noqa: S608
            (self._site, day.isoformat()),
        )
        return [_lookup(row) for row in rows]

    def reusable_of(self, day: date) -> list[tuple[str, str]]:
        """Id and key of each definite answer of a day."""
        rows = self._db.execute(
            "SELECT id, key FROM lookup WHERE site_id = ? AND day = ? AND reusable", (self._site, day.isoformat())
        )
        return [(lookup_id, key) for lookup_id, key in rows]

    def count(self, first: date, last: date, state: LookupState) -> int:
        found = self._db.execute(
            "SELECT count(*) FROM lookup WHERE site_id = ? AND day BETWEEN ? AND ? AND state = ?",
            (self._site, first.isoformat(), last.isoformat(), state.value),
        ).get
        return int(found)

    def forget_raw(self, now: datetime) -> int:
        """Purge raw answers whose time is over; how many."""
        self._db.execute(
            "UPDATE lookup SET raw = NULL WHERE site_id = ? AND raw IS NOT NULL AND raw_until <= ?",
            (self._site, to_stored(now)),
        )
        return self._db.changes()

    # -- counts ---------------------------------------------------------------------------------------------------

    def count_one(self, day: date, one: LookupCount) -> None:
        """Add to the counts of an hour."""
        self._db.execute(
            "INSERT INTO lookup_hour (site_id, day, hour, kiosk, kind, outcome, code, lookups, late, latency_ms_sum,"
            " latency_ms_max) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET lookups = lookups + excluded.lookups, late = late + excluded.late,"
            " latency_ms_sum = latency_ms_sum + excluded.latency_ms_sum,"
            " latency_ms_max = max(latency_ms_max, excluded.latency_ms_max)",
            (
                self._site,
                day.isoformat(),
                to_stored(one.hour),
                one.kiosk,
                one.kind.value,
                one.outcome.value,
                one.code,
                one.lookups,
                one.late,
                one.latency_ms_sum,
                one.latency_ms_max,
            ),
        )

    def counts(self, first: date, last: date) -> list[LookupCount]:
        """All cells of the days from `first` to `last`, by hour and kiosk."""
        rows = self._db.execute(
            "SELECT hour, kiosk, kind, outcome, code, lookups, late, latency_ms_sum, latency_ms_max FROM lookup_hour"
            " WHERE site_id = ? AND day BETWEEN ? AND ? ORDER BY hour, kiosk, kind, outcome, code",
            (self._site, first.isoformat(), last.isoformat()),
        )
        return [
            LookupCount(
                hour=from_stored(hour),
                kiosk=kiosk,
                kind=LookupKind(kind),
                outcome=OutcomeClass(outcome),
                code=code,
                lookups=lookups,
                late=late,
                latency_ms_sum=latency_ms_sum,
                latency_ms_max=latency_ms_max,
            )
            for hour, kiosk, kind, outcome, code, lookups, late, latency_ms_sum, latency_ms_max in rows
        ]

    # -- what staff did -------------------------------------------------------------------------------------------

    def audit(
        self,
        *,
        at: datetime,
        lookup: str,
        ticket: str,
        action: WorkAction,
        counter: str | None,
        actor: str | None,
        reason: str | None,
        before: str,
        after: str,
    ) -> None:
        """Append who did what and why; `before` and `after` are short summaries without anything personal."""
        self._db.execute(
            "INSERT INTO lookup_act (site_id, ordinal, at, lookup, ticket, action, counter, actor, reason, before,"
            " after) VALUES (?, (SELECT count(*) FROM lookup_act WHERE site_id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._site,
                self._site,
                to_stored(at),
                lookup,
                ticket,
                action.value,
                counter,
                actor,
                reason,
                before,
                after,
            ),
        )

    # -- planned downtimes ----------------------------------------------------------------------------------------

    def add_downtime(self, downtime: StoredDowntime) -> None:
        self._db.execute(
            "INSERT INTO insurer_downtime (site_id, ordinal, set_at, until_at, actor, reason) VALUES"
            " (?, (SELECT count(*) FROM insurer_downtime WHERE site_id = ?), ?, ?, ?, ?)",
            (
                self._site,
                self._site,
                to_stored(downtime.set_at),
                to_stored(downtime.until),
                downtime.by,
                downtime.reason,
            ),
        )

    def newest_downtime(self) -> StoredDowntime | None:
        row = self._db.execute(
            "SELECT set_at, until_at, actor, reason FROM insurer_downtime WHERE site_id = ?"
            " ORDER BY ordinal DESC LIMIT 1",
            (self._site,),
        ).fetchone()
        if row is None:
            return None
        return StoredDowntime(set_at=from_stored(row[0]), until=from_stored(row[1]), by=row[2], reason=row[3])


def _row(lookup: StoredLookup) -> tuple[object, ...]:
    return (
        lookup.id,
        lookup.day.isoformat(),
        lookup.key,
        lookup.kiosk,
        lookup.kind.value,
        lookup.state.value,
        lookup.outcome.value,
        lookup.code,
        lookup.detail,
        lookup.tries,
        int(lookup.reusable),
        int(lookup.late),
        to_stored(lookup.asked_at),
        None if lookup.answered_at is None else to_stored(lookup.answered_at),
        lookup.question,
        lookup.raw,
        None if lookup.raw_until is None else to_stored(lookup.raw_until),
        lookup.decided_by,
        lookup.decided_reason,
    )


def _lookup(row: tuple) -> StoredLookup:  # type: ignore[type-arg]
    return StoredLookup(
        id=row[0],
        day=date.fromisoformat(row[1]),
        key=row[2],
        kiosk=row[3],
        kind=LookupKind(row[4]),
        state=LookupState(row[5]),
        outcome=OutcomeClass(row[6]),
        code=row[7],
        detail=row[8],
        tries=row[9],
        reusable=bool(row[10]),
        late=bool(row[11]),
        asked_at=from_stored(row[12]),
        answered_at=None if row[13] is None else from_stored(row[13]),
        question=row[14],
        raw=row[15],
        raw_until=None if row[16] is None else from_stored(row[16]),
        decided_by=row[17],
        decided_reason=row[18],
    )
