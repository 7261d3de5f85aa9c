"""What is being typed: number, six digits, birth date, name."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.identity.values import BirthDate
from kiosk.domain.visit.state import Step, Visit
from ui.kiosk.entries import BirthEntry, CanEntry, NameEntry, NumberEntry, Typing

TODAY = date(2026, 11, 22)


def typed_birth(digits: str, *, year_only: bool = False) -> BirthEntry:
    entry = BirthEntry(year_only=year_only)
    for digit in digits:
        entry = entry.pressed(digit)
    return entry


@pytest.mark.parametrize(
    ("length", "plausible"), [(0, False), (8, False), (9, True), (10, True), (11, False), (12, True)]
)
def test_a_number_can_be_sent_when_some_card_has_that_many_digits(length: int, plausible: bool) -> None:
    assert NumberEntry(digits="1" * length).plausible is plausible


@pytest.mark.parametrize(("length", "missing"), [(0, 0), (8, 0), (9, 0), (10, 0), (11, 1), (12, 0)])
def test_a_number_too_long_for_one_card_says_what_the_next_one_wants(length: int, missing: int) -> None:
    assert NumberEntry(digits="1" * length).missing == missing


def test_a_thirteenth_digit_is_not_taken() -> None:
    assert NumberEntry(digits="123456789012").pressed("3").digits == "123456789012"


@pytest.mark.parametrize("number", ["DN4790123456789", "1234567890123", ""])
def test_a_number_this_pad_cannot_have_typed_is_not_shown_again(number: str) -> None:
    assert NumberEntry.of(number).digits == ""


@pytest.mark.parametrize(
    ("digits", "birth"),
    [
        ("05031952", BirthDate(year=1952, month=3, day=5)),
        ("29022024", BirthDate(year=2024, month=2, day=29)),
        ("29022023", None),
        ("31041990", None),
        ("00001952", BirthDate(year=1952)),
        ("00011990", BirthDate(year=1990, month=1)),
        ("01001990", None),
        ("01131990", None),
        ("23112026", None),
        ("01011895", None),
        ("0101199", None),
    ],
)
def test_a_birth_date_is_one_of_somebody_alive(digits: str, birth: BirthDate | None) -> None:
    assert typed_birth(digits).birth(today=TODAY) == birth


def test_the_year_alone_is_a_birth_date() -> None:
    assert typed_birth("1952", year_only=True).birth(today=TODAY) == BirthDate(year=1952)


def test_switching_to_the_year_drops_what_stood_for_day_and_month() -> None:
    assert typed_birth("0503").toggled() == BirthEntry(year_only=True)


def test_a_name_stands_in_capitals_as_on_the_card() -> None:
    assert NameEntry(keys="leej thij").text == "LỆ THỊ"


def test_erasing_undoes_the_last_key_not_the_last_letter() -> None:
    assert NameEntry(keys="leej").erased().text == "LÊ"


def test_a_name_neither_starts_with_a_space_nor_has_two_in_a_row() -> None:
    entry = NameEntry().pressed(" ").pressed("A").pressed(" ").pressed(" ")
    assert entry.keys == "A "


def test_switching_marks_keeps_the_name() -> None:
    entry = NameEntry(keys="leej").toggled()
    assert (entry.text, entry.pressed("s").text) == ("LỆ", "LỆS")


def test_the_six_digits_are_complete_at_six_and_take_no_seventh() -> None:
    five = CanEntry(digits="01234")
    assert (five.complete, five.shown()["missing"]) == (False, 1)
    six = five.pressed("5")
    assert (six.complete, six.pressed("6").digits, six.erased().digits) == (True, "012345", "01234")


@pytest.mark.parametrize("step", list(Step))
def test_a_key_changes_only_what_the_step_asks_for(step: Step) -> None:
    asked = {Step.ENTER_NUMBER: "number", Step.ENTER_CAN: "can", Step.ENTER_BIRTH: "birth", Step.ENTER_NAME: "name"}
    before = Typing.begun(Visit())
    after = before.pressed(step, "1")
    changed = {part for part in ("number", "can", "birth", "name") if getattr(after, part) != getattr(before, part)}
    assert changed == ({asked[step]} if step in asked else set())
    assert after.erased(step) == before
