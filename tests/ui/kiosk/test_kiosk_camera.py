"""The live picture and its sentence on the step that presents a card."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import screen_samples
from camera_bench import BLIND, SEEING, CameraOnBench, camera_on_bench, card_frame, plain_frame, run_slots
from PySide6.QtCore import QCoreApplication, QEvent
from screen_checks import out_of_reach, overlaps, silent, text_problems, too_small_to_read, too_small_to_touch
from support.pictures import require_same

from config.catalogue import Catalogue
from kiosk.domain.eligibility import RepairField
from kiosk.domain.faults import Fault
from kiosk.domain.localized import Language
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Step, Visit
from kiosk.station.camera_view import CameraState, CameraView, Guidance
from ui.components.live_picture import CARD_RATIO
from ui.components.live_picture import card_frame as frame_for_card
from ui.kiosk.latest_frame import LatestFrame, picture_of
from ui.theme.metrics import ScreenMetrics

REFERENCE = Path(__file__).parent / "reference_camera"
DIFFERING_SHARE = 0.003
PRESENT = Visit(step=Step.PRESENT, history=(Step.WELCOME,))
RED, GREEN = (220, 30, 40), (20, 200, 60)

PICTURED: dict[str, tuple[CameraView, Visit]] = {
    "hold": (SEEING, PRESENT),
    "turn_over": (replace(SEEING, guidance=Guidance.TURN_OVER), PRESENT),
    "wrong_code": (SEEING, replace(PRESENT, notice=Fault(code="code.link"))),
    "away": (BLIND, PRESENT),
    "card_opens": (SEEING, screen_samples.SAMPLES["present_card_opens"]),
}
"""Camera and visit by the name of the picture."""

every_language = pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)


@pytest.fixture(params=list(screen_samples.SIZES))
def at(request: pytest.FixtureRequest, qapp: object, texts: Catalogue) -> Iterator[CameraOnBench]:
    """A window of each orientation, its camera the only reader."""
    with camera_on_bench(request.param, texts) as made:
        yield made


@pytest.fixture
def portrait_at(qapp: object, texts: Catalogue) -> Iterator[CameraOnBench]:
    with camera_on_bench("portrait", texts) as made:
        yield made


def present(at: CameraOnBench, view: CameraView = SEEING, visit: Visit = PRESENT) -> None:
    at.show(visit)
    at.tell(view)
    at.give(card_frame())


@every_language
@pytest.mark.parametrize("name", PICTURED)
def test_the_screen_with_a_camera_looks_as_it_was_approved(
    at: CameraOnBench, name: str, language: Language, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    view, visit = PICTURED[name]
    present(at, view, replace(visit, language=language))
    file = REFERENCE / f"{name}.{at.bench.orientation}.{language.value}.png"
    require_same(at.bench.picture(), file, request, tmp_path, DIFFERING_SHARE)


def test_no_camera_picture_is_left_over() -> None:
    expected = {
        f"{name}.{orientation}.{language.value}.png"
        for name in PICTURED
        for orientation in screen_samples.SIZES
        for language in Language
    }
    assert {file.name for file in REFERENCE.glob("*.png")} == expected


@every_language
@pytest.mark.parametrize("guidance", list(Guidance))
@pytest.mark.parametrize("notice", [None, Fault(code="code.link")], ids=["", "notice"])
def test_every_sentence_fits_beside_everything_else(
    at: CameraOnBench, guidance: Guidance, language: Language, notice: Fault | None
) -> None:
    present(at, replace(SEEING, guidance=guidance), replace(PRESENT, language=language, notice=notice))
    at.bench.view.grabWindow()
    width, height = screen_samples.SIZES[at.bench.orientation]
    metrics = ScreenMetrics(diagonal_in=21.5, width_px=width, height_px=height)
    problems = [
        *too_small_to_touch(at.bench, metrics),
        *out_of_reach(at.bench),
        *text_problems(at.bench),
        *too_small_to_read(at.bench, metrics),
        *overlaps(at.bench),
        *silent(at.bench),
    ]
    assert problems == []


def test_the_frame_of_the_camera_is_seen_in_its_colours(at: CameraOnBench) -> None:
    present(at)
    at.give(plain_frame(RED))
    assert at.colour_at(0.5, 0.5).getRgb()[:3] == RED
    at.give(plain_frame(GREEN))
    assert at.colour_at(0.5, 0.5).getRgb()[:3] == GREEN


@pytest.mark.parametrize(("mirrored", "left"), [(False, RED), (True, GREEN)])
def test_the_picture_can_be_a_mirror(qapp: object, texts: Catalogue, mirrored: bool, left: tuple[int, ...]) -> None:
    halves = plain_frame(GREEN)
    halves[:, :240] = RED
    with camera_on_bench("portrait", texts, mirrored=mirrored) as at:
        present(at)
        at.give(halves)
        assert at.colour_at(0.4, 0.5).getRgb()[:3] == left


def test_the_other_choices_stay_in_reach_beside_the_picture(at: CameraOnBench) -> None:
    present(at)
    at.bench.tap("typeNumber", "noDocument", "back", "cancel", "language", "help")
    assert at.bench.answers == [
        ev.TypeNumberChosen(), ev.NoDocumentChosen(), ev.BackTapped(), ev.CancelTapped(), ev.LanguageToggled(),
        ev.HelpTapped(),
    ]  # fmt: skip


@every_language
@pytest.mark.parametrize("guidance", list(Guidance))
def test_each_advice_has_its_sentence(
    portrait_at: CameraOnBench, texts: Catalogue, guidance: Guidance, language: Language
) -> None:
    present(portrait_at, replace(SEEING, guidance=guidance), replace(PRESENT, language=language))
    assert portrait_at.guidance == texts.text(f"kiosk.camera.{guidance.value}", language)


def test_a_sentence_stays_for_a_second_before_the_next(portrait_at: CameraOnBench, texts: Catalogue) -> None:
    at = portrait_at
    present(at)
    at.advise(Guidance.CLOSER)
    closer = at.guidance
    at.advise(Guidance.TILT, after_s=0.3)
    at.advise(Guidance.TOO_DARK, after_s=0.3)
    assert at.guidance == closer
    at.clock.now_s += 0.5
    at.camera.tick()
    assert at.guidance == texts.text("kiosk.camera.too_dark", Language.VI), "the latest, not the ones in between"


def test_advice_that_comes_and_goes_within_a_second_is_never_said(portrait_at: CameraOnBench) -> None:
    at = portrait_at
    present(at)
    at.advise(Guidance.CLOSER)
    before = at.guidance
    at.advise(Guidance.TILT, after_s=0.2)
    at.advise(Guidance.CLOSER, after_s=0.2)
    at.clock.now_s += 5
    at.camera.tick()
    assert at.guidance == before


def test_a_lost_camera_that_is_the_only_reader_is_said_and_its_return_seen(at: CameraOnBench, texts: Catalogue) -> None:
    present(at)
    at.tell(BLIND)
    assert at.bench.item("notice").property("text") == texts.text("kiosk.camera.away", Language.VI)
    assert not at.bench.is_shown("livePicture")
    at.give(plain_frame(RED))
    assert at.camera.picture is None
    at.tell(SEEING)
    at.give(plain_frame(GREEN))
    assert not at.bench.is_shown("notice")
    assert at.colour_at(0.5, 0.5).getRgb()[:3] == GREEN


def test_a_wrong_code_is_said_rather_than_a_blind_camera(portrait_at: CameraOnBench, texts: Catalogue) -> None:
    present(portrait_at, BLIND, replace(PRESENT, notice=Fault(code="code.link")))
    assert portrait_at.bench.item("notice").property("text") == texts.text("code.link", Language.VI)


def test_beside_a_scanner_a_lost_camera_leaves_the_screen_of_a_kiosk_without_one(
    qapp: object, texts: Catalogue, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with camera_on_bench("portrait", texts, only_reader=False) as at:
        present(at)
        assert at.bench.is_shown("livePicture")
        at.tell(BLIND)
        approved = Path(__file__).parent / "reference" / "present.portrait.vi.png"
        if not request.config.getoption("--record-pictures"):
            require_same(at.bench.picture(), approved, request, tmp_path, DIFFERING_SHARE)
        assert not at.bench.is_shown("notice")


def test_before_the_camera_has_opened_nothing_is_said_to_be_wrong(portrait_at: CameraOnBench) -> None:
    portrait_at.show(PRESENT)
    assert not portrait_at.bench.is_shown("notice")
    assert not portrait_at.bench.is_shown("livePicture")


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.PRESENT])
def test_only_the_presenting_step_has_a_picture(portrait_at: CameraOnBench, step: Step) -> None:
    present(portrait_at)
    portrait_at.show(Visit(step=step, repair=RepairField.NUMBER if step is Step.REPAIR else None))
    portrait_at.give(plain_frame(RED))
    assert portrait_at.camera.picture is None
    assert not portrait_at.bench.is_shown("livePicture")


def test_a_picture_on_its_way_when_the_step_is_left_never_arrives(portrait_at: CameraOnBench) -> None:
    present(portrait_at)
    portrait_at.camera.give(plain_frame(RED))
    portrait_at.camera.show(Visit())
    portrait_at.camera.show(PRESENT)
    run_slots()
    assert portrait_at.camera.picture is None


def test_wiping_empties_the_picture_and_the_next_frame_brings_it_back(portrait_at: CameraOnBench) -> None:
    present(portrait_at)
    portrait_at.camera.give(plain_frame(RED))
    portrait_at.camera.wipe()
    run_slots()
    assert portrait_at.camera.picture is None
    portrait_at.give(plain_frame(GREEN))
    assert portrait_at.colour_at(0.5, 0.5).getRgb()[:3] == GREEN


def test_wiping_takes_the_advice_of_the_last_patient_back(portrait_at: CameraOnBench, texts: Catalogue) -> None:
    present(portrait_at, replace(SEEING, guidance=Guidance.CLOSER))
    portrait_at.camera.wipe()
    assert portrait_at.guidance == texts.text("kiosk.camera.none", Language.VI)


def test_a_busy_screen_gets_the_newest_frame_and_drops_the_others(portrait_at: CameraOnBench) -> None:
    present(portrait_at)
    drawn: list[int] = []
    portrait_at.camera.pictureChanged.connect(lambda: drawn.append(1))
    for shade in range(30):
        portrait_at.camera.give(plain_frame((shade, shade, shade)))
    run_slots()
    assert len(drawn) == 1
    assert portrait_at.camera.dropped == 29
    assert portrait_at.colour_at(0.5, 0.5).getRgb()[:3] == (29, 29, 29)


def test_frames_of_another_thread_reach_the_window(portrait_at: CameraOnBench) -> None:
    present(portrait_at)
    device = threading.Thread(target=portrait_at.camera.give, args=(plain_frame(RED),))
    device.start()
    device.join()
    run_slots()
    assert portrait_at.colour_at(0.5, 0.5).getRgb()[:3] == RED


def test_a_picture_owns_its_pixels() -> None:
    frame = plain_frame(RED)
    picture = picture_of(frame, mirrored=False)
    frame[:] = 0
    assert picture.pixelColor(5, 5).getRgb()[:3] == RED


def test_a_closed_slot_takes_nothing_in() -> None:
    slot = LatestFrame(mirrored=False)
    assert not slot.put(plain_frame(RED))
    slot.open()
    assert slot.put(plain_frame(RED))
    slot.close()
    assert slot.take() is None


def test_after_the_window_is_closed_frames_and_words_are_dropped(qapp: object, texts: Catalogue) -> None:
    with camera_on_bench("portrait", texts) as at:
        present(at)
    at.give(plain_frame(RED))
    at.tell(BLIND)
    assert at.camera.picture is None
    assert not at.camera.away


@pytest.mark.parametrize("orientation", screen_samples.SIZES)
def test_the_frame_drawn_has_a_cards_proportions_within_the_picture(
    orientation: str, qapp: object, texts: Catalogue
) -> None:
    with camera_on_bench(orientation, texts) as at:
        present(at)
        room = at.bench.item("livePicture").boundingRect()
        frame = frame_for_card(room)
        assert room.contains(frame)
        assert frame.width() / frame.height() == pytest.approx(CARD_RATIO)
        assert frame.height() > 0.5 * room.height()


def test_an_unknown_state_never_shows_a_picture(portrait_at: CameraOnBench) -> None:
    present(portrait_at, CameraView(state=CameraState.STARTING))
    assert not portrait_at.bench.is_shown("livePicture")


@every_language
@pytest.mark.parametrize("only_reader", [True, False])
@pytest.mark.parametrize("view", [SEEING, BLIND], ids=["seeing", "blind"])
@pytest.mark.parametrize("orientation", screen_samples.SIZES)
def test_a_card_on_the_reader_fits_beside_the_picture(
    qapp: object, texts: Catalogue, orientation: str, view: CameraView, only_reader: bool, language: Language
) -> None:
    with camera_on_bench(orientation, texts, only_reader=only_reader) as at:
        for name in ("present_card_laid", "present_card_opens", "present_card_awaited"):
            present(at, view, replace(screen_samples.SAMPLES[name], language=language))
            at.bench.view.grabWindow()
            assert [*out_of_reach(at.bench), *text_problems(at.bench), *overlaps(at.bench)] == []


def test_with_a_card_on_the_reader_its_back_may_be_shown_instead_and_the_digits_stay_in_reach(
    at: CameraOnBench, texts: Catalogue
) -> None:
    present(at, SEEING, screen_samples.SAMPLES["present_card_opens"])
    said = [item.property("text") for item in at.bench.items()]
    assert texts.text("kiosk.camera.lines", Language.VI) in said
    assert at.bench.is_shown("livePicture")
    at.bench.tap("typeCan")
    assert at.bench.answers == [ev.TypeCanChosen()]


def test_once_the_back_was_read_the_screen_asks_for_the_card_instead_of_the_code(at: CameraOnBench) -> None:
    present(at, SEEING, screen_samples.SAMPLES["present_card_awaited"])
    assert at.bench.item("title").property("text") == "Xin đặt thẻ lên đầu đọc"
    assert not at.bench.is_shown("livePicture")


def test_a_kiosk_whose_only_reader_is_the_camera_never_points_at_a_scanner(portrait_at: CameraOnBench) -> None:
    for view in (CameraView(), SEEING, BLIND):
        present(portrait_at, view, replace(PRESENT, language=Language.EN))
        said = [item.property("text") for item in portrait_at.bench.items() if item.property("text")]
        assert not [text for text in said if "scanner" in text or "Scan below" in text]


def test_many_visits_leave_no_picture_item_behind(portrait_at: CameraOnBench) -> None:
    for _ in range(10):
        present(portrait_at)
        portrait_at.show(Visit())
        run_slots()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert portrait_at.camera.receivers("2pictureChanged()") == 0
