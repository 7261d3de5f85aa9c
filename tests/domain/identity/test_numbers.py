"""Typed numbers: what is tolerated, what is refused and with which key, what staff are warned of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.faults import Refusal
from kiosk.domain.identity.numbers import check_number, sex_in_number, typed_identity, year_in_number
from kiosk.domain.identity.provinces import PROVINCES
from kiosk.domain.identity.values import (
    Assurance,
    BirthDate,
    IdentityWarning,
    NumberFault,
    NumberKind,
    Sex,
)

TODAY = date(2026, 10, 5)


@pytest.mark.parametrize(
    ("typed", "number", "kind"),
    [
        ("001090123456", "001090123456", NumberKind.CITIZEN),
        ("001 090 123 456", "001090123456", NumberKind.CITIZEN),
        ("001.090.123.456", "001090123456", NumberKind.CITIZEN),
        ("012345678", "012345678", NumberKind.OLD_CITIZEN),
        ("0000000001", "0000000001", NumberKind.SOCIAL_INSURANCE),
        ("dn4010000000001", "DN4010000000001", NumberKind.INSURANCE_CARD),
        ("DN-4-01-00-000-00001", "DN4010000000001", NumberKind.INSURANCE_CARD),
    ],
)
def test_numbers_are_taken_with_spaces_and_in_lower_case(typed: str, number: str, kind: NumberKind) -> None:
    checked = check_number(typed, today=TODAY)
    assert (checked.number, checked.kind, checked.fault) == (number, kind, None)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", NumberFault.EMPTY),
        ("   ", NumberFault.EMPTY),
        ("1", NumberFault.TOO_SHORT),
        ("12345678", NumberFault.TOO_SHORT),
        ("12345678901", NumberFault.WRONG_LENGTH),
        ("1234567890123", NumberFault.TOO_LONG),
        ("123456789012345", NumberFault.TOO_LONG),
        ("00109012345O", NumberFault.LETTERS),
        ("abc", NumberFault.LETTERS),
        ("DN401000000000", NumberFault.CARD_SHAPE),
        ("DN9010000000001", NumberFault.CARD_SHAPE),
        ("D14010000000001", NumberFault.LETTERS),
        ("００１０９０１２３４５６", NumberFault.FOREIGN_DIGITS),
        ("٠٠١٠٩٠١٢٣٤٥٦", NumberFault.FOREIGN_DIGITS),
        ("0010901\u200b23456", NumberFault.LETTERS),
    ],
)
def test_every_mistake_has_its_own_key(typed: str, fault: NumberFault) -> None:
    checked = check_number(typed, today=TODAY)
    assert checked.fault is fault
    assert checked.kind is None


@pytest.mark.parametrize(
    ("number", "year", "sex"),
    [
        ("001090123456", 1990, Sex.MALE),
        ("001190123456", 1990, Sex.FEMALE),
        ("001205123456", 2005, Sex.MALE),
        ("001305123456", 2005, Sex.FEMALE),
        ("001400123456", 2100, Sex.MALE),
        ("001999123456", 2399, Sex.FEMALE),
    ],
)
def test_the_fourth_digit_tells_century_and_sex(number: str, year: int, sex: Sex) -> None:
    assert year_in_number(number) == year
    assert sex_in_number(number) is sex


def test_a_number_born_in_the_future_warns_and_is_taken() -> None:
    checked = check_number("001227123456", today=TODAY)
    assert checked.kind is NumberKind.CITIZEN
    assert checked.warnings == (IdentityWarning.BIRTH_IN_FUTURE,)


def test_there_are_the_sixty_three_provinces_of_the_numbers() -> None:
    assert len(PROVINCES) == 63
    assert all(len(code) == 3 and 1 <= int(code) <= 96 for code in PROVINCES)


def test_a_typed_identity_carries_what_was_typed_and_says_so() -> None:
    identity = typed_identity("001 090 123 456", BirthDate(year=1991), "  nguyễn  văn an ", today=TODAY)
    assert identity.number == "001090123456"
    assert identity.assurance is Assurance.TYPED
    assert identity.name == "nguyễn văn an"
    assert identity.warnings == (IdentityWarning.YEAR_MISMATCH,)


def test_birth_and_name_may_be_skipped() -> None:
    identity = typed_identity("0000000001", None, None, today=TODAY)
    assert identity.birth is None
    assert identity.name is None
    assert identity.warnings == ()


def test_a_wrong_number_is_refused_by_key() -> None:
    with pytest.raises(Refusal) as refused:
        typed_identity("12345", None, None, today=TODAY)
    assert refused.value.fault.code == "identity.number.too_short"


@given(st.text(max_size=60))
def test_no_typed_text_raises_and_either_kind_or_fault_is_set(text: str) -> None:
    checked = check_number(text, today=TODAY)
    assert (checked.kind is None) != (checked.fault is None)
