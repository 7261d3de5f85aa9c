"""Visits for every screen and every state of it that looks different. All people are made up; names and services are
as long as they get."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from made_up_photo import made_up_photo

from kiosk.domain.eligibility import Coverage, Eligibility, FacilityMatch, OutcomeClass, RepairField
from kiosk.domain.faults import Fault
from kiosk.domain.identity.values import Assurance, BirthDate, Identity, NumberKind
from kiosk.domain.localized import Language, LocalizedText
from kiosk.domain.service import Availability, ServiceView
from kiosk.domain.slip import Slip
from kiosk.domain.ticket import Estimate, Priority, TicketState, TicketView
from kiosk.domain.visit.chip_values import Chip, ChipStage, ChipState, ChipVerdict
from kiosk.domain.visit.state import HelpState, PrintProgress, Step, Visit
from ui.kiosk.options import KioskOptions

NOW_S = 1000.0
WALL_CLOCK = datetime(2026, 11, 23, 8, 5)  # noqa: DTZ001 - the hospital's wall clock, as the header gets it
HOSPITAL = LocalizedText(vi="Bệnh viện Đa khoa tỉnh Bình Minh", en="Binh Minh Provincial General Hospital")
DESK = LocalizedText(vi="Quầy tiếp đón số 1, cạnh cửa chính", en="Reception desk 1, next to the main entrance")
EMERGENCY = LocalizedText(
    vi="đến ngay Khoa Cấp cứu, tầng 1, theo vạch đỏ", en="go to the Emergency Department, floor 1, follow the red line"
)

_SERVICES = (
    ("internal", "A", "Khám Nội tổng quát", "General internal medicine", Availability.OPEN, None, 12),
    ("surgery", "B", "Khám Ngoại – Chấn thương chỉnh hình", "Surgery and orthopaedics", Availability.OPEN, None, 4),
    ("children", "N", "Khám Nhi", "Children", Availability.OPEN, None, 0),
    ("obstetrics", "S", "Khám Sản phụ khoa – Kế hoạch hóa gia đình", "Obstetrics and family planning",
     Availability.OPEN, None, 27),
    ("eyes", "M", "Khám Mắt", "Eyes", Availability.CLOSED, "13:00", 0),
    ("ent", "T", "Khám Tai Mũi Họng – Răng Hàm Mặt", "Ear, nose, throat and dental", Availability.FULL, None, 60),
    ("skin", "D", "Khám Da liễu", "Skin", Availability.OPEN, None, 3),
    ("results", "K", "Trả kết quả xét nghiệm và chẩn đoán hình ảnh", "Laboratory and imaging results",
     Availability.CLOSED, None, 0),
)  # fmt: skip


def service(row: tuple[str, str, str, str, Availability, str | None, int]) -> ServiceView:
    key, prefix, name_vi, name_en, availability, opens_at, waiting = row
    return ServiceView(
        id=key,
        prefix=prefix,
        name=LocalizedText(vi=name_vi, en=name_en),
        room=LocalizedText(vi="Phòng khám 105 – 108, nhà B", en="Rooms 105 – 108, building B"),
        directions=LocalizedText(
            vi="Tầng 1, đi thẳng qua quầy thuốc rồi rẽ phải", en="Floor 1, straight past the pharmacy, then right"
        ),
        availability=availability,
        opens_at=opens_at,
        waiting=waiting,
        for_insured=True,
        for_uninsured=True,
    )


SERVICES = tuple(service(row) for row in _SERVICES)
SIX_SERVICES = SERVICES[:6]

PERSON = Identity(
    number="001152012345",
    number_kind=NumberKind.CITIZEN,
    assurance=Assurance.CODE_READ,
    name="Nguyễn Thị Hoàng Phương Uyên",
    birth=BirthDate(year=1952, month=3, day=5),
)
BARE_NUMBER = Identity(number="001152012345", number_kind=NumberKind.CITIZEN, assurance=Assurance.TYPED)


def eligibility(outcome: OutcomeClass, coverage: Coverage) -> Eligibility:
    return Eligibility(
        id="e1",
        patient_ref="r1",
        outcome=outcome,
        code="000",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        facility_match=FacilityMatch.HERE,
        card_masked="**********2345",
        next_step="next_step.wait_for_call",
        coverage=coverage.value,
        pending=False,
    )


def ticket(priority: Priority = Priority.NORMAL, label: str = "A045", ahead: int | None = 12) -> TicketView:
    return TicketView(
        id="t1",
        number=45,
        label=label,
        service="internal",
        state=TicketState.WAITING,
        priority=priority,
        people_ahead=ahead,
        estimate=Estimate(low_min=25, high_min=40) if ahead else None,
        counter=None,
        issued_at=datetime(2026, 11, 23, 1, 5, tzinfo=UTC),
        next_step="next_step.check_at_counter",
    )


def slip(of: TicketView, reprint: int = 0) -> Slip:
    chosen = SERVICES[3] if of.priority is Priority.PRIORITY else SERVICES[0]
    return Slip(
        hospital=HOSPITAL,
        ticket_id=of.id,
        label=of.label,
        service_name=chosen.name,
        room=chosen.room,
        directions=chosen.directions,
        issued_at=of.issued_at,
        people_ahead=of.people_ahead,
        estimate=of.estimate,
        priority=of.priority,
        masked_name="N***** T** H**** P***** U***",
        coverage=None,
        next_step=of.next_step,
        kiosk_id="k1",
        language=Language.VI,
        reprint=reprint,
    )


def _visit(step: Step, **known: object) -> Visit:
    history = (Step.WELCOME,) if step not in (Step.WELCOME, Step.HUB_AWAY) else ()
    return Visit(step=step, history=history, **known)  # type: ignore[arg-type]


def _on_ticket(progress: PrintProgress, of: TicketView, **known: object) -> Visit:
    return _visit(
        Step.TICKET, ticket=of, slip=slip(of), services=SIX_SERVICES, service="internal", issue_sent=True,
        print_progress=progress, **known,
    )  # fmt: skip


KEY_WANTED = Chip(state=ChipState.KEY_WANTED, tries_left=3)
READING = Chip(state=ChipState.READING, reading=1, stage=ChipStage.TEXT, fraction=0.45)
PHOTO = made_up_photo()
JUDGED = Chip(
    state=ChipState.DONE, reading=1, stage=ChipStage.DONE, fraction=1.0, verdict=ChipVerdict.AUTHENTIC, photo=PHOTO,
    person_read=True,
)  # fmt: skip
KEY_REFUSED = Fault(code="notice.chip_key_refused", params={"left": 2})
LONG_NAME = "Công Tằng Tôn Nữ Thị Hoàng Phương Uyên"


def _confirm(chip: Chip, **known: object) -> Visit:
    asking = {"eligibility_request": 1, "eligibility_deadline_s": NOW_S + 8} if "eligibility" not in known else {}
    return _visit(Step.CONFIRM, identity=PERSON, card_on_reader=True, chip=chip, **asking, **known)


TYPED_PERSON = replace(PERSON, assurance=Assurance.TYPED, name="NGUYỄN THỊ UYÊN", birth=BirthDate(year=1952))


def to_repair(field: RepairField) -> Eligibility:
    coverage = {
        RepairField.NUMBER: Coverage.NUMBER_NOT_FOUND,
        RepairField.NAME: Coverage.NAME_DIFFERS,
        RepairField.BIRTH: Coverage.BIRTH_DIFFERS,
    }
    return replace(eligibility(OutcomeClass.FIX_INPUT, coverage[field]), repair=field)


def _repair(field: RepairField, identity: Identity = PERSON, **known: object) -> Visit:
    return _visit(Step.REPAIR, identity=identity, eligibility=to_repair(field), repair=field, **known)


SAMPLES: dict[str, Visit] = {
    "welcome": _visit(Step.WELCOME),
    "present": _visit(Step.PRESENT),
    "present_card_laid": _visit(Step.PRESENT, card_on_reader=True, notice=Fault(code="notice.card_show_qr")),
    "present_card_opens": _visit(
        Step.PRESENT, card_on_reader=True, chip=KEY_WANTED, notice=Fault(code="notice.card_show_qr")
    ),
    "present_card_awaited": _visit(
        Step.PRESENT, chip=Chip(state=ChipState.CARD_WANTED), notice=Fault(code="notice.chip_lay_card")
    ),
    "present_wrong_code": _visit(Step.PRESENT, notice=Fault(code="code.link")),
    "no_document": _visit(Step.NO_DOCUMENT),
    "enter_number": _visit(Step.ENTER_NUMBER),
    "enter_number_typed": _visit(Step.ENTER_NUMBER, typed_number="001152012345"),
    "enter_number_short": _visit(Step.ENTER_NUMBER, typed_number="00115201234"),
    "enter_birth": _visit(Step.ENTER_BIRTH, identity=BARE_NUMBER),
    "enter_name": _visit(Step.ENTER_NAME, identity=BARE_NUMBER),
    "confirm_asking": _visit(
        Step.CONFIRM, identity=PERSON, eligibility_request=1, eligibility_deadline_s=NOW_S + 8
    ),
    "confirm_valid": _visit(
        Step.CONFIRM, identity=PERSON, eligibility_request=1, eligibility=eligibility(OutcomeClass.OK, Coverage.VALID)
    ),
    "confirm_counter": _visit(
        Step.CONFIRM, identity=BARE_NUMBER, eligibility_request=1,
        eligibility=eligibility(OutcomeClass.FIX_INPUT, Coverage.NUMBER_NOT_FOUND),
    ),
    "confirm_repair": _visit(
        Step.CONFIRM, identity=PERSON, eligibility_request=1, eligibility=to_repair(RepairField.NAME)
    ),
    "repair_number": _repair(RepairField.NUMBER),
    "repair_number_same": _repair(RepairField.NUMBER, notice=Fault(code="notice.repair_same_number")),
    "repair_birth": _repair(RepairField.BIRTH),
    "repair_name": _repair(RepairField.NAME),
    "repair_name_typed": _repair(RepairField.NAME, identity=TYPED_PERSON),
    "repair_birth_typed": _repair(RepairField.BIRTH, identity=TYPED_PERSON),
    "enter_can": _visit(Step.ENTER_CAN, card_on_reader=True, chip=KEY_WANTED),
    "enter_can_typed": _visit(Step.ENTER_CAN, card_on_reader=True, chip=KEY_WANTED),
    "enter_can_refused": _visit(Step.ENTER_CAN, card_on_reader=True, chip=KEY_WANTED, notice=KEY_REFUSED),
    "enter_can_card_away": _visit(Step.ENTER_CAN),
    "read_chip": _visit(Step.READ_CHIP, card_on_reader=True, chip=READING),
    "read_chip_card_wanted": _visit(Step.READ_CHIP, chip=Chip(state=ChipState.CARD_WANTED)),
    "confirm_chip_reading": _confirm(READING),
    "confirm_chip_card_wanted": replace(_confirm(Chip(state=ChipState.CARD_WANTED)), card_on_reader=False),
    "confirm_chip_photo": _confirm(JUDGED, eligibility=eligibility(OutcomeClass.OK, Coverage.VALID)),
    "confirm_chip_read": replace(
        _confirm(
            replace(JUDGED, verdict=ChipVerdict.NOT_PROVEN),
            eligibility=eligibility(OutcomeClass.FIX_INPUT, Coverage.NUMBER_NOT_FOUND),
        ),
        identity=replace(PERSON, name=LONG_NAME),
    ),
    "confirm_chip_lifted": replace(
        _confirm(Chip(state=ChipState.CARD_WANTED), notice=Fault(code="notice.chip_lifted")), card_on_reader=False
    ),
    "confirm_chip_no_photo": _confirm(replace(JUDGED, photo=None)),
    "confirm_chip_forged": _confirm(
        replace(JUDGED, verdict=ChipVerdict.FORGED, photo=None), notice=Fault(code="notice.chip_show_at_counter")
    ),
    "choose_service": _visit(Step.CHOOSE_SERVICE, identity=PERSON, services=SIX_SERVICES),
    "choose_service_paged": _visit(Step.CHOOSE_SERVICE, identity=PERSON, services=SERVICES),
    "choose_service_without_hub": _visit(Step.CHOOSE_SERVICE, identity=PERSON, services=SIX_SERVICES, hub_away=True),
    "choose_service_none": _visit(Step.CHOOSE_SERVICE, identity=PERSON),
    "issuing": _visit(Step.ISSUING, services=SIX_SERVICES, service="surgery"),
    "ticket_printing": _on_ticket(PrintProgress.SENT, ticket()),
    "ticket_printed": _on_ticket(PrintProgress.CONFIRMED, ticket(ahead=0)),
    "ticket_take_card": _on_ticket(
        PrintProgress.CONFIRMED, ticket(), card_on_reader=True, notice=Fault(code="notice.take_card")
    ),
    "ticket_own_number": _on_ticket(
        PrintProgress.CONFIRMED, replace(ticket(label="K2-007", ahead=None), id="r1"), own_number=True, hub_away=True
    ),
    "ticket_already": _on_ticket(PrintProgress.NONE, replace(ticket(ahead=3), already=True)),
    "ticket_unconfirmed": _on_ticket(PrintProgress.UNCONFIRMED, ticket(Priority.PRIORITY, "UT1003", 3)),
    "ticket_paper_out": _on_ticket(
        PrintProgress.FAILED, ticket(), print_fault=Fault(code="printer.paper_out")
    ),
    "refused": _visit(
        Step.REFUSED, services=SIX_SERVICES, service="ent",
        notice=Fault(code="service.full", params={"service": "Khám Tai Mũi Họng – Răng Hàm Mặt"}),
    ),
    "refused_nothing_open": _visit(Step.REFUSED, services=SERVICES[4:6], service="ent"),
    "hub_away": _visit(Step.HUB_AWAY, hub_away=True),
    "hub_away_within_visit": _visit(Step.HUB_AWAY, hub_away=True, resume=Step.CHOOSE_SERVICE),
    "hub_away_number_on_its_way": _visit(Step.HUB_AWAY, hub_away=True, resume=Step.ISSUING, issue_sent=True),
    "timeout": _visit(Step.PRESENT, warning_shown=True, deadline_s=NOW_S + 18, warn_at_s=NOW_S - 2),
    "help_asked": _visit(Step.PRESENT, help=HelpState.ASKED),
    "help_coming": _visit(Step.PRESENT, help=HelpState.COMING),
    "help_unreachable": _visit(Step.PRESENT, help=HelpState.UNREACHABLE),
}  # fmt: skip
"""Visits by the name their screen has in tests."""

PICTURED = (
    "welcome", "present", "present_card_laid", "present_card_opens", "present_wrong_code", "no_document",
    "enter_number_typed", "enter_birth", "enter_name", "enter_can_typed", "enter_can_refused", "read_chip",
    "read_chip_card_wanted", "confirm_asking", "confirm_counter", "confirm_chip_reading", "confirm_chip_photo",
    "confirm_chip_read", "confirm_chip_forged", "confirm_repair", "repair_number", "repair_birth",
    "repair_name", "choose_service_paged", "choose_service_without_hub", "issuing",
    "ticket_printing", "ticket_take_card", "ticket_paper_out", "ticket_own_number", "ticket_already",
    "refused", "hub_away", "timeout", "help_unreachable",
)  # fmt: skip
"""Those with reference pictures: every step, and states that look quite different."""

TYPED: dict[str, dict[Language, str]] = {
    "enter_can_typed": {Language.VI: "0123", Language.EN: "012345"},
    "enter_birth": {Language.VI: "0503", Language.EN: "0503"},
    "repair_number_same": {Language.VI: "0123456789", Language.EN: "0123456789"},
    "repair_birth": {Language.VI: "0503", Language.EN: "0503"},
    "repair_name": {Language.VI: "nguyeenx thij hoangf", Language.EN: "nguyen thi hoang"},
    "enter_name": {Language.VI: "nguyeenx thij hoangf phuwowng", Language.EN: "thomas miller"},
}
"""What is typed into a sample before its picture is taken."""

SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}


def options(orientation: str) -> KioskOptions:
    width_px, height_px = SIZES[orientation]
    return KioskOptions(
        diagonal_in=21.5, width_px=width_px, height_px=height_px, animations=False,
        hospital=HOSPITAL, desk=DESK, emergency=EMERGENCY,
    )  # fmt: skip
