"""Which readings are believed, told from how likely each glyph is (no picture)."""

from datetime import date

import numpy as np
import pytest

from devices.chip.mrz import parse_td1
from devices.emulators.chip.citizen import EmulatedCitizen
from devices.mrz_picture.believing import believe
from devices.mrz_picture.glyphs import ALPHABET

CITIZEN = EmulatedCitizen(
    number="001234567890",
    name="Nguyễn An",
    birth="01/01/1990",
    sex="Nữ",
    issued=date(2022, 1, 1),
    expires=date(2030, 1, 1),
)
VIETNAMESE = CITIZEN.mrz_lines()
UTOPIAN = ("IDUTOD2314589G3<<<<<<<<<<<<<<<", "7408122F3204153UTO<<<<<<<<<<<0", "ERIKSSON<<ANNA<<<<<<<<<<<<<<<<")


def shares(lines, *doubts):
    """Sure of `lines`, but at each doubt (line, place, glyph, lead) another glyph leads by so much."""
    made = []
    for line in lines:
        logs = np.full((30, len(ALPHABET)), -9.0, np.float32)
        logs[range(30), [ALPHABET.index(glyph) for glyph in line]] = -0.05
        made.append(logs)
    for row, place, glyph, lead in doubts:
        made[row][place, ALPHABET.index(glyph)] = -0.05
        made[row][place, ALPHABET.index(lines[row][place])] = -0.05 - lead
    return made


def test_sure_glyphs_are_believed():
    believed = believe(shares(VIETNAMESE))
    assert believed.complete
    assert parse_td1(believed.lines).document_number == "234567890"


@pytest.mark.parametrize("doubt", [(0, 6, "Z", 1.0), (1, 2, "8", 1.0), (1, 9, "8", 1.0), (1, 14, "6", 0.5)])
def test_one_close_glyph_is_put_right_by_its_check_digit(doubt):
    believed = believe(shares(UTOPIAN, doubt))
    assert believed.complete
    assert believed.lines == UTOPIAN


def test_a_glyph_that_was_not_close_is_never_put_right():
    assert believe(shares(UTOPIAN, (1, 2, "8", 6.0))) is None


def test_letters_that_are_no_classic_confusion_are_never_put_right():
    assert believe(shares(UTOPIAN, (0, 5, "P", 1.0))) is None


def test_a_doubt_that_no_check_digit_can_settle_is_not_believed():
    assert believe(shares(UTOPIAN, (0, 13, "6", 1.0))) is None, "G and 6 count the same"


def test_two_close_glyphs_of_one_field_are_not_guessed():
    assert believe(shares(UTOPIAN, (1, 2, "8", 1.0), (1, 1, "1", 1.0))) is None


def test_doubts_in_two_fields_are_too_many_for_a_card_without_copies():
    assert believe(shares(UTOPIAN, (1, 2, "8", 1.0), (1, 9, "8", 1.0))) is None


def test_a_vietnamese_number_is_read_from_both_its_copies():
    believed = believe(shares(VIETNAMESE, (0, 6, "8", 1.0), (0, 8, "6", 1.0), (0, 25, "8", 1.0)))
    assert believed.complete
    assert believed.lines == VIETNAMESE


def test_a_vietnamese_number_has_digits_only_though_a_letter_would_count_the_same():
    assert believe(shares(VIETNAMESE, (0, 13, "U", 6.0))).lines == VIETNAMESE


def test_an_unsure_composite_digit_leaves_the_zone_half_believed():
    believed = believe(shares(UTOPIAN, (1, 29, "7", 8.0)))
    assert not believed.complete
    assert believed.lines[1][:15] == UTOPIAN[1][:15]


def test_a_thirteenth_month_is_not_believed():
    assert believe(shares(CITIZEN.with_changes(birth="12/13/1974").mrz_lines())) is None


def test_glyphs_all_of_which_are_unsure_are_not_believed():
    assert believe([line * 30 for line in shares(VIETNAMESE)]) is None
