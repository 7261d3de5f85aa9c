"""What is written on a made-up citizen's chip."""

import io
from datetime import date

import pytest
from PIL import Image

from devices.chip.tlv import parse, parse_all
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.chip.data_groups import TAGS, common_file, face_file, vietnamese_file
from devices.emulators.chip.face import HEIGHT_PX, WIDTH_PX, FaceFormat, draw_face
from devices.emulators.chip.hostile_files import HOSTILE
from devices.emulators.chip.link_models import NO_ANSWER, CardPulledAway, LinkSpeed, SlowCard

AN = CITIZENS[0]


def test_the_three_lines_are_the_ones_icao_9303_wants():
    assert AN.mrz_lines() == (
        "IDVNM0901234562001090123456<<3",
        "9001011M3001019VNM<<<<<<<<<<<4",
        "NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<",
    )


@pytest.mark.parametrize(
    ("number", "third"),
    [
        (3, "PHAM<<VAN<DUNG<<<<<<<<<<<<<<<<"),
        (4, "HHEN<<NIE<<<<<<<<<<<<<<<<<<<<<"),
        (5, "CONG<<TANG<TON<NU<HOANG<THI<PH"),
    ],
)
def test_names_lose_their_marks_and_long_ones_their_end(number, third):
    assert CITIZENS[number].mrz_lines()[2] == third


def test_births_without_a_day_have_fillers_and_cards_for_ever_a_fixed_end():
    year_only = CITIZENS[3]
    assert year_only.mrz_lines()[1].startswith("55<<<<0M991231")
    assert AN.with_changes(birth="08/1970").mrz_birth == "7008<<"


def test_cards_since_the_middle_of_2024_are_of_the_new_kind():
    assert not AN.is_2024_card
    assert AN.with_changes(issued=date(2024, 7, 1)).is_2024_card


def test_dg13_holds_numbered_fields_in_order():
    fields = [parse_all(each.value) for each in parse(vietnamese_file(AN)).children()[0].children()[0].children()]
    assert [field[0].value[0] for field in fields] == list(range(1, 17))
    assert fields[1][1].value.decode() == "Nguyễn Văn An"
    assert fields[12][1].tag == 0x30
    for_ever = [parse_all(e.value) for e in parse(vietnamese_file(CITIZENS[3])).children()[0].children()[0].children()]
    assert for_ever[2][1].value == b"1955"
    assert for_ever[11][1].value.decode() == "Không thời hạn"


def test_the_common_file_lists_the_groups_of_a_citizen_card():
    listed = parse(common_file([15, 1, 2, 3, 13, 14])).child(0x5C).value
    assert listed == bytes([0x61, 0x75, 0x63, 0x6D, 0x6E, 0x6F])
    assert TAGS[16] == 0x70


@pytest.mark.parametrize("kind", FaceFormat)
@pytest.mark.parametrize("size", [0, 15_000, 40_000])
def test_a_face_is_a_picture_of_the_wanted_size(kind, size):
    picture = draw_face(7, kind, size)
    with Image.open(io.BytesIO(picture)) as opened:
        opened.load()
        assert opened.size == (WIDTH_PX, HEIGHT_PX)
    if size and kind is not FaceFormat.JPEG_2000_STREAM:
        assert size - 8 < len(picture) <= size


def test_the_face_record_counts_its_own_bytes():
    picture = draw_face(7, FaceFormat.JPEG, 0)
    file = face_file(picture, FaceFormat.JPEG)
    record = parse(file).child(0x7F61).child(0x7F60).child(0x5F2E).value
    assert record.startswith(b"FAC\x00010\x00")
    assert int.from_bytes(record[8:12], "big") == len(record)
    assert int.from_bytes(record[14:18], "big") == len(record) - 14
    assert record.endswith(picture)


@pytest.mark.parametrize("shape", HOSTILE)
def test_a_hostile_file_differs_from_the_right_one(shape):
    file = vietnamese_file(AN)
    assert HOSTILE[shape](file) != file


class Echo:
    atr = b"\x3b\x00"

    def __init__(self):
        self.resets = 0

    def reset(self):
        self.resets += 1

    def transmit(self, command):
        return command + b"\x90\x00"


def test_a_slow_link_costs_a_time_for_each_command_and_its_bits():
    waited = []
    card = SlowCard(Echo(), LinkSpeed(bit_rate_kbit_s=106, per_command_s=0.01), waited.append)
    assert card.transmit(bytes(130)) == bytes(130) + b"\x90\x00"
    assert waited == [pytest.approx(0.01 + 262 * 8 / 106_000)]


def test_a_card_pulled_away_is_dumb_until_it_is_laid_again():
    told = []
    card = CardPulledAway(Echo(), after=2, taken=lambda: told.append("taken"))
    answers = [card.transmit(b"1") for _ in range(4)]
    assert answers == [b"1\x90\x00", NO_ANSWER, NO_ANSWER, NO_ANSWER]
    assert told == ["taken"]
    card.lay_again()
    assert [card.transmit(b"1") for _ in range(3)] == [b"1\x90\x00"] * 3
