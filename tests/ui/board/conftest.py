"""Board windows for tests: with a clock that tests move, and following the real hub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from support import board_contents

from config.catalogue import load_catalogue
from ui.board.board_window import BoardWindow
from ui.board.options import BoardOptions


@dataclass
class Clock:
    """A monotonic clock in the test's hand."""

    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


MakeBoard = Callable[[BoardOptions], BoardWindow]


@pytest.fixture
def make_board(qapp: object, clock: Clock) -> Iterator[MakeBoard]:
    """Boards that follow nothing; shown, and closed after the test."""
    made: list[BoardWindow] = []

    def make(options: BoardOptions) -> BoardWindow:
        window = BoardWindow(texts=load_catalogue(), options=options, clock_s=clock, now=lambda: board_contents.NOW)
        made.append(window)
        window.view.show()
        return window

    yield make
    for window in made:
        window.close()
