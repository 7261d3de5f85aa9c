"""EF.COM and DG2, as issuers write them and as they should not."""

from __future__ import annotations

import pytest

from devices.chip.com_file import parse_com
from devices.chip.dg2 import MAX_PICTURE_BYTES, PictureFormat, parse_dg2
from devices.chip.errors import MalformedData
from devices.chip.tlv import encode

JPEG = b"\xff\xd8\xff\xe0 made-up picture \xff\xd9"
JP2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n made-up picture"
CODESTREAM = b"\xff\x4f\xff\x51 made-up picture"


def record(image: bytes, *, points: int = 0, miscount: int = 0) -> bytes:
    size = 20 + points * 8 + 12 + len(image)
    face = (size + miscount).to_bytes(4, "big") + points.to_bytes(2, "big") + bytes(14 + points * 8 + 12) + image
    return b"FAC\x00010\x00" + (14 + size).to_bytes(4, "big") + b"\x00\x01" + face


def file_of(*records: bytes, tag: int = 0x5F2E) -> bytes:
    header = encode(0xA1, encode(0x81, b"\x02"), encode(0x87, b"\x01\x01"), encode(0x88, b"\x00\x08"))
    count = encode(0x02, bytes([len(records)]))
    return encode(0x75, encode(0x7F61, count, *(encode(0x7F60, header, encode(tag, each)) for each in records)))


@pytest.mark.parametrize("image", [JPEG, JP2, CODESTREAM])
@pytest.mark.parametrize("points", [0, 7])
@pytest.mark.parametrize("tag", [0x5F2E, 0x7F2E])
def test_a_face_is_found_behind_its_headers(image: bytes, points: int, tag: int) -> None:
    picture = parse_dg2(file_of(record(image, points=points), tag=tag))
    assert picture.data == image
    assert picture.format is (PictureFormat.JPEG if image is JPEG else PictureFormat.JPEG_2000)


def test_the_first_of_several_faces_counts_and_padding_does_not() -> None:
    assert parse_dg2(file_of(record(JP2), record(JPEG)) + bytes(16)).data == JP2


@pytest.mark.parametrize("miscount", [-5, 5, 10**9])
def test_a_miscounted_record_still_gives_a_picture(miscount: int) -> None:
    assert parse_dg2(file_of(record(JPEG, miscount=miscount))).data.startswith(b"\xff\xd8\xff")


def test_a_record_of_another_standard_is_searched() -> None:
    assert parse_dg2(file_of(encode(0xA1, encode(0x80, JPEG)), tag=0x7F2E)).data == JPEG


@pytest.mark.parametrize(
    "file",
    [
        b"",
        encode(0x61, b""),
        encode(0x75),
        encode(0x75, encode(0x7F61)),
        encode(0x75, encode(0x7F61, encode(0x02, b"\x00"))),
        file_of(b"FAC\x00"),
        file_of(record(b"GIF89a")),
        file_of(record(JPEG + bytes(MAX_PICTURE_BYTES))),
        file_of(record(JPEG))[:-4],
    ],
)
def test_what_holds_no_face_is_malformed(file: bytes) -> None:
    with pytest.raises(MalformedData):
        parse_dg2(file)


def test_a_picture_never_shows_itself() -> None:
    assert "made-up" not in repr(parse_dg2(file_of(record(JPEG))))


def test_the_list_of_files_is_read() -> None:
    com = bytes.fromhex("60165F0104303130375F36063034303030305C046175766E")  # ICAO 9303-10, 4.6.1, with DG14
    assert parse_com(com) == ("DG1", "DG2", "DG4", "DG14")
    assert parse_com(encode(0x60, encode(0x5C, b"\x61\x99\x6d\x61"))) == ("DG1", "DG13")


@pytest.mark.parametrize("file", [b"", b"\x60\x00", encode(0x61, encode(0x5C, b"\x61"))])
def test_a_list_that_is_none_is_malformed(file: bytes) -> None:
    with pytest.raises(MalformedData):
        parse_com(file)
