"""The code on paper insurance cards."""

from __future__ import annotations

import pytest
from scanned_codes import CARD, identity_of, insurance, read

from kiosk.domain.identity.values import (
    Assurance,
    BirthDate,
    CodeFault,
    CodeKind,
    Identity,
    NumberKind,
    Sex,
)


def test_a_paper_card_gives_number_name_birth_sex_and_facility() -> None:
    code = read(CARD)
    assert code.kind is CodeKind.INSURANCE_CARD
    assert code.identity == Identity(
        number="DN4010000000001",
        number_kind=NumberKind.INSURANCE_CARD,
        assurance=Assurance.CODE_READ,
        name="Nguyễn Văn A",
        birth=BirthDate(year=1990, month=1, day=1),
        sex=Sex.MALE,
        facility="01043",
    )


@pytest.mark.parametrize(
    ("number", "kind"), [("0000000001", NumberKind.SOCIAL_INSURANCE), ("001090123456", NumberKind.CITIZEN)]
)
def test_paper_cards_may_carry_ten_or_twelve_digits(number: str, kind: NumberKind) -> None:
    code = read(insurance(f0=number))
    assert code.kind is CodeKind.INSURANCE_CARD
    assert code.identity is not None
    assert code.identity.number_kind is kind
    assert code.identity.name == "Nguyễn Văn A"


@pytest.mark.parametrize("written", ["01 - 043", "01-043", "01 – 043", "01–043", "01043", "01 — 043", " 01 -  043 "])
def test_facilities_are_read_with_any_dash(written: str) -> None:
    assert identity_of(insurance(f5=written)).facility == "01043"


@pytest.mark.parametrize("written", ["-", "", "01", "01 - 04x", "1234567"])
def test_a_facility_that_is_none_is_left_out(written: str) -> None:
    assert identity_of(insurance(f5=written)).facility is None


@pytest.mark.parametrize("written", ["Nguyễn Văn A", "4e677579e1bb856e2056c4836e204", "NGUYEN VAN A"])
def test_a_name_field_that_is_no_hex_is_plain_text(written: str) -> None:
    name = identity_of(insurance(f1=written)).name
    assert name == (None if written.startswith("4e") else written)


@pytest.mark.parametrize("written", ["-", "", "00ff" * 4, "1b40"])
def test_a_name_field_without_a_name_leaves_it_out(written: str) -> None:
    assert identity_of(insurance(f1=written)).name is None


def test_a_hex_name_cannot_smuggle_hidden_characters_in() -> None:
    smuggled = "Nguyễn \u202e\x1b\x1dAn".encode().hex()
    assert identity_of(insurance(f1=smuggled)).name == "Nguyễn An"


def test_a_hex_name_stays_certain_when_the_scan_was_not() -> None:
    assert identity_of(CARD, certain=False).name_certain
    assert not identity_of(insurance(f1="Nguyễn Văn A"), certain=False).name_certain


@pytest.mark.parametrize(
    ("written", "birth"),
    [
        ("1990", BirthDate(year=1990)),
        ("01011990", BirthDate(year=1990, month=1, day=1)),
        ("1/1/1990", BirthDate(year=1990, month=1, day=1)),
    ],
)
def test_paper_cards_write_birth_dates_in_several_ways(written: str, birth: BirthDate) -> None:
    assert identity_of(insurance(f2=written)).birth == birth


def test_a_missing_terminator_is_forgiven_when_all_known_fields_are_there() -> None:
    assert identity_of(CARD.removesuffix("|$")).number == "DN4010000000001"
    assert read("|".join(CARD.split("|")[:9])).fault == CodeFault.TORN


@pytest.mark.parametrize("between", ["", "\r\n"])
def test_of_two_paper_cards_glued_together_the_last_counts(between: str) -> None:
    assert identity_of(insurance(f0="GD4010000000009") + between + CARD).number == "DN4010000000001"


@pytest.mark.parametrize("place", [4, CARD.index("01/01") + 3])
def test_hidden_characters_in_a_paper_card_are_refused(place: int) -> None:
    assert read(CARD[:place] + "\u200b" + CARD[place:]).fault == CodeFault.HIDDEN_CHARACTERS


def test_a_paper_card_cut_in_its_middle_whose_end_mark_stayed_is_to_be_scanned_again() -> None:
    fields = CARD.split("|")
    assert read("|".join([*fields[:5], "$"])).fault == CodeFault.TORN
    assert read("|".join(fields[:2]) + "|$").fault == CodeFault.TORN
