"""Made-up insurance look-ups as a counter sees them, one of each sort, with long names and missing fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from support.board_contents import NOW
from support.counter_views import busy

from kiosk.domain.eligibility import OutcomeClass
from kiosk.domain.eligibility_codes import OUTCOME_RULES, rules_on
from kiosk.domain.insurance_work import LookupState, SentQuestion, ToldRecord, WorkDetail, WorkItem, most_urgent_work
from kiosk.domain.ticket import TicketState
from kiosk.station.counter_view import CounterView

LONG_NAME = "Nguyễn Phúc Hoàng Bảo Trân Công Huyền Tôn Nữ Thị Thanh Nhàn"


def item(
    label: str,
    code: str | None,
    *,
    minutes: int,
    state: LookupState = LookupState.FAILED,
    outcome: OutcomeClass = OutcomeClass.TIMEOUT,
    ticket_state: TicketState = TicketState.WAITING,
    who: str | None = "N*** V** A",
    detail: str = "",
    tries: int = 1,
) -> WorkItem:
    """A look-up that ended with `code`, or with `outcome` where no code came."""
    unnamed = OutcomeClass.UNKNOWN if code else outcome
    rule = rules_on(NOW.date()).get(code or "", OUTCOME_RULES[unnamed])
    return WorkItem(
        ticket=f"id-{label}",
        label=label,
        service=label[0],
        ticket_state=ticket_state,
        masked_name=who,
        state=state,
        outcome=rule.outcome,
        code=code,
        detail=detail,
        coverage=rule.coverage.value,
        staff_action=rule.staff_action.value,
        repair=rule.repair.value if rule.repair else None,
        kiosk="K1",
        asked_at=NOW - timedelta(minutes=minutes),
        age_s=minutes * 60,
        tries=tries,
    )


PENDING = LookupState.PENDING
ITEMS = (
    item("A140", None, minutes=2, state=PENDING, detail="portal.read_timeout", tries=3),
    item("A131", "060", minutes=9, who="N*** P*** H*** B*** T*** C***"),
    item("A133", "070", minutes=14),
    item("A135", "050", minutes=6, who=None),
    item("A128", "010", minutes=26, ticket_state=TicketState.SERVING, who="T*** T** H**"),
    item("A136", "054", minutes=21, state=PENDING, tries=5),
    item("A137", "120", minutes=3),
    item("A138", "999", minutes=1),
)


def detail_of(one: WorkItem) -> WorkDetail:
    """What was sent and what came back for a made-up look-up."""
    sent = SentQuestion(card="DN4010000000029", name="Thái Thị Én", birth="29/09/1997")
    match one.label:
        case "A131":
            sent = SentQuestion(card="GD4790000000031", name=LONG_NAME, birth="02/03/1990")
            told = ToldRecord(card="GD4790000000031", name=LONG_NAME.replace("Nhàn", "Nhã"), birth="02/03/1990")
            return WorkDetail(item=one, sent=sent, note="Sai họ tên.", told=told)
        case "A133":
            told = ToldRecord(card=sent.card, name=sent.name, birth="1997")
            return WorkDetail(item=one, sent=sent, note=None, told=told)
        case "A135":
            return WorkDetail(item=one, sent=None, note=None)
    return WorkDetail(item=one, sent=sent, note=None)


DETAILS = tuple(detail_of(one) for one in ITEMS)


def busy_with_work() -> CounterView:
    """A busy morning with something of each sort to work off."""
    return replace(busy(alerts=False), work=most_urgent_work(ITEMS))
