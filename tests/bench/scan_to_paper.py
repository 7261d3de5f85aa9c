"""From the scan to the first byte of the ticket at the printer and on to its word; the insurer answers at once.

    python tests/bench/scan_to_paper.py [--visits 30]

Everything is real but the far ends: pty scanner, station, hub process on its disk, portal over HTTP, TCP printer. The
patient's own taps are taken as instant. Beside it, in the same run: one bare `GET /healthz`, which is one HTTP round
and one durable group of the hub's writer.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import requests

from config.catalogue import load_catalogue
from devices.contract import DeviceState
from devices.printers.options import PrinterOptions
from devices.printers.transports import Transport, open_transport
from kiosk.app.demo_world import DemoWorld
from kiosk.app.kiosk_core import KioskCore
from kiosk.app.kiosk_settings import KioskSettings
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import PrintProgress, Step, Visit
from kiosk.insurance.emulator_people import PEOPLE
from kiosk.station.station_loop import StationLoop

STATUS_BYTES = 12
"""Status questions are four sequences of three bytes; anything longer is the ticket."""
WITHIN_S = 20.0
SERVICE = "kham-bhyt"


class Watched:
    """A printer's connection that notes when the first bytes of a ticket were taken."""

    def __init__(self, connection: Transport, note: Callable[[], None]) -> None:
        self._connection = connection
        self._note = note

    def write(self, data: bytes | memoryview, timeout_s: float) -> int:
        taken = self._connection.write(data, timeout_s)
        if taken and len(data) > STATUS_BYTES:
            self._note()
        return taken

    def read(self, timeout_s: float) -> bytes:
        return self._connection.read(timeout_s)

    def close(self, *, drop: bool = False) -> None:
        self._connection.close(drop=drop)


class Bench:
    def __init__(self, world: DemoWorld) -> None:
        self.world = world
        self.first_byte_at: float | None = None
        self._loop = StationLoop()
        self.core = KioskCore(
            world.hub_url,
            world.kiosk_settings(KioskSettings()),
            load_catalogue(),
            wake=self._loop.wake,
            open_printer=self._open,
        )

    def _open(self, options: PrinterOptions) -> Transport:
        return Watched(open_transport(options), self._note)

    def _note(self) -> None:
        if self.first_byte_at is None:
            self.first_byte_at = time.perf_counter()

    def until(self, reached: Callable[[Visit], bool]) -> None:
        end = time.monotonic() + WITHIN_S
        station = self.core.station
        self._loop.run(station, lambda: reached(station.visit) or time.monotonic() > end)
        if not reached(station.visit):
            raise SystemExit(f"stuck on {station.visit.step}")

    def visit(self, code: str) -> tuple[float, float]:
        """One visit; seconds from the scan to the ticket's first byte, and from there to the printer's word."""
        station = self.core.station
        self.until(lambda visit: visit.step is Step.WELCOME and bool(visit.services))
        self.first_byte_at = None
        scanned_at = time.perf_counter()
        self.world.scanner.scan(code)
        self.until(lambda visit: visit.step is Step.CONFIRM)
        station.post(ev.Confirmed())
        self.until(lambda visit: visit.step is Step.CHOOSE_SERVICE)
        station.post(ev.ServiceChosen(service=SERVICE))
        self.until(lambda visit: visit.step is Step.TICKET)
        self.until(lambda visit: visit.print_progress in (PrintProgress.CONFIRMED, PrintProgress.UNCONFIRMED))
        ended_at = time.perf_counter()
        station.post(ev.DoneTapped())
        assert self.first_byte_at is not None
        return self.first_byte_at - scanned_at, ended_at - self.first_byte_at


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=30)
    args = parser.parse_args()
    people = [person for person in PEOPLE if person.code == "000" and person.known]
    with tempfile.TemporaryDirectory() as folder:
        world = DemoWorld(Path(folder))
        bench = Bench(world)
        bench.core.start()
        try:
            bench.until(lambda _visit: all(worker.state is DeviceState.READY for worker in bench.core.workers))
            taken = [bench.visit(people[turn % len(people)].citizen_code()) for turn in range(args.visits)]
            rounds = [_round_s(world.hub_url) for _ in range(args.visits)]
        finally:
            bench.core.stop()
            world.stop()
    to_paper, to_word = zip(*taken, strict=True)
    scan, bare = statistics.median(to_paper), statistics.median(rounds)
    print(f"scan to first byte: median {scan * 1e3:.0f} ms, slowest of {len(taken)} {max(to_paper) * 1e3:.0f} ms")
    word = statistics.median(to_word)
    print(f"first byte to confirmed: median {word * 1e3:.0f} ms, slowest {max(to_word) * 1e3:.0f} ms")
    print(f"one bare durable round of the hub: median {bare * 1e3:.1f} ms; ratio {scan / bare:.1f}")
    assert threading.active_count() < 20


def _round_s(url: str) -> float:
    started = time.perf_counter()
    requests.get(f"{url}/healthz", timeout=5).raise_for_status()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
