"""From first sight to text; what stays in view unread is a failure, what passes by is none."""

from __future__ import annotations

import pytest

from devices.cameras.scan_meter import FEWEST_TRIES, GONE_AFTER_S, ScanMeter
from devices.contract import ScanMeasured, ScanOutcome

FRAME_S = 1 / 15


def shown(meter: ScanMeter, frames: int, begun_s: float = 0.0) -> float:
    """Something unreadable in view for so many frames; when the next frame begins."""
    for number in range(frames):
        assert meter.saw(begun_s + number * FRAME_S, anything=True) is None
    return begun_s + frames * FRAME_S


def test_a_code_read_at_first_sight_took_one_try_and_its_own_frame() -> None:
    meter = ScanMeter("camera")
    meter.saw(10.0, anything=True)
    assert meter.read(10.02, format_name="qr", certain=True) == ScanMeasured(
        device="camera", outcome=ScanOutcome.READ, format="qr", decode_ms=20, tries=1
    )


def test_time_and_tries_count_from_the_first_frame_it_was_seen_in() -> None:
    meter = ScanMeter("camera")
    meter.saw(0.0, anything=False)
    now_s = shown(meter, 5, begun_s=10.0)
    meter.saw(now_s, anything=True)
    read = meter.read(now_s + 0.01, format_name="qr", certain=False)
    assert (read.outcome, read.tries, read.decode_ms) == (ScanOutcome.UNCERTAIN, 6, round(5 * FRAME_S * 1000 + 10))


def test_a_shaking_hand_is_one_presentation() -> None:
    meter = ScanMeter("camera")
    shown(meter, 3, begun_s=10.0)
    assert meter.saw(10.0 + 0.9 * GONE_AFTER_S, anything=False) is None
    meter.saw(10.0 + 0.95 * GONE_AFTER_S, anything=True)
    assert meter.read(11.0, format_name="qr", certain=True).tries == 4


def test_what_was_held_long_and_left_unread_is_one_failure() -> None:
    meter = ScanMeter("camera")
    gone_s = shown(meter, FEWEST_TRIES) + GONE_AFTER_S
    assert meter.saw(gone_s, anything=False) == ScanMeasured(
        device="camera", outcome=ScanOutcome.UNREADABLE, tries=FEWEST_TRIES
    )
    assert meter.saw(gone_s + GONE_AFTER_S, anything=False) is None


def test_the_next_one_begins_anew_after_a_failure() -> None:
    meter = ScanMeter("camera")
    next_s = shown(meter, FEWEST_TRIES) + GONE_AFTER_S
    failure = meter.saw(next_s, anything=True)
    assert failure is not None
    assert meter.read(next_s + 0.02, format_name="qr", certain=True).decode_ms == 20


@pytest.mark.parametrize("frames", [1, FEWEST_TRIES - 1])
def test_what_only_passes_by_is_no_failure(frames: int) -> None:
    meter = ScanMeter("camera")
    assert meter.saw(shown(meter, frames) + GONE_AFTER_S, anything=False) is None


def test_a_code_still_held_after_it_was_read_is_no_failure() -> None:
    meter = ScanMeter("camera")
    meter.saw(0.0, anything=True)
    meter.read(0.02, format_name="qr", certain=True)
    assert meter.saw(shown(meter, 50, begun_s=0.1) + GONE_AFTER_S, anything=False) is None


def test_of_a_second_code_in_the_same_view_no_time_is_known() -> None:
    meter = ScanMeter("camera")
    meter.saw(0.0, anything=True)
    meter.read(0.02, format_name="qr", certain=True)
    second = meter.read(0.03, format_name="code_128", certain=True)
    assert (second.decode_ms, second.tries) == (None, 1)


def test_a_lost_camera_begins_anew() -> None:
    meter = ScanMeter("camera")
    shown(meter, FEWEST_TRIES)
    meter.reset()
    assert meter.saw(100.0, anything=False) is None
