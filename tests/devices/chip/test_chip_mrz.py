"""Machine readable zones: the examples of ICAO 9303-4, -5, -6 and -11 (appendix D.2), and made-up Vietnamese cards."""

from __future__ import annotations

from datetime import date

import pytest

from devices.chip.document_keys import can_guess_of_citizen, mrz_key_of, mrz_key_of_citizen
from devices.chip.errors import MalformedData
from devices.chip.mrz import check_digit, parse_dg1, parse_mrz, parse_td1
from devices.chip.tlv import encode
from devices.chip.values import PartialDate, Sex

TODAY = date(2026, 11, 22)
UTOPIAN = (
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)
LONG_NUMBER = (
    "I<UTOD23145890<7349<<<<<<<<<<<",
    "3407127M9507122UTO<<<<<<<<<<<2",
    "STEVENSON<<PETER<JOHN<<<<<<<<<",
)
TD2 = "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<D23145890<UTO3407127M95071227349<<<8"
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def card(
    *, number: str = "090123456", citizen: str = "001090123456", birth: str = "900101", expiry: str = "300101"
) -> str:
    first = f"IDVNM{number}{check_digit(number)}{citizen}".ljust(30, "<")
    second = f"{birth}{check_digit(birth)}M{expiry}{check_digit(expiry)}VNM".ljust(29, "<")
    whole = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    return first + second + check_digit(whole) + "NGUYEN<<VAN<AN".ljust(30, "<")


def test_a_card_of_the_standard_is_read() -> None:
    mrz = parse_td1(UTOPIAN)
    assert (mrz.document_code, mrz.state, mrz.nationality) == ("I", "UTO", "UTO")
    assert (mrz.document_number, mrz.birth, mrz.expiry, mrz.sex) == ("D23145890", "740812", "120415", Sex.FEMALE)
    assert mrz.name == "ERIKSSON ANNA MARIA"
    assert mrz.birth_date(TODAY) == PartialDate(year=1974, month=8, day=12)
    assert mrz.expiry_date == date(2012, 4, 15)
    assert mrz.citizen_number is None


def test_a_long_number_goes_on_in_the_optional_data_and_into_the_key() -> None:
    mrz = parse_td1(LONG_NUMBER)
    assert mrz.document_number == "D23145890734"
    assert mrz.optional == "<" * 10
    assert mrz_key_of(mrz).mrz_information == b"D23145890734934071279507122"


@pytest.mark.parametrize("optional", ["001090123456", "001090123456<<<", "001090123456<<0"])
def test_the_citizen_number_stands_in_the_optional_data_with_or_without_a_check_digit(optional: str) -> None:
    assert parse_td1(card(citizen=optional)).citizen_number == "001090123456"


@pytest.mark.parametrize("optional", ["0010901234560", "001090123456<<A", "00109012345<<<0"])
def test_other_optional_data_hold_no_citizen_number(optional: str) -> None:
    assert parse_td1(card(citizen=optional)).citizen_number is None


def test_lines_breaks_and_lower_case_do_not_matter() -> None:
    assert parse_td1("\n".join(UTOPIAN).lower() + "\r\n") == parse_td1(UTOPIAN)


@pytest.mark.parametrize(
    ("zone", "number", "name"),
    [(TD2, "D23145890734", "STEVENSON PETER JOHN"), (TD3, "L898902C3", "ERIKSSON ANNA MARIA")],
)
def test_zones_of_other_documents_are_read(zone: str, number: str, name: str) -> None:
    mrz = parse_mrz(zone)
    assert (mrz.document_number, mrz.name, mrz.wrong_digits) == (number, name, ())


def test_a_citizen_number_stands_in_the_optional_data() -> None:
    mrz = parse_td1(card())
    assert mrz.citizen_number == "001090123456"
    assert mrz_key_of(mrz) == mrz_key_of_citizen("001090123456", birth="900101", expiry="300101")
    assert can_guess_of_citizen("001090123456").digits == "123456"


@pytest.mark.parametrize(
    ("citizen", "birth", "expected"),
    [
        ("001090123456", "900101", PartialDate(year=1990, month=1, day=1)),
        ("001220123456", "200101", PartialDate(year=2020, month=1, day=1)),
        ("001020123456", "200101", PartialDate(year=1920, month=1, day=1)),  # the number tells: a hundred and six
        ("", "261122", PartialDate(year=2026, month=11, day=22)),  # born today
        ("", "261123", PartialDate(year=1926, month=11, day=23)),  # never in the future
        ("", "8503<<", PartialDate(year=1985, month=3)),
        ("", "85<<<<", PartialDate(year=1985)),
        ("", "850000", PartialDate(year=1985)),
        ("", "<<<<<<", None),
        ("", "851340", None),
    ],
)
def test_a_birth_date_finds_its_century(citizen: str, birth: str, expected: PartialDate | None) -> None:
    assert parse_td1(card(citizen=citizen, birth=birth)).birth_date(TODAY) == expected


@pytest.mark.parametrize("at", [5, 14, 30, 36, 38, 44, 59])
def test_a_wrong_character_under_a_check_digit_is_refused(at: int) -> None:
    zone = card()
    spoiled = zone[:at] + str((int(zone[at]) + 1) % 10) + zone[at + 1 :]
    with pytest.raises(MalformedData, match="check digit"):
        parse_td1(spoiled)
    assert parse_mrz(spoiled).wrong_digits


@pytest.mark.parametrize("text", ["", "<" * 89, "<" * 91, "Đ" * 90, "<" * 300, "\u0660" * 90])
def test_what_is_no_zone_is_refused(text: str) -> None:
    with pytest.raises(MalformedData):
        parse_mrz(text)


def test_a_zone_is_read_out_of_dg1() -> None:
    assert parse_dg1(encode(0x61, encode(0x5F1F, card().encode())) + b"\x00\x00") == parse_td1(card())


@pytest.mark.parametrize(
    "file",
    [b"", b"\x61\x00", encode(0x62, encode(0x5F1F, b"<" * 90)), encode(0x61, encode(0x5F1F, b"\xff" * 90))],
)
def test_a_dg1_without_a_zone_is_malformed(file: bytes) -> None:
    with pytest.raises(MalformedData):
        parse_dg1(file)


def test_a_zone_never_shows_itself() -> None:
    mrz = parse_td1(card())
    assert "001090123456" not in repr(mrz)
    assert "NGUYEN" not in repr(mrz)


def test_a_citizen_number_of_another_shape_makes_no_key() -> None:
    with pytest.raises(MalformedData):
        mrz_key_of_citizen("12345", birth="900101", expiry="300101")
