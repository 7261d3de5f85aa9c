"""What a camera's own pictures tell of its troubles and of the card before it: frame sequences in, words out."""

import itertools

import cv2
import numpy as np
import pytest
import zxingcpp

from devices.cameras.camera_scanner import CameraKind, CameraScanner, CameraScannerOptions
from devices.cameras.picture_hint import HintGiver, shows_card
from devices.cameras.picture_trouble import PictureTrouble, PictureWatch
from devices.contract import CameraGuidance, CameraHint, DeviceStatus

FRAME_S = 0.1
RANDOM = np.random.default_rng(20261122)


def noisy(level, size=(180, 320)):
    return np.clip(RANDOM.normal(level, 4, size), 0, 255).astype(np.uint8)


def watched(levels, watch=None, start_s=0.0):
    """Troubles told while frames of these brightnesses come by, ten a second."""
    watch = watch or PictureWatch()
    return [watch.look(noisy(level), start_s + turn * FRAME_S) for turn, level in enumerate(levels)]


def test_a_bright_room_is_no_trouble():
    assert set(watched([120] * 80)) == {None}


def test_black_for_two_seconds_is_told_and_a_hand_on_the_lens_is_not():
    assert set(watched([120] * 10 + [2] * 15 + [120] * 30)) == {None}
    assert watched([2] * 40)[-1] is PictureTrouble.BLACK


def test_a_picture_that_comes_back_is_believed_after_a_while():
    told = watched([2] * 30 + [120] * 40)
    assert told[29] is PictureTrouble.BLACK
    assert told[-1] is None


def test_the_very_same_frame_for_seconds_is_a_hung_camera():
    watch, frame = PictureWatch(), noisy(120)
    told = [watch.look(frame, turn * FRAME_S) for turn in range(60)]
    assert told[20] is None
    assert told[-1] is PictureTrouble.FROZEN
    assert watched([120] * 40, watch, start_s=6.0)[-1] is None


def test_an_exposure_that_swings_to_and_fro_is_told_and_one_step_is_not():
    assert watched(([60] * 3 + [170] * 3) * 8)[-1] is PictureTrouble.EXPOSURE_HUNTS
    assert set(watched([60] * 30 + [170] * 30)) == {None}


def hinted(frames, **seen):
    giver = HintGiver()
    seen = {"glimpsed_px": None, "read": False} | seen
    return [giver.look(frame, now_s=turn * FRAME_S, **seen) for turn, frame in enumerate(frames)]


def desk(card=None, level=90):
    frame = noisy(level)
    if card is not None:
        height, width = card
        frame[40 : 40 + height, 60 : 60 + width] = 235
    return frame


def test_a_card_without_a_code_is_to_be_turned_over_after_a_while():
    told = hinted([desk(card=(101, 160)) for _ in range(25)])
    assert told[5] is CameraHint.NONE
    assert told[-1] is CameraHint.TURN_OVER


def test_a_sheet_or_an_empty_desk_is_no_card():
    assert shows_card(desk(card=(101, 160)))
    assert not shows_card(desk())
    assert not shows_card(desk(card=(100, 100)))
    assert not shows_card(desk(card=(20, 32)))


@pytest.mark.parametrize(("size_px", "hint"), [(30.0, CameraHint.CLOSER), (90.0, CameraHint.TILT)])
def test_a_code_that_was_found_and_not_read_is_too_far_or_glares(size_px, hint):
    assert hinted([desk() for _ in range(12)], glimpsed_px=size_px)[-1] is hint


def test_in_the_dark_light_is_asked_for():
    assert hinted([noisy(20) for _ in range(12)])[-1] is CameraHint.TOO_DARK


def test_a_code_that_is_read_ends_all_advice():
    assert set(hinted([desk(card=(101, 160)) for _ in range(25)], read=True)) == {CameraHint.NONE}


class Frames:
    """A source that plays what it is given, ten frames a second."""

    def __init__(self, frames):
        self.frames = iter(frames)
        self.now_s = 0.0

    def open(self):
        """Nothing to open."""

    def read(self):
        self.now_s += FRAME_S
        return next(self.frames)

    def close(self):
        """Nothing to close."""


def test_the_driver_tells_trouble_and_advice_once_and_their_end():
    def colour(grey):
        return cv2.cvtColor(cv2.resize(grey, (640, 360)), cv2.COLOR_GRAY2BGR)

    code = np.asarray(
        zxingcpp.create_barcode("001090123456", zxingcpp.BarcodeFormat.QRCodeModel2).to_image(scale=5), dtype=np.uint8
    )
    card = desk(card=(101, 160))
    shown = cv2.resize(desk(), (640, 360))
    shown[50 : 50 + code.shape[0], 50 : 50 + code.shape[1]] = code
    frames = [colour(noisy(2)) for _ in range(30)]
    frames += [colour(np.clip(card + RANDOM.integers(0, 3, card.shape), 0, 255).astype(np.uint8)) for _ in range(60)]
    frames += [cv2.cvtColor(shown, cv2.COLOR_GRAY2BGR) for _ in range(10)]
    events, source = [], Frames(frames)
    camera = CameraScanner(
        "camera",
        source,
        events.append,
        CameraScannerOptions(kind=CameraKind.FOLDER, place="unused"),
        clock_s=lambda: source.now_s,
    )
    camera.open()
    for _ in frames:
        camera.step()
    statuses = [event.code for event in events if isinstance(event, DeviceStatus)]
    hints = [event.hint for event in events if isinstance(event, CameraGuidance)]
    assert statuses[:2] == ["camera.black_picture", None]
    assert CameraHint.TURN_OVER in hints
    assert hints[-1] is CameraHint.NONE
    assert [a for a, b in itertools.pairwise(hints) if a is b] == []
