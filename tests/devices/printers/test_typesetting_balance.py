import pytest

from devices.printers.options import PrinterKind, PrinterOptions
from devices.printers.typesetting import Font, FontBook, fit, font_files, wrap

HOSPITAL = "BỆNH VIỆN ĐA KHOA HUYỆN THANH TRÌ"
NEXT_STEP = "Mời ông/bà đến Quầy 2 để kiểm tra thẻ trước khi vào phòng khám."
SIZE_PX = 34


@pytest.fixture
def font() -> Font:
    options = PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1")
    return FontBook(font_files(options)).font(SIZE_PX, bold=True)


@pytest.mark.parametrize("width_px", [384, 576])
@pytest.mark.parametrize("text", [HOSPITAL, NEXT_STEP])
def test_a_balanced_paragraph_keeps_its_words_its_width_and_its_number_of_lines(
    font: Font, text: str, width_px: int
) -> None:
    _, lines = fit(text, lambda _: font, SIZE_PX, width_px, None)
    assert " ".join(lines) == text
    assert max(font.getlength(line) for line in lines) <= width_px
    assert len(lines) == len(wrap(text, font, width_px))


@pytest.mark.parametrize("text", [HOSPITAL, NEXT_STEP])
def test_no_lone_word_is_left_in_the_last_line(font: Font, text: str) -> None:
    assert font.getlength(wrap(text, font, 576)[-1]) < 576 / 2, "the sample must need balancing"
    _, lines = fit(text, lambda _: font, SIZE_PX, 576, None)
    widths = [font.getlength(line) for line in lines]
    assert widths[-1] > max(widths) * 0.7
