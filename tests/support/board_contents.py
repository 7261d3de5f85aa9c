"""Made-up board contents for pictures and measurements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain.board import BoardCall, BoardContent, BoardQueue
from kiosk.domain.localized import LocalizedText
from kiosk.station.board_view import BoardView

NOW = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOSPITAL = LocalizedText(vi="Bệnh viện Đa khoa Hoa Sen", en="Hoa Sen General Hospital")
SERVICES = {
    "A": LocalizedText(vi="Khám bệnh BHYT", en="Consultation with health insurance"),
    "B": LocalizedText(vi="Khám dịch vụ", en="Consultation, self-paid"),
    "C": LocalizedText(vi="Tái khám theo hẹn", en="Follow-up by appointment"),
    "E": LocalizedText(vi="Khám nhi", en="Children's consultation"),
    "V": LocalizedText(vi="Thanh toán viện phí", en="Hospital fees"),
    "T": LocalizedText(vi="Nhà thuốc / lĩnh thuốc", en="Pharmacy / collect medicine"),
}
ROOM = LocalizedText(vi="Khu tiếp đón A, tầng 1", en="Reception area A, 1st floor")


def call(
    call_id: int, label: str, counter: str = "1", *, times: int = 1, printed_labels: tuple[str, ...] = ()
) -> BoardCall:
    return BoardCall(
        call_id=call_id,
        label=label,
        service=label[0],
        service_name=SERVICES.get(label[0], SERVICES["A"]),
        counter=counter,
        counter_name=LocalizedText(vi=f"Quầy {counter}", en=f"Counter {counter}"),
        called_at=NOW - timedelta(minutes=1),
        times=times,
        printed_labels=printed_labels,
    )


def queue(prefix: str, waiting: int, first: int) -> BoardQueue:
    labels = tuple(f"{prefix}{first + i:03d}" for i in range(min(waiting, 5)))
    return BoardQueue(service=prefix, name=SERVICES[prefix], room=ROOM, waiting=waiting, next_labels=labels)


def view(
    seq: int, now_called: tuple[BoardCall, ...] = (), recent: tuple[BoardCall, ...] = (), **fields: int
) -> BoardView:
    """A board; `fields` are how many wait per service prefix."""
    queues = tuple(queue(prefix, fields.get(prefix, 0), 16) for prefix in SERVICES)
    content = BoardContent(
        seq=seq, at=NOW, hospital=HOSPITAL, now_called=now_called, recently_called=recent, queues=queues
    )
    return BoardView(content=content, time_zone=ZONE)


def empty() -> BoardView:
    return view(1)


def several_labels() -> BoardView:
    """Tickets that go by two or three numbers, as long as they come."""
    return view(
        61,
        now_called=(
            call(58, "A128", "2", printed_labels=("K2-37655",)),
            call(55, "K3-001", "1", printed_labels=("K4-001",)),
        ),
        recent=(call(50, "A127", "3", printed_labels=("K2-37655", "K3-1001")), call(49, "E009", "2")),
        A=37,
        E=6,
    )


def busy(times: int = 1) -> BoardView:
    return view(
        60,
        now_called=(call(58, "A128", "2", times=times), call(55, "B045", "1")),
        recent=tuple(
            call(50 - i, label, str(1 + i % 3))
            for i, label in enumerate(["E009", "A127", "V231", "C014", "A126", "T088", "B044", "A125"])
        ),
        A=37,
        B=4,
        C=12,
        E=6,
        V=118,
    )
