"""The kiosk's windows for all its tests: one an orientation, shared, because a fresh one costs a tenth of a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import screen_samples
from kiosk_bench import KioskOnBench
from PySide6.QtWidgets import QApplication

from config.catalogue import Catalogue, load_catalogue
from kiosk.domain.visit import events
from kiosk.domain.visit.state import Visit
from ui.kiosk.kiosk_window import make_view
from ui.kiosk.view_model import KioskViewModel


@pytest.fixture(scope="session")
def texts() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def _benches(qapp: QApplication, texts: Catalogue) -> Iterator[dict[str, KioskOnBench]]:
    benches = {orientation: _bench(orientation, texts) for orientation in screen_samples.SIZES}
    yield benches
    for bench in benches.values():
        bench.view.close()
        bench.view.setSource("")


def _bench(orientation: str, texts: Catalogue) -> KioskOnBench:
    options = screen_samples.options(orientation)
    posted: list[events.Event] = []
    held: list[KioskOnBench] = []
    view_model = KioskViewModel(
        post=posted.append,
        texts=texts,
        options=options,
        clock_s=lambda: held[0].clock_s if held else screen_samples.NOW_S,
        local_now=lambda: screen_samples.WALL_CLOCK,
    )
    bench = KioskOnBench(
        view=make_view(view_model, options), view_model=view_model, posted=posted, orientation=orientation
    )
    held.append(bench)
    bench.view.show()
    return bench


@pytest.fixture(params=list(screen_samples.SIZES))
def bench(request: pytest.FixtureRequest, _benches: dict[str, KioskOnBench]) -> KioskOnBench:
    """A window of each orientation, at the welcome."""
    bench = _benches[request.param]
    bench.show(Visit())
    return bench


@pytest.fixture
def portrait(_benches: dict[str, KioskOnBench]) -> KioskOnBench:
    bench = _benches["portrait"]
    bench.show(Visit())
    return bench
