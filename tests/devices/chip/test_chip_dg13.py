"""The Vietnamese data of a chip: the public made-up vector, liberal reading, and what must stay behind."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from devices.chip.citizen import citizen_of, numbers_agree
from devices.chip.dg13 import VietnameseData, parse_dg13
from devices.chip.errors import MalformedData
from devices.chip.mrz import Mrz, check_digit, parse_td1
from devices.chip.tlv import encode
from devices.chip.values import PartialDate, Sex

TODAY = date(2026, 11, 22)
VECTOR = bytes.fromhex("6d1f301d311b30110201020c0c4e475559454e2056414e204130060201040c014d")
FULL: dict[int, str] = {
    1: "001090123456",
    2: "Nguyễn Văn An",
    3: "01/02/1990",
    4: "Nam",
    5: "Việt Nam",
    6: "Kinh-bí-mật",
    7: "Đạo-bí-mật",
    8: "Quê-bí-mật",
    9: "Số 1, Phường X, Quận Y, Hà Nội",
    10: "Sẹo-bí-mật",
    11: "15/04/2021",
    12: "01/02/2030",
    15: "012345678",
    16: "Mã-bí-mật",
}


def field(index: int, *values: bytes) -> bytes:
    return encode(0x30, encode(0x02, bytes([index])), *values)


def fields_of(texts: dict[int, str]) -> list[bytes]:
    return [field(index, encode(0x0C, text.encode())) for index, text in texts.items()]


def file_of(*fields: bytes) -> bytes:
    return encode(0x6D, encode(0x30, encode(0x31, *fields)))


def zone(citizen: str = "001090123456", number: str = "090123456") -> Mrz:
    first = f"IDVNM{number}{check_digit(number)}{citizen}".ljust(30, "<")
    second = "9002015M3002017VNM".ljust(29, "<")
    second = second[:6] + check_digit("900201") + second[7:14] + check_digit("300201") + second[15:]
    whole = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    return parse_td1(first + second + check_digit(whole) + "NGUYEN<<VAN<AN".ljust(30, "<"))


def test_the_public_vector_is_read() -> None:
    assert parse_dg13(VECTOR) == VietnameseData(name="NGUYEN VAN A", sex=Sex.MALE)


def test_a_whole_card_is_read_and_the_sensitive_rest_stays_behind() -> None:
    data = parse_dg13(file_of(*fields_of(FULL)))
    assert data == VietnameseData(
        number="001090123456",
        name="Nguyễn Văn An",
        birth=PartialDate(year=1990, month=2, day=1),
        sex=Sex.MALE,
        residence="Số 1, Phường X, Quận Y, Hà Nội",
        old_number="012345678",
        issued=date(2021, 4, 15),
        expires=date(2030, 2, 1),
    )
    assert not [kept for kept in vars(data).values() if isinstance(kept, str) and "bí-mật" in kept]
    assert "Nguy" not in repr(data)


def test_relatives_never_pass_for_the_holder() -> None:
    parents = encode(0x30, field(2, encode(0x0C, "Trần Thị Bình".encode())))
    assert parse_dg13(file_of(field(13, parents), *fields_of({1: "001090123456"}))).name is None
    assert parse_dg13(file_of(field(13, encode(0x31, parents)), *fields_of({1: "001090123456"}))).name is None


@pytest.mark.parametrize(
    "file",
    [
        encode(0x6D, *fields_of(FULL)),
        encode(0x6D, encode(0x31, *fields_of(FULL))),
        encode(0x6D, encode(0x30, encode(0x30, encode(0x31, *fields_of(FULL))))),
        encode(0x6D, encode(0x30, encode(0x02, b"\x00"), encode(0x31, *fields_of(FULL)))),
        encode(0x6D, encode(0x30, encode(0x02, b"\x01"), encode(0x31, *fields_of(FULL)))),
        encode(0x30, encode(0x31, *fields_of(FULL))),
        file_of(*fields_of(FULL)) + b"\x00" * 20,
    ],
)
def test_wrappers_may_be_more_or_fewer(file: bytes) -> None:
    assert parse_dg13(file) == parse_dg13(file_of(*fields_of(FULL)))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (encode(0x13, b"NGUYEN VAN AN"), "NGUYEN VAN AN"),
        (encode(0x1E, "Nguyễn".encode("utf-16-be")), "Nguyễn"),
        (encode(0x0C, unicodedata.normalize("NFD", "Nguyễn").encode()), "Nguyễn"),
        (encode(0x30, encode(0x0C, "Nguyễn".encode())), "Nguyễn"),
        (encode(0x81, "Nguyễn".encode()), "Nguyễn"),
        (encode(0x0C, "  Nguyễn \n\x1b Văn\u202e".encode()), "Nguyễn Văn"),
        (b"\x0c\x82\x00\x06Nguyen", "Nguyen"),
        (encode(0x0C, b"\xff\xfe"), None),
        (encode(0x0C), None),
        (b"", None),
        (encode(0x0C, b"a" * 3000), None),
        (b"\x0c\x7f", None),
    ],
)
def test_texts_come_in_many_codings_or_not_at_all(value: bytes, read: str | None) -> None:
    assert parse_dg13(file_of(field(2, value), *fields_of({4: "Nữ"}))) == VietnameseData(name=read, sex=Sex.FEMALE)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1/2/1990", PartialDate(year=1990, month=2, day=1)),
        ("01021990", PartialDate(year=1990, month=2, day=1)),
        ("02/1990", PartialDate(year=1990, month=2)),
        ("1990", PartialDate(year=1990)),
        ("00/00/1990", PartialDate(year=1990)),
        ("31/02/1990", None),
        ("0000", None),
        ("gần đây", None),
    ],
)
def test_a_birth_date_may_be_a_year_alone(text: str, read: PartialDate | None) -> None:
    assert parse_dg13(file_of(*fields_of({3: text}))).birth == read


@pytest.mark.parametrize("text", ["Không thời hạn", "KHÔNG THỜI HẠN", "khong thoi han"])
def test_a_card_may_never_expire(text: str) -> None:
    data = parse_dg13(file_of(*fields_of({12: text})))
    assert data.expires_never
    assert citizen_of(zone(), data, today=TODAY).expires is None


@pytest.mark.parametrize("text", ["Nữ", "nữ", "NỮ", "Nu", "F", unicodedata.normalize("NFD", "Nữ")])
def test_a_woman_is_written_in_many_ways(text: str) -> None:
    assert parse_dg13(file_of(*fields_of({4: text}))).sex is Sex.FEMALE


@pytest.mark.parametrize("file", [b"", b"\x6d\x00", b"\x6d\x05abc", encode(0x6D, encode(0x0C, b"x")), b"\x30" * 40])
def test_what_holds_no_fields_is_malformed(file: bytes) -> None:
    with pytest.raises(MalformedData):
        parse_dg13(file)


def test_a_file_beyond_the_caps_is_not_walked_through() -> None:
    with pytest.raises(MalformedData):
        parse_dg13(file_of(*fields_of({9: "a" * 2000}) * 20))
    assert parse_dg13(file_of(*[field(5)] * 600, *fields_of(FULL))) == VietnameseData()  # nobody has 600 fields


def test_the_name_with_marks_goes_before_the_zone() -> None:
    citizen = citizen_of(zone(), parse_dg13(file_of(*fields_of(FULL))), today=TODAY)
    assert (citizen.name, citizen.name_has_marks) == ("Nguyễn Văn An", True)
    assert (citizen.number, citizen.birth) == ("001090123456", PartialDate(year=1990, month=2, day=1))
    assert citizen.expires == date(2030, 2, 1)
    alone = citizen_of(zone(), None, today=TODAY)
    assert (alone.name, alone.name_has_marks, alone.sex) == ("NGUYEN VAN AN", False, Sex.MALE)


def test_a_year_alone_is_filled_up_from_the_zone_when_they_agree() -> None:
    def birth(year: str) -> PartialDate | None:
        return citizen_of(zone(), parse_dg13(file_of(*fields_of({3: year}))), today=TODAY).birth

    assert birth("1990") == PartialDate(year=1990, month=2, day=1)
    assert birth("1989") == PartialDate(year=1989)


def test_numbers_are_compared_where_both_files_have_one() -> None:
    assert numbers_agree(zone(), VietnameseData(number="001090123456")) is True
    assert numbers_agree(zone(), VietnameseData(number="001090123457")) is False
    assert numbers_agree(zone(), VietnameseData()) is None
    assert numbers_agree(zone(), VietnameseData(number="1")) is None
    assert numbers_agree(zone(citizen=""), VietnameseData(number="001090123456")) is True
    assert citizen_of(zone(citizen=""), VietnameseData(number="001090123456"), today=TODAY).number == "001090123456"
    assert citizen_of(zone(citizen=""), None, today=TODAY).number == "090123456"


def test_a_document_with_a_number_of_another_kind_takes_the_persons_from_the_data() -> None:
    other, data = zone(number="C1234567<", citizen=""), VietnameseData(number="001090123456")
    assert numbers_agree(other, data) is None
    assert citizen_of(other, data, today=TODAY).number == "001090123456"
    assert citizen_of(other, VietnameseData(number="77"), today=TODAY).number == "C1234567"


def test_a_document_of_another_number_is_told_and_keeps_the_zones() -> None:
    other, data = zone(number="999999999", citizen=""), VietnameseData(number="001090123456")
    assert numbers_agree(other, data) is False
    assert citizen_of(other, data, today=TODAY).number == "999999999"
