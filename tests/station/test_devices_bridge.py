"""Device events become events of the visit, slips become paper."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from config.catalogue import load_catalogue
from devices.contract import (
    CardPresent,
    CardRemoved,
    DeviceEvent,
    DeviceState,
    DeviceStatus,
    PaperForeseen,
    PrinterCondition,
    PrintJobChanged,
    PrintState,
    ScanMeasured,
    Scanned,
    ScanOutcome,
)
from devices.printers.document import PrintDocument, Qr, Text, TwoColumns
from kiosk.domain import scan_quality
from kiosk.domain.alert import NO_PARAMS, AlertParams
from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import Assurance, CodeKind
from kiosk.domain.localized import Language, LocalizedText
from kiosk.domain.slip import Slip
from kiosk.domain.ticket import Estimate, Priority
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import PrintProgress
from kiosk.station.devices_bridge.bridge import DevicesBridge
from kiosk.station.devices_bridge.slip_document import job_id_of, slip_document
from kiosk.station.slip_text import SlipText, slip_text

TODAY = date(2026, 11, 22)
HOSPITAL_TIME = timezone(timedelta(hours=7))
TEXTS = load_catalogue()
SLIP = Slip(
    hospital=LocalizedText(vi="Bệnh viện Mẫu", en="Sample Hospital"),
    ticket_id="a8f5f167f44f4964",
    label="A015",
    service_name=LocalizedText(vi="Khám nội", en="Internal medicine"),
    room=LocalizedText(vi="Phòng 12", en="Room 12"),
    directions=LocalizedText(vi="Tầng 1, rẽ trái", en="Floor 1, turn left"),
    issued_at=datetime(2026, 11, 22, 18, 30, tzinfo=UTC),
    people_ahead=4,
    estimate=Estimate(low_min=20, high_min=35),
    priority=Priority.NORMAL,
    masked_name="N*** V** A*",
    coverage="coverage.valid",
    next_step="next_step.wait_for_call",
    kiosk_id="K1",
    language=Language.VI,
)


@dataclass
class KeptPrinter:
    jobs: list[tuple[str, PrintDocument]] = field(default_factory=list)

    def submit(self, job_id: str, document: PrintDocument) -> None:
        self.jobs.append((job_id, document))


@dataclass
class Bridged:
    """A bridge whose posts and reports are kept."""

    printer: KeptPrinter | None = field(default_factory=KeptPrinter)
    posted: list[ev.Event] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)
    reported_with: list[dict[str, str | int]] = field(default_factory=list)
    measured: list[scan_quality.Scan] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bridge = DevicesBridge(
            post=self.posted.append,
            report_fault=self.report,
            texts=TEXTS,
            time_zone=HOSPITAL_TIME,
            today=lambda: TODAY,
            measured=self.measured.append,
        )
        if self.printer is not None:
            self.bridge.use_printer(self.printer)

    def report(self, code: str, params: AlertParams = NO_PARAMS) -> None:
        self.reported.append(code)
        self.reported_with.append(dict(params))

    def on(self, *device_events: DeviceEvent) -> Bridged:
        for event in device_events:
            self.bridge.on_device_event(event)
        return self


def words(slip: Slip) -> SlipText:
    return slip_text(slip, TEXTS, HOSPITAL_TIME)


def all_text(document: PrintDocument) -> str:
    lines = []
    for block in document.blocks:
        match block:
            case Text(text=text):
                lines.append(text)
            case TwoColumns(left=left, right=right):
                lines.append(f"{left}: {right}")
    return "\n".join(lines)


def test_a_citizen_card_scanned_is_recognised_with_the_assurance_of_a_read_code():
    text = "001090123456||Nguyễn Văn An|01011990|Nam|Số 1, Hà Nội|15042021"
    [event] = Bridged().on(Scanned(device="scanner", text=text)).posted
    assert isinstance(event, ev.CodeScanned)
    assert event.code.kind is CodeKind.CITIZEN_CARD
    assert event.code.identity is not None
    assert (event.code.identity.name, event.code.identity.assurance) == ("Nguyễn Văn An", Assurance.CODE_READ)


@pytest.mark.parametrize("text", ["", "\x1b@\x1dV", "x" * 3000, "000201010211", "https://example.test/a"])
def test_a_code_that_names_nobody_is_told_as_such(text):
    [event] = Bridged().on(Scanned(device="scanner", text=text)).posted
    assert isinstance(event, ev.CodeScanned)
    assert event.code.identity is None
    assert event.code.fault is not None


@pytest.mark.parametrize("outcome", ScanOutcome)
def test_how_a_scan_went_is_counted_and_no_event_of_the_visit(outcome):
    told = ScanMeasured(device="camera", outcome=outcome, format="qr", decode_ms=40, tries=3)
    bridged = Bridged().on(told)
    [scan] = bridged.measured
    assert (scan.device, scan.outcome.value, scan.format, scan.decode_ms, scan.tries) == (
        "camera",
        outcome.value,
        "qr",
        40,
        3,
    )
    assert bridged.posted == []


def test_a_card_comes_and_goes_and_a_lost_reader_takes_it_along_once():
    laid = CardPresent(device="reader", atr=b"\x3b\x00")
    lost = DeviceStatus(device="reader", state=DeviceState.LOST, code="card_reader.lost")
    bridged = Bridged().on(laid, CardRemoved(device="reader"), laid, lost, lost, CardRemoved(device="reader"))
    assert bridged.posted == [ev.CardLaid(), ev.CardTaken(), ev.CardLaid(), ev.CardTaken()]
    assert bridged.reported == ["card_reader.lost", "card_reader.lost"]


@pytest.mark.parametrize(
    ("code", "fault"), [("scanner.unreadable", "code.torn"), ("scanner.frame_too_long", "code.too_long")]
)
def test_a_scan_nobody_can_read_is_told_to_the_patient_not_to_staff(code, fault):
    bridged = Bridged().on(DeviceStatus(device="scanner", state=DeviceState.READY, code=code))
    [event] = bridged.posted
    assert isinstance(event, ev.CodeScanned)
    assert event.code.fault == fault
    assert bridged.reported == []


def test_a_card_that_does_not_answer_is_told_to_the_patient():
    bridged = Bridged().on(DeviceStatus(device="reader", state=DeviceState.READY, code="card_reader.card_mute"))
    assert bridged.posted == [ev.CardLaid(answers=False)]


def test_a_device_that_is_ready_or_stopped_is_no_trouble():
    bridged = Bridged().on(
        DeviceStatus(device="scanner", state=DeviceState.READY),
        DeviceStatus(device="scanner", state=DeviceState.STOPPED),
    )
    assert bridged.reported == []


def test_a_printers_condition_is_reported_when_it_changes_for_the_worse():
    fine = PrinterCondition(device="printer", answered=True, online=True, paper_out=False)
    ending = replace(fine, paper_near_end=True)
    out = replace(fine, paper_out=True)
    bridged = Bridged().on(fine, ending, ending, out, fine, out)
    assert bridged.reported == ["printer.paper_near_end", "printer.paper_out", "printer.paper_out"]


@pytest.mark.parametrize("state", PrintState)
def test_every_state_of_a_job_reaches_the_ticket_it_belongs_to(state):
    changed = PrintJobChanged(device="printer", job_id=job_id_of(SLIP), state=state, code="printer.paper_out")
    [event] = Bridged().on(changed).posted
    assert event == ev.PrintChanged(
        ticket_id=SLIP.ticket_id, progress=PrintProgress(state.value), fault=Fault(code="printer.paper_out")
    )


def test_a_slip_is_queued_under_an_id_of_its_own_for_every_paper():
    bridged = Bridged()
    bridged.bridge.print_slip(SLIP)
    bridged.bridge.print_slip(replace(SLIP, reprint=1))
    assert bridged.printer is not None
    assert [job_id for job_id, _ in bridged.printer.jobs] == ["a8f5f167f44f4964#0", "a8f5f167f44f4964#1"]


def test_a_kiosk_without_a_printer_says_so_at_once():
    bridged = Bridged(printer=None)
    bridged.bridge.print_slip(SLIP)
    assert bridged.posted == [
        ev.PrintChanged(
            ticket_id=SLIP.ticket_id,
            progress=PrintProgress.FAILED,
            fault=Fault(code="printer.not_configured"),
            label=SLIP.label,
        )
    ]


def test_the_slip_shows_all_a_patient_needs_in_hospital_time():
    document = slip_document(words(SLIP))
    text = all_text(document)
    for needed in (
        "Bệnh viện Mẫu",
        "A015",
        "Khám nội",
        "Phòng 12",
        "Tầng 1, rẽ trái",
        "01:30  23/11/2026",
        "4 người",
        "dự kiến 20–35 phút",
        "N*** V** A*",
        "Thẻ bảo hiểm y tế còn giá trị.",
        "Mời ngồi chờ.",
        "Số chỉ có giá trị trong ngày.",
        "Máy K1",
    ):
        assert needed in text
    assert [block.payload for block in document.blocks if isinstance(block, Qr)] == ["TD:a8f5f167f44f4964"]
    heights = {block.text: block.height_px for block in document.blocks if isinstance(block, Text)}
    assert heights["A015"] > 4 * max(height for text, height in heights.items() if text != "A015")
    assert "IN LẠI" not in text
    assert "ƯU TIÊN" not in text


def test_a_reprint_and_a_priority_are_marked_in_white_on_black():
    document = slip_document(words(replace(SLIP, reprint=2, priority=Priority.PRIORITY)))
    marks = [block.text for block in document.blocks if isinstance(block, Text) and block.inverted]
    assert marks == ["IN LẠI / REPRINT", "ƯU TIÊN"]


def test_an_english_slip_keeps_the_vietnamese_names_of_service_and_room():
    english = words(replace(SLIP, language=Language.EN))
    assert english.service == ("Internal medicine", "Khám nội")
    assert english.room == ("Room 12", "Phòng 12")
    assert english.hospital == "Sample Hospital"


def test_what_is_not_known_is_left_out():
    bare = words(replace(SLIP, people_ahead=None, estimate=None, masked_name=None, coverage=None))
    assert len(bare.facts) == 1
    assert bare.coverage == ""
    assert all(block.text for block in slip_document(bare).blocks if isinstance(block, Text))


def test_the_first_in_line_and_a_single_estimate_read_naturally():
    first = words(replace(SLIP, people_ahead=0, estimate=Estimate(low_min=5, high_min=5)))
    assert ("Đang chờ trước", "không có ai") in first.facts
    assert ("Thời gian chờ", "dự kiến 5 phút") in first.facts


@pytest.mark.parametrize("left", [40, 38, 0])
def test_staff_hear_how_many_slips_the_roll_still_has(left):
    bridged = Bridged().on(PaperForeseen(device="printer", tickets_left=left))
    assert (bridged.reported, bridged.reported_with) == (["printer.paper_low"], [{"left": left}])
    assert all(f" {left} " in TEXTS.text("staff.printer.paper_low", language, left=left) for language in Language)


def test_what_becomes_of_a_paper_names_the_number_on_it_also_when_its_visit_is_over():
    bridged = Bridged()
    bridged.bridge.print_slip(SLIP)
    job = job_id_of(SLIP)
    bridged.on(
        PrintJobChanged(device="printer", job_id=job, state=PrintState.SENT),
        PrintJobChanged(device="printer", job_id=job, state=PrintState.FAILED, code="printer.paper_out"),
        PrintJobChanged(device="printer", job_id="of-a-run-before#0", state=PrintState.UNCONFIRMED),
    )
    assert [event.label for event in bridged.posted] == ["A015", "A015", None]
