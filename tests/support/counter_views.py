"""Made-up views of a counter for pictures and presentation tests."""

from __future__ import annotations

from datetime import datetime, timedelta

from support.board_contents import HOSPITAL, NOW, ROOM, SERVICES, ZONE

from kiosk.domain.alert import Alert, AlertKind
from kiosk.domain.localized import LocalizedText
from kiosk.domain.service import Availability, ServiceView
from kiosk.domain.ticket import Priority, TicketState, TicketView
from kiosk.station.counter_view import CounterView

ISSUED = NOW - timedelta(minutes=21)


def ticket(
    label: str,
    state: TicketState = TicketState.WAITING,
    *,
    priority: Priority = Priority.NORMAL,
    who: str | None = "N*** V** A",
    coverage: str | None = "coverage.valid",
    staff_action: str | None = "staff_action.none",
    flags: tuple[str, ...] = (),
    counter: str | None = None,
    issued_at: datetime = ISSUED,
) -> TicketView:
    return TicketView(
        id=f"id-{label}",
        number=int(label[1:]),
        label=label,
        service=label[0],
        state=state,
        priority=priority,
        people_ahead=None,
        estimate=None,
        counter=counter,
        issued_at=issued_at,
        masked_name=who,
        coverage=coverage,
        staff_action=staff_action,
        flags=flags,
    )


def view(*tickets: TicketView, alerts: tuple[Alert, ...] = ()) -> CounterView:
    services = tuple(
        ServiceView(
            id=prefix,
            prefix=prefix,
            name=name,
            room=ROOM,
            directions=ROOM,
            availability=Availability.OPEN,
            opens_at=None,
            waiting=3,
            for_insured=True,
            for_uninsured=True,
        )
        for prefix, name in SERVICES.items()
    )
    return CounterView(
        counter_name=LocalizedText(vi="Quầy 1", en="Counter 1"),
        hospital=HOSPITAL,
        time_zone=ZONE,
        services=services,
        tickets=tickets,
        alerts=alerts,
    )


def alert(number: int, kind: AlertKind, code: str, kiosk: str = "Kiosk 1") -> Alert:
    return Alert(id=f"alert-{number}", kiosk=kiosk, kind=kind, code=code, raised_at=NOW - timedelta(minutes=2))


def busy(*, alerts: bool = True) -> CounterView:
    """A busy morning: somebody served, somebody at the other counter, one set aside, one absent, many waiting."""
    people = [
        ticket(
            "A128",
            TicketState.SERVING,
            counter="1",
            priority=Priority.PRIORITY,
            who="T*** T** H**",
            coverage="coverage.valid_elsewhere",
            staff_action="staff_action.check_referral",
            flags=("flag.number_typed", "flag.age_to_confirm"),
        ),
        ticket("B045", TicketState.SERVING, counter="2", who="L* V** B***", coverage=None),
        ticket("A119", TicketState.HELD, counter="1", who="P*** T** L**", coverage="coverage.show_document"),
        ticket("C013", TicketState.NO_SHOW, counter="2", who=None, coverage=None),
        ticket("E017", priority=Priority.EMERGENCY, who="Đ** M*** K***", coverage="coverage.child"),
        ticket(
            "A131",
            priority=Priority.PRIORITY,
            coverage="coverage.expired",
            staff_action="staff_action.ask_renewed_card",
        ),
    ]
    people += [
        ticket(
            f"A{132 + i}",
            who=None if i % 4 == 3 else f"{'NTLPH'[i % 5]}*** {'VTM'[i % 3]}** {'ABCDE'[i % 5]}",
            coverage=("coverage.valid", "coverage.name_differs", None, "coverage.still_checking")[i % 4],
            staff_action=("staff_action.none", "staff_action.correct_name", None, "staff_action.ask_again")[i % 4],
            issued_at=NOW - timedelta(minutes=18 - i),
        )
        for i in range(16)
    ]
    told = (alert(1, AlertKind.HELP, "help.asked"), alert(2, AlertKind.FAULT, "printer.paper_out", "Kiosk 2"))
    return view(*people, alerts=told if alerts else ())
