"""The screens on other panels than the usual one: nothing may stick out, overlap or be cut."""

from __future__ import annotations

from dataclasses import replace

import pytest
import screen_samples
from kiosk_bench import KioskOnBench, make_bench, rect_of
from PySide6.QtWidgets import QApplication
from screen_checks import overlaps, text_problems, too_small_to_touch

from config.catalogue import Catalogue
from kiosk.domain.faults import Fault
from kiosk.domain.localized import Language
from kiosk.domain.visit.state import Step, Visit
from ui.theme.metrics import ScreenMetrics

NOTICES = ("code.", "notice.", "identity.number.", "fault.service.")
"""Keys of sentences that can stand above a step."""

PANELS = {
    "27 inches upright": (27.0, 1080, 1920),
    "32 inches 4K upright": (32.0, 2160, 3840),
    "24 inches lying": (24.0, 1920, 1080),
    "43 inches 4K lying": (43.0, 3840, 2160),
    "19 inches 5:4 upright": (19.0, 1024, 1280),
    "15.6 inches lying": (15.6, 1366, 768),
}


@pytest.mark.parametrize("panel", list(PANELS))
def test_every_screen_fits_the_panel(qapp: QApplication, texts: Catalogue, panel: str) -> None:
    diagonal_in, width_px, height_px = PANELS[panel]
    options = replace(
        screen_samples.options("portrait"), diagonal_in=diagonal_in, width_px=width_px, height_px=height_px
    )
    metrics = ScreenMetrics(diagonal_in=diagonal_in, width_px=width_px, height_px=height_px)
    bench = make_bench(options, texts)
    problems = []
    for sample in screen_samples.SAMPLES:
        bench.show_sample(sample)
        bench.view.grabWindow()
        problems += [f"{sample}: {problem}" for problem in (*text_problems(bench), *overlaps(bench))]
        if metrics.touch_mm >= 20:
            problems += [f"{sample}: {problem}" for problem in too_small_to_touch(bench, metrics)]
    bench.view.close()
    assert problems == []


@pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)
def test_every_sentence_of_the_catalogue_fits_above_the_answers(
    bench: KioskOnBench, texts: Catalogue, language: Language
) -> None:
    params = {"service": "Khám Tai Mũi Họng – Răng Hàm Mặt", "opens_at": "13:00", "left": 2}
    keys = [key for key in texts.keys(language.value) if key.startswith(NOTICES)]
    assert len(keys) > 15
    problems = []
    for key in keys:
        fault = Fault(code=key.removeprefix("fault."), params=params)
        bench.show(Visit(step=Step.PRESENT, language=language, notice=fault))
        bench.view.grabWindow()
        notice = rect_of(bench.item("notice"))
        if notice.intersects(rect_of(bench.item("body"))) or notice.bottom() > rect_of(bench.item("stage")).bottom():
            problems.append(key)
    assert problems == []
