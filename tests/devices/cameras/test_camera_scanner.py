import numpy as np
import pytest
import zxingcpp

from devices.cameras.camera_scanner import CameraKind, CameraScanner, CameraScannerOptions, make_frame_source
from devices.cameras.frames import DeviceFrames, FolderFrames, VideoFileFrames
from devices.contract import DeviceLost, DeviceState, ScanMeasured, Scanned, ScanOutcome
from devices.emulators.camera import CameraEmulator, View, draw_code, write_video
from devices.worker import DeviceWorker

CARD = (
    "001090123456|012345678|Nguyễn Hoàng Phương Thảo|01011990|Nữ|"
    "Số 123, Đường Lý Thường Kiệt, Phường X, Quận Y, Thành phố Hồ Chí Minh|15042021"
)


class Clock:
    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


class Frames:
    """A source that shows the frames it was given, one a step."""

    def __init__(self, *frames):
        self.frames = list(frames)

    def open(self):
        pass

    def read(self):
        return self.frames.pop(0) if self.frames else None

    def close(self):
        pass


@pytest.fixture
def emulator(tmp_path):
    return CameraEmulator(tmp_path / "view")


@pytest.fixture
def clock():
    return Clock()


def no_wait(seconds):
    return None


def scanner(source, sink, clock=None, **more):
    driver = CameraScanner("camera", source, sink, CameraScannerOptions(), clock_s=clock or Clock(), **more)
    driver.open()
    return driver


def look(driver, frames):
    for _ in range(frames):
        driver.step()
    driver.close()


def texts(inbox):
    return [event.text for event in inbox.drain() if isinstance(event, Scanned)]


def test_the_sample_card_is_as_long_as_real_ones():
    assert 150 <= len(CARD.encode()) <= 200


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(turn_deg=17),
        View(turn_deg=90),
        View(turn_deg=133),
        View(blur_px=1.6),
        View(noise=25),
        View(module_px=2),
        View(module_px=5, turn_deg=8, blur_px=1.2, noise=10),
    ],
    ids=str,
)
def test_a_citizen_card_is_read_exactly(emulator, inbox, view):
    emulator.show(CARD, view)
    look(scanner(FolderFrames(emulator.folder, wait=no_wait), inbox), 12)
    scanned, measured = inbox.drain()
    assert scanned == Scanned(device="camera", text=CARD, certain=True)
    assert (measured.outcome, measured.format) == (ScanOutcome.READ, "qr")


def test_a_blur_beyond_the_plain_try_is_read_after_preparation(inbox):
    frame = draw_code(CARD, View(module_px=3, blur_px=1.7))
    plain = zxingcpp.read_barcodes(frame, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2]))
    assert plain == []
    look(scanner(Frames(*[frame] * 6), inbox), 6)
    assert texts(inbox) == [CARD]


def test_pictures_are_shown_in_turn_and_later_ones_when_they_come(emulator, inbox):
    emulator.show("one")
    emulator.show("two")
    driver = scanner(FolderFrames(emulator.folder, wait=no_wait, frames_per_picture=2), inbox)
    for _ in range(6):
        driver.step()
    emulator.show("three")
    look(driver, 3)
    assert texts(inbox) == ["one", "two", "three"]


def test_unreadable_pictures_are_passed_over(emulator, inbox):
    (emulator.folder / "a.png").write_bytes(b"no picture")
    emulator.show("code")
    look(scanner(FolderFrames(emulator.folder, wait=no_wait), inbox), 3)
    assert texts(inbox) == ["code"]


def test_a_video_file_is_read_and_ends(tmp_path, inbox):
    path = tmp_path / "visit.avi"
    write_video(path, [draw_code(CARD), draw_code("second")])
    look(scanner(VideoFileFrames(path, repeat=False, wait=no_wait), inbox), 40)
    assert texts(inbox) == [CARD, "second"]


def test_a_video_file_repeats_when_told_to(tmp_path, inbox, clock):
    path = tmp_path / "visit.avi"
    write_video(path, [draw_code("again")])
    driver = scanner(VideoFileFrames(path, wait=no_wait), inbox, clock)
    for _ in range(30):
        clock.now_s += 0.1
        driver.step()
    driver.close()
    assert texts(inbox) == ["again"]


def test_a_code_that_stays_in_view_is_told_once(inbox, clock):
    driver = scanner(Frames(*[draw_code("stay")] * 20), inbox, clock)
    for _ in range(20):
        clock.now_s += 0.5
        driver.step()
    assert texts(inbox) == ["stay"]


def test_a_code_that_comes_back_later_is_told_again(inbox, clock):
    driver = scanner(Frames(draw_code("back"), None, draw_code("back")), inbox, clock)
    for _ in range(3):
        driver.step()
        clock.now_s += 1.5
    assert texts(inbox) == ["back", "back"]


def test_two_codes_after_each_other_are_both_told(inbox):
    look(scanner(Frames(draw_code("one"), draw_code("two"), draw_code("one")), inbox), 3)
    assert texts(inbox) == ["one", "two"]


@pytest.mark.parametrize(
    ("code_format", "code"),
    [
        (zxingcpp.BarcodeFormat.DataMatrix, "0101234567"),
        (zxingcpp.BarcodeFormat.Code128, "DN4010000000001"),
        (zxingcpp.BarcodeFormat.Code39, "DN401000000"),
    ],
)
@pytest.mark.parametrize("turn_deg", [0, 30])
def test_other_codes_are_read_in_turn(inbox, code_format, code, turn_deg):
    frame = draw_code(code, View(module_px=3, turn_deg=turn_deg), code_format)
    look(scanner(Frames(*[frame] * 14), inbox), 14)
    assert texts(inbox) == [code]


def test_a_one_dimensional_code_is_not_believed_at_first_sight(inbox):
    frame = draw_code("DN4010000000001", View(module_px=3), zxingcpp.BarcodeFormat.Code128)
    blank = np.full_like(frame, 255)
    look(scanner(Frames(blank, frame, blank, blank), inbox), 4)
    assert texts(inbox) == []


def test_pdf417_is_not_read(inbox):
    frame = draw_code("DN4010123456789", View(module_px=3), zxingcpp.BarcodeFormat.PDF417)
    look(scanner(Frames(*[frame] * 8), inbox), 8)
    assert texts(inbox) == []


def test_bytes_of_a_hostile_code_arrive_without_control_characters(inbox):
    look(scanner(Frames(draw_code("Văn\x1b@\x1d An".encode() + b"\xff")), inbox), 1)
    seen, _ = inbox.drain()
    assert seen.text.isprintable()
    assert not seen.certain


def test_a_code_of_nearly_three_kilobytes_is_read(inbox):
    frame = draw_code("é" * 1200, View(width_px=1920, height_px=1080, module_px=5))
    look(scanner(Frames(frame), inbox), 1)
    assert texts(inbox) == ["é" * 1200]


def test_noise_is_no_code(inbox):
    noise = np.random.default_rng(7).integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    look(scanner(Frames(*[noise] * 6), inbox), 6)
    assert inbox.drain() == []


def stained(frame):
    """The code's corners are whole, its middle is not."""
    spoilt = frame.copy()
    middle = (
        slice(frame.shape[0] // 2 - 60, frame.shape[0] // 2 + 60),
        slice(frame.shape[1] // 2 - 60, frame.shape[1] // 2 + 60),
    )
    spoilt[middle] = 255
    return spoilt


def look_in_time(driver, clock, frames, frame_s=1 / 15):
    for _ in range(frames):
        clock.now_s += frame_s
        driver.step()
    driver.close()


def test_a_code_that_stays_unreadable_until_it_goes_is_measured_as_one_failure(inbox, clock):
    blank = np.full((720, 1280, 3), 255, dtype=np.uint8)
    source = Frames(*[stained(draw_code(CARD))] * 12, *[blank] * 20)
    look_in_time(scanner(source, inbox, clock), clock, 40)
    measured = [event for event in inbox.drain() if isinstance(event, ScanMeasured)]
    assert measured == [ScanMeasured(device="camera", outcome=ScanOutcome.UNREADABLE, tries=12)]


def test_a_code_read_after_unreadable_frames_has_its_time_and_tries(inbox, clock):
    source = Frames(*[stained(draw_code(CARD))] * 3, draw_code(CARD))
    look_in_time(scanner(source, inbox, clock), clock, 4, frame_s=0.1)
    _, measured = inbox.drain()
    assert measured == ScanMeasured(device="camera", outcome=ScanOutcome.READ, format="qr", decode_ms=300, tries=4)


def test_an_empty_view_is_not_measured(inbox, clock):
    blank = np.full((720, 1280, 3), 255, dtype=np.uint8)
    look_in_time(scanner(Frames(*[blank] * 20), inbox, clock), clock, 40)
    assert inbox.drain() == []


def test_the_preview_gets_small_frames_of_its_own(inbox):
    shown = []
    frame = draw_code("x")
    look(scanner(Frames(frame), inbox, preview=shown.append), 1)
    assert [(picture.shape, picture.dtype, picture.flags.c_contiguous) for picture in shown] == [
        ((270, 480, 3), np.uint8, True)
    ]
    assert not np.shares_memory(shown[0], frame)


@pytest.mark.parametrize("kind", list(CameraKind))
def test_a_missing_source_has_its_code(tmp_path, inbox, kind):
    options = CameraScannerOptions(kind=kind, place=str(tmp_path / "none"))
    driver = CameraScanner("camera", make_frame_source(options), inbox, options)
    with pytest.raises(DeviceLost) as lost:
        driver.open()
    driver.close()
    assert lost.value.code == "camera.missing"


def test_an_index_without_a_camera_has_its_code():
    with pytest.raises(DeviceLost, match=r"camera\.missing"):
        DeviceFrames(63, width_px=640, height_px=480, frames_per_s=15).open()


@pytest.mark.allowed_warnings(r"camera lost: camera\.(lost|missing)")
def test_a_lost_source_is_told_and_healed(emulator, inbox):
    options = CameraScannerOptions(kind=CameraKind.FOLDER, place=str(emulator.folder))
    worker = DeviceWorker(CameraScanner("camera", make_frame_source(options), inbox, options), inbox)
    worker.start()
    inbox.state(DeviceState.READY)
    emulator.folder.rmdir()
    assert inbox.state(DeviceState.LOST).code == "camera.lost"
    emulator.folder.mkdir()
    inbox.state(DeviceState.READY)
    emulator.show(CARD)
    assert inbox.text() == CARD
    worker.stop()


def test_a_step_after_close_is_answered(emulator, inbox):
    driver = scanner(FolderFrames(emulator.folder, wait=no_wait), inbox)
    driver.close()
    driver.close()
    with pytest.raises(DeviceLost, match=r"camera\.closed"):
        driver.step()


def test_a_code_that_does_not_fit_the_frame_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        draw_code("x" * 2000, View(module_px=9))
