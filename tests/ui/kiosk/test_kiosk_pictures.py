"""Every screen as a picture, compared pixel by pixel, and what must hold on every one of them.

`pytest tests/ui/kiosk --record-pictures` writes the pictures anew; then look at them.
"""

from __future__ import annotations

import struct
import zlib
from itertools import combinations
from pathlib import Path

import pytest
import screen_samples
from kiosk_bench import KioskOnBench, rect_of
from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtQuick import QQuickItem

from kiosk.domain.localized import Language
from kiosk.domain.visit.state import Step
from ui.theme.metrics import ScreenMetrics

REFERENCE = Path(__file__).parent / "reference"
SMALLEST_TOUCH_MM = 20.0
SMALLEST_CAPITAL_MM = 7.3
CAPITAL_EM = 0.74

every_screen = pytest.mark.parametrize("sample", list(screen_samples.SAMPLES))
every_language = pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)


@every_language
@pytest.mark.parametrize("sample", screen_samples.PICTURED)
def test_the_screen_looks_as_it_was_approved(
    bench: KioskOnBench, sample: str, language: Language, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    bench.show_sample(sample, language)
    picture = bench.picture()
    file = REFERENCE / f"{sample}.{bench.orientation}.{language.value}.png"
    if request.config.getoption("--record-pictures"):
        write_png(picture, file)
    approved = QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)
    if picture != approved:
        seen = tmp_path / file.name
        picture.save(str(seen))
        pytest.fail(f"{file.name} looks different, see {seen}")


def test_no_picture_is_left_over() -> None:
    expected = {
        f"{sample}.{orientation}.{language.value}.png"
        for sample in screen_samples.PICTURED
        for orientation in screen_samples.SIZES
        for language in Language
    }
    assert {file.name for file in REFERENCE.glob("*.png")} == expected


def test_every_step_has_a_picture() -> None:
    assert {screen_samples.SAMPLES[name].step for name in screen_samples.PICTURED} == set(Step)


@every_language
@every_screen
def test_everything_on_the_screen_can_be_touched_read_and_heard(
    bench: KioskOnBench, sample: str, language: Language
) -> None:
    bench.show_sample(sample, language)
    bench.view.grabWindow()
    width, height = screen_samples.SIZES[bench.orientation]
    metrics = ScreenMetrics(diagonal_in=21.5, width_px=width, height_px=height)
    problems = [
        *_too_small_to_touch(bench, metrics),
        *_out_of_reach(bench),
        *_text_problems(bench, metrics),
        *_overlaps(bench),
        *_silent(bench),
    ]
    assert problems == []


def write_png(picture: QImage, file: Path) -> None:
    """Without line filters: for flat surfaces a fifth smaller than what Qt and Pillow write."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB888)
    data = bytes(plain.constBits())
    lines = (data[at : at + 3 * plain.width()] for at in range(0, len(data), plain.bytesPerLine()))
    body = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    head = struct.pack(">IIBBBBB", plain.width(), plain.height(), 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _is_button(item: QQuickItem) -> bool:
    return item.inherits("QQuickAbstractButton")


def _is_text(item: QQuickItem) -> bool:
    return item.inherits("QQuickText") and bool(item.property("text"))


def _name(item: QQuickItem) -> str:
    return f"{item.objectName() or item.metaObject().className()} ({item.property('text')})"


def _top_items(bench: KioskOnBench) -> list[QQuickItem]:
    """What is not covered: under a notice only the notice itself."""
    for name in ("helpOverlay", "timeoutOverlay"):
        if bench.is_shown(name):
            return list(_tree(bench.item(name)))
    return list(bench.items())


def _tree(item: QQuickItem) -> list[QQuickItem]:
    return [item, *(below for child in item.childItems() if child.isVisible() for below in _tree(child))]


def _too_small_to_touch(bench: KioskOnBench, metrics: ScreenMetrics) -> list[str]:
    least_px = SMALLEST_TOUCH_MM * metrics.px_per_mm
    return [
        f"{_name(item)}: {item.width():.0f} × {item.height():.0f} px, least is {least_px:.0f}"
        for item in filter(_is_button, bench.items())
        if min(item.width(), item.height()) < least_px
    ]


def _out_of_reach(bench: KioskOnBench) -> list[str]:
    """In portrait everything that can be touched is in the lower two thirds; nothing lies off the screen."""
    window = QRectF(0, 0, bench.view.width(), bench.view.height())
    top = bench.view.height() / 3 if bench.orientation == "portrait" else 0
    return [
        f"{_name(item)} at {rect_of(item)}"
        for item in filter(_is_button, bench.items())
        if rect_of(item).top() < top or not window.contains(rect_of(item))
    ]


def _text_problems(bench: KioskOnBench, metrics: ScreenMetrics) -> list[str]:
    window = QRectF(0, 0, bench.view.width(), bench.view.height())
    problems = []
    for item in filter(_is_text, bench.items()):
        wide, high = item.property("contentWidth"), item.property("contentHeight")
        if item.property("truncated") or wide > item.width() + 1 or high > item.height() + 1:
            problems.append(f"{_name(item)} does not fit: {wide} × {high} in {item.width()} × {item.height()}")
        if item.property("font").pixelSize() * CAPITAL_EM < SMALLEST_CAPITAL_MM * metrics.px_per_mm:
            problems.append(f"{_name(item)} is too small to read")
        if not _holder(item, window).contains(rect_of(item)):
            problems.append(f"{_name(item)} sticks out")
    return problems


def _holder(item: QQuickItem, window: QRectF) -> QRectF:
    """The next box around a text that is drawn: a button or a coloured sheet."""
    parent = item.parentItem()
    while parent is not None:
        if _is_button(parent) or (parent.inherits("QQuickRectangle") and parent.height() > 0):
            return rect_of(parent).adjusted(-1, -1, 1, 1)
        parent = parent.parentItem()
    return window


def _overlaps(bench: KioskOnBench) -> list[str]:
    items = _top_items(bench)
    texts = [(item, rect_of(item).adjusted(1, 1, -1, -1)) for item in items if _is_text(item)]
    buttons = [(item, rect_of(item).adjusted(1, 1, -1, -1)) for item in items if _is_button(item)]
    pairs = [*combinations(texts, 2), *combinations(buttons, 2)]
    pairs += [(text, button) for text in texts for button in buttons if not button[0].isAncestorOf(text[0])]
    return [f"{_name(a)} overlaps {_name(b)}" for (a, one), (b, other) in pairs if one.intersects(other)]


def _silent(bench: KioskOnBench) -> list[str]:
    """Every button has a name and says to a screen reader that it is a button."""
    problems = []
    for item in filter(_is_button, bench.items()):
        interface = QAccessible.queryAccessibleInterface(item)
        if interface is None or interface.role() not in (QAccessible.Role.Button, QAccessible.Role.PushButton):
            problems.append(f"{_name(item)} is no button to a screen reader")
        elif not interface.text(QAccessible.Text.Name):
            problems.append(f"{_name(item)} has no name")
    return problems
