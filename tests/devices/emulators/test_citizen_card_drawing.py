import cv2
import numpy as np
import pytest

from devices.cameras.still_decoder import StillDecoder
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.citizen_card import CardBack, CardLayout, CardPose, draw_card_back, hold_card

LINES = CITIZENS[0].mrz_lines()
CODE = b"001090123456||Nguyen Van An|01011990|Nam|Ha Noi|15042021"


def codes(frame):
    grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    return [symbol.data for symbol in StillDecoder().decode(grey)]


def test_only_the_2024_card_bears_its_code_behind():
    for layout, expected in ((CardLayout.Y2024, [CODE]), (CardLayout.Y2021, [])):
        card = draw_card_back(CardBack(lines=LINES, layout=layout, qr=CODE))
        assert codes(hold_card(card, CardPose(turn_deg=5))) == expected


def test_a_card_has_the_standards_proportions():
    height, width = draw_card_back(CardBack(lines=LINES), px_per_mm=10).shape[:2]
    assert (width, height) == (856, 540)


@pytest.mark.parametrize("lines", [LINES[:2], (LINES[0], LINES[1], LINES[2][:-1])])
def test_anything_but_three_lines_of_30_is_refused(lines):
    with pytest.raises(ValueError, match="three lines"):
        draw_card_back(CardBack(lines=lines))


def test_the_card_fills_as_much_of_the_frame_as_was_asked():
    frame = hold_card(np.full((540, 856, 3), 255, np.uint8), CardPose(fill=0.5, desk_grey=0))
    across = np.flatnonzero(frame[360, :, 0] > 128)
    assert abs(len(across) - 640) <= 2
    assert frame.shape == (720, 1280, 3)
