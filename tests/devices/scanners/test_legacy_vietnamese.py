"""Names and places in CP1258 and TCVN3 come out as they were, and neither is taken for the other."""

import unicodedata

import pytest

from devices.code_text import decode_code
from devices.legacy_vietnamese import TCVN3_HIGH, decode_legacy

NAMES = """Nguyễn Văn An|Trần Thị Bình|Lê Minh Châu|Phạm Quốc Dũng|Hoàng Thị Én|Huỳnh Hiếu Thuận|Phan Đình Giót
Vũ Hải Hà|Võ Thị Ích|Đặng Khánh Khoa|Bùi Lệ Lan|Đỗ Mạnh Mẫn|Hồ Như Nguyệt|Ngô Ái Oanh
Dương Phước Phú|Lý Quỳnh Quyên|Đinh Rạng Rỡ|Trịnh Sơn Sáng|Mai Thuỳ Trâm|Tạ Ưng Uyển|Cao Viết Vượng
Lương Xuân Xuyến|Tô Yến Ý|Châu Ngọc Diễm|Từ Hữu Nghĩa|Quách Tĩnh|Hứa Gia Bảo|Thái Hoà Hợp
Kiều Diễm Oanh|La Thành Đạt|Âu Dương Phong|Ông Ích Khiêm|Nghiêm Tuấn Kiệt|Khổng Tường Vi|Lã Bửu Lộc
Triệu Thục Trinh|Viên Mộng Cầm|Phùng Chí Kiên|Thạch Sang|Sầm Sơn|Đoàn Giỏi|Văn Cao|Tôn Thất Tùng
Lưu Quý Kỳ|Ưng Hoàng Phúc|Thôn Đình Tổ, xã Nguyệt Đức, huyện Thuận Thành, Bắc Ninh
Ấp Mỹ Thới, thị trấn Cái Dầu, Châu Phú, An Giang""".replace("\n", "|").split("|")


def as_cp1258(text):
    """Base letters precomposed, tones apart: the only form CP1258 has for most letters."""
    tones = "\u0300\u0309\u0303\u0301\u0323"
    out = []
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        out.append(base + "".join(part for part in parts if part in tones))
    return "".join(out).encode("cp1258")


def as_tcvn3(text):
    """Capitals with marks as small letters, as the fonts that draw capitals have them."""
    return b"".join(
        char.encode("ascii") if char.isascii() else bytes([0xA1 + TCVN3_HIGH.index(_in_font(char))]) for char in text
    )


def _in_font(char):
    return char if char in TCVN3_HIGH else char.lower()


@pytest.mark.parametrize("name", [form for name in NAMES for form in (name, name.upper())])
def test_cp1258_is_read_as_such(name):
    data = as_cp1258(name)
    assert decode_code(data).text == name
    assert not decode_code(data).certain
    assert decode_code(data).encoding == "cp1258"


@pytest.mark.parametrize("name", NAMES)
def test_tcvn3_is_read_as_such(name):
    decoded = decode_code(as_tcvn3(name))
    assert (decoded.text.casefold(), decoded.certain) == (name.casefold(), False)
    assert decoded.encoding == "tcvn3"


@pytest.mark.parametrize("name", NAMES)
def test_tcvn3_of_a_font_with_capitals_is_read_as_capitals(name):
    assert decode_code(as_tcvn3(name.upper())).text.casefold() == name.casefold()


@pytest.mark.parametrize("name", NAMES)
def test_decomposed_utf8_is_composed_and_certain(name):
    decoded = decode_code(unicodedata.normalize("NFD", name).encode())
    assert (decoded.text, decoded.certain, decoded.encoding) == (name, True, "utf-8")


def test_a_name_that_is_good_in_both_code_pages_is_uncertain_at_least():
    decoded = decode_code(as_tcvn3("Kiều Oanh"))
    assert (decoded.text, decoded.certain) == ("Kỉu Oanh", False)  # CP1258 of another name, byte for byte
    assert as_tcvn3("Kiều Oanh") == as_cp1258("Kỉu Oanh")


@pytest.mark.parametrize("guess", ["big5", "shift_jis", "latin-1"])
def test_a_wrong_guess_of_the_scanner_is_undone_and_named(guess):
    name = {"big5": "HUỲNH HIẾU THUẬN", "shift_jis": "TRẤN", "latin-1": "Nguyễn Văn An"}[guess]
    decoded = decode_code(name.encode().decode(guess).encode())
    assert (decoded.text, decoded.certain, decoded.encoding) == (name, False, guess)


def test_a_wrong_guess_that_lost_bytes_is_not_guessed_back():
    mangled = "HUỲNH HIẾU".encode().decode("big5", "replace")[:-3] + "\ufffd"
    decoded = decode_code(mangled.encode())
    assert decoded.encoding == "utf-8"
    assert "\ufffd" in decoded.text


def test_bytes_of_no_code_page_are_said_to_be_damaged():
    assert decode_legacy(b"abc\x81\x8d") is None or decode_code(b"abc\x81\x8d").encoding != "utf-8"
    assert decode_code("Nguyễn".encode() + b"\xff").encoding == "damaged"
