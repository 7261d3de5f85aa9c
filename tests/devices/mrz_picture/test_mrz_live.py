"""The camera scanner looking for the back of a card."""

from datetime import date

import numpy as np
import pytest

from devices.cameras.camera_scanner import CameraScanner, CameraScannerOptions
from devices.contract import CameraGuidance, CameraHint, MrzSeen
from devices.emulators.chip.citizen import EmulatedCitizen
from devices.emulators.citizen_card import CardBack, CardPose, draw_card_back, hold_card

CITIZEN = EmulatedCitizen(
    number="001234567890",
    name="Nguyễn Thị Hoa",
    birth="01/01/1990",
    sex="Nữ",
    issued=date(2022, 1, 1),
    expires=date(2030, 1, 1),
)
HOA = CITIZEN.mrz_lines()
BINH = CITIZEN.with_changes(number="079111222333", name="Trần Văn Bình", sex="Nam").mrz_lines()
FRAME_S = 1 / 15


class Camera:
    """Shows what is held before it, and its clock goes on with each frame."""

    def __init__(self):
        self.view = np.full((720, 1280, 3), 90, np.uint8)
        self.now_s = 0.0

    def open(self):
        pass

    def read(self):
        self.now_s += FRAME_S
        return self.view

    def close(self):
        pass


@pytest.fixture
def camera():
    return Camera()


@pytest.fixture
def scanner(camera, inbox):
    driver = CameraScanner("camera", camera, inbox, CameraScannerOptions(), clock_s=lambda: camera.now_s)
    driver.open()
    yield driver
    driver.close()


def back(lines, covered_px=0):
    card = draw_card_back(CardBack(lines=lines))
    if covered_px:
        card[:, -covered_px:] = 120
    return hold_card(card, CardPose())


def frames(scanner, count):
    for _ in range(count):
        scanner.step()


def seen(inbox):
    return [event for event in inbox.drain() if isinstance(event, MrzSeen)]


def test_nothing_is_looked_for_until_it_is_asked(scanner, camera, inbox):
    camera.view = back(HOA)
    frames(scanner, 6)
    assert seen(inbox) == []


def test_a_zone_is_told_once_with_its_fields(scanner, camera, inbox):
    scanner.look_for_mrz(True)
    camera.view = back(HOA)
    frames(scanner, 8)
    [event] = seen(inbox)
    assert event == MrzSeen(
        device="camera",
        document_number="234567890",
        birth="900101",
        expiry="300101",
        number="001234567890",
        lines=HOA,
        complete=True,
    )


def test_an_event_prints_nothing_personal():
    event = MrzSeen(
        device="camera",
        document_number="234567890",
        birth="900101",
        expiry="300101",
        number="001234567890",
        lines=HOA,
        complete=True,
    )
    assert "234567890" not in repr(event)
    assert "NGUYEN" not in repr(event)


def test_another_card_is_told_at_once(scanner, camera, inbox):
    scanner.look_for_mrz(True)
    for lines in (HOA, BINH):
        camera.view = back(lines)
        frames(scanner, 4)
    assert [event.document_number for event in seen(inbox)] == ["234567890", "111222333"]


def test_the_same_card_is_told_again_after_it_was_away_or_when_asked_anew(scanner, camera, inbox):
    empty = camera.view
    scanner.look_for_mrz(True)
    camera.view = back(HOA)
    frames(scanner, 4)
    camera.view = empty
    frames(scanner, 40)
    camera.view = back(HOA)
    frames(scanner, 4)
    scanner.look_for_mrz(True)
    frames(scanner, 4)
    assert len(seen(inbox)) == 3


def test_nothing_is_told_any_more_when_looking_ended(scanner, camera, inbox):
    scanner.look_for_mrz(True)
    scanner.look_for_mrz(False)
    camera.view = back(HOA)
    frames(scanner, 4)
    assert seen(inbox) == []


def test_a_zone_whose_last_check_digit_is_covered_is_told_at_the_second_sighting(scanner, camera, inbox):
    scanner.look_for_mrz(True)
    camera.view = back(HOA, covered_px=130)
    frames(scanner, 2)
    assert seen(inbox) == []
    frames(scanner, 2)
    [event] = seen(inbox)
    assert not event.complete
    assert (event.document_number, event.birth, event.expiry) == ("234567890", "900101", "300101")


@pytest.mark.parametrize(("asked", "advised"), [(False, True), (True, False)])
def test_a_card_is_not_to_be_turned_over_when_its_back_was_asked_for(scanner, camera, inbox, asked, advised):
    scanner.look_for_mrz(asked)
    camera.view = hold_card(np.full((864, 1370, 3), 235, np.uint8), CardPose(fill=0.6))
    frames(scanner, 40)
    hints = [event.hint for event in inbox.drain() if isinstance(event, CameraGuidance)]
    assert (CameraHint.TURN_OVER in hints) == advised
