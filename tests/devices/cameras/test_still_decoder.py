"""Codes in still pictures: plain, turned, degraded, several at once, and none."""

import cv2
import numpy as np
import pytest
import zxingcpp

from devices.cameras.still_decoder import StillDecoder

Formats = zxingcpp.BarcodeFormat
CARD = "001090123456|012345678|Nguyễn Văn An|01011990|Nam|Số 1, Phường Mẫu, Quận Mẫu, Hà Nội|15042021".encode()


def symbol(data, code_format=Formats.QRCodeModel2, scale=4):
    content = data if code_format is Formats.QRCodeModel2 else data.decode()
    code = zxingcpp.create_barcode(content, code_format)
    return np.asarray(code.to_image(scale=scale, add_quiet_zones=True), dtype=np.uint8)


def on_desk(picture, top=60, left=90, size=(480, 900)):
    desk = np.full(size, 210, np.uint8)
    desk[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return desk


def data_of(picture):
    return [found.data for found in StillDecoder().decode(picture)]


@pytest.mark.parametrize(
    ("code_format", "name", "data"),
    [
        (Formats.QRCodeModel2, "qr", CARD),
        (Formats.MicroQRCode, "micro_qr", b"0123456789"),
        (Formats.DataMatrix, "data_matrix", b"DN4010000000001"),
        (Formats.PDF417, "pdf417", b"DN4010000000001|Khoa Noi"),
        (Formats.Code128, "code_128", b"BN00012345"),
        (Formats.Code39, "code_39", b"BN00012345"),
        (Formats.EAN13, "ean_13", b"4006381333931"),
        (Formats.EAN8, "ean_8", b"96385074"),
    ],
)
def test_every_format_of_a_hospital_is_read_and_named(code_format, name, data):
    (found,) = StillDecoder().decode(on_desk(symbol(data, code_format, scale=2 if name == "pdf417" else 3)))
    assert (found.format, found.data) == (name, data)


def test_the_box_goes_round_the_code_also_where_a_prepared_picture_was_read():
    plain = on_desk(symbol(CARD, scale=4))
    small = cv2.resize(plain, None, fx=0.45, fy=0.45, interpolation=cv2.INTER_AREA)
    for picture, scale in ((plain, 1.0), (small, 0.45)):
        (found,) = StillDecoder().decode(picture)
        lefts, tops = zip(*found.box, strict=True)
        quiet = 16
        assert min(lefts) == pytest.approx((90 + quiet) * scale, abs=4)
        assert min(tops) == pytest.approx((60 + quiet) * scale, abs=4)


@pytest.mark.parametrize("angle", [20, 45, 70, 130, 200, 300])
def test_a_turned_bar_code_is_read(angle):
    picture = on_desk(symbol(b"BN00012345", Formats.Code128, scale=2), top=260, left=250, size=(700, 900))
    matrix = cv2.getRotationMatrix2D((450, 350), angle, 1.0)
    assert data_of(cv2.warpAffine(picture, matrix, (900, 700), borderValue=210)) == [b"BN00012345"]


def test_several_codes_in_one_picture_are_all_told():
    picture = on_desk(symbol(CARD), size=(700, 1200))
    other = symbol(b"BN00012345", Formats.Code128, scale=2)
    picture[500 : 500 + other.shape[0], 500 : 500 + other.shape[1]] = other
    assert sorted(data_of(picture)) == sorted([CARD, b"BN00012345"])


def test_a_data_matrix_beside_a_qr_and_a_code_that_is_there_twice_are_told():
    picture = on_desk(symbol(CARD), size=(700, 1200))
    for left in (600, 900):
        other = symbol(b"BN00012345", Formats.DataMatrix, scale=6)
        picture[300 : 300 + other.shape[0], left : left + other.shape[1]] = other
    found = StillDecoder().decode(picture)
    assert [one.data for one in found] == [CARD, b"BN00012345", b"BN00012345"]
    assert len({one.box for one in found}) == 3


def test_a_stacked_code_beside_a_bar_code_is_told():
    picture = on_desk(symbol(b"DN4010000000001|Khoa Noi", Formats.PDF417, scale=2), size=(700, 1200))
    other = symbol(b"BN00012345", Formats.Code128, scale=2)
    picture[500 : 500 + other.shape[0], 500 : 500 + other.shape[1]] = other
    assert sorted(data_of(picture)) == [b"BN00012345", b"DN4010000000001|Khoa Noi"]


def test_white_on_black_is_read():
    assert data_of(255 - on_desk(symbol(CARD))) == [CARD]


def test_a_picture_without_a_code_gives_none():
    noise = np.random.default_rng(7).integers(0, 255, (480, 640)).astype(np.uint8)
    assert data_of(noise) == []
    assert data_of(np.full((1, 1), 255, np.uint8)) == []


def test_a_stacked_code_counts_only_when_two_passes_agree(monkeypatch):
    picture = on_desk(symbol(b"DN4010000000001|Khoa Noi", Formats.PDF417, scale=2))
    reads = iter([b"DN4010000000009", b"DN4010000000001", b"DN4010000000001"])
    real = zxingcpp.read_barcodes

    class Misread:
        def __init__(self, code):
            self.valid, self.format, self.position = code.valid, code.format, code.position
            self.bytes = next(reads, b"DN4010000000001") if code.format == Formats.PDF417 else code.bytes

    monkeypatch.setattr(zxingcpp, "read_barcodes", lambda *a, **k: [Misread(code) for code in real(*a, **k)])
    assert data_of(picture) == [b"DN4010000000001"]
