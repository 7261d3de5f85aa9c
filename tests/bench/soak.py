"""Days on end through real kiosks (without a screen), a hub and board feeds: is memory flat, are descriptors?

    python tests/bench/soak.py [--days 10] [--tickets 5000] [--kiosks 8] [--boards 20] [--plot docs/images/soak.svg]

The hub is a process of its own and lives a day later whenever `--tickets` numbers have been given. Every ticket is
called and finished. Prints a line every 500 tickets and ends with what grew from the second day to the last (the first
one fills caches). Exit code 1 where memory grew by more than `--growth-mb` or descriptors by more than 5.
"""

from __future__ import annotations

import argparse
import itertools
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from growth_plot import Curve, Panel, growth_plot

ROOT = Path(__file__).parents[2]
GIVE_UP_S = 120.0
PURGE_S = 5.0
"""An hour of a day that passes in a minute or two."""
DAY_HUB = ROOT / "tests" / "support" / "day_hub.py"


@dataclass(frozen=True, kw_only=True)
class Sample:
    tickets: int
    hub_mb: float
    hub_fds: int
    faces_mb: float
    faces_fds: int


@dataclass(kw_only=True)
class Soak:
    """Counts what is given and heard; all threads of the faces live in this process."""

    days: int
    tickets: int
    samples: list[Sample] = field(default_factory=list)
    given: itertools.count = field(default_factory=lambda: itertools.count(1))
    count: int = 0
    heard: int = 0
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def said(self, **said: object) -> None:
        if "shown" in said:
            self.count = next(self.given)

    def board_heard(self, _message: object) -> None:
        self.heard += 1


def run_kiosk(soak: Soak, url: str, name: str, folder: Path, stopping: threading.Event) -> None:
    from config.catalogue import load_catalogue
    from kiosk.app.kiosk_core import KioskCore
    from kiosk.app.kiosk_outbox import OutboxSettings
    from kiosk.app.kiosk_settings import KioskIdentity, KioskSettings
    from kiosk.app.prove_kiosk import Patients
    from kiosk.station.station_loop import StationLoop

    settings = KioskSettings(kiosk=KioskIdentity(id=name), outbox=OutboxSettings(folder=folder / name))
    settings = replace(settings, visit=replace(settings.visit, kiosk_id=name))
    loop = StationLoop()
    core = KioskCore(url, settings, load_catalogue(), wake=loop.wake)
    patients = Patients(core, 0.0, soak.said, thinking_s=0.0, first_look_s=0.0)
    core.station.subscribe(patients.look)
    core.start()

    def ended() -> bool:
        patients.act()
        return stopping.is_set()

    try:
        loop.run(core.station, ended)
    finally:
        core.stop()


def run_counter(url: str, stopping: threading.Event) -> None:
    from kiosk.station.hub_client import HubClient, StaffNote

    client = HubClient(url)
    while not stopping.is_set():
        ticket = client.call_next("1", "soak")
        if ticket is None:
            stopping.wait(0.05)
        else:
            client.change(ticket.id, "finish", StaffNote(counter="1"))
    client.close()


def measure(soak: Soak, hub: psutil.Process, faces: psutil.Process) -> Sample:
    return Sample(
        tickets=soak.count,
        hub_mb=hub.memory_info().rss / 2**20,
        hub_fds=hub.num_fds(),
        faces_mb=faces.memory_info().rss / 2**20,
        faces_fds=faces.num_fds(),
    )


def soaked(args: argparse.Namespace, folder: Path) -> Soak:
    import kiosk.app.kiosk_core
    import kiosk.app.kiosk_outbox
    import kiosk.station.ticket_desk
    from kiosk.app.hub_child import HubChild
    from kiosk.station.event_feed import FeedReader

    soak = Soak(days=args.days, tickets=args.tickets)
    kiosk.app.kiosk_core.utc_now = kiosk.app.kiosk_outbox.utc_now = soak.now
    kiosk.station.ticket_desk.PURGE_S = PURGE_S
    hub = HubChild(folder / "hub", (sys.executable, str(DAY_HUB)))
    (folder / "hub").mkdir()
    # A day passes in two minutes here: what waits for the next copy of the database must not be hours' worth of it.
    (folder / "hub" / "hub.toml").write_text("[backup]\nevery_s = 1.0\n", encoding="utf-8")
    stopping = threading.Event()
    with ExitStack() as stack:
        hub.start()
        stack.callback(hub.stop)
        process = psutil.Process(hub._process.pid)
        for _ in range(args.boards):
            board = FeedReader(hub.url, soak.board_heard)
            board.start()
            stack.callback(board.stop)
        works = [threading.Thread(target=run_counter, args=(hub.url, stopping))]
        works += [
            threading.Thread(target=run_kiosk, args=(soak, hub.url, f"K{n}", folder, stopping))
            for n in range(1, args.kiosks + 1)
        ]
        for work in works:
            work.start()
            stack.callback(work.join)
        stack.callback(stopping.set)
        watch(soak, process, args)
    return soak


def watch(soak: Soak, hub: psutil.Process, args: argparse.Namespace) -> None:
    faces = psutil.Process()
    next_day, next_sample, last = soak.tickets, args.sample_every, (0, time.monotonic())
    while soak.count < soak.days * soak.tickets:
        time.sleep(0.05)
        if soak.count >= next_sample:
            next_sample += args.sample_every
            sample = measure(soak, hub, faces)
            soak.samples.append(sample)
            print(
                f"{sample.tickets:>7} tickets  hub {sample.hub_mb:6.1f} MB {sample.hub_fds:>3} fds"
                f"  faces {sample.faces_mb:6.1f} MB {sample.faces_fds:>3} fds  boards heard {soak.heard}",
                flush=True,
            )
        if soak.count >= next_day:
            next_day += soak.tickets
            soak.ahead += timedelta(days=1)
            hub.send_signal(signal.SIGUSR1)
        if soak.count > last[0]:
            last = (soak.count, time.monotonic())
        elif time.monotonic() - last[1] > GIVE_UP_S:
            raise SystemExit(f"no ticket for {GIVE_UP_S} s after {soak.count}")


def grown(samples: list[Sample], of: str, day: int) -> float:
    """Mean of the last quarter less the mean of the second day's first quarter (of everything, in a short soak)."""
    values = [float(getattr(sample, of)) for sample in samples if sample.tickets > day] or [
        float(getattr(sample, of)) for sample in samples
    ]
    quarter = max(1, len(values) // 4)
    return sum(values[-quarter:]) / quarter - sum(values[:quarter]) / quarter


def plot(samples: list[Sample], day: int) -> str:
    def curve(name: str, of: str) -> Curve:
        return Curve(name=name, values=[float(getattr(sample, of)) for sample in samples])

    faces = "kiosks and boards, one process"
    memory = Panel(unit="resident memory, MB", curves=(curve("hub", "hub_mb"), curve(faces, "faces_mb")))
    descriptors = Panel(unit="descriptors", curves=(curve("hub", "hub_fds"), curve(faces, "faces_fds")))
    return growth_plot([sample.tickets for sample in samples], "tickets", (memory, descriptors), day)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--tickets", type=int, default=5_000)
    parser.add_argument("--kiosks", type=int, default=8)
    parser.add_argument("--boards", type=int, default=20)
    parser.add_argument("--sample-every", type=int, default=500)
    parser.add_argument("--growth-mb", type=float, default=25.0)
    parser.add_argument("--plot", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        soak = soaked(args, Path(scratch))
    if args.plot is not None:
        args.plot.write_text(plot(soak.samples, args.tickets), encoding="utf-8")
    growth = {of: grown(soak.samples, of, args.tickets) for of in ("hub_mb", "faces_mb", "hub_fds", "faces_fds")}
    print(f"{soak.count} tickets, {soak.heard} messages at {args.boards} boards; grown:", growth)
    flat = max(growth["hub_mb"], growth["faces_mb"]) <= args.growth_mb
    return 0 if flat and max(growth["hub_fds"], growth["faces_fds"]) <= 5 else 1


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT)]
    sys.exit(main())
