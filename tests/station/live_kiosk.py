"""A station with real threads over a real hub, run on the test's thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from support.keepings import keeping

from kiosk.domain.identity.recognise import recognise
from kiosk.domain.service import Availability
from kiosk.domain.slip import Slip
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Step, Visit
from kiosk.domain.visit.surroundings import VisitOptions
from kiosk.station.hub_client import HubClient
from kiosk.station.ids import StationIds
from kiosk.station.keeping import Keeping
from kiosk.station.kiosk_station import KioskStation
from kiosk.station.station_loop import StationLoop

WITHIN_S = 15.0


class LiveKiosk:
    """`until` runs the station; `slips` is what it printed. End it with `close()`, and `kept` yourself."""

    def __init__(self, hub: HubClient, options: VisitOptions, today: date, kept: Keeping | None = None) -> None:
        self.loop = StationLoop()
        self.slips: list[Slip] = []
        self.today = today
        self._pools = ThreadPoolExecutor(2), ThreadPoolExecutor(1)
        calls, questions = self._pools
        self.station = KioskStation(
            hub=hub,
            print_slip=self.slips.append,
            keeping=kept or keeping(),
            options=options,
            ids=StationIds(),
            clock_s=time.monotonic,
            today=lambda: self.today,
            calls=calls,
            questions=questions,
            wake=self.loop.wake,
        )

    def until(self, reached: Callable[[Visit], bool]) -> Visit:
        deadline_s = time.monotonic() + WITHIN_S
        self.loop.run(self.station, lambda: reached(self.station.visit) or time.monotonic() > deadline_s)
        assert reached(self.station.visit), f"still on {self.station.visit.step}"
        return self.station.visit

    def present(self, citizen_code: str) -> None:
        """A citizen card by its QR, up to "is this you?"."""
        self.until(lambda visit: bool(visit.services))
        self.station.post(ev.CodeScanned(code=recognise(citizen_code, certain=True, today=self.today)))
        self.until(lambda visit: visit.step is Step.CONFIRM)

    def to_services(self) -> str:
        """Whoever is asked "is this you?" says yes; the first service that gives numbers now."""
        if self.station.visit.step is Step.CONFIRM:
            self.station.post(ev.Confirmed())
        visit = self.until(lambda visit: visit.step is Step.CHOOSE_SERVICE)
        return next(service.id for service in visit.services if service.availability is Availability.OPEN)

    def close(self) -> None:
        self.station.stop()
        for pool in self._pools:
            pool.shutdown()
