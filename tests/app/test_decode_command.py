"""`tiepdon decode` as IT uses it: one JSON line a file, whatever the file is."""

import json
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from devices.emulators.chip.citizen import EmulatedCitizen
from devices.emulators.citizen_card import CardBack, CardLayout, CardPose, draw_card_back, hold_card
from kiosk.insurance.emulator_people import PEOPLE

PERSON = PEOPLE[0]
BACK_LINES = EmulatedCitizen(
    number="001234567890",
    name="Nguyễn Hoàng Phương Thảo",
    birth="01/01/1990",
    sex="Nữ",
    issued=date(2022, 1, 1),
    expires=date(2030, 1, 1),
).mrz_lines()


def qr(data, scale=4):
    code = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.QRCodeModel2)
    return Image.fromarray(np.asarray(code.to_image(scale=scale, add_quiet_zones=True)))


def decode(*files):
    command = [sys.executable, "-m", "kiosk.app.cli", "decode", *map(str, files)]
    process = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert process.stderr == ""
    return process.returncode, [json.loads(line) for line in process.stdout.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("pictures")
    qr(PERSON.citizen_code()).save(place / "card.png")
    qr("https://example.org/x").save(place / "link.png")
    Image.new("L", (300, 200), 255).save(place / "empty.png")
    (place / "text.png").write_text("not a picture")
    whole = (place / "card.png").read_bytes()
    (place / "torn.png").write_bytes(whole[: len(whole) // 2])
    qr(PERSON.citizen_code()).convert("RGBA").save(place / "alpha.png")
    qr(PERSON.citizen_code()).convert("CMYK").save(place / "cmyk.tiff")
    deep = np.asarray(qr(PERSON.citizen_code()), dtype=np.uint16) * 200
    Image.fromarray(deep).save(place / "deep.png")
    frames = [qr(PERSON.citizen_code()), qr("https://example.org/y")]
    frames[0].save(place / "animated.gif", save_all=True, append_images=frames[1:])
    turned = Image.Exif()
    turned[0x0112] = 6
    wide = Image.new("L", (900, 300), 220)
    wide.paste(qr(PERSON.citizen_code()), (600, 40))
    wide.save(place / "turned.jpg", exif=turned, quality=95)
    Image.new("1", (12_000, 6_000), 1).save(place / "bomb.png")
    back = CardBack(lines=BACK_LINES, layout=CardLayout.Y2024, qr=PERSON.citizen_code().encode())
    Image.fromarray(hold_card(draw_card_back(back), CardPose(turn_deg=4))).save(place / "back_2024.png")
    older = hold_card(draw_card_back(CardBack(lines=BACK_LINES)), CardPose())
    Image.fromarray(older).rotate(90, expand=True).save(place / "back_2021_on_its_side.png")
    return place


def test_a_citizen_card_is_read_and_named(folder):
    code, [line] = decode(folder / "card.png")
    [symbol] = line["symbols"]
    assert code == 0
    assert line.keys() == {"file", "symbols", "elapsed_ms"}
    assert symbol.keys() == {"format", "text", "kind", "fields", "box"}
    assert (symbol["format"], symbol["kind"]) == ("qr", "citizen_card")
    assert symbol["text"] == PERSON.citizen_code()
    assert symbol["fields"]["number"] == PERSON.citizen
    assert symbol["fields"]["name"] == PERSON.name
    assert symbol["fields"]["birth"] == PERSON.birth
    assert len(symbol["box"]) == 4


@pytest.mark.parametrize(("name", "codes"), [("back_2024.png", 1), ("back_2021_on_its_side.png", 0)])
def test_the_zone_of_a_cards_back_is_told_beside_its_codes(folder, name, codes):
    code, [line] = decode(folder / name)
    assert code == 0
    assert len(line["symbols"]) == codes
    assert line["mrz"].pop("elapsed_ms") > 0
    assert line["mrz"] == {
        "lines": list(BACK_LINES),
        "document_number": "234567890",
        "birth": "900101",
        "expiry": "300101",
        "number": "001234567890",
    }


def test_a_file_without_a_code_is_no_failure(folder):
    code, [line] = decode(folder / "empty.png")
    assert (code, line["symbols"]) == (0, [])


def test_a_link_is_named_and_not_opened(folder):
    _, [line] = decode(folder / "link.png")
    assert line["symbols"][0]["kind"] == "link"


@pytest.mark.parametrize("name", ["alpha.png", "cmyk.tiff", "deep.png", "animated.gif", "turned.jpg"])
def test_any_kind_of_picture_is_read(folder, name):
    code, [line] = decode(folder / name)
    assert code == 0
    assert [symbol["text"] for symbol in line["symbols"]] == [PERSON.citizen_code()]


def test_a_picture_is_turned_as_its_camera_says(folder):
    _, [line] = decode(folder / "turned.jpg")
    (box,) = [symbol["box"] for symbol in line["symbols"]]
    assert max(x for x, _ in box) < 300  # upright it is 300 wide and 900 high
    assert max(y for _, y in box) > 600


def test_what_is_no_picture_gets_a_line_with_a_code_and_the_others_go_on(folder):
    files = ["text.png", "card.png", "torn.png", "bomb.png", "missing.png"]
    code, lines = decode(*(folder / name for name in files))
    assert code == 1
    assert [line.get("error") for line in lines] == [
        "picture.unreadable",
        None,
        "picture.unreadable",
        "picture.too_large",
        "picture.missing",
    ]
    assert lines[1]["symbols"]
