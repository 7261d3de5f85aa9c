from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.emulators.chip.citizen import EmulatedCitizen
from devices.emulators.citizen_card import CardBack, CardLayout, CardPose, draw_card_back, hold_card
from devices.mrz_picture.reading import MrzFinder, read_mrz

PERSON = EmulatedCitizen(
    number="001234567890",
    name="Nguyễn Hoàng Phương Thảo",
    birth="01/01/1990",
    sex="Nữ",
    issued=date(2022, 1, 1),
    expires=date(2030, 1, 1),
)
LINES = PERSON.mrz_lines()
ICAO_EXAMPLE = (  # ICAO 9303-5, appendix A: a card of Utopia
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)


@pytest.fixture(scope="module")
def finder():
    return MrzFinder()


def grey(frame):
    return np.asarray(frame @ [0.114, 0.587, 0.299], dtype=np.uint8)


def held(pose=None, lines=LINES, **more):
    return grey(hold_card(draw_card_back(CardBack(lines=lines, **more)), pose or CardPose()))


@pytest.mark.parametrize(
    "pose",
    [
        CardPose(),
        CardPose(fill=0.9),
        CardPose(fill=0.5),
        CardPose(fill=0.3),
        CardPose(turn_deg=15),
        CardPose(turn_deg=-15),
        CardPose(turn_deg=180),
        CardPose(turn_deg=172, tilt_x=0.1),
        CardPose(tilt_x=0.25, tilt_y=-0.2),
        CardPose(tilt_x=-0.2, turn_deg=6),
        CardPose(desk_grey=10, shift_x_px=120, shift_y_px=-40),
    ],
    ids=str,
)
@pytest.mark.parametrize("layout", CardLayout)
def test_every_character_is_read_however_the_card_is_held(finder, pose, layout):
    read = finder.look(held(pose, layout=layout, qr=b"x" * 120))
    assert read is not None
    assert read.complete
    assert read.lines == LINES


def test_the_fields_of_the_access_key_come_with_it(finder):
    read = finder.look(held())
    assert (read.document_number, read.birth, read.expiry) == ("234567890", "900101", "300101")
    assert read.number == "001234567890"
    assert read.zone.name == "NGUYEN HOANG PHUONG THAO"


def test_a_card_of_another_state_is_read_too(finder):
    read = finder.look(held(lines=ICAO_EXAMPLE))
    assert read.lines == ICAO_EXAMPLE
    assert (read.document_number, read.number) == ("D23145890", None)


def test_a_birth_of_which_only_the_year_is_known_is_read(finder):
    lines = PERSON.with_changes(birth="1950").mrz_lines()
    assert finder.look(held(lines=lines)).birth == "50<<<<"


@pytest.mark.parametrize("spacing_mm", [4.2, 5.0, 6.35])
def test_lines_may_stand_closer_or_wider(finder, spacing_mm):
    assert finder.look(held(line_spacing_mm=spacing_mm)).lines == LINES


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_still_picture_may_lie_on_its_side(quarter_turns):
    assert read_mrz(np.rot90(held(), quarter_turns)).lines == LINES


@pytest.mark.parametrize("turn_deg", [35, -50, 140, -110])
def test_a_still_picture_may_be_turned_by_any_angle(turn_deg):
    assert read_mrz(held(CardPose(turn_deg=turn_deg, fill=0.5))).lines == LINES


def test_a_small_card_in_a_large_picture_is_read():
    assert read_mrz(held(CardPose(fill=0.22, width_px=4000, height_px=3000))).lines == LINES


@pytest.mark.parametrize("place", [0, 6, 8, 14])
def test_a_wrong_digit_in_a_clear_zone_is_never_put_right(finder, place):
    wrong = str((int(LINES[1][place]) + 3) % 10)
    lines = (LINES[0], LINES[1][:place] + wrong + LINES[1][place + 1 :], LINES[2])
    assert finder.look(held(lines=lines)) is None


def test_a_card_whose_check_digit_over_all_is_covered_is_read_only_by_halves(finder):
    card = draw_card_back(CardBack(lines=LINES))
    card[:, -130:] = 120
    frame = grey(hold_card(card, CardPose()))
    read = finder.look(frame)
    assert read is not None
    assert not read.complete
    assert (read.document_number, read.birth, read.expiry) == ("234567890", "900101", "300101")
    assert read_mrz(frame) is None


def test_what_was_read_is_not_printed(finder):
    read = finder.look(held())
    assert "234567890" not in repr(read)
    assert "NGUYEN" not in repr(read)


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (1, 4000), (4000, 1), (23, 23), (24, 24), (25, 3000), (720, 1280)])
def test_empty_pictures_of_any_size_hold_nothing(shape):
    for level in (0, 255):
        assert read_mrz(np.full(shape, level, np.uint8)) is None


@pytest.mark.parametrize("period_px", [6, 9, 14, 24])
def test_patterns_hold_nothing(finder, period_px):
    down, across = np.mgrid[0:720, 0:1280] // period_px % 2 * 255
    for pattern in (down, across, down & across):
        assert finder.look(pattern.astype(np.uint8)) is None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32 - 1),
    height=st.integers(1, 400),
    width=st.integers(1, 700),
    spread=st.sampled_from([2, 60, 255]),
)
def test_noise_holds_nothing_and_raises_nothing(finder, seed, height, width, spread):
    noise = np.random.default_rng(seed).integers(0, spread, (height, width)).astype(np.uint8)
    assert finder.look(noise) is None


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_a_picture_torn_into_stripes_is_read_right_or_not_at_all(finder, seed):
    random, picture = np.random.default_rng(seed), held()
    for _ in range(12):
        top, height = int(random.integers(0, 700)), int(random.integers(1, 40))
        picture[top : top + height] = np.roll(picture[top : top + height], int(random.integers(-200, 200)), axis=1)
    read = finder.look(picture)
    assert read is None or not read.complete or read.lines[:2] == LINES[:2]
