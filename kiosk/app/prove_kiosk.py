"""One kiosk of a proof as a process of its own: the real kiosk without its window, and a patient who taps for ever.

It tells what its screen shows as JSON lines on standard output, each written before anything else happens, and is
killed without notice. `rest` on standard input lets no more patients come; the end of standard input ends it.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from devices.printers.options import PrinterKind, PrinterOptions
from kiosk.app.kiosk_core import KioskCore
from kiosk.app.kiosk_outbox import OutboxSettings
from kiosk.app.kiosk_settings import KioskIdentity, KioskSettings
from kiosk.app.start import configure_logging, load_texts
from kiosk.domain.visit import events as ev
from kiosk.domain.visit.state import Claim, PrintProgress, Step, Visit
from kiosk.station.station_loop import StationLoop

THINKING_S = 0.05
FIRST_LOOK_S = 2.0
"""Nobody walks up to a screen that is just lighting up."""
SERVICES = ("kham-dich-vu", "tai-kham", "nhi")
"""Those of the shipped site file that take patients without insurance."""
TELLS_EVERY_S = 0.5
SETTLED = frozenset({PrintProgress.CONFIRMED, PrintProgress.UNCONFIRMED, PrintProgress.FAILED})


def tell(**said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


class Patients:
    """One patient after the other, each without a document. `said` is told what the screen shows, `thinking_s` is
    between two taps, `first_look_s` before the first."""

    def __init__(
        self,
        core: KioskCore,
        every_s: float,
        said: Callable[..., None] = tell,
        *,
        thinking_s: float = THINKING_S,
        first_look_s: float = FIRST_LOOK_S,
    ) -> None:
        self._core = core
        self._said = said
        self._thinking_s = thinking_s
        self._every_s = every_s
        self._resting = threading.Event()
        self._next_tap_s = self._next_patient_s = time.monotonic() + first_look_s
        self._chosen_s: float | None = None
        self._visit = 0
        self._told: tuple[str, str] | None = None
        self._told_open_s = 0.0

    def rest(self) -> None:
        """No more patients. Thread-safe."""
        self._resting.set()

    def look(self, visit: Visit) -> None:
        """The screen changed; on the owner's thread, before anything else happens."""
        ticket = visit.ticket
        if visit.step is Step.TICKET and ticket is not None and self._told != (ticket.id, ticket.label):
            self._told = (ticket.id, ticket.label)
            now_s = time.monotonic()
            wait_s = None if self._chosen_s is None else round(now_s - self._chosen_s, 3)
            self._chosen_s = None
            self._said(shown=ticket.label, ref=ticket.id, visit=self._visit, wait_s=wait_s, at_s=now_s)

    def act(self) -> None:
        """Tap what a patient would tap now. Owner's thread, a few times a second."""
        now_s = time.monotonic()
        self._tell_open(now_s)
        if now_s < self._next_tap_s:
            return
        event = self._tap(self._core.station.visit, now_s)
        if event is not None:
            self._next_tap_s = now_s + self._thinking_s
            self._core.station.post(event)

    def _tap(self, visit: Visit, now_s: float) -> ev.Event | None:
        match visit.step:
            case Step.WELCOME:
                return self._come(now_s)
            case Step.PRESENT:
                return ev.NoDocumentChosen()
            case Step.NO_DOCUMENT:
                return ev.ClaimMade(claim=Claim.WITHOUT_INSURANCE)
            case Step.CHOOSE_SERVICE if visit.services:
                self._chosen_s = now_s
                return ev.ServiceChosen(service=SERVICES[self._visit % len(SERVICES)])
            case Step.TICKET if visit.print_progress in SETTLED:
                return ev.DoneTapped()
            case Step.REFUSED:
                return ev.CancelTapped()
        return None

    def _come(self, now_s: float) -> ev.Event | None:
        if self._resting.is_set() or now_s < self._next_patient_s:
            return None
        self._next_patient_s = now_s + self._every_s
        self._visit += 1
        self._told = None
        return ev.Started()

    def _tell_open(self, now_s: float) -> None:
        if self._resting.is_set() and now_s >= self._told_open_s:
            self._told_open_s = now_s + TELLS_EVERY_S
            at_rest = self._core.station.visit.step in (Step.WELCOME, Step.HUB_AWAY)
            self._said(open=len(self._core.station.open_calls), at_rest=at_rest)


def settings_of(args: argparse.Namespace) -> KioskSettings:
    settings = KioskSettings(
        kiosk=KioskIdentity(id=args.kiosk),
        printer=PrinterOptions(kind=PrinterKind.TCP, host="127.0.0.1", port=args.printer),
        outbox=OutboxSettings(folder=args.data),
    )
    return replace(settings, visit=replace(settings.visit, kiosk_id=args.kiosk))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hub", required=True)
    parser.add_argument("--kiosk", required=True)
    parser.add_argument("--printer", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--every-s", type=float, required=True)
    args = parser.parse_args()
    configure_logging(verbose=False)
    loop = StationLoop()
    core = KioskCore(args.hub, settings_of(args), load_texts(), wake=loop.wake)
    patients = Patients(core, args.every_s)
    core.station.subscribe(patients.look)
    threading.Thread(target=_listen, args=(patients, loop), name="orders", daemon=True).start()
    core.start()
    tell(ready=args.kiosk)

    def acted() -> bool:
        patients.act()
        return False

    try:
        loop.run(core.station, acted)
    finally:
        core.stop()
    return 0


def _listen(patients: Patients, loop: StationLoop) -> None:
    for line in sys.stdin:
        if line.strip() == "rest":
            patients.rest()
    loop.stop()


if __name__ == "__main__":
    sys.exit(main())
