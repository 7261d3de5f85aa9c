"""The kiosk's windows for all its tests: one an orientation, shared, because a fresh one costs a tenth of a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import screen_samples
from kiosk_bench import KioskOnBench, make_bench
from PySide6.QtWidgets import QApplication

from config.catalogue import Catalogue, load_catalogue
from kiosk.domain.visit.state import Visit


@pytest.fixture(scope="session")
def texts() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def _benches(qapp: QApplication, texts: Catalogue) -> Iterator[dict[str, KioskOnBench]]:
    benches = {
        orientation: make_bench(screen_samples.options(orientation), texts) for orientation in screen_samples.SIZES
    }
    yield benches
    for bench in benches.values():
        bench.view.close()
        bench.view.setSource("")


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
