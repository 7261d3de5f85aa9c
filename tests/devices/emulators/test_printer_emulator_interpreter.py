"""The emulated print head: what bytes draw, and that no delivery and no garbage upsets it."""

import os
import random
import subprocess
import sys

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.emulators.escpos_events import AutomaticStatusSet, JobTagAsked, QueuedStatusAsked, TicketCut
from devices.emulators.escpos_interpreter import EscPosInterpreter
from devices.emulators.escpos_realtime import RealTimeKind, RealTimeScanner

CUT = b"\x1dV\x00"
DUMMY = """
import sys
from PIL import Image
from escpos.printer import Dummy

dummy = Dummy()
dummy.profile.profile_data = {**dummy.profile.profile_data, "media": {"width": {"mm": "Unknown", "pixels": 576}}}
dummy.hw("INIT")
dummy.image(Image.open(sys.argv[1]), impl=sys.argv[2])
dummy.cut(feed=False)
sys.stdout.buffer.write(dummy.output)
"""


def noise_picture(width=576, height=300):
    dots = np.random.default_rng(7).integers(0, 2, (height, width), dtype=np.uint8) * 255
    return Image.fromarray(dots).convert("1", dither=Image.Dither.NONE)


def raster(picture):
    """GS v 0, written here and not by a library: a second opinion."""
    head = b"\x1dv0\x00" + (picture.width // 8).to_bytes(2, "little") + picture.height.to_bytes(2, "little")
    return head + bytes(byte ^ 0xFF for byte in picture.tobytes())


def qr(payload, *, size=6, level=b"1"):
    def block(function, parameters):
        return b"\x1d(k" + (len(parameters) + 2).to_bytes(2, "little") + b"1" + function + parameters

    stored = block(b"P", b"0" + payload)
    return block(b"A", b"2\x00") + block(b"C", bytes([size])) + block(b"E", level) + stored + block(b"Q", b"0")


def printed(data):
    (cut,) = [event for event in EscPosInterpreter().feed(data) if isinstance(event, TicketCut)]
    return cut.image


def black_dots(image):
    return int((~np.array(image)).sum())


@pytest.mark.parametrize("implementation", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_a_picture_of_python_escpos_comes_out_dot_for_dot(tmp_path, implementation):
    picture = noise_picture(height=312)  # 13 lines of 24 dots
    picture.save(tmp_path / "picture.png")
    emitted = subprocess.run(
        [sys.executable, "-c", DUMMY, tmp_path / "picture.png", implementation],
        env={**os.environ, "ESCPOS_CAPABILITIES_PICKLE_DIR": str(tmp_path)},
        capture_output=True,
        check=True,
    ).stdout
    assert printed(emitted).crop((0, 0, 576, 312)).tobytes() == picture.tobytes()


def test_a_raster_written_by_hand_comes_out_dot_for_dot():
    picture = noise_picture()
    assert printed(raster(picture) + CUT).tobytes() == picture.tobytes()


def test_a_raster_wider_than_the_paper_is_clipped():
    picture = noise_picture(width=640)
    assert printed(raster(picture) + CUT).tobytes() == picture.crop((0, 0, 576, 300)).tobytes()


def test_graphics_with_a_four_byte_length_are_stored_and_then_printed():
    picture = noise_picture(height=40)
    dots = bytes(byte ^ 0xFF for byte in picture.tobytes())
    store = b"0p0\x01\x011" + (576).to_bytes(2, "little") + (40).to_bytes(2, "little") + dots
    command = b"\x1d8L" + len(store).to_bytes(4, "little") + store
    assert black_dots(printed(command + CUT)) == 0
    assert printed(command + b"\x1d(L\x02\x0002" + CUT).tobytes() == picture.tobytes()


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_a_native_qr_has_the_asked_size_and_level_and_decodes(level):
    image = printed(qr("A012|Nội khoa".encode(), size=5, level=b"0123"["LMQH".index(level) :][:1]) + CUT)
    framed = Image.new("L", (image.width + 80, image.height + 80), 255)
    framed.paste(image.convert("L"), (40, 40))
    (code,) = zxingcpp.read_barcodes(framed)
    assert code.bytes.decode() == "A012|Nội khoa"
    assert code.ec_level == level
    modules = zxingcpp.create_barcode("A012|Nội khoa".encode(), zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    assert image.height == 5 * modules.to_image(scale=1, add_quiet_zones=False).shape[0]


def test_a_qr_too_large_for_any_symbol_prints_nothing():
    assert black_dots(printed(qr(b"x" * 4_000) + CUT)) == 0


def test_a_qr_wider_than_the_paper_prints_nothing_and_is_counted():
    head = EscPosInterpreter()
    (cut,) = head.feed(qr(b"x" * 1_000, size=16) + CUT)
    assert black_dots(cut.image) == 0
    assert sum(head.unknown.values()) == 1


@pytest.mark.parametrize(("alignment", "left"), [(b"0", 0), (b"1", 276), (b"2", 552)])
def test_alignment_moves_the_ink(alignment, left):
    black = Image.new("1", (24, 8), 0)
    columns = np.flatnonzero(~np.array(printed(b"\x1ba" + alignment + raster(black) + CUT)).all(axis=0))
    assert (columns[0], columns[-1]) == (left, left + 23)


def test_text_is_drawn_and_double_size_doubles_it():
    plain, large = printed(b"Hello\n" + CUT), printed(b"\x1d!\x11Hello\n" + CUT)
    assert black_dots(plain) > 100
    assert black_dots(large) == 4 * black_dots(plain)


def test_a_text_longer_than_the_paper_goes_on_in_the_next_line():
    assert printed(b"x" * 49 + b"\n" + CUT).height == 2 * printed(b"x" * 48 + b"\n" + CUT).height


@pytest.mark.parametrize(
    ("feed", "rows"), [(b"\x1bd\x03", 90), (b"\x1bJ\x21", 33), (b"\n\n", 60), (b"\x1b3\x0a\n", 10)]
)
def test_feeds_move_the_paper(feed, rows):
    assert printed(feed + CUT).height == rows


@pytest.mark.parametrize("cut", [b"\x1dV\x00", b"\x1dV\x01", b"\x1dV0", b"\x1dVA\x05", b"\x1dVB\x05", b"\x1bi"])
def test_every_form_of_cut_ends_a_ticket_with_all_its_bytes(cut):
    events = EscPosInterpreter().feed(b"A\n" + cut + b"B\n" + cut)
    assert [event.raw for event in events] == [b"A\n" + cut, b"B\n" + cut]


def test_the_other_questions_come_out_as_events_in_order():
    events = EscPosInterpreter().feed(b"\x1dr\x01\x1d(H\x06\x0000abcd\x1da\xff")
    assert events == [QueuedStatusAsked(kind=1), JobTagAsked(tag=b"abcd"), AutomaticStatusSet(mask=255)]


def test_parameters_of_commands_not_emulated_do_not_come_out_as_text():
    skipped = (
        b"\x1bp\x00AB\x1bRA\x1dHA\x1dwA\x1c.\x1bDABC\x00\x1d(EAB"[:-2] + b"\x02\x00AB" + b"\x1dkIA\x00"[:3] + b"\x02AB"
    )
    assert black_dots(printed(b"\x1b@" + skipped + CUT)) == 0


def test_delivery_byte_by_byte_gives_the_same_ticket():
    data = b"\x1b@\x1ba\x01Hello\n" + raster(noise_picture(height=60)) + qr(b"A012") + b"\x10\x04\x01" + b"\x1dVB\x10"
    head = EscPosInterpreter()
    events = [event for byte in data for event in head.feed(bytes([byte]))]
    assert [event.raw for event in events] == [data]
    assert events[0].image.tobytes() == printed(data).tobytes()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([b"\x1b", b"\x1d", b"\x1c", b"\x10", b"(", b"k", b"L", b"v0"]) | st.binary(max_size=12))
)
def test_garbage_never_raises(pieces):
    head = EscPosInterpreter()
    for piece in pieces:
        head.feed(piece)
    head.discard_input()
    assert isinstance(head.feed(b"after\n" + CUT)[-1], TicketCut)


def test_long_garbage_never_raises():
    source = random.Random(3)
    for _ in range(20):
        EscPosInterpreter().feed(bytes(source.choice((27, 29, 28, 16, source.randrange(256))) for _ in range(3_000)))


def test_endless_feeding_ends_at_the_end_of_the_roll():
    assert printed(b"\x1bd\xff" * 500 + CUT).height == 16_000


def test_what_is_not_understood_is_counted():
    head = EscPosInterpreter()
    head.feed(b"\x1b\x7f\x1b\x7f\x01")
    assert head.unknown == {"1b 7f": 2, "01": 1}


def test_real_time_commands_are_found_wherever_the_stream_is_torn():
    stream = b"text\x10\x04\x01\x10\x10\x04\x04raster\x10\x05\x02\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x10\x04\x09"
    expected = [(RealTimeKind.STATUS, 1), (RealTimeKind.STATUS, 4), (RealTimeKind.ENQUIRY, 2), (RealTimeKind.CLEAR, 0)]
    for size in range(1, len(stream) + 1):
        scanner = RealTimeScanner()
        pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
        found = [command for piece in pieces for command in scanner.feed(piece)[0]]
        assert [(command.kind, command.argument) for command in found] == expected
