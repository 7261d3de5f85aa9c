"""Slips as dots and bytes: nothing lost at the edges, nothing dithered, nothing that commands."""

import io
import sys

import pytest
import zxingcpp
from PIL import Image, ImageChops
from support.marked_paper import unmarked

from devices.emulators.escpos_events import TicketCut
from devices.emulators.escpos_interpreter import EscPosInterpreter
from devices.printers.document import Align, Gap, PaperWidth, PrintDocument, Qr, Rule, Text, TwoColumns
from devices.printers.encoder import EscPosEncoder, without_questions
from devices.printers.models import ConfirmBy, QrForm
from devices.printers.options import PrinterKind, PrinterOptions
from devices.printers.raster import Rasterizer
from devices.printers.typesetting import FontBook, font_files, printable

FENCE, TAG = b"DCBA", b"ABCD"
ACCENTS = "Ế Ệ Ỗ Ứ Ự Ặ Ẩ Ỹ Đ ế ệ ỗ ứ ự ặ ẩ ỹ đ"
LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Thị Hường Phượng Nghiêng Khoa Phẫu thuật Chỉnh hình"


def options(**changes):
    return PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1", **changes)


def drawn(*blocks, width=PaperWidth.MM_80):
    return Rasterizer(FontBook(font_files(options())), width).render(PrintDocument(blocks=blocks))


def printed(parts, settings):
    """The paper an independent interpreter gets out of our bytes."""
    events = EscPosInterpreter(settings.capabilities.width_px).feed(
        EscPosEncoder(settings.capabilities).encode(parts, FENCE, TAG)
    )
    return next(event.image for event in events if isinstance(event, TicketCut))


def codes_on(image):
    seen = Image.new("L", (image.width + 80, image.height + 80), 255)
    seen.paste(image.convert("L"), (40, 40))
    found = zxingcpp.read_barcodes(seen, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2))
    return [code.text for code in found]


def ink_box(picture):
    return ImageChops.invert(picture.convert("L")).getbbox()


@pytest.mark.parametrize("width", PaperWidth)
@pytest.mark.parametrize("height_px", [20, 28, 44, 200])
@pytest.mark.parametrize("text", [*ACCENTS.split(), "Ặgjy,", LONG_NAME, LONG_NAME.upper()])
def test_accents_and_tails_are_never_cut_off(width, height_px, text):
    (picture,) = drawn(Text(text=text, height_px=height_px), width=width)
    _, top, _, bottom = ink_box(picture)
    assert picture.width == int(width)
    assert top > 0
    assert bottom < picture.height


@pytest.mark.parametrize("height_px", [28, 200])
@pytest.mark.parametrize("text", ["j", "Đj", "W", "Vf", "Ỹ"])
def test_letters_are_whole_at_both_edges_of_the_paper(text, height_px):
    pictures = [drawn(Text(text=text, height_px=height_px, align=align))[0] for align in Align]
    inks = [picture.crop(ink_box(picture)) for picture in pictures]
    assert inks[0].tobytes() == inks[1].tobytes() == inks[2].tobytes()


def test_capitals_with_two_accents_do_not_touch_the_line_above():
    above, below = "ỰỘẬ" * 6, "ẾỐẤ" * 6  # one word each, too wide for one line together
    (one,) = drawn(Text(text=above, height_px=40))
    (two,) = drawn(Text(text=f"{above} {below}", height_px=40))
    bottom = ink_box(one)[3]
    assert two.height > one.height
    assert ink_box(two.crop((0, bottom, two.width, bottom + 2))) is None
    assert ink_box(two)[3] > bottom + 2


@pytest.mark.parametrize("width", PaperWidth)
def test_a_long_value_wraps_beside_its_caption_and_never_over_it(width):
    (short,) = drawn(TwoColumns(left="Người bệnh", right=""), width=width)
    (long,) = drawn(TwoColumns(left="Người bệnh", right=LONG_NAME), width=width)
    assert long.height > short.height
    caption_right = ink_box(short)[2]
    assert ink_box(long.crop((caption_right + 1, 0, caption_right + 8, long.height))) is None


def test_a_text_shrinks_until_it_fits_its_lines():
    (one,) = drawn(Text(text="Z999", height_px=200, bold=True, max_lines=1, tight=True))
    (many,) = drawn(Text(text="UUTIEN-0001", height_px=200, bold=True, max_lines=1, tight=True))
    assert many.height < one.height
    assert ink_box(many)[2] <= int(PaperWidth.MM_80)


def test_an_inverted_text_is_white_on_a_bar_over_the_whole_width():
    (bar,) = drawn(Text(text="ƯU TIÊN", height_px=36, inverted=True))
    assert ink_box(bar) == (0, 0, bar.width, bar.height)
    assert bar.convert("L").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)) < 128


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("Trần\x1b@ \x1dVAn", "Trần@ VAn"),
        ("a\u202eb\u200bc\ufeffd", "abcd"),
        ("một\nhai\tba\u2028bốn\u00a0năm", "một hai ba bốn năm"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
    ],
)
def test_text_is_cleaned_to_one_line_of_plain_letters(dirty, clean):
    assert printable(dirty) == clean


@pytest.mark.parametrize("width", PaperWidth)
def test_the_paper_equals_the_drawing_dot_for_dot_with_a_drawn_code(width):
    settings = options(paper_width=width, qr_form=QrForm.RASTER)
    blocks = (Text(text=ACCENTS, height_px=40), Gap(), Rule(dashed=True), Text(text=LONG_NAME, height_px=60))
    (picture,) = drawn(*blocks, width=width)
    paper = printed((picture,), settings)
    shown, wanted = (unmarked(each, picture.height) for each in (paper.crop((0, 0, *picture.size)), picture))
    assert ImageChops.logical_xor(shown.convert("1"), wanted).getbbox() is None
    with_code = printed(drawn(*blocks, Qr(payload="TD:a8f5f167f44f4964"), width=width), settings)
    assert codes_on(with_code) == ["TD:a8f5f167f44f4964"]


@pytest.mark.parametrize("form", QrForm)
def test_the_code_stands_in_the_middle_with_white_around_it(form):
    paper = printed(drawn(Qr(payload="TD:abc")), options(qr_form=form))
    if form is QrForm.RASTER:
        paper = unmarked(paper, paper.height)
    left, top, right, _ = ink_box(paper)
    assert abs(left + right - paper.width) <= 12
    assert top >= 4 * 6
    assert codes_on(paper) == ["TD:abc"]


def test_pictures_hold_nothing_the_printer_would_answer_or_obey_in_them():
    dots = bytes([0, 0x10, 0x04, 1, 0x10, 0x10, 0x05, 0x10, 0x14, 0x10, 0x20]) + b"\x1dr\x01\x1dI\x01\x1bv\x1d\x1bu"
    defused = without_questions(dots)
    assert len(defused) == len(dots)
    assert not any(bytes((0x10, code)) in defused for code in (0x04, 0x05, 0x14))
    assert not any(question in defused for question in (b"\x1dr", b"\x1dI", b"\x1bu", b"\x1bv"))
    assert all(after & before == before for before, after in zip(dots, defused, strict=True)), "a dot was lost"


@pytest.mark.parametrize(
    ("confirm_by", "end"), [(ConfirmBy.JOB_TAG, b"00ABCD"), (ConfirmBy.STATUS_REQUEST, b"\x1dr\x01")]
)
def test_a_slip_ends_with_the_question_for_its_end(confirm_by, end):
    data = EscPosEncoder(options(confirm_by=confirm_by).capabilities).encode(drawn(Text(text="A015")), FENCE, TAG)
    assert data.endswith(end)
    assert (b"\x1d(H" in data) is (confirm_by is ConfirmBy.JOB_TAG)


@pytest.mark.parametrize("tag", [b"", b"ABC", b"ABCDE", b"AB\x1fD", b"AB\x7fD"])
def test_a_tag_the_printer_would_not_take_is_refused(tag):
    with pytest.raises(ValueError, match=r"printer\.tag_illegal"):
        EscPosEncoder(options().capabilities).encode((), FENCE, tag)
    with pytest.raises(ValueError, match=r"printer\.tag_illegal"):
        EscPosEncoder(options().capabilities).encode((), tag, TAG)


def test_drawing_says_nothing_on_standard_output(monkeypatch):
    told = io.StringIO()
    monkeypatch.setattr(sys, "stdout", told)
    EscPosEncoder(options().capabilities).encode(drawn(Text(text="A015"), Qr(payload="TD:abc")), FENCE, TAG)
    assert told.getvalue() == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"host": ""}, "printer.host_missing"),
        ({"kind": PrinterKind.SERIAL}, "printer.path_missing"),
        ({"kind": PrinterKind.SERIAL, "path": "/dev/ttyS0", "baud": 9601}, "printer.baud_unknown"),
        ({"port": 0}, "printer.port_illegal"),
        ({"poll_every_s": 0}, "printer.timeout_illegal"),
        ({"max_waiting_jobs": 0}, "printer.max_waiting_jobs_illegal"),
        ({"model": "epson"}, "printer.model_unknown"),
        ({"roll_length_m": -1.0}, "printer.roll_length_illegal"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_a_code(changes, code):
    with pytest.raises(ValueError, match=code.replace(".", r"\.")):
        PrinterOptions(**{"kind": PrinterKind.TCP, "host": "127.0.0.1", **changes})


@pytest.mark.parametrize("payload", ["", "a" * 301, "TD:Đ", "TD:\x1b@"])
def test_a_code_holds_only_short_printable_ascii(payload):
    with pytest.raises(ValueError, match=r"printer\.qr_"):
        Qr(payload=payload)
