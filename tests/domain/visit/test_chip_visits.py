"""Whole visits with the chip of the card: keys in every order, what comes of a reading, what goes wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from visit_walk import Walk, person, scan, verdict

from kiosk.domain.identity.values import Assurance, BirthDate, Identity
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.chip_keys import guessed_keys, likely_expiries
from kiosk.domain.visit.chip_values import (
    CanKey,
    ChipRules,
    ChipStage,
    ChipState,
    ChipVerdict,
    ExpiryRule,
    PrintedKey,
)
from kiosk.domain.visit.effects import AskEligibility, ReadChip, StopChip, WipeTraces
from kiosk.domain.visit.offers import can_type_can, patients_photo
from kiosk.domain.visit.state import Step

TODAY = date(2026, 11, 22)
MRZ = PrintedKey(document_number="090123456", birth="900101", expiry="300101")
PNG = b"\x89PNG made up"


def chip_walk(**rules: object) -> Walk:
    return Walk(chip=ChipRules(enabled=True, **rules))  # type: ignore[arg-type]


def chip_person(name: str | None = "Nguyễn Văn An", number: str = "001090123456", year: int = 1990) -> Identity:
    return replace(person(number, name, year), assurance=Assurance.CHIP_READ)


def readings(walk: Walk) -> list[ReadChip]:
    return [effect for effect in walk.effects if isinstance(effect, ReadChip)]


def reads(walk: Walk, verdict: ChipVerdict = ChipVerdict.AUTHENTIC, identity: Identity | None = None) -> Walk:
    """The reading asked for last goes through."""
    number = readings(walk)[-1].reading
    return walk.on(
        ev.ChipProgressed(reading=number, stage=ChipStage.OPENING, fraction=0.1),
        ev.ChipTextRead(reading=number, identity=identity or chip_person()),
        ev.ChipJudged(reading=number, verdict=verdict),
        ev.ChipPhotoRead(reading=number, png=PNG),
    )


def fails(walk: Walk, code: str, tries_left: int | None = None) -> Walk:
    return walk.on(ev.ChipFailed(reading=readings(walk)[-1].reading, code=code, tries_left=tries_left))


def test_a_card_lifted_to_show_its_code_is_asked_back_and_then_read():
    walk = chip_walk().on(ev.CardLaid(), ev.CardTaken(), scan())
    assert (walk.visit.step, walk.visit.chip.state) == (Step.CONFIRM, ChipState.CARD_WANTED)
    assert readings(walk) == []
    assert reads(walk.on(ev.CardLaid())).visit.chip.verdict is ChipVerdict.AUTHENTIC


def test_nobody_is_asked_for_a_card_who_never_laid_one_or_only_took_away_a_forgotten_one():
    assert chip_walk().on(scan()).visit.chip.state is ChipState.NONE
    left_behind = chip_walk().on(ev.CardLaid(), ev.CancelTapped(), ev.CardTaken(), scan())
    assert left_behind.visit.chip.state is ChipState.NONE


@pytest.mark.parametrize("events", [(ev.CardLaid(), scan()), (scan(), ev.CardLaid())], ids=["card first", "code first"])
def test_a_card_and_its_code_are_read_in_whichever_order_they_come(events: tuple[ev.Event, ...]):
    walk = reads(chip_walk().on(*events))
    assert [type(key) for key in readings(walk)[0].keys] == [CanKey, PrintedKey]
    assert readings(walk)[0].keys[0] == CanKey(digits="123456")
    assert walk.visit.step is Step.CONFIRM
    assert walk.visit.identity is not None
    assert walk.visit.identity.assurance is Assurance.CHIP_AUTHENTIC
    assert patients_photo(walk.visit) == PNG
    assert len(walk.said(AskEligibility)) == 1


@pytest.mark.parametrize("verdict", [ChipVerdict.ISSUER_NOT_TRUSTED, ChipVerdict.NOT_PROVEN])
def test_a_chip_that_is_not_proven_genuine_still_counts_as_read(verdict: ChipVerdict):
    walk = reads(chip_walk().on(ev.CardLaid(), scan()), verdict)
    assert walk.visit.identity is not None
    assert walk.visit.identity.assurance is Assurance.CHIP_READ


def test_the_person_of_the_code_is_shown_and_asked_about_before_the_chip_says_anything():
    walk = chip_walk().on(ev.CardLaid(), scan())
    assert walk.visit.step is Step.CONFIRM
    assert walk.said(AskEligibility)
    assert walk.visit.chip.state is ChipState.READING


def test_a_patient_who_goes_on_first_still_gets_what_comes_before_the_number():
    walk = chip_walk().on(ev.CardLaid(), scan(), ev.Confirmed())
    reads(walk)
    assert walk.visit.step is Step.CHOOSE_SERVICE
    assert walk.visit.identity is not None
    assert walk.visit.identity.assurance is Assurance.CHIP_AUTHENTIC


def test_what_comes_after_the_number_was_asked_for_is_ignored_and_the_reading_ends():
    walk = chip_walk().on(ev.CardLaid(), scan()).answer(verdict())
    walk.on(ev.Confirmed(), ev.ServiceChosen(service="noi"), ev.Ticked())
    assert walk.said(StopChip)
    reads(walk, ChipVerdict.FORGED)
    assert walk.issue().visit.step is Step.TICKET
    assert walk.visit.notice is not None
    assert walk.visit.notice.code == "notice.take_card"
    assert walk.request().flags == ()


def test_a_forged_chip_leaves_the_code_as_it_is_and_tells_staff():
    walk = reads(chip_walk().on(ev.CardLaid(), scan()).answer(verdict()), ChipVerdict.FORGED)
    assert walk.visit.identity is not None
    assert walk.visit.identity.assurance is Assurance.CODE_READ
    assert walk.visit.notice is not None
    assert walk.visit.notice.code == "notice.chip_show_at_counter"
    assert walk.visit.chip.photo is None
    walk.on(ev.Confirmed(), ev.ServiceChosen(service="noi"))
    assert walk.request().flags == ("flag.chip_forged",)
    assert walk.request().next_step == "next_step.show_document_at_counter"


def test_another_persons_chip_changes_nobody_and_tells_staff():
    walk = reads(chip_walk().on(ev.CardLaid(), scan()), identity=chip_person(number="001190012345"))
    assert walk.visit.identity == person()
    assert walk.visit.notice is not None
    assert walk.visit.notice.code == "notice.chip_other_person"
    assert walk.visit.chip.flag == "flag.chip_other_person"
    assert walk.visit.chip.photo is None
    assert walk.said(StopChip)


def test_a_name_without_marks_or_cut_short_is_the_same_name():
    walk = chip_walk().on(ev.CardLaid(), scan())
    number = readings(walk)[-1].reading
    plain = chip_person("NGUYEN VAN")
    walk.on(ev.ChipTextRead(reading=number, identity=plain, name_has_marks=False))
    assert walk.visit.chip.person_read
    assert len(walk.said(AskEligibility)) == 1


def test_six_digits_open_the_card_and_tell_who_it_is():
    walk = chip_walk().on(ev.CardLaid())
    assert can_type_can(walk.visit)
    walk.on(ev.TypeCanChosen(), ev.CanTyped(digits="123456"))
    assert walk.visit.step is Step.READ_CHIP
    assert readings(walk)[-1].keys == (CanKey(digits="123456"),)
    number = readings(walk)[-1].reading
    walk.on(ev.ChipTextRead(reading=number, identity=chip_person()))
    assert walk.visit.step is Step.CONFIRM
    assert walk.said(AskEligibility)
    walk.on(ev.ChipJudged(reading=number, verdict=ChipVerdict.AUTHENTIC), ev.BackTapped())
    assert walk.visit.step is Step.PRESENT
    assert walk.visit.identity is None
    assert can_type_can(walk.visit)


def test_wrong_digits_may_be_typed_again_until_the_tries_are_spent():
    walk = chip_walk(max_key_tries=3).on(ev.CardLaid(), ev.TypeCanChosen())
    for digits, left in (("111111", 2), ("222222", 1)):
        fails(walk.on(ev.CanTyped(digits=digits)), "chip.key_refused")
        assert walk.visit.step is Step.ENTER_CAN
        assert walk.visit.notice is not None
        assert dict(walk.visit.notice.params) == {"left": left}
    fails(walk.on(ev.CanTyped(digits="333333")), "chip.key_refused")
    assert walk.visit.step is Step.PRESENT
    assert walk.visit.notice is not None
    assert walk.visit.notice.code == "notice.chip_key_spent"
    assert not can_type_can(walk.visit)
    walk.on(scan())
    assert walk.visit.step is Step.CONFIRM
    assert len(readings(walk)) == 3


def test_the_same_wrong_digits_are_not_tried_twice():
    walk = chip_walk().on(ev.CardLaid(), ev.TypeCanChosen())
    fails(walk.on(ev.CanTyped(digits="111111")), "chip.key_refused")
    walk.on(ev.CanTyped(digits="111111"))
    assert len(readings(walk)) == 1
    assert walk.visit.step is Step.ENTER_CAN
    assert walk.visit.notice is not None


def test_what_the_chip_says_is_left_counts():
    walk = chip_walk().on(ev.CardLaid(), ev.TypeCanChosen(), ev.CanTyped(digits="111111"))
    assert fails(walk, "chip.key_refused", tries_left=1).visit.chip.tries_left == 1
    fails(walk.on(ev.CanTyped(digits="222222")), "chip.key_refused", tries_left=0)
    assert walk.visit.step is Step.PRESENT


@pytest.mark.parametrize("digits", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"])
def test_anything_but_six_digits_is_said_so(digits: str):
    walk = chip_walk().on(ev.CardLaid(), ev.TypeCanChosen(), ev.CanTyped(digits=digits))
    assert walk.visit.step is Step.ENTER_CAN
    assert walk.visit.notice is not None
    assert walk.visit.notice.code == "notice.chip_digits_not_six"
    assert not readings(walk)


@pytest.mark.parametrize(
    "events", [(ev.CardLaid(), ev.MrzSeen(key=MRZ)), (ev.Started(), ev.MrzSeen(key=MRZ), ev.CardLaid())]
)
def test_the_lines_on_the_back_open_the_card_before_or_after_it_is_laid_down(events: tuple[ev.Event, ...]):
    walk = chip_walk().on(*events)
    assert readings(walk)[-1].keys == (MRZ,)
    assert walk.visit.step is Step.READ_CHIP
    assert reads(walk).visit.step is Step.CONFIRM


def test_lines_on_the_back_and_then_the_code_of_the_same_card_are_both_used():
    walk = chip_walk().on(ev.Started(), ev.MrzSeen(key=MRZ), scan(), ev.CardLaid())
    assert readings(walk)[-1].keys[0] == MRZ


def test_a_card_lifted_in_mid_read_is_read_anew_when_laid_down_again():
    walk = chip_walk().on(ev.CardLaid(), ev.TypeCanChosen(), ev.CanTyped(digits="123456"))
    fails(walk, "card_reader.card_taken").on(ev.CardTaken())
    assert walk.visit.step is Step.READ_CHIP
    assert walk.visit.notice is not None
    assert walk.visit.notice.code == "notice.chip_lifted"
    walk.on(ev.CardLaid())
    assert len(readings(walk)) == 2
    assert walk.visit.notice is None
    assert reads(walk).visit.step is Step.CONFIRM


def test_a_card_lifted_to_show_its_code_is_wanted_back_and_read_then():
    walk = chip_walk().on(ev.CardLaid(), ev.CardTaken(), scan())
    assert walk.visit.step is Step.CONFIRM
    assert walk.visit.chip.state is ChipState.CARD_WANTED
    assert reads(walk.on(ev.CardLaid())).visit.chip.verdict is ChipVerdict.AUTHENTIC


def test_nobody_who_only_shows_a_code_is_asked_for_the_card():
    walk = chip_walk().on(ev.CardLaid(), ev.CancelTapped(), ev.CardTaken(), ev.Started(), scan())
    assert walk.visit.chip.state is ChipState.NONE


def test_the_reader_may_notice_the_lifted_card_before_the_reading_does():
    walk = chip_walk().on(ev.CardLaid(), scan(), ev.CardTaken())
    assert walk.visit.chip.state is ChipState.CARD_WANTED
    assert walk.said(StopChip)
    assert fails(walk, "card_reader.card_taken").visit.chip.state is ChipState.CARD_WANTED
    assert walk.on(ev.CardLaid()).visit.chip.state is ChipState.READING


@pytest.mark.parametrize(
    ("code", "notice"),
    [
        ("chip.key_refused", "notice.chip_not_opened"),
        ("chip.not_an_id_chip", "notice.chip_not_id_card"),
        ("chip.protocol_broken", "notice.chip_unreadable"),
        ("card_reader.lost", "notice.chip_unreadable"),
        ("card_reader.card_mute", "notice.chip_unreadable"),
    ],
)
def test_whatever_fails_the_code_stays_with_one_plain_sentence(code: str, notice: str):
    walk = fails(chip_walk().on(ev.CardLaid(), scan()), code)
    assert walk.visit.identity == person()
    assert walk.visit.step is Step.CONFIRM
    assert walk.visit.notice is not None
    assert walk.visit.notice.code == notice
    assert walk.on(ev.Ticked()).visit.chip.state is not ChipState.READING
    assert walk.answer(verdict()).on(ev.Confirmed(), ev.ServiceChosen(service="noi")).issue().visit.ticket is not None


def test_a_mute_chip_is_given_up_after_the_limit():
    walk = chip_walk(limit_s=15.0).on(ev.CardLaid(), ev.TypeCanChosen(), ev.CanTyped(digits="123456"))
    assert walk.later(14.0).visit.step is Step.READ_CHIP
    walk.later(2.0)
    assert walk.visit.step is Step.PRESENT
    assert walk.visit.notice is not None
    assert walk.visit.notice.code == "notice.chip_unreadable"
    assert walk.said(StopChip)


def test_a_number_typed_whole_is_completed_by_the_chip_and_asked_about_once_with_its_name():
    walk = chip_walk().on(ev.CardLaid(), ev.TypeNumberChosen(), ev.NumberTyped(number="001090123456"))
    assert walk.visit.step is Step.ENTER_BIRTH
    reads(walk)
    assert walk.visit.step is Step.CONFIRM
    assert walk.visit.identity is not None
    assert walk.visit.identity.name == "Nguyễn Văn An"
    assert walk.visit.identity.assurance is Assurance.CHIP_AUTHENTIC
    assert [effect.question.name for effect in walk.said(AskEligibility)] == ["Nguyễn Văn An"]  # type: ignore[union-attr]


def test_wiping_forgets_photo_and_keys_and_ends_the_reading():
    walk = reads(chip_walk().on(ev.CardLaid(), scan())).on(ev.CancelTapped())
    assert walk.visit.chip.photo is None
    assert walk.visit.chip.can is None
    assert walk.visit.chip.state is ChipState.KEY_WANTED
    assert walk.said(StopChip)
    assert walk.said(WipeTraces)


def test_the_next_patient_gets_no_more_tries_for_a_card_left_behind():
    walk = chip_walk(max_key_tries=1).on(ev.CardLaid(), ev.TypeCanChosen(), ev.CanTyped(digits="111111"))
    fails(walk, "chip.key_refused").on(ev.CancelTapped(), ev.Started())
    assert not can_type_can(walk.visit)
    assert can_type_can(walk.on(ev.CardTaken(), ev.CardLaid()).visit)


def test_answers_of_an_earlier_reading_change_nothing():
    walk = chip_walk().on(ev.CardLaid(), scan(), ev.Denied(), scan(person("001190012345", "Trần Thị Bình", 1945)))
    before = walk.visit
    walk.on(
        ev.ChipTextRead(reading=1, identity=chip_person()),
        ev.ChipJudged(reading=1, verdict=ChipVerdict.FORGED),
        ev.ChipPhotoRead(reading=1, png=PNG),
        ev.ChipFailed(reading=1, code="chip.refused"),
    )
    assert walk.visit == before


def test_without_chip_reading_a_laid_card_still_asks_for_the_code():
    walk = Walk().on(ev.CardLaid(), scan())
    assert not readings(walk)
    assert walk.visit.chip.state is ChipState.NONE


def test_neither_photo_nor_keys_are_printed():
    walk = reads(chip_walk().on(ev.CardLaid(), ev.TypeCanChosen(), ev.CanTyped(digits="123456")))
    shown = repr(walk.visit.chip) + repr(readings(walk)) + repr(MRZ) + repr(ev.ChipPhotoRead(reading=1, png=PNG))
    assert "made up" not in shown
    assert "123456" not in shown


@pytest.mark.parametrize(
    ("born", "expiries"),
    [
        (date(2016, 5, 1), ("300501",)),  # 10 years: until 14
        (date(1990, 1, 1), ("300101",)),  # 36: until 40
        (date(1987, 3, 2), ("270302", "470302")),  # 39: until 40, or 60 where given early
        (date(1967, 1, 9), ("270109", "991231")),  # 59: until 60, or for ever
        (date(1950, 6, 7), ("991231",)),
        (date(2004, 2, 29), ("290228",)),
    ],
)
def test_when_a_card_expires_follows_from_the_birth_date(born: date, expiries: tuple[str, ...]):
    assert likely_expiries(born, TODAY) == expiries


def test_guessing_is_a_setting():
    someone = replace(person(), birth=BirthDate(year=1990, month=1, day=1))
    assert guessed_keys(someone, ChipRules(can_from_number=False, expiry_rule=ExpiryRule.NONE), TODAY) == ()
    assert guessed_keys(replace(someone, birth=BirthDate(year=1990)), ChipRules(), TODAY) == (CanKey(digits="123456"),)
