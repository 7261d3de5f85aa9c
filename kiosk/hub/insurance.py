"""Insurance look-ups beside the event loop: as many wait at once as kiosks may ask."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion


class InsurancePort(Protocol):
    """What the hub needs of insurance: an answer within the kiosk's budget, whatever happens."""

    def ask(self, question: EligibilityQuestion) -> Eligibility: ...


class Insurance:
    """Insurance look-ups beside the event loop: as many wait at once as kiosks may ask."""

    def __init__(self, port: InsurancePort, workers: int = 32) -> None:
        self._port = port
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="hub-insurance")

    async def ask(self, question: EligibilityQuestion) -> Eligibility:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._port.ask, question)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
