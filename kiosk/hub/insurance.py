"""Insurance look-ups beside the event loop: as many wait at once as kiosks may ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from kiosk.domain.eligibility import Eligibility, EligibilityQuestion
from kiosk.services.insurance_office import InsuranceOffice

T = TypeVar("T")


class Insurance:
    """Runs the insurance office's blocking methods on threads of its own: what kiosks wait for apart from what staff
    ask, so that neither takes the other's place."""

    def __init__(self, office: InsuranceOffice, kiosks: int = 64, staff: int = 8) -> None:
        self.office = office
        self._kiosks = ThreadPoolExecutor(kiosks, thread_name_prefix="hub-insurance")
        self._staff = ThreadPoolExecutor(staff, thread_name_prefix="hub-insurance-staff")

    async def ask(self, question: EligibilityQuestion, kiosk: str | None, repairs: str | None) -> Eligibility:
        """A kiosk's question."""
        return await asyncio.get_running_loop().run_in_executor(
            self._kiosks, lambda: self.office.ask(question, kiosk, repairs)
        )

    async def for_staff(self, work: Callable[[InsuranceOffice], T]) -> T:
        """Something staff or IT want of the office."""
        return await asyncio.get_running_loop().run_in_executor(self._staff, work, self.office)

    def close(self) -> None:
        for pool in (self._kiosks, self._staff):
            pool.shutdown(wait=False, cancel_futures=True)
