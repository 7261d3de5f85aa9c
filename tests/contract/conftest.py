from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.hub_process import HubProcess


@pytest.fixture(scope="session")
def contract_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """One hub for all generated requests: what one of them breaks, the next one sees."""
    process = HubProcess(tmp_path_factory.mktemp("contract") / "data").start()
    yield process
    process.stop()
