from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.hub_process import HubProcess
from support.hub_thread import HubThread


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """One running hub for the tests of a module; each test uses its own keys and looks at its own tickets."""
    process = HubProcess(tmp_path_factory.mktemp("hub")).start()
    yield process
    process.stop()


@pytest.fixture
def own_hub(tmp_path: Path) -> Iterator[HubThread]:
    """A hub of the test's own, with an empty folder."""
    thread = HubThread(tmp_path / "data").start()
    yield thread
    thread.stop()


@pytest.fixture
def own_process(tmp_path: Path) -> Iterator[HubProcess]:
    """The same as a process that can be killed."""
    process = HubProcess(tmp_path / "data").start()
    yield process
    process.stop()
