"""Every screen as a picture, compared pixel by pixel (see `looks_like`), and what must hold on every one of them.

`pytest tests/ui/kiosk --record-pictures` writes the pictures anew; then look at them.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import screen_samples
from kiosk_bench import KioskOnBench
from PySide6.QtGui import QImage
from screen_checks import out_of_reach, overlaps, silent, text_problems, too_small_to_read, too_small_to_touch

from kiosk.domain.localized import Language
from kiosk.domain.visit.state import Step
from ui.theme.metrics import ScreenMetrics

EDGE_DIFFERENCE = 64
EDGE_SHARE = 0.003
REFERENCE = Path(__file__).parent / "reference"

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
    if not looks_like(picture, approved):
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
        *too_small_to_touch(bench, metrics),
        *out_of_reach(bench),
        *text_problems(bench),
        *too_small_to_read(bench, metrics),
        *overlaps(bench),
        *silent(bench),
    ]
    assert problems == []


def looks_like(picture: QImage, approved: QImage) -> bool:
    """Equal but for the edges of a few large letters: Qt draws those as outlines, and their edges come out up to 43
    of 255 lighter or darker from run to run (seen on "Touch to start"). Any other word, place or colour is far more:
    moved letters differ by 255, a surface's colour by many pixels."""
    if picture.size() != approved.size():
        return False
    seen, wanted = (np.frombuffer(image.constBits(), dtype=np.uint8).astype(np.int16) for image in (picture, approved))
    difference = np.abs(seen - wanted)
    return bool(difference.max() <= EDGE_DIFFERENCE and np.mean(difference > 0) <= EDGE_SHARE)


def test_another_colour_or_a_moved_letter_is_noticed(portrait: KioskOnBench) -> None:
    portrait.show_sample("welcome")
    picture = portrait.picture()
    shifted = picture.copy(1, 0, picture.width(), picture.height())
    tinted = picture.copy()
    tinted.fill(0xFFF2F6F8)
    portrait.show_sample("welcome", Language.EN)
    assert looks_like(picture, picture.copy())
    assert not looks_like(picture, shifted)
    assert not looks_like(picture, tinted)
    assert not looks_like(picture, portrait.picture())


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
