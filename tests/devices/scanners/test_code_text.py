import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.code_text import decode_code

CARD = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường X, Quận Y, Hà Nội|15042021"


def test_plain_utf8_is_certain_and_exact():
    decoded = decode_code(CARD.encode())
    assert (decoded.text, decoded.certain) == (CARD, True)


def test_decomposed_names_come_out_composed_and_certain():
    decoded = decode_code(unicodedata.normalize("NFD", CARD).encode())
    assert (decoded.text, decoded.certain) == (CARD, True)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"Tr\xe2\xccn Thi\xf2 Bi\xccnh", "Trần Thị Bình"),
        (b"Nguy\xea\xden V\xe3n An", "Nguyễn Văn An"),
        (b"L\xea Minh Ch\xe2u", "Lê Minh Châu"),
    ],
)
def test_cp1258_names_are_read_and_marked(raw, name):
    decoded = decode_code(raw)
    assert (decoded.text, decoded.certain) == (name, False)


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_double_encoded_text_is_repaired_and_marked(wrong):
    text = "Lê Minh Châu"
    decoded = decode_code(text.encode().decode(wrong).encode())
    assert (decoded.text, decoded.certain) == (text, False)


def test_names_a_decoder_took_for_big5_are_repaired():
    decoded = decode_code("HU廙淇H HI廕銳 THU廕昧".encode())
    assert (decoded.text, decoded.certain) == ("HUỲNH HIẾU THUẬN", False)


def test_names_a_decoder_took_for_shift_jis_are_repaired():
    decoded = decode_code("HU盻ｲNH HI蘯ｾU THU蘯ｬN".encode())
    assert (decoded.text, decoded.certain) == ("HUỲNH HIẾU THUẬN", False)


def test_text_damaged_beyond_repair_shows_where_and_is_not_guessed():
    decoded = decode_code("Nguyễn Văn".encode()[:-2] + b"\xc4")
    assert decoded.text.startswith("Nguyễn V")
    assert "\ufffd" in decoded.text
    assert not decoded.certain


def test_real_foreign_names_are_left_alone():
    decoded = decode_code("田中".encode())
    assert decoded.text == "田中"


def test_control_characters_between_digits_separate_them_instead_of_joining_two_numbers():
    decoded = decode_code(b"001090123456\x1d079090123456")
    assert (decoded.text, decoded.certain) == ("001090123456 079090123456", False)


def test_printer_commands_in_a_name_do_not_leave_the_driver():
    decoded = decode_code("Nguyễn\x1b@\x1dV\x00 Văn".encode())
    assert decoded.text == "Nguyễn @ V Văn"


def test_framing_bytes_around_a_code_are_dropped_without_doubt():
    decoded = decode_code(b"\xef\xbb\xbf\x02" + CARD.encode() + b"\x03\x00")
    assert (decoded.text, decoded.certain) == (CARD, True)


def test_invisible_direction_marks_do_not_leave_the_driver():
    assert decode_code("An\u202eBình\u200b Lê".encode()).text == "AnBình Lê"


def test_no_bytes_are_no_text():
    assert decode_code(b"\0\0").text == ""


@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace"))))
def test_whatever_the_bytes_the_text_is_printable_and_composed(data):
    text = decode_code(data).text
    assert text.isprintable()
    assert text == unicodedata.normalize("NFC", text)
