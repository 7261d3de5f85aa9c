"""Whatever stands in a name, the printer gets pictures and the few commands we mean; read by a parser of our own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.printers.document import PrintDocument, Qr, Text, TwoColumns
from devices.printers.encoder import EscPosEncoder
from devices.printers.options import PrinterKind, PrinterOptions
from devices.printers.raster import Rasterizer
from devices.printers.typesetting import FontBook, font_files

OPTIONS = PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1")
FENCE, TAG = b"DCBA", b"ABCD"


def commands(data):
    """Names of the commands in a stream of ESC/POS, in order. Raises AssertionError for anything else."""
    found, at = [], 0
    while at < len(data):
        head = data[at : at + 3]
        if head[:2] == b"\x1b@":
            found.append("reset")
            at += 2
        elif head[:2] in (b"\x1ba", b"\x1bJ"):
            found.append("align" if head[1:2] == b"a" else "feed")
            at += 3
        elif head == b"\x1dv0":
            columns = int.from_bytes(data[at + 4 : at + 6], "little")
            rows = int.from_bytes(data[at + 6 : at + 8], "little")
            dots = data[at + 8 : at + 8 + columns * rows]
            assert len(dots) == columns * rows, "a torn picture"
            assert not any(bytes((0x10, code)) in dots for code in (0x04, 0x05, 0x14)), "a command inside a picture"
            assert dots.endswith(b"\x1b "), "a mark that a torn picture would not swallow"
            found.append("picture")
            at += 8 + columns * rows
        elif head == b"\x1d(k":
            found.append("qr")
            at += 5 + int.from_bytes(data[at + 3 : at + 5], "little")
        elif head == b"\x1d(H":
            found.append("tag")
            at += 5 + int.from_bytes(data[at + 3 : at + 5], "little")
        elif head == b"\x1dr\x01":
            found.append("mark")
            at += 3
        elif head[:2] == b"\x1dV":
            found.append("cut")
            at += 4 if head[2:3] in (b"A", b"B") else 3
        else:
            raise AssertionError(f"unexpected bytes {data[at : at + 8].hex(' ')} at {at}")
    return found


def test_the_parser_of_this_test_refuses_what_a_name_could_bring():
    for hostile in (b"\x1bp\x00\x19\xfa", b"A", b"\x10\x14\x01\x00\x05", b"\x1d\x00"):
        try:
            commands(b"\x1b@" + hostile)
        except AssertionError:
            continue
        raise RuntimeError(hostile)


any_name = given(
    name=st.text(alphabet=st.characters(codec="utf-8"), max_size=60),
    pieces=st.lists(st.sampled_from(["\x1b", "\x1d", "\x10\x04\x01", "p", "V\x00", "Nguyễn", "\u202e", "\n", "\x00"])),
)


@settings(max_examples=120, deadline=None)
@any_name
def test_any_text_gives_only_the_commands_we_mean(name, pieces):
    assert_harmless(name, pieces)


@pytest.mark.long
@settings(max_examples=2_000, deadline=None)
@any_name
def test_any_of_very_many_texts_gives_only_the_commands_we_mean(name, pieces):
    assert_harmless(name, pieces)


def assert_harmless(name, pieces):
    document = PrintDocument(
        blocks=(
            Text(text=name, height_px=40),
            TwoColumns(left="Người bệnh", right="".join(pieces)),
            Qr(payload="TD:ABC"),
        )
    )
    parts = Rasterizer(FontBook(font_files(OPTIONS)), OPTIONS.capabilities.width_px).render(document)
    found = commands(EscPosEncoder(OPTIONS.capabilities).encode(parts, FENCE, TAG))
    assert found[:2] == ["tag", "reset"]
    assert found[-3:] == ["cut", "mark", "tag"]
    assert found.count("cut") == 1
    assert set(found) <= {"reset", "align", "feed", "picture", "qr", "mark", "cut", "tag"}
    assert all(found[at + 1] == "mark" for at, name in enumerate(found) if name == "picture")
