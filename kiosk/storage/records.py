"""SQL of what stands beside the tickets: the event feed, audit, insurance answers, alerts."""

from __future__ import annotations

from datetime import datetime

import apsw
import msgspec

from kiosk.domain.alert import Alert, AlertKind, AlertParams
from kiosk.domain.eligibility import Eligibility
from kiosk.domain.events import SiteEvent
from kiosk.domain.ticket import RecordAction, TicketAction
from kiosk.storage.moments import from_stored, to_stored


class RecordTable:
    """The site's records over one connection; writing methods belong inside the writer's transaction."""

    def __init__(self, connection: apsw.Connection, site_id: str) -> None:
        self._db = connection
        self._site = site_id

    # -- feed -----------------------------------------------------------------------------------------------------

    def last_seq(self) -> int:
        row = self._db.execute("SELECT last_seq FROM site WHERE site_id = ?", (self._site,)).fetchone()
        return int(row[0]) if row else 0

    def newest_event_at(self) -> datetime | None:
        """When the newest event was; null without any."""
        body = self._db.execute("SELECT body FROM event WHERE site_id = ? ORDER BY seq DESC LIMIT 1", (self._site,)).get
        return None if body is None else msgspec.json.decode(body, type=SiteEvent).at

    def events_after(self, seq: int, limit: int) -> list[SiteEvent]:
        rows = self._db.execute(
            "SELECT body FROM event WHERE site_id = ? AND seq > ? ORDER BY seq LIMIT ?", (self._site, seq, limit)
        )
        return [msgspec.json.decode(body, type=SiteEvent) for (body,) in rows]

    # -- audit ----------------------------------------------------------------------------------------------------

    def audit(
        self,
        *,
        seq: int,
        at: datetime,
        ticket_id: str,
        action: TicketAction | RecordAction,
        counter: str | None,
        actor: str | None,
        reason: str | None,
        before: str,
        after: str,
    ) -> None:
        """Append who did what and why; `before` and `after` are short summaries of the ticket."""
        self._db.execute(
            "INSERT INTO audit (site_id, seq, at, ticket, action, counter, actor, reason, before, after)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self._site, seq, to_stored(at), ticket_id, action.value, counter, actor, reason, before, after),
        )

    # -- insurance ------------------------------------------------------------------------------------------------

    def put_eligibility(self, answer: Eligibility, asked_at: datetime, answered_at: datetime | None) -> None:
        """Store an answer, or replace the pending one by the late answer."""
        self._db.execute(
            "INSERT INTO eligibility (site_id, id, asked_at, answered_at, patient_ref, outcome, code, pending, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET answered_at = excluded.answered_at, outcome = excluded.outcome,"
            " code = excluded.code, pending = excluded.pending, body = excluded.body WHERE pending",
            (
                self._site,
                answer.id,
                to_stored(asked_at),
                None if answered_at is None else to_stored(answered_at),
                answer.patient_ref,
                answer.outcome.value,
                answer.code,
                int(answer.pending),
                msgspec.json.encode(answer),
            ),
        )

    def replace_eligibility(self, answer: Eligibility) -> None:
        """Put another verdict in the place of one, final or not: staff asked again or decided by hand."""
        self._db.execute(
            "UPDATE eligibility SET outcome = ?, code = ?, pending = ?, body = ? WHERE site_id = ? AND id = ?",
            (
                answer.outcome.value,
                answer.code,
                int(answer.pending),
                msgspec.json.encode(answer),
                self._site,
                answer.id,
            ),
        )

    def eligibility(self, eligibility_id: str) -> Eligibility | None:
        body = self._db.execute(
            "SELECT body FROM eligibility WHERE site_id = ? AND id = ?", (self._site, eligibility_id)
        ).get
        return None if body is None else msgspec.json.decode(body, type=Eligibility)

    # -- alerts ---------------------------------------------------------------------------------------------------

    def add_alert(self, alert: Alert) -> None:
        self._db.execute(
            "INSERT INTO alert (site_id, id, kiosk, kind, code, raised_at, params) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                self._site,
                alert.id,
                alert.kiosk,
                alert.kind.value,
                alert.code,
                to_stored(alert.raised_at),
                _stored(alert.params),
            ),
        )

    def renew_alert(self, alert_id: str, params: AlertParams) -> None:
        """Put other parameters in the place of an alert's."""
        self._db.execute(
            "UPDATE alert SET params = ? WHERE site_id = ? AND id = ?", (_stored(params), self._site, alert_id)
        )

    def alert(self, alert_id: str) -> Alert | None:
        row = self._db.execute(
            f"SELECT {_ALERT} FROM alert WHERE site_id = ? AND id = ?",  # noqa: S608 - constant column list
            (self._site, alert_id),
        ).fetchone()
        return _alert(row) if row else None

    def open_alerts(self) -> list[Alert]:
        rows = self._db.execute(
            f"SELECT {_ALERT} FROM alert WHERE site_id = ? AND handled_at IS NULL ORDER BY raised_at",  # noqa: S608
            (self._site,),
        )
        return [_alert(row) for row in rows]

    def handle_alert(self, alert_id: str, at: datetime, by: str | None) -> None:
        self._db.execute(
            "UPDATE alert SET handled_at = ?, handled_by = ? WHERE site_id = ? AND id = ? AND handled_at IS NULL",
            (to_stored(at), by, self._site, alert_id),
        )


_ALERT = "id, kiosk, kind, code, raised_at, handled_at, handled_by, params"


def _stored(params: AlertParams) -> str:
    return msgspec.json.encode(dict(params)).decode()


def _alert(row: tuple) -> Alert:  # type: ignore[type-arg]
    return Alert(
        id=row[0],
        kiosk=row[1],
        kind=AlertKind(row[2]),
        code=row[3],
        raised_at=from_stored(row[4]),
        handled_at=None if row[5] is None else from_stored(row[5]),
        handled_by=row[6],
        params=msgspec.json.decode(row[7], type=dict[str, str | int]),
    )
