"""What each part of the screen is told to show."""

from __future__ import annotations

from dataclasses import replace

import pytest
import screen_samples

from config.catalogue import Catalogue
from kiosk.domain.eligibility import Coverage, OutcomeClass
from kiosk.domain.faults import Fault
from kiosk.domain.localized import Language
from kiosk.domain.visit.chip_values import Chip, ChipStage, ChipVerdict
from kiosk.domain.visit.state import Claim, HelpState, PrintProgress, Step, Visit
from ui.kiosk import presentation
from ui.kiosk.presentation import Wording

OPTIONS = screen_samples.options("portrait")


@pytest.fixture
def wording(texts: Catalogue) -> Wording:
    return Wording(texts=texts, language=Language.VI)


def test_an_unknown_fault_code_still_gives_a_sentence(wording: Wording) -> None:
    assert wording.fault(Fault(code="never.heard_of")) == wording.say("kiosk.notice.generic")


def test_a_card_on_the_reader_is_said_once_by_the_title(wording: Wording) -> None:
    visit = screen_samples.SAMPLES["present_card_laid"]
    assert presentation.notice(visit, wording) == ""
    assert presentation.notice(replace(visit, card_on_reader=False), wording)


def test_that_the_card_is_to_be_laid_down_is_said_once_by_the_title(wording: Wording) -> None:
    visit = screen_samples.SAMPLES["present_card_awaited"]
    assert presentation.notice(visit, wording) == ""
    assert presentation.notice(replace(visit, chip=Chip()), wording)


@pytest.mark.parametrize(
    ("verdict", "shown"),
    [
        (ChipVerdict.AUTHENTIC, "authentic"),
        (ChipVerdict.ISSUER_NOT_TRUSTED, "read"),
        (ChipVerdict.NOT_PROVEN, "read"),
        (ChipVerdict.FORGED, "none"),
    ],
)
def test_only_a_proven_chip_is_called_verified_and_a_forged_one_is_left_to_the_desk(
    wording: Wording, verdict: ChipVerdict, shown: str
) -> None:
    judged = replace(screen_samples.SAMPLES["confirm_chip_photo"], chip=replace(screen_samples.JUDGED, verdict=verdict))
    assert presentation.chip(judged, wording)["state"] == shown


@pytest.mark.parametrize("stage", list(ChipStage))
def test_every_stage_of_reading_has_its_words(wording: Wording, stage: ChipStage) -> None:
    reading = replace(screen_samples.SAMPLES["read_chip"], chip=replace(screen_samples.READING, stage=stage))
    assert presentation.chip(reading, wording)["stage"] == wording.say(f"kiosk.read_chip.{stage.value}")


def test_the_six_digits_are_offered_while_the_card_may_be_given_one_more_key(wording: Wording) -> None:
    visit = screen_samples.SAMPLES["present_card_opens"]
    assert presentation.chip(visit, wording)["state"] == "key"
    spent = replace(visit, chip=replace(visit.chip, tries_left=0))
    assert presentation.chip(spent, wording)["state"] == "none"


def test_a_refused_key_is_told_with_the_tries_that_are_left(wording: Wording) -> None:
    assert "còn nhập được 2 lần" in presentation.notice(screen_samples.SAMPLES["enter_can_refused"], wording)


def test_the_person_is_shown_masked() -> None:
    shown = presentation.person(screen_samples.SAMPLES["confirm_asking"])
    assert "Nguyễn" not in str(shown)
    assert "00115201" not in str(shown)
    assert shown["birthYear"] == "1952"


@pytest.mark.parametrize("outcome", list(OutcomeClass))
def test_every_outcome_of_the_look_up_has_a_sentence_and_never_stops_the_patient(
    wording: Wording, outcome: OutcomeClass
) -> None:
    answer = screen_samples.eligibility(outcome, Coverage.CHECKED_AT_COUNTER)
    shown = presentation.insurance(Visit(step=Step.CONFIRM, eligibility_request=1, eligibility=answer), wording)
    assert shown["text"]
    assert shown["state"] == ("good" if outcome is OutcomeClass.OK else "counter")


def test_an_answer_that_did_not_come_in_time_is_left_to_the_desk(wording: Wording) -> None:
    shown = presentation.insurance(Visit(step=Step.CONFIRM, eligibility_request=1), wording)
    assert shown == {"state": "counter", "text": "Chưa có kết quả, quầy sẽ kiểm tra sau."}


def test_somebody_without_insurance_sees_nothing_of_it(wording: Wording) -> None:
    assert presentation.insurance(Visit(step=Step.CONFIRM), wording)["state"] == "none"


def test_the_refused_screen_offers_only_what_gives_numbers(wording: Wording) -> None:
    cards = presentation.services(screen_samples.SAMPLES["refused"], wording)
    assert [card["id"] for card in cards] == ["internal", "surgery", "children", "obstetrics"]


def test_who_has_no_insurance_is_offered_what_is_for_everybody(wording: Wording) -> None:
    services = (replace(screen_samples.SERVICES[0], for_uninsured=False), screen_samples.SERVICES[1])
    visit = Visit(step=Step.CHOOSE_SERVICE, services=services, claim=Claim.WITHOUT_INSURANCE)
    assert [card["id"] for card in presentation.services(visit, wording)] == ["surgery"]


@pytest.mark.parametrize("progress", list(PrintProgress))
def test_every_state_of_the_paper_has_its_line(wording: Wording, progress: PrintProgress) -> None:
    shown = presentation.ticket(replace(screen_samples.SAMPLES["ticket_printing"], print_progress=progress), wording)
    assert shown["paperText"]
    assert shown["reprint"] == (progress in (PrintProgress.UNCONFIRMED, PrintProgress.FAILED))


def test_paper_that_failed_says_why_where_the_printer_said_so(wording: Wording) -> None:
    shown = presentation.ticket(screen_samples.SAMPLES["ticket_paper_out"], wording)
    assert shown["paperText"] == wording.say("fault.printer.paper_out")


def test_a_number_of_the_kiosks_own_says_so_and_promises_no_wait(wording: Wording) -> None:
    shown = presentation.ticket(screen_samples.SAMPLES["ticket_own_number"], wording)
    assert (shown["label"], shown["ahead"]) == ("K2-007", "Số do máy này cấp")
    assert shown["title"] == wording.say("kiosk.ticket.title")


def test_who_has_a_number_already_is_told_and_offered_the_paper_again(wording: Wording) -> None:
    shown = presentation.ticket(screen_samples.SAMPLES["ticket_already"], wording)
    assert (shown["title"], shown["ahead"]) == ("Quý khách đã có số", "Trước quý khách: 3 người")
    assert shown["reprint"]
    assert "In lại phiếu" in str(shown["paperText"])


def test_the_next_person_in_line_is_told_so_instead_of_zero(wording: Wording) -> None:
    shown = presentation.ticket(screen_samples.SAMPLES["ticket_printed"], wording)
    assert (shown["ahead"], shown["estimate"]) == ("Quý khách là người tiếp theo", "")


def test_when_nobody_could_be_told_the_screen_says_where_to_go(wording: Wording) -> None:
    shown = presentation.assistance(Visit(help=HelpState.UNREACHABLE), wording, OPTIONS)
    assert shown["place"] == screen_samples.DESK.vi
    assert screen_samples.EMERGENCY.vi in str(shown["emergency"])


@pytest.mark.parametrize("step", list(Step))
def test_every_step_can_be_shown_with_nothing_known(wording: Wording, step: Step) -> None:
    visit = Visit(step=step)
    empty = presentation.ticket(visit, wording).keys()
    full = presentation.ticket(screen_samples.SAMPLES["ticket_printed"], wording).keys()
    assert empty == full
    assert presentation.chip(visit, wording).keys() == {"state", "stage", "fraction"}
    assert presentation.person(visit).keys() == {"name", "birthYear", "number"}
    assert presentation.navigation(visit).keys() == {"back", "cancel", "done", "stage", "stages"}
