"""Whole visits on the kiosk's real screen, one after the other: is memory flat, are descriptors?

    python tests/bench/rendered_visits.py [--visits 2000] [--plot docs/images/rendered_visits.svg]

The real kiosk with its window (off screen, software renderer) at a real hub; a patient taps through every visit. Ends
with what grew from the second quarter to the last. Exit code 1 where memory grew by more than `--growth-mb`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psutil
from growth_plot import Curve, Panel, growth_plot

ROOT = Path(__file__).parents[2]
SAMPLE_EVERY = 50
ACT_EVERY_MS = 10
GIVE_UP_S = 60.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=2_000)
    parser.add_argument("--growth-mb", type=float, default=20.0)
    parser.add_argument("--plot", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        samples = visited(args.visits, Path(scratch))
    if args.plot is not None:
        args.plot.write_text(plot(samples), encoding="utf-8")
    quarter = max(1, len(samples) // 4)
    second, last = samples[quarter : 2 * quarter] or samples, samples[-quarter:]
    grown_mb = sum(mb for _, mb, _, _ in last) / len(last) - sum(mb for _, mb, _, _ in second) / len(second)
    grown_fds = last[-1][2] - second[0][2]
    print(f"{args.visits} visits: memory grown {grown_mb:.1f} MB, descriptors {grown_fds}")
    return 0 if grown_mb <= args.growth_mb and grown_fds <= 5 else 1


def plot(samples: list[tuple[int, float, int, float]]) -> str:
    done, kiosk_mb, kiosk_fds, hub_mb = zip(*samples, strict=True)
    memory = Panel(
        unit="resident memory, MB", curves=(Curve(name="kiosk", values=kiosk_mb), Curve(name="hub", values=hub_mb))
    )
    descriptors = Panel(unit="descriptors", curves=(Curve(name="kiosk", values=kiosk_fds),))
    return growth_plot(done, "visits", (memory, descriptors), max(done[-1] // 4, 1))


def visited(visits: int, folder: Path) -> list[tuple[int, float, int, float]]:
    """Visits done, resident MB, descriptors, the hub's MB; every `SAMPLE_EVERY` visits."""
    from PySide6.QtCore import QTimer

    from config.catalogue import load_catalogue
    from kiosk.app.hub_child import HubChild
    from kiosk.app.kiosk import Kiosk, named
    from kiosk.app.kiosk_outbox import OutboxSettings
    from kiosk.app.kiosk_settings import KioskSettings
    from kiosk.app.prove_kiosk import Patients
    from ui.application import create_application

    application = create_application([sys.argv[0]])
    (folder / "hub").mkdir()
    hub = HubChild(folder / "hub")
    hub.start()
    hub_process, process = psutil.Process(hub._process.pid), psutil.Process()
    settings = KioskSettings(outbox=OutboxSettings(folder=folder / "kiosk"))
    settings = replace(settings, screen=replace(settings.screen, fullscreen=False))
    kiosk = Kiosk(hub.url, named(settings), load_catalogue())
    samples: list[tuple[int, float, int, float]] = []
    done = 0
    last_s = time.monotonic()

    def said(**words: object) -> None:
        nonlocal done, last_s
        if "shown" not in words:
            return
        done, last_s = done + 1, time.monotonic()
        if done % SAMPLE_EVERY == 0:
            picture = kiosk.window.view.grabWindow()
            assert not picture.isNull()
            mb, hub_mb = process.memory_info().rss / 2**20, hub_process.memory_info().rss / 2**20
            samples.append((done, mb, process.num_fds(), hub_mb))
            print(f"{done:>6} visits  kiosk {mb:6.1f} MB {process.num_fds():>3} fds  hub {hub_mb:6.1f} MB", flush=True)
        if done >= visits:
            application.quit()

    patients = Patients(kiosk, 0.0, said, thinking_s=0.0, first_look_s=1.0)  # type: ignore[arg-type]
    kiosk.station.subscribe(patients.look)

    def act() -> None:
        patients.act()
        if time.monotonic() - last_s > GIVE_UP_S:
            application.quit()

    timer = QTimer(interval=ACT_EVERY_MS)
    timer.timeout.connect(act)
    kiosk.start()
    timer.start()
    try:
        application.exec()
    finally:
        timer.stop()
        kiosk.stop()
        hub.stop()
    if done < visits:
        raise SystemExit(f"no visit for {GIVE_UP_S} s after {done}, on {kiosk.station.visit.step}")
    return samples


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT)]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    sys.exit(main())
