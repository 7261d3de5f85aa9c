"""The board as it was approved: empty, busy, out of date, both orientations and languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support import board_contents
from support.pictures import require_same

from kiosk.domain.localized import Language
from kiosk.station.event_feed import Lost
from ui.board.options import BoardOptions
from ui.board.view_model import BoardViewModel

REFERENCE = Path(__file__).parent / "reference"
SAME = 0.0005
SIZES = {"landscape": (1920, 1080), "portrait": (1080, 1920)}


def empty(vm: BoardViewModel) -> None:
    vm.show(board_contents.empty())


def busy(vm: BoardViewModel) -> None:
    vm.show(board_contents.busy(times=2))


def out_of_date(vm: BoardViewModel) -> None:
    vm.show(board_contents.busy())
    vm.link_changed(Lost(since=board_contents.NOW - timedelta(minutes=3)))


def several_labels(vm: BoardViewModel) -> None:
    vm.show(board_contents.several_labels())


STATES: dict[str, Callable[[BoardViewModel], None]] = {
    "empty": empty,
    "busy": busy,
    "several_labels": several_labels,
    "out_of_date": out_of_date,
}


@pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES)
def test_the_board_looks_as_it_was_approved(make_board, request, tmp_path, state: str, size: str, language) -> None:
    width, height = SIZES[size]
    options = BoardOptions(fullscreen=False, animations=False, width_px=width, height_px=height)
    window = make_board(replace(options, language=language))
    STATES[state](window.view_model)
    picture = window.view.grabWindow()
    require_same(picture, REFERENCE / f"{state}.{size}.{language.value}.png", request, tmp_path, SAME)


def test_at_4k_the_board_is_the_same_picture_only_finer(make_board, request, tmp_path) -> None:
    window = make_board(BoardOptions(fullscreen=False, animations=False, width_px=3840, height_px=2160))
    busy(window.view_model)
    picture = window.view.grabWindow().scaledToWidth(1920)
    require_same(picture, REFERENCE / "busy.4k.vi.png", request, tmp_path, SAME)
