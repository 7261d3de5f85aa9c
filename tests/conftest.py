"""What holds for every test: Qt off screen, and nobody leaves a thread, a log warning or a QML warning behind."""

from __future__ import annotations

import functools
import logging
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support.pcscd import _pcscd_of_session, _pcscd_turn, pcscd  # noqa: F401 - fixtures for every folder
from xdist.scheduler import LoadFileScheduling

from kiosk.insurance.emulator import PortalEmulator

OFFSCREEN = {
    "QT_QPA_PLATFORM": "offscreen",
    "QT_QUICK_BACKEND": "software",  # the same pixels on every machine, also without a GPU
    "QT_SCALE_FACTOR": "1",
}
THREAD_GRACE_S = 2.0  # the time `stop()` of a device worker is given (design.md, section 4)

_RUNTIME_DIR = pytest.StashKey[TemporaryDirectory[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options stand here and not beside the tests that use them: pytest reads only this conftest before them."""
    parser.addoption(
        "--record-pictures",
        action="store_true",
        help="write the reference pictures of the screens anew, then look at them",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "allowed_warnings(*patterns): log warnings this test provokes (regex on 'logger: message')"
    )
    os.environ.update(OFFSCREEN)
    given = os.environ.get("XDG_RUNTIME_DIR")
    if not given or not Path(given).is_dir():
        runtime_dir = TemporaryDirectory(prefix="tiepdon-runtime-")  # without one Qt warns in every test
        config.stash[_RUNTIME_DIR] = runtime_dir
        os.environ["XDG_RUNTIME_DIR"] = runtime_dir.name


def pytest_unconfigure(config: pytest.Config) -> None:
    if (runtime_dir := config.stash.get(_RUNTIME_DIR, None)) is not None:
        runtime_dir.cleanup()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning of Qt or QML fails the test (pytest-qt reads the nearest mark, so a test can still lower it)."""
    for item in items:
        if item.get_closest_marker("qt_log_level_fail") is None:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    """Side by side run files, each with what it set up; those that need the machine's one pcscd in one worker."""
    return FilesAndOnePcscd(config, log) if config.getvalue("dist") == "loadfile" else None


class FilesAndOnePcscd(LoadFileScheduling):
    """pytest-xdist's own groups (`loadgroup`) do nothing under pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "pcscd" if _needs_pcscd(self.config.rootpath / file) else file


@functools.cache
def _needs_pcscd(file: Path) -> bool:
    return file.parent.name == "card_readers" or "mark.pcscd" in file.read_text(encoding="utf-8")


@pytest.fixture
def portal() -> Iterator[PortalEmulator]:
    """The emulated insurance portal with its own people, on loopback."""
    emulator = PortalEmulator()
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def allowed_warnings(request: pytest.FixtureRequest) -> list[str]:
    """Patterns (regex, searched in "logger: message") of the log warnings this test provokes; tests may append."""
    return [pattern for mark in request.node.iter_markers("allowed_warnings") for pattern in mark.args]


class _WarningCollector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_unexpected_log_warnings(allowed_warnings: list[str]) -> Iterator[None]:
    collector = _WarningCollector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    unexpected = [told for told in collector.told if not any(re.search(p, told) for p in allowed_warnings)]
    if unexpected:
        pytest.fail("unexpected log warnings:\n" + "\n".join(unexpected), pytrace=False)


@pytest.fixture(autouse=True)
def _no_leaked_threads(_no_unexpected_log_warnings: None) -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_GRACE_S
    leaked = []
    for thread in set(threading.enumerate()) - before:
        if isinstance(thread, threading._DummyThread):  # a Qt thread that once ran Python: not ours to end
            continue
        thread.join(max(0.0, deadline - time.monotonic()))
        if thread.is_alive():
            leaked.append(thread.name)
    if leaked:
        pytest.fail(f"threads left running: {', '.join(sorted(leaked))}", pytrace=False)
