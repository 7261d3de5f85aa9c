"""The hub over HTTP, as kiosks, boards and counters call it. Answers are the domain's own values.

Every call blocks: it belongs on a pool thread. A client is used by one thread at a time or by several; each thread
gets its own connection.
"""

from __future__ import annotations

import threading
from datetime import date, datetime
from typing import TypeVar

import msgspec
import requests

from kiosk.domain.alert import NO_PARAMS, Alert, AlertKind, AlertParams
from kiosk.domain.board import BoardContent
from kiosk.domain.eligibility import Eligibility, EligibilityQuestion, OutcomeClass
from kiosk.domain.faults import Refusal
from kiosk.domain.insurance_report import InsuranceReport
from kiosk.domain.insurance_work import WorkDetail, WorkItem
from kiosk.domain.outbox import OwnNumber
from kiosk.domain.paper import PaperReport
from kiosk.domain.scan_quality import ScanHour, ScanOutcome, ScanReport
from kiosk.domain.service import Counter
from kiosk.domain.ticket import Priority, TicketDetail, TicketView
from kiosk.domain.visit.effects import IssueTicket
from kiosk.station.hub_port import HubUnreachable, SiteView

T = TypeVar("T")

CONNECT_S = 1.0
ANSWER_S = 2.0


class _Tickets(msgspec.Struct):
    tickets: tuple[TicketView, ...]


class _TakenBack(msgspec.Struct):
    ticket: TicketView | None


class _Counters(msgspec.Struct):
    counters: tuple[Counter, ...]


class _Worklist(msgspec.Struct):
    items: tuple[WorkItem, ...]


class _Alerts(msgspec.Struct):
    alerts: tuple[Alert, ...]


class _ScansKept(msgspec.Struct):
    kept: int


class _Problem(msgspec.Struct):
    code: str
    params: dict[str, str | int] = {}


class StaffNote(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Who does something at which counter and why, for the audit trail."""

    counter: str | None = None
    by: str | None = None
    reason: str | None = None


class HubClient:
    """Talks to one hub at `url`. Raises `HubUnreachable` when there is no usable answer and `Refusal` for a definite
    no. Never follows a proxy: the hub is in the house."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._threads = threading.local()
        self._sessions: list[requests.Session] = []

    def close(self) -> None:
        for session in self._sessions:
            session.close()

    # -- kiosk ----------------------------------------------------------------------------------------------------

    def site(self) -> SiteView:
        return self._get("/v1/services", SiteView)

    def issue(self, request: IssueTicket) -> TicketView:
        body = {**_wish(request), "tells_paper": True}
        return self._post("/v1/tickets", body, TicketView, key=request.request_id)

    def upload(
        self, request: IssueTicket, own: OwnNumber, *, kiosk_id: str, asked_at: datetime, kiosk_now: datetime
    ) -> TicketView:
        offline = {
            "label": own.label,
            "number": own.number,
            "kiosk": kiosk_id,
            "printed_at": own.printed_at,
            "asked_at": asked_at,
            "kiosk_now": kiosk_now,
        }
        body = {**_wish(request), "offline": offline, "tells_paper": True}
        return self._post("/v1/tickets", body, TicketView, key=request.request_id)

    def take_back(self, request_id: str) -> None:
        self._decoded(self._send("DELETE", f"/v1/tickets/by-key/{request_id}"), _TakenBack)

    def tell_paper(self, ticket_id: str, report: PaperReport) -> None:
        body = msgspec.json.encode(report)
        self._decoded(self._send("PUT", f"/v1/tickets/{ticket_id}/print", body=body), TicketView)

    def eligibility(
        self, question: EligibilityQuestion, *, budget_s: float, kiosk: str | None = None, repairs: str | None = None
    ) -> Eligibility:
        body = {
            "card": question.card,
            "name": question.name,
            "birth": question.birth,
            "kiosk": kiosk,
            "repairs": repairs,
        }
        return self._post("/v1/eligibility", body, Eligibility, answer_s=budget_s)

    def call_staff(self, kiosk_id: str) -> None:
        self._alert(kiosk_id, AlertKind.HELP, "help.asked")

    def report_fault(self, kiosk_id: str, code: str, params: AlertParams = NO_PARAMS) -> None:
        self._alert(kiosk_id, AlertKind.FAULT, code, params)

    def _alert(self, kiosk_id: str, kind: AlertKind, code: str, params: AlertParams = NO_PARAMS) -> None:
        self._post("/v1/alerts", {"kiosk": kiosk_id, "kind": kind, "code": code, "params": dict(params)}, Alert)

    def tell_scan_quality(self, kiosk_id: str, source: str, hours: tuple[ScanHour, ...]) -> int:
        """Tell totals of hours; how many the hub kept. `source` names this run of the program."""
        body = {"kiosk": kiosk_id, "source": source, "hours": [_scan_hour(hour) for hour in hours]}
        return self._post("/v1/scan-quality", body, _ScansKept).kept

    def scan_report(self, day: date | None = None) -> ScanReport:
        """How well the kiosks read codes on a hospital day, today without one."""
        query = {"day": day.isoformat()} if day else None
        return self._get("/v1/reports/scan-quality", ScanReport, query=query)

    def insurance_report(self, first: date | None = None, last: date | None = None) -> InsuranceReport:
        """How insurance look-ups went on hospital days, today without them."""
        given = {"day": first, "last_day": last}
        query = {name: day.isoformat() for name, day in given.items() if day}
        return self._get("/v1/reports/insurance", InsuranceReport, query=query or None)

    # -- board and counter ----------------------------------------------------------------------------------------

    def board(self) -> BoardContent:
        return self._get("/v1/board", BoardContent)

    def counters(self) -> tuple[Counter, ...]:
        return self._get("/v1/counters", _Counters).counters

    def tickets(self, counter: str | None = None) -> tuple[TicketView, ...]:
        return self._get("/v1/tickets", _Tickets, query={"counter": counter} if counter else None).tickets

    def ticket(self, ticket_id: str) -> TicketDetail:
        return self._get(f"/v1/tickets/{ticket_id}", TicketDetail)

    def alerts(self) -> tuple[Alert, ...]:
        return self._get("/v1/alerts", _Alerts).alerts

    def handle_alert(self, alert_id: str, by: str | None) -> Alert:
        return self._post(f"/v1/alerts/{alert_id}/handled", {"by": by}, Alert)

    def call_next(self, counter: str, by: str | None = None) -> TicketView | None:
        """Call who is next; null when nobody waits."""
        response = self._send("POST", f"/v1/counters/{counter}/call-next", body=msgspec.json.encode({"by": by}))
        return None if response.status_code == 204 else self._decoded(response, TicketView)

    def change(self, ticket_id: str, action: str, note: StaffNote) -> TicketView:
        """One staff action without a target: `call`, `recall`, `serve`, `hold`, `no-show`, `finish`, `cancel`."""
        return self._post(f"/v1/tickets/{ticket_id}/{action}", note, TicketView)

    def transfer(self, ticket_id: str, service: str, note: StaffNote) -> TicketView:
        return self._post(f"/v1/tickets/{ticket_id}/transfer", {**_plain(note), "service": service}, TicketView)

    def set_priority(self, ticket_id: str, priority: Priority, note: StaffNote) -> TicketView:
        return self._post(f"/v1/tickets/{ticket_id}/priority", {**_plain(note), "priority": priority}, TicketView)

    # -- insurance worklist ---------------------------------------------------------------------------------------

    def insurance_work(self) -> tuple[WorkItem, ...]:
        """Look-ups that wait or have failed, longest waiting first."""
        return self._get("/v1/insurance/worklist", _Worklist).items

    def insurance_detail(self, ticket_id: str) -> WorkDetail:
        """One look-up with what was sent; for staff only."""
        return self._get(f"/v1/tickets/{ticket_id}/insurance", WorkDetail)

    def ask_insurer_again(self, ticket_id: str, note: StaffNote, *, budget_s: float) -> Eligibility:
        """The same question once more; the hub answers within its own budget, `pending` where it goes on asking."""
        path = f"/v1/tickets/{ticket_id}/insurance/retry"
        return self._post(path, note, Eligibility, answer_s=budget_s)

    def correct_insurance(
        self, ticket_id: str, question: EligibilityQuestion, note: StaffNote, *, budget_s: float
    ) -> Eligibility:
        """Ask again with what staff read off the card."""
        body = {**_plain(note), "card": question.card, "name": question.name, "birth": question.birth}
        return self._post(f"/v1/tickets/{ticket_id}/insurance/correct", body, Eligibility, answer_s=budget_s)

    def decide_insurance(self, ticket_id: str, outcome: OutcomeClass, note: StaffNote) -> Eligibility:
        """Staff's word in place of the insurer's; `note` must say who and why."""
        body = {**_plain(note), "outcome": outcome}
        return self._post(f"/v1/tickets/{ticket_id}/insurance/decide", body, Eligibility)

    # -- transport ------------------------------------------------------------------------------------------------

    def _get(self, path: str, answer: type[T], query: dict[str, str] | None = None) -> T:
        return self._decoded(self._send("GET", path, query=query), answer)

    def _post(
        self, path: str, body: object, answer: type[T], *, key: str | None = None, answer_s: float = ANSWER_S
    ) -> T:
        response = self._send("POST", path, body=msgspec.json.encode(body), key=key, answer_s=answer_s)
        return self._decoded(response, answer)

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        query: dict[str, str] | None = None,
        key: str | None = None,
        answer_s: float = ANSWER_S,
    ) -> requests.Response:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            return self._session().request(
                method,
                self._url + path,
                data=body,
                params=query,
                headers=headers,
                timeout=(CONNECT_S, answer_s),
                allow_redirects=False,
            )
        except (requests.RequestException, ValueError) as error:
            raise HubUnreachable(type(error).__name__) from None

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False
            self._threads.session = session
            self._sessions.append(session)
        return session

    @staticmethod
    def _decoded(response: requests.Response, answer: type[T]) -> T:
        try:
            if 400 <= response.status_code < 500:
                problem = msgspec.json.decode(response.content, type=_Problem)
                raise Refusal(problem.code, **problem.params)
            if response.status_code not in (200, 201):
                raise HubUnreachable(f"HTTP {response.status_code}")
            return msgspec.json.decode(response.content, type=answer)
        except msgspec.MsgspecError:
            raise HubUnreachable("answer not understood") from None


def _plain(note: StaffNote) -> dict[str, str | None]:
    return {"counter": note.counter, "by": note.by, "reason": note.reason}


def _wish(request: IssueTicket) -> dict[str, object]:
    return {
        "service": request.service,
        "priority": request.priority,
        "patient_ref": request.patient_ref,
        "eligibility": request.eligibility_id,
        "masked_name": request.masked_name,
        "next_step": request.next_step,
        "flags": request.flags,
    }


def _scan_hour(one: ScanHour) -> dict[str, object]:
    counts = one.counts
    return {
        "device": one.device,
        "hour": one.hour.strftime("%Y-%m-%dT%H:00:00Z"),
        **{outcome.value: getattr(counts, outcome.value) for outcome in ScanOutcome},
        "formats": [{"format": name, "scans": scans} for name, scans in counts.formats.items()],
        "timed": counts.timed,
        "decode_ms_sum": counts.decode_ms_sum,
        "decode_ms_max": counts.decode_ms_max,
        "tries_sum": counts.tries_sum,
        "tries_max": counts.tries_max,
    }
