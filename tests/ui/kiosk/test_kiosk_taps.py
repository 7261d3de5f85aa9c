"""Every button of every screen posts its event, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
import screen_samples
from kiosk_bench import KioskOnBench, rect_of
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from kiosk.domain.identity.values import BirthDate
from kiosk.domain.localized import Language
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Claim, Step, Visit

EVERYWHERE = {"language": ev.LanguageToggled(), "help": ev.HelpTapped()}
WAYS = {"back": ev.BackTapped(), "cancel": ev.CancelTapped()}

TAPS: dict[str, dict[str, ev.Event]] = {
    "welcome": {"start": ev.Started(), **EVERYWHERE},
    "present": {
        "typeNumber": ev.TypeNumberChosen(),
        "noDocument": ev.NoDocumentChosen(),
        **WAYS,
        **EVERYWHERE,
    },
    "present_card_opens": {
        "typeCan": ev.TypeCanChosen(),
        "typeNumber": ev.TypeNumberChosen(),
        "noDocument": ev.NoDocumentChosen(),
        **WAYS,
        **EVERYWHERE,
    },
    "present_card_awaited": {"typeNumber": ev.TypeNumberChosen(), "noDocument": ev.NoDocumentChosen(), **WAYS},
    "enter_can": {**WAYS, **EVERYWHERE},
    "read_chip": {"typeNumber": ev.TypeNumberChosen(), **WAYS, **EVERYWHERE},
    "read_chip_card_wanted": {"typeNumber": ev.TypeNumberChosen(), **WAYS, **EVERYWHERE},
    "no_document": {
        "claim_no_card": ev.ClaimMade(claim=Claim.NO_CARD),
        "claim_child_under_six": ev.ClaimMade(claim=Claim.CHILD_UNDER_SIX),
        "claim_without_insurance": ev.ClaimMade(claim=Claim.WITHOUT_INSURANCE),
        **WAYS,
        **EVERYWHERE,
    },
    "enter_number_typed": {"continue": ev.NumberTyped(number="001152012345"), **WAYS, **EVERYWHERE},
    "enter_birth": {"skip": ev.BirthTyped(birth=None), **WAYS, **EVERYWHERE},
    "enter_name": {
        "continue": ev.NameTyped(name="NGUYỄN THỊ HOÀNG PHƯƠNG"),
        "skip": ev.NameTyped(name=None),
        **WAYS,
        **EVERYWHERE,
    },
    "repair_number": {"leave": ev.RepairDeclined(), **WAYS, **EVERYWHERE},
    "repair_birth": {"skip": ev.RepairDeclined(), **WAYS, **EVERYWHERE},
    "repair_birth_typed": {"continue": ev.BirthTyped(birth=BirthDate(year=1952))},
    "repair_name": {
        "continue": ev.NameTyped(name="NGUYỄN THỊ HOÀNG"),
        "skip": ev.RepairDeclined(),
        **WAYS,
        **EVERYWHERE,
    },
    "repair_name_typed": {"continue": ev.NameTyped(name="NGUYỄN THỊ UYÊN")},
    "confirm_asking": {"confirm": ev.Confirmed(), "deny": ev.Denied(), **WAYS, **EVERYWHERE},
    "confirm_counter": {"confirm": ev.Confirmed(), "deny": ev.Denied()},
    "confirm_chip_reading": {"confirm": ev.Confirmed(), "deny": ev.Denied(), **WAYS, **EVERYWHERE},
    "confirm_chip_photo": {"confirm": ev.Confirmed(), "deny": ev.Denied(), **WAYS, **EVERYWHERE},
    "choose_service": {
        "service_internal": ev.ServiceChosen(service="internal"),
        "service_surgery": ev.ServiceChosen(service="surgery"),
        "service_children": ev.ServiceChosen(service="children"),
        "service_obstetrics": ev.ServiceChosen(service="obstetrics"),
        **WAYS,
        **EVERYWHERE,
    },
    "issuing": {"cancel": ev.CancelTapped(), **EVERYWHERE},
    "ticket_printing": {"done": ev.DoneTapped(), **EVERYWHERE},
    "ticket_paper_out": {"reprint": ev.ReprintTapped(), "done": ev.DoneTapped(), **EVERYWHERE},
    "refused": {"service_children": ev.ServiceChosen(service="children"), **WAYS, **EVERYWHERE},
    "hub_away": {**EVERYWHERE},
    "hub_away_within_visit": {"cancel": ev.CancelTapped(), **EVERYWHERE},
    "hub_away_number_on_its_way": {"done": ev.DoneTapped(), **EVERYWHERE},
    "timeout": {"moreTime": ev.MoreTimeTapped()},
    "help_coming": {"closeHelp": ev.HelpDismissed()},
    "help_unreachable": {"closeHelp": ev.HelpDismissed()},
}


@pytest.mark.parametrize(
    ("sample", "button", "event"),
    [(sample, button, event) for sample, taps in TAPS.items() for button, event in taps.items()],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_tap_posts_exactly_its_event(bench: KioskOnBench, sample: str, button: str, event: ev.Event) -> None:
    bench.show_sample(sample)
    bench.tap(button)
    assert bench.answers == [event]


def test_every_step_has_a_tap_test() -> None:
    assert {screen_samples.SAMPLES[name].step for name in TAPS} == set(Step)


def test_a_finger_does_what_the_mouse_does(bench: KioskOnBench) -> None:
    device = QTest.createTouchDevice()
    bench.show_sample("present")
    bench.touch("typeNumber", device)
    assert bench.answers == [ev.TypeNumberChosen()]


def test_a_finger_that_slides_off_the_button_posts_nothing(bench: KioskOnBench) -> None:
    bench.show_sample("present")
    start = bench.middle("typeNumber")
    none = Qt.KeyboardModifier.NoModifier
    QTest.mousePress(bench.view, Qt.MouseButton.LeftButton, none, start)
    QTest.mouseMove(bench.view, QPoint(start.x(), 10))
    QTest.mouseRelease(bench.view, Qt.MouseButton.LeftButton, none, QPoint(start.x(), 10))
    assert bench.answers == []


def test_another_number_is_typed_in_place_of_the_one_that_is_not_known(bench: KioskOnBench) -> None:
    bench.show_sample("repair_number")
    bench.tap("continue")
    assert bench.answers == [], "what a card told is not shown in full and not sent again"
    bench.tap(*(f"digit_{digit}" for digit in "0100000001"), "continue")
    assert bench.answers == [ev.NumberTyped(number="0100000001")]


def test_a_number_is_typed_digit_by_digit_and_can_be_erased(bench: KioskOnBench) -> None:
    bench.show_sample("enter_number")
    bench.tap("continue")
    assert bench.answers == [], "an empty number cannot be sent"
    bench.tap(*(f"digit_{digit}" for digit in "0011520123459"), "erase", "digit_5")
    assert bench.item("count").property("text") == "Đã nhập 12 số"
    bench.tap("continue")
    assert bench.answers == [ev.NumberTyped(number="001152012345")]


def test_eleven_digits_say_why_the_patient_cannot_go_on(bench: KioskOnBench) -> None:
    bench.show_sample("enter_number_short")
    assert bench.item("count").property("text") == "Đã nhập 11 số, còn thiếu 1 số"
    bench.tap("continue")
    assert bench.answers == []


def test_six_digits_are_typed_and_sent_only_when_all_are_there(bench: KioskOnBench) -> None:
    bench.show_sample("enter_can")
    bench.tap(*(f"digit_{digit}" for digit in "01234"), "continue")
    assert bench.answers == []
    assert bench.item("count").property("text") == "Còn thiếu 1 số"
    bench.tap("digit_9", "erase", "digit_5", "digit_6")
    assert bench.item("count").property("text") == "Đã nhập đủ 6 số"
    bench.tap("continue")
    assert bench.answers == [ev.CanTyped(digits="012345")]


def test_refused_digits_are_gone_so_that_they_can_be_typed_anew(bench: KioskOnBench) -> None:
    bench.show_sample("enter_can")
    bench.tap(*(f"digit_{digit}" for digit in "012345"))
    bench.view_model.show(screen_samples.SAMPLES["read_chip"])
    bench.view_model.show(screen_samples.SAMPLES["enter_can_refused"])
    assert bench.item("count").property("text") == "Chưa nhập số nào"


def test_a_lifted_card_is_asked_back_where_the_digits_are_typed(bench: KioskOnBench) -> None:
    bench.show_sample("enter_can")
    bench.tap("digit_0")
    bench.view_model.show(screen_samples.SAMPLES["enter_can_card_away"])
    assert bench.item("count").property("text") == "Xin đặt thẻ lại lên đầu đọc"
    bench.view_model.show(screen_samples.SAMPLES["enter_can"])
    assert bench.item("count").property("text") == "Còn thiếu 5 số", "what was typed is still there"


@pytest.mark.parametrize("digit", "0123456789")
def test_each_key_of_the_pad_types_its_digit(portrait: KioskOnBench, digit: str) -> None:
    portrait.show_sample("enter_number")
    portrait.tap(f"digit_{digit}")
    assert portrait.view_model.property("number")["cells"][0] == digit


def test_a_birth_date_is_typed_day_first(bench: KioskOnBench) -> None:
    bench.show(screen_samples.SAMPLES["enter_birth"])
    bench.tap(*(f"digit_{digit}" for digit in "05031952"), "continue")
    assert bench.answers == [ev.BirthTyped(birth=BirthDate(year=1952, month=3, day=5))]


def test_the_year_alone_is_enough(bench: KioskOnBench) -> None:
    bench.show(screen_samples.SAMPLES["enter_birth"])
    bench.tap("yearOnly", *(f"digit_{digit}" for digit in "1952"), "continue")
    assert bench.answers == [ev.BirthTyped(birth=BirthDate(year=1952))]


def test_a_day_that_does_not_exist_is_said_and_not_sent(bench: KioskOnBench) -> None:
    bench.show(screen_samples.SAMPLES["enter_birth"])
    bench.tap(*(f"digit_{digit}" for digit in "31021952"), "continue")
    assert bench.answers == []
    assert "lịch" in bench.item("notice").property("text")


def test_a_name_is_typed_with_telex_or_with_the_mark_keys(bench: KioskOnBench) -> None:
    bench.show(screen_samples.SAMPLES["enter_name"])
    bench.tap("key_L", "key_E", "key_E", "space", "key_H", "key_Ô", "key_F", "erase", "tone_f", "key_N", "erase")
    assert bench.item("typedName").property("text") == "LÊ HỒ"
    bench.tap("continue")
    assert bench.answers == [ev.NameTyped(name="LÊ HỒ")]


def test_marks_can_be_switched_off_for_foreign_names(bench: KioskOnBench) -> None:
    bench.show(screen_samples.SAMPLES["enter_name"])
    bench.tap("marks", *(f"key_{letter}" for letter in "THOMAS"))
    assert bench.item("typedName").property("text") == "THOMAS"
    assert not bench.is_shown("tone_s")


def test_an_english_speaker_starts_without_marks(portrait: KioskOnBench) -> None:
    portrait.show(replace(screen_samples.SAMPLES["enter_name"], language=Language.EN))
    assert not portrait.is_shown("tone_s")


@pytest.mark.parametrize("service", ["eyes", "ent"])
def test_a_closed_or_full_service_says_why_and_cannot_be_chosen(bench: KioskOnBench, service: str) -> None:
    bench.show_sample("choose_service")
    bench.tap(f"service_{service}")
    assert bench.answers == []
    assert bench.item(f"service_{service}").property("status") in ("Nhận số từ 13:00", "Đã hết số")


def test_more_than_six_services_are_turned_over_like_pages(bench: KioskOnBench) -> None:
    bench.show_sample("choose_service_paged")
    assert not bench.is_shown("service_skin")
    bench.tap("nextPage", "service_skin")
    assert bench.answers == [ev.ServiceChosen(service="skin")]
    bench.tap("previousPage")
    assert bench.is_shown("service_internal")


def test_services_that_stay_the_same_are_not_rebuilt_under_the_finger(bench: KioskOnBench) -> None:
    bench.show_sample("choose_service")
    visit = screen_samples.SAMPLES["choose_service"]
    none = Qt.KeyboardModifier.NoModifier
    point = bench.middle("service_internal")
    QTest.mousePress(bench.view, Qt.MouseButton.LeftButton, none, point)
    bench.view_model.show(replace(visit, deadline_s=bench.clock_s + 20, warn_at_s=bench.clock_s))
    QTest.mouseRelease(bench.view, Qt.MouseButton.LeftButton, none, point)
    assert bench.answers == [ev.ServiceChosen(service="internal")]


def test_a_double_tap_does_not_answer_the_next_question_too(bench: KioskOnBench) -> None:
    bench.show_sample("present")
    bench.view_model.show(screen_samples.SAMPLES["no_document"])
    bench.tap("claim_child_under_six")
    assert bench.answers == []
    bench.clock_s += 0.5
    bench.tap("claim_child_under_six")
    assert bench.answers == [ev.ClaimMade(claim=Claim.CHILD_UNDER_SIX)]


def test_help_is_never_held_back(bench: KioskOnBench) -> None:
    bench.view_model.show(Visit(step=Step.PRESENT))
    bench.tap("help")
    assert bench.answers == [ev.HelpTapped()]


def test_any_touch_says_that_somebody_is_there_but_at_most_once_a_second(bench: KioskOnBench) -> None:
    bench.show_sample("enter_number")
    bench.tap("title", "digit_1", "digit_2")
    assert bench.posted == [ev.Touched()]
    bench.clock_s += 1.1
    bench.tap("digit_3")
    assert bench.posted == [ev.Touched(), ev.Touched()]


def test_a_notice_over_the_screen_takes_the_taps_beside_it(bench: KioskOnBench) -> None:
    bench.show_sample("timeout")
    bench.view.grabWindow()
    sheet = rect_of(bench.item("sheet"))
    beside = [rect_of(bench.item(name)).center() for name in ("typeNumber", "noDocument")]
    beside.append(QPointF(sheet.left() - 5, beside[1].y()))
    points = [point.toPoint() for point in beside if not sheet.contains(point)]
    assert points
    for point in points:
        QTest.mouseClick(bench.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
    assert bench.answers == []


@pytest.mark.parametrize("sample", ["timeout", "help_asked"])
def test_language_help_and_cancel_stay_in_reach_under_a_notice(bench: KioskOnBench, sample: str) -> None:
    bench.show_sample(sample)
    bench.tap("language", "help", "cancel")
    assert bench.answers == [ev.LanguageToggled(), ev.HelpTapped(), ev.CancelTapped()]


def test_the_language_changes_in_place_and_keeps_what_was_typed(bench: KioskOnBench) -> None:
    visit = screen_samples.SAMPLES["enter_number"]
    bench.show(visit)
    bench.tap("digit_0", "digit_0", "digit_1")
    bench.view_model.show(replace(visit, language=Language.EN))
    assert bench.item("title").property("text") == "Please type the number on the card"
    assert bench.item("count").property("text") == "Digits typed: 3"
    assert bench.item("language").property("text") == "Tiếng Việt"


def test_what_was_typed_is_gone_when_the_visit_ends(portrait: KioskOnBench) -> None:
    portrait.show_sample("enter_name")
    portrait.view_model.show(Visit())
    portrait.view_model.show(screen_samples.SAMPLES["enter_name"])
    assert portrait.view_model.property("name")["text"] == ""
