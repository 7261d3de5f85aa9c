"""Reading a chip as the patient sees it: progress that never goes back, and a photo that leaves no trace."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import pytest
import screen_samples
from kiosk_bench import KioskOnBench, rect_of
from made_up_photo import plain_photo
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QColor, QImage

from kiosk.domain.visit.chip_values import Chip, ChipState
from kiosk.domain.visit.state import Step, Visit
from ui.kiosk.photo_model import LARGEST_SIDE_PX, PhotoModel, photo_of

MAGENTA, LIME = (230, 20, 200), (120, 240, 20)
"""Colours no screen has."""


def with_photo(png: bytes | None) -> Visit:
    confirm = screen_samples.SAMPLES["confirm_chip_photo"]
    return replace(confirm, chip=replace(confirm.chip, photo=png))


def reading_at(fraction: float, step: Step = Step.READ_CHIP) -> Visit:
    sample = screen_samples.SAMPLES["read_chip" if step is Step.READ_CHIP else "confirm_chip_reading"]
    return replace(sample, chip=replace(sample.chip, fraction=fraction))


def photo_model(bench: KioskOnBench) -> PhotoModel:
    model = bench.view_model.property("photo")
    assert isinstance(model, PhotoModel)
    return model


def done_px(bench: KioskOnBench) -> float:
    return bench.item("progressDone").width()


def has_colour(picture: QImage, colour: tuple[int, int, int]) -> bool:
    """Whether any of every fifth pixel is of this colour."""
    wanted = QColor(*colour).rgb()
    return any(
        picture.pixel(x, y) == wanted for y in range(0, picture.height(), 5) for x in range(0, picture.width(), 5)
    )


@pytest.mark.parametrize("step", [Step.READ_CHIP, Step.CONFIRM])
def test_progress_grows_and_never_goes_back(bench: KioskOnBench, step: Step) -> None:
    widths = []
    bench.show(reading_at(0.1, step))
    for fraction in (0.1, 0.4, 0.2, 0.7, 1.7):
        bench.view_model.show(reading_at(fraction, step))
        bench.view.grabWindow()
        widths.append(done_px(bench))
    assert widths == sorted(widths)
    assert widths[1] == widths[2] > widths[0]
    assert widths[-1] == bench.item("progressDone").parentItem().width()


def test_a_reading_begun_anew_starts_from_the_left(bench: KioskOnBench) -> None:
    bench.show(reading_at(0.9))
    before = done_px(bench)
    bench.view_model.show(screen_samples.SAMPLES["read_chip_card_wanted"])
    bench.view_model.show(reading_at(0.1))
    bench.view.grabWindow()
    assert done_px(bench) < before / 2


def test_while_the_card_is_wanted_the_screen_asks_for_it_and_shows_no_progress(bench: KioskOnBench) -> None:
    bench.show_sample("read_chip_card_wanted")
    assert bench.item("title").property("text") == "Xin đặt thẻ lên đầu đọc"
    assert not bench.is_shown("progressDone")


def test_the_photo_is_drawn_upright_three_to_four(bench: KioskOnBench) -> None:
    bench.show(with_photo(plain_photo(MAGENTA)))
    bench.view.grabWindow()
    place = rect_of(bench.item("photo"))
    assert place.width() / place.height() == pytest.approx(3 / 4, abs=0.01)
    middle = place.center().toPoint()
    assert bench.picture().pixelColor(middle).getRgb()[:3] == MAGENTA


def test_without_a_photo_there_is_no_place_for_one(bench: KioskOnBench) -> None:
    bench.show(with_photo(None))
    assert not bench.is_shown("photo")


def test_a_photo_that_comes_later_appears_on_the_same_screen(bench: KioskOnBench) -> None:
    bench.show(with_photo(None))
    confirm = bench.item("confirm")
    bench.view_model.show(with_photo(plain_photo(MAGENTA)))
    assert has_colour(bench.picture(), MAGENTA)
    assert bench.item("confirm") is confirm, "the buttons were not rebuilt under a finger"


@pytest.mark.parametrize("after", [Visit(), Visit(step=Step.PRESENT), screen_samples.SAMPLES["choose_service"]])
def test_the_photo_is_gone_from_screen_and_memory_when_the_step_is_left(bench: KioskOnBench, after: Visit) -> None:
    bench.show(with_photo(plain_photo(MAGENTA)))
    assert has_colour(bench.picture(), MAGENTA)
    held = photo_model(bench).picture
    assert held is not None
    gone = weakref.ref(held)
    del held
    bench.view_model.show(after)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert photo_model(bench).picture is None
    assert gone() is None
    assert not has_colour(bench.picture(), MAGENTA)
    assert not bench.is_shown("photo")


def test_the_next_patient_never_sees_the_last_ones_photo(bench: KioskOnBench) -> None:
    bench.show(with_photo(plain_photo(MAGENTA)))
    bench.view.grabWindow()
    bench.view_model.show(Visit())
    bench.view_model.show(with_photo(plain_photo(LIME)))
    picture = bench.picture()
    assert has_colour(picture, LIME)
    assert not has_colour(picture, MAGENTA)


def test_a_photo_replaced_within_the_step_is_drawn_anew(bench: KioskOnBench) -> None:
    bench.show(with_photo(plain_photo(MAGENTA)))
    bench.view.grabWindow()
    bench.view_model.show(with_photo(plain_photo(LIME)))
    picture = bench.picture()
    assert has_colour(picture, LIME)
    assert not has_colour(picture, MAGENTA)


def test_many_photos_leave_no_item_behind(portrait: KioskOnBench) -> None:
    for _ in range(10):
        portrait.show(with_photo(plain_photo(MAGENTA)))
        portrait.view.grabWindow()
        portrait.view_model.show(Visit())
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    items = portrait.view.contentItem().findChildren(type(portrait.view.contentItem()), "photo")
    assert items == []


@pytest.mark.parametrize(
    "png",
    [
        b"",
        b"no picture",
        screen_samples.PHOTO[:200],
        b"\xff\xd8\xff\xe0" + bytes(200),
        plain_photo(MAGENTA, LARGEST_SIDE_PX + 1, 4),
    ],
    ids=["empty", "text", "cut", "jpeg", "huge"],
)
def test_bytes_that_are_no_usable_photo_draw_nothing(portrait: KioskOnBench, png: bytes) -> None:
    assert photo_of(png) is None
    portrait.show(with_photo(png))
    assert not portrait.is_shown("photo")


def test_the_chip_is_shown_in_one_line_until_it_is_read(bench: KioskOnBench) -> None:
    said = []
    for sample in ("confirm_chip_reading", "confirm_chip_no_photo", "confirm_chip_read"):
        bench.show_sample(sample)
        bench.view.grabWindow()
        said.append(bench.item("chipText").property("text"))
    assert said == ["Đang đọc chip, xin giữ yên thẻ", "Chip đã xác thực", "Đã đọc chip"]


@pytest.mark.parametrize("sample", ["confirm_asking", "confirm_chip_forged", "confirm_chip_lifted"])
def test_where_there_is_nothing_to_say_or_a_notice_says_it_the_line_is_not_there(
    bench: KioskOnBench, sample: str
) -> None:
    bench.show_sample(sample)
    bench.view.grabWindow()
    assert not bench.is_shown("chipText")


def test_a_chip_that_failed_leaves_the_patient_free_to_go_on(bench: KioskOnBench) -> None:
    failed = replace(screen_samples.SAMPLES["confirm_asking"], chip=Chip(state=ChipState.FAILED))
    bench.show(failed)
    assert bench.item("confirm").isEnabled()
    assert not bench.is_shown("chipText")
