"""Models as data: complete, right where python-escpos is, and each slip as wide as its head."""

import importlib
import importlib.resources
import tomllib

import pytest

from devices.contract import DeviceLost
from devices.emulators.escpos_events import AutomaticStatusSet, QueuedStatusAsked, TicketCut
from devices.emulators.escpos_interpreter import EscPosInterpreter
from devices.printers.document import Align, PaperWidth, PrintDocument, Qr, Text, TwoColumns
from devices.printers.encoder import TELL_CHANGES, EscPosEncoder
from devices.printers.models import FEED_TO_CUTTER_MM, ConfirmBy, QrForm, printer_models
from devices.printers.options import PrinterKind, PrinterOptions
from devices.printers.raster import Rasterizer
from devices.printers.slip_maker import SlipMaker
from devices.printers.typesetting import FontBook, font_files

MODELS = printer_models()
TABLES = tomllib.loads((importlib.resources.files("devices.printers") / "models.toml").read_text(encoding="utf-8"))
KEYS = {
    *("name", "width_px", "dpi", "paper_mm", "cutter", "qr", "confirm_by", "automatic_status", "answers", "clears"),
    *("escpos_profile", "differs"),
}
SLIP = PrintDocument(
    blocks=(
        Text(text="A015", height_px=200, bold=True, align=Align.CENTER, max_lines=1, tight=True),
        Text(text="Khám Răng – Hàm – Mặt", height_px=34, bold=True),
        TwoColumns(left="Đang chờ trước", right="4 người", height_px=26),
        Qr(payload="TD:ABCDEFGHIJKLMNOPQRSTUVWX"),
    )
)


def options(**changes):
    return PrinterOptions(**{"kind": PrinterKind.TCP, "host": "127.0.0.1", **changes})


@pytest.mark.parametrize("key", MODELS)
def test_every_model_is_told_with_known_words_and_a_head_that_fits_its_paper(key):
    model = MODELS[key]
    assert set(TABLES[key]) <= KEYS
    assert model.dpi in (180, 203)
    printable_mm = model.width_px / model.dpi * 25.4
    assert model.paper_mm * 0.75 < printable_mm < model.paper_mm


@pytest.mark.parametrize("key", [key for key, table in TABLES.items() if "escpos_profile" in table])
def test_models_say_what_python_escpos_says_except_where_it_is_known_to_be_wrong(key):
    profile = importlib.import_module("escpos.capabilities").get_profile(TABLES[key]["escpos_profile"])
    differs = TABLES[key].get("differs", {})
    width = profile.profile_data["media"]["width"].get("pixels")
    assert (width == MODELS[key].width_px) is ("width_px" not in differs)
    if MODELS[key].qr is QrForm.NATIVE or "qr" in differs:
        assert profile.supports("qrCode")
    if MODELS[key].cutter:
        assert profile.supports("paperFullCut") or profile.supports("paperPartCut")


@pytest.mark.parametrize("key", MODELS)
def test_a_slip_fills_the_head_of_every_model_and_is_cut_or_fed_out(key):
    model = MODELS[key]
    slip = SlipMaker(options(model=key)).make(SLIP, b"DCBA", b"ABCD", after_a_torn_slip=False)
    data, paper_mm = slip.data, slip.paper_mm
    head = EscPosInterpreter(model.width_px)
    events = [*head.feed(bytes(data)), *head.feed(b"" if model.cutter else b"\x1dV\x00")]
    (ticket,) = [event for event in events if isinstance(event, TicketCut)]
    assert ticket.image.width == model.width_px
    assert not head.unknown
    assert sum(isinstance(event, QueuedStatusAsked) for event in events) == slip.marks
    assert any(isinstance(event, AutomaticStatusSet) for event in events) is model.automatic_status
    assert (b"\x1d(H" in bytes(data)) is (model.confirm_by is ConfirmBy.JOB_TAG)
    drawn_mm = (ticket.image.height - (0 if model.cutter else 160)) / model.dpi * 25.4
    assert paper_mm == pytest.approx(drawn_mm + FEED_TO_CUTTER_MM, abs=4)


def number_height_mm(key):
    model = MODELS[key]
    (picture,) = Rasterizer(FontBook(font_files(options())), model.width_px, dpi=model.dpi).render(
        PrintDocument(blocks=(Text(text="A015", height_px=100, bold=True, tight=True),))
    )
    return picture.height / model.dpi * 25.4


def test_text_has_the_same_millimetres_at_180_dpi_and_is_a_fifth_smaller_on_58_mm():
    assert number_height_mm("epson-tm-t88v") == pytest.approx(number_height_mm("generic-80"), rel=0.03)
    assert number_height_mm("generic-58") == pytest.approx(0.8 * number_height_mm("generic-80"), rel=0.05)


def test_settings_stand_above_the_model():
    chosen = options(model="epson-tm-t20", paper_width=PaperWidth.MM_58, confirm_by=ConfirmBy.STATUS_REQUEST)
    assert (chosen.capabilities.width_px, chosen.capabilities.confirm_by) == (384, ConfirmBy.STATUS_REQUEST)
    assert chosen.capabilities.qr is QrForm.NATIVE


@pytest.mark.parametrize(
    ("changes", "must"),
    [
        ({}, True),
        ({"answers": False}, False),
        ({"kind": PrinterKind.USB_FILE, "path": "p"}, False),
        ({"kind": PrinterKind.USB_FILE, "path": "p", "answers": True}, True),
        ({"kind": PrinterKind.SERIAL, "path": "p", "model": "epson-tm-t20"}, True),
    ],
)
def test_who_has_to_answer_before_a_slip_is_sent(changes, must):
    assert options(**changes).must_answer is must


def test_fonts_that_are_none_are_told(tmp_path):
    nothing = tmp_path / "font.ttf"
    nothing.write_bytes(b"no font")
    with pytest.raises(DeviceLost, match=r"printer\.font_unreadable"):
        SlipMaker(options(font_regular=nothing, font_bold=nothing))


@pytest.mark.parametrize("torn_after", [1, 2, 5, 9, 300, 5_000, 9_000])
def test_after_a_torn_slip_the_next_one_stands_alone_and_whole(torn_after):
    encoder = EscPosEncoder(MODELS["generic-80"])
    parts = Rasterizer(FontBook(font_files(options())), 576).render(SLIP)
    whole = encoder.encode(parts, b"DCBA", b"ABCD")
    head = EscPosInterpreter(576)
    torn = whole[:torn_after]
    events = head.feed(torn) + head.feed(encoder.encode(parts, b"HGFE", b"EFGH", after_a_torn_slip=True))
    scrap, slip = [event.image for event in events if isinstance(event, TicketCut)]
    (alone,) = [event.image for event in EscPosInterpreter(576).feed(whole) if isinstance(event, TicketCut)]
    assert slip.tobytes() == alone.tobytes()
    assert scrap.height < 300


def test_changes_are_told_by_models_that_can():
    assert TELL_CHANGES in bytes(
        SlipMaker(options(model="epson-tm-m30")).make(SLIP, b"DCBA", b"ABCD", after_a_torn_slip=False).data
    )
